"""Questions, languages, phones, the keyboard: how the chat feels."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import watched
from tests.e2e.kit import RESULTS, App, Chat, start_onboarding

pytestmark = pytest.mark.e2e

EVIL = '<img src=x onerror="document.title=1"><b>жирно</b>'


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_question_is_answered_with_its_source(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.page.get_by_role("button", name="как подключить VPN?").click()
    answer = newcomer.hears("Установите клиент")
    expect(answer.get_by_role("link", name="Инструкция «VPN за пять минут»")).to_be_visible()
    newcomer.shoot("11-answer")


def test_a_question_without_an_answer_is_passed_on_to_a_person(app: App, context: BrowserContext) -> None:
    newcomer, manager = (Chat.of(context, app, name) for name in ("Анна Новикова", "Павел Орлов"))
    newcomer.say("зачем фиолетовый бегемот поёт оперу?")
    offer = newcomer.hears("Хорошего ответа у меня нет")
    offer.get_by_role("button", name="Передать вопрос").click()
    newcomer.hears("Пока ничего не отправлено").get_by_role("button", name="Отправить").click()
    newcomer.hears("Вопрос передан: Павел Орлов")
    manager.hears("зачем фиолетовый бегемот поёт оперу?")


def test_an_english_person_sees_english(app: App, browser: Browser) -> None:
    for context in watched(browser.new_context(locale="en-GB", color_scheme="dark")):
        page = context.new_page()
        page.goto(app.url)
        expect(page.get_by_role("heading", name="Who will you be?")).to_be_visible()
        emma = Chat.of(context, app, "Emma Clarke")
        assert emma.page.evaluate("document.documentElement.lang") == "en"
        emma.say("how do I connect to the VPN?")
        emma.hears("Install the client")
        emma.say("help")
        emma.hears("what you can do")
        emma.shoot("12-english-dark")


def test_what_people_write_is_text_and_never_markup(app: App, context: BrowserContext) -> None:
    newcomer, manager = (Chat.of(context, app, name) for name in ("Анна Новикова", "Павел Орлов"))
    newcomer.say(EVIL)
    expect(newcomer.typed).to_contain_text(EVIL)
    newcomer.hears("Хорошего ответа").get_by_role("button").click()
    newcomer.hears("Пока ничего не отправлено").get_by_role("button", name="Отправить").click()
    expect(manager.hears(EVIL)).to_be_visible()
    for chat in (newcomer, manager):
        assert chat.page.locator("#log img, #log b").count() == 0
        assert "Butterboard" in chat.page.title()


def test_a_phone_of_360_pixels_shows_everything_without_scrolling_sideways(app: App, phone: BrowserContext) -> None:
    start = phone.new_page()
    start.goto(app.url)
    assert fits(start)
    start.screenshot(path=RESULTS / "21-phone-start.png", full_page=True)
    start_onboarding(Chat.of(phone, app, "Павел Орлов"))
    newcomer = Chat.of(phone, app, "Анна Новикова")
    newcomer.hears("Анна, добро пожаловать!")
    expect(newcomer.checklist()).to_contain_text("0 из 18")
    newcomer.shoot("22-phone-chat")
    assert fits(newcomer.page)
    newcomer.page.get_by_role("button", name="Мой план").click()
    expect(newcomer.page.get_by_role("complementary", name="Мой план")).to_be_visible()
    newcomer.shoot("23-phone-plan")
    assert fits(newcomer.page)
    newcomer.page.keyboard.press("Escape")
    newcomer.page.locator(".switcher summary").click()
    newcomer.shoot("24-phone-people")
    assert fits(newcomer.page)
    newcomer.page.get_by_role("button", name="Павел Орлов").click()
    expect(newcomer.page.locator("#log")).to_contain_text("Онбординг начат")


def test_enter_sends_and_shift_enter_begins_a_new_line(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    field = newcomer.page.get_by_role("textbox", name="Сообщение")
    field.press_sequentially("первая")
    field.press("Shift+Enter")
    field.press_sequentially("вторая")
    expect(newcomer.typed).to_have_count(0)
    field.press("Enter")
    expect(newcomer.typed).to_contain_text("первая\nвторая")
    expect(field).to_have_value("")


def test_a_manager_is_offered_the_command_and_may_edit_it_first(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    manager.page.get_by_role("button", name="/onboarding start @newcomer").click()
    assert manager.page.get_by_role("textbox").input_value().startswith("/onboarding start @newcomer newcomer 20")
    expect(manager.typed).to_have_count(0)
    manager.page.keyboard.press("Enter")
    manager.hears("Онбординг начат: Анна Новикова")


def test_the_chat_can_be_used_without_a_mouse(app: App, context: BrowserContext) -> None:
    start_onboarding(Chat.of(context, app, "Павел Орлов"))
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.hears("Анна, добро пожаловать!")
    button = newcomer.checklist().locator("[data-step=read-docs]").get_by_role("button", name="Готово")
    button.focus()
    newcomer.page.keyboard.press("Enter")
    expect(newcomer.checklist()).to_contain_text("1 из 18")
    assert newcomer.page.evaluate("document.querySelector('#log').contains(document.activeElement)"), "focus is kept"
    newcomer.page.keyboard.press("Tab")
    assert newcomer.page.evaluate("document.activeElement !== document.body")


def test_who_reads_further_up_is_not_pulled_down(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    for _ in range(5):
        manager.say("помощь")
    expect(manager.message("вот что можно")).to_have_count(5)
    scroller = manager.page.locator("#scroller")
    scroller.evaluate("element => { element.scrollTop = 0; }")
    other = manager.another_tab()
    other.say("как подключить VPN?")
    expect(manager.page.get_by_role("button", name="Новые сообщения")).to_be_visible()
    assert scroller.evaluate("element => element.scrollTop") == 0
    manager.page.get_by_role("button", name="Новые сообщения").click()
    expect(manager.message("Это займёт минут пять")).to_be_in_viewport()
