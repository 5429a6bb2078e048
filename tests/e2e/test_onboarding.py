"""The main walk: a manager starts an onboarding, the newcomer goes through it, and both see what happens."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.kit import RESULTS, App, Chat, start_onboarding

pytestmark = pytest.mark.e2e

DOCS = "Изучение корпоративной документации"
# Notes whether the pointer can hit a button at the moment at which the checklist has changed.
WATCH_BUTTONS = """() => new MutationObserver(() => {
    const button = document.querySelector("#log .updated button");
    if (button) window.hits ??= getComputedStyle(button).pointerEvents;
}).observe(document.getElementById("log"), { subtree: true, childList: true, attributes: true })"""


def test_an_onboarding_from_the_command_to_the_issue(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    expect(manager.page.get_by_role("heading", name="Привет, Павел!")).to_be_visible()
    manager.shoot("01-manager-empty")
    start_onboarding(manager)
    manager.hears("Онбординг начат: Анна Новикова")
    manager.shoot("02-manager-started")

    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.hears("Анна, добро пожаловать!")
    checklist = newcomer.checklist()
    docs = checklist.locator("[data-step=read-docs]")
    expect(checklist).to_contain_text("0 из 18")
    newcomer.shoot("03-newcomer-checklist")
    docs.get_by_role("button", name="Готово").click()

    expect(checklist).to_contain_text("1 из 18")
    expect(docs).to_have_class(re.compile(r"\bdone\b"))
    expect(docs).to_contain_text(f"Готово: 4. {DOCS}")  # as it is read out
    expect(checklist.locator("[data-step=meet-mentor]")).to_have_class(re.compile(r"\bopen\b"))
    expect(checklist).to_have_class(re.compile("updated"))
    newcomer.hears(f"Готово: «{DOCS}»")
    newcomer.shoot("04-newcomer-done")
    assert newcomer.page.locator("li.message progress").count() == 1, "the checklist is one message, updated in place"

    told = manager.hears(f"Шаг завершён: «{DOCS}»")
    issue = told.get_by_role("link", name=re.compile(r"ONB-\d+"))
    key = issue.inner_text()
    manager.shoot("05-manager-told")
    with context.expect_page() as opened:
        issue.click()
    expect(opened.value.get_by_role("heading", level=1)).to_contain_text(key)
    expect(opened.value.locator("main")).to_contain_text(f"Завершение этапа: {DOCS}")


def test_the_jira_page_of_the_start_page_lists_the_issue(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    start_onboarding(manager)
    manager.hears("Создана задача к шагу «Подготовить рабочее место и доступы»")
    manager.page.goto(app.url)
    manager.shoot("06-start")
    with context.expect_page() as opened:
        manager.page.get_by_role("link", name="Jira").click()
    expect(opened.value.locator("main")).to_contain_text("Подготовить рабочее место: Анна Новикова")
    opened.value.screenshot(path=RESULTS / "07-jira.png")


def test_two_tabs_show_the_same_at_the_same_time(app: App, context: BrowserContext) -> None:
    start_onboarding(Chat.of(context, app, "Павел Орлов"))
    first = Chat.of(context, app, "Анна Новикова")
    first.hears("Анна, добро пожаловать!")
    second = first.another_tab()
    expect(second.checklist()).to_contain_text("0 из 18")
    first.checklist().locator("[data-step=read-docs]").get_by_role("button", name="Готово").click()
    expect(second.checklist()).to_contain_text("1 из 18")
    first.say("как подключить VPN?")
    expect(second.typed).to_have_text(re.compile("как подключить VPN?"))
    second.hears("Это займёт минут пять")


def test_a_button_cannot_be_pressed_twice(app: App, context: BrowserContext) -> None:
    start_onboarding(Chat.of(context, app, "Павел Орлов"))
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.hears("Анна, добро пожаловать!")
    posts: list[str] = []
    newcomer.page.on("request", lambda request: posts.append(request.url) if "/chat/press" in request.url else None)
    button = newcomer.checklist().locator("[data-step=read-docs]").get_by_role("button", name="Готово")
    button.evaluate("button => { button.click(); button.click(); button.click(); }")
    expect(newcomer.checklist()).to_contain_text("1 из 18")
    assert len(posts) == 1


def test_a_double_click_does_not_press_the_button_that_moved_under_the_pointer(
    app: App, context: BrowserContext
) -> None:
    start_onboarding(Chat.of(context, app, "Павел Орлов"))
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.hears("Анна, добро пожаловать!")
    newcomer.page.evaluate(WATCH_BUTTONS)
    newcomer.checklist().locator("[data-step=read-docs]").get_by_role("button", name="Готово").click()
    expect(newcomer.checklist()).to_contain_text("1 из 18")
    assert newcomer.page.evaluate("window.hits") == "none", "at first nothing can be hit"
    newcomer.checklist().locator("[data-step=paperwork]").get_by_role("button", name="Готово").click()
    expect(newcomer.checklist()).to_contain_text("2 из 18")


def test_the_plan_beside_the_conversation_is_kept_up_to_date(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    plan = newcomer.page.get_by_role("complementary", name="Мой план")
    expect(plan).to_contain_text("Здесь появится")
    manager = Chat.of(context, app, "Павел Орлов")
    start_onboarding(manager)
    expect(plan).to_contain_text("0 из 18")
    plan.locator("[data-step=read-docs]").get_by_role("button", name="Готово").click()
    expect(plan).to_contain_text("1 из 18")
    expect(newcomer.checklist()).to_contain_text("1 из 18")
    team = manager.page.get_by_role("complementary", name="Мои задачи")
    expect(team).to_contain_text("Моя команда")
    expect(team).to_contain_text("Анна Новикова — «Первые 90 дней»: 1 из 18")


def test_a_bot_that_restarts_loses_nothing_that_is_written_meanwhile(app: App, context: BrowserContext) -> None:
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.say("помощь")
    newcomer.hears("вот что можно")
    app.stop()
    notice = newcomer.page.get_by_role("status").filter(has_text="Связь пропала")
    expect(notice).to_be_visible()
    newcomer.say("как подключить VPN?")
    expect(newcomer.typed.last).to_contain_text("Нет связи, повторяю…")
    newcomer.shoot("08-offline")
    app.start()
    newcomer.hears("Это займёт минут пять")
    expect(notice).to_be_hidden()
    expect(newcomer.typed.filter(has_text="VPN")).to_have_count(1)
    newcomer.page.reload()
    expect(newcomer.typed.filter(has_text="VPN")).to_have_count(1)
    expect(newcomer.message("Это займёт минут пять")).to_have_count(1)
