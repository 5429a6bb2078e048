"""The chat without a mouse and as it is read out: where the focus stays, what buttons are called, what Escape does."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.kit import App, Chat, start_onboarding

pytestmark = pytest.mark.e2e

FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText"
NAMES = """() => [...document.querySelectorAll("#log button, #plan button")]
    .filter((button) => button.getClientRects().length)
    .map((button) => button.getAttribute("aria-label") ?? button.innerText)"""
LABELS = """() => [...document.querySelectorAll("#log button[aria-label]")]
    .map((button) => [button.innerText, button.getAttribute("aria-label")])"""
LONGEST = 4000


@pytest.fixture
def newcomer(app: App, context: BrowserContext) -> Chat:
    start_onboarding(Chat.of(context, app, "Павел Орлов"))
    chat = Chat.of(context, app, "Анна Новикова")
    chat.hears("Анна, добро пожаловать!")
    return chat


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


@pytest.mark.parametrize("where", ["#log", "#plan"])
def test_after_done_by_keyboard_the_focus_is_on_what_came_into_its_place(newcomer: Chat, where: str) -> None:
    place = newcomer.page.locator(where)
    buttons = place.locator("[data-step] button")
    expect(buttons).not_to_have_count(0)
    count = buttons.count()
    names = [str(button.get_attribute("aria-label")) for button in buttons.all()]
    buttons.nth(1).focus()
    newcomer.page.keyboard.press("Enter")
    expect(place.locator("progress + span").first).to_have_text("1 из 18")
    after = [str(button.get_attribute("aria-label")) for button in buttons.all()]
    assert names[1] not in after
    assert focused(newcomer.page) == names[2]
    expect(newcomer.page.locator(":focus")).to_be_in_viewport()
    newcomer.shoot(f"31-focus-{where.strip('#')}")
    assert count > 2


def test_after_the_last_button_the_focus_is_on_the_one_before(newcomer: Chat) -> None:
    buttons = newcomer.checklist().locator("[data-step] button")
    before = str(buttons.nth(buttons.count() - 2).get_attribute("aria-label"))
    buttons.last.focus()
    newcomer.page.keyboard.press("Enter")
    expect(newcomer.checklist()).to_contain_text("1 из 18")
    opened = [str(button.get_attribute("aria-label")) for button in buttons.all()]
    assert focused(newcomer.page) == (before if opened[-1] == before else opened[opened.index(before) + 1])


def test_every_button_has_a_name_of_its_own_that_begins_with_what_is_seen(newcomer: Chat) -> None:
    names = newcomer.page.evaluate(NAMES)
    assert len(names) > 4
    assert sorted(set(names)) == sorted(names)
    assert all(name.startswith(label) for label, name in newcomer.page.evaluate(LABELS))
    button = newcomer.checklist().get_by_role("button", name="Готово: 4. Изучение корпоративной документации")
    expect(button).to_be_visible()


def test_escape_closes_the_menu_of_people_and_the_focus_goes_back_to_it(app: App, context: BrowserContext) -> None:
    page = Chat.of(context, app, "Анна Новикова").page
    menu = page.locator(".switcher")
    summary = menu.locator("summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_what_is_too_long_is_told_so_and_stays_in_the_field(app: App, context: BrowserContext) -> None:
    chat = Chat.of(context, app, "Анна Новикова")
    field = chat.page.get_by_role("textbox", name="Сообщение")
    field.fill("я" * (LONGEST + 1))
    chat.page.keyboard.press("Enter")
    problem = chat.page.get_by_role("alert")
    expect(problem).to_contain_text("знаков: 4001): целиком я могу прочитать не больше 4000")
    assert len(field.input_value()) == LONGEST + 1
    expect(chat.typed).to_have_count(0)
    chat.shoot("32-too-long")
    field.fill("я" * LONGEST)
    expect(problem).to_be_hidden()
    chat.page.keyboard.press("Enter")
    expect(chat.typed).to_have_count(1)
    chat.hears("Хорошего ответа у меня нет")
