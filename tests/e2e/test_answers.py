"""Answers out of the wiki in the web chat: read, rated, chosen, and followed to where they stand."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from tests.e2e.conftest import watched
from tests.e2e.kit import RESULTS, App, Chat

pytestmark = pytest.mark.e2e

HOLIDAY_PAY = "когда придут отпускные?"
ANSWER = "За три дня до начала отпуска"
HEADING = "Когда придут отпускные"
# Where it is certain of an answer or of none is a matter of figures: one of these is in between.
UNSURE = ("wifi для гостей", "как вернуть деньги за билеты", "принтер не печатает", "можно с собакой в офис")


def asks_once_the_wiki_is_read(chat: Chat) -> None:
    """The pages are there a few seconds after the start; until then the FAQ answers alone."""
    for _ in range(10):
        if ANSWER in asks(chat, HOLIDAY_PAY).inner_text():
            return
        chat.page.wait_for_timeout(1500)
    raise AssertionError("the wiki does not answer")


def asks(chat: Chat, question: str) -> Locator:
    """The answer to it."""
    before = chat.messages.count()
    chat.say(question)
    expect(chat.messages).to_have_count(before + 1)
    return chat.messages.nth(before)


def test_an_answer_of_the_wiki_is_rated_and_followed_to_its_heading(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    asks_once_the_wiki_is_read(newcomer)
    answer = newcomer.messages.last
    newcomer.shoot("51-answer-of-the-wiki")
    expect(answer.locator(".prompt")).to_have_text("Не то, что искали? Похожие ответы — на кнопках ниже.")
    answer.get_by_role("button", name="Полезно").click()
    expect(answer).to_contain_text("полезно, спасибо!")
    expect(answer.get_by_role("button", name="Полезно")).to_have_count(0)
    newcomer.shoot("52-rated")
    with context.expect_page() as opened:
        answer.get_by_role("link", name=HEADING).click()
    wiki = opened.value
    expect(wiki.get_by_role("heading", name=HEADING)).to_be_in_viewport()
    wiki.screenshot(path=RESULTS / "53-at-the-heading.png")


def test_what_was_not_meant_is_followed_by_what_was(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    asks_once_the_wiki_is_read(newcomer)
    newcomer.messages.last.get_by_role("button", name="Как оформить отпуск?").click()
    newcomer.hears("Подайте заявление на")
    newcomer.shoot("54-the-other-answer")


def test_a_guess_is_chosen_from_and_nothing_is_made_up(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    answers = (asks(newcomer, question) for question in UNSURE)
    guess = next(one for one in answers if "Возможно, вы об этом?" in one.inner_text())
    newcomer.shoot("55-did-you-mean")
    before = newcomer.messages.count()
    guess.get_by_role("button").first.click()
    expect(newcomer.messages).to_have_count(before + 1)
    expect(newcomer.messages.last.get_by_role("button", name="Полезно")).to_be_visible()
    honest = asks(newcomer, "зачем скрипит монитор у аквариума?")
    expect(honest).to_contain_text("Хорошего ответа у меня нет")
    expect(honest).to_contain_text("Семён Админов")
    honest.get_by_role("button", name="Передать вопрос").click()
    shown = newcomer.hears("Пока ничего не отправлено")
    expect(shown).to_contain_text("зачем скрипит монитор у аквариума?")
    newcomer.shoot("56-preview")
    shown.get_by_role("button", name="Отправить").click()
    newcomer.hears("Вопрос передан")
    newcomer.shoot("56-passed-on")


def test_in_english_on_a_phone_in_the_dark_it_is_the_same(app: App, browser: Browser) -> None:
    phone = browser.new_context(
        locale="en-GB", viewport={"width": 360, "height": 740}, has_touch=True, color_scheme="dark"
    )
    for context in watched(phone):
        emma = Chat.of(context, app, "Emma Clarke")
        emma.say("how do I reset my password?")
        emma.hears("Not what you were looking for?")
        emma.shoot("57-phone-answer")
        assert emma.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
