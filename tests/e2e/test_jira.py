"""Jira beside the chat: what somebody moves on one page changes on the other while both are open."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import PHONE, watched
from tests.e2e.kit import RESULTS, App, Chat, start_onboarding

pytestmark = pytest.mark.e2e

WORKPLACE = "Подготовить рабочее место: Анна Новикова"
TASK = "Проверить доступы в Confluence"


def jira_of(chat: Chat, app: App) -> Page:
    """The board of the stand-in, opened from the start page in a tab of its own."""
    start = chat.page.context.new_page()
    start.goto(app.url)
    with chat.page.context.expect_page() as opened:
        start.get_by_role("link", name="Jira").click()
    start.close()
    return opened.value


def test_an_issue_moved_in_jira_changes_the_open_chats_by_itself(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    start_onboarding(manager)
    newcomer = Chat.of(context, app, "Анна Новикова")
    checklist = newcomer.checklist()
    expect(checklist).to_contain_text("0 из 18")
    workplace = checklist.locator("[data-step=prepare-workplace]")
    expect(workplace.get_by_role("link", name=re.compile(r"ONB-\d+"))).to_be_visible()
    board = jira_of(manager, app)
    issue = board.get_by_role("row").filter(has_text=WORKPLACE)
    issue.get_by_role("button", name="Start").click()
    expect(workplace).to_contain_text("в работе")
    issue.get_by_role("button", name="Finish").click()
    expect(checklist).to_contain_text("1 из 18")
    expect(workplace).to_have_class(re.compile(r"\bdone\b"))
    team = manager.page.get_by_role("complementary", name="Мои задачи")
    expect(team).to_contain_text("1 из 18")
    newcomer.shoot("31-moved-in-jira")
    board.screenshot(path=RESULTS / "32-jira-board.png")
    newcomer.checklist().locator("[data-step=read-docs]").get_by_role("button", name="Готово").click()
    manager.hears("Задача для проверки создана")
    expect(board.get_by_role("row").filter(has_text="Изучение корпоративной документации")).to_be_visible()


def test_a_task_goes_from_the_chat_to_jira_and_back(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    start_onboarding(manager)
    manager.hears("Онбординг начат")
    manager.say(f"задача @newcomer «{TASK}» приоритет высокий срок завтра")
    manager.hears(f"Задача в плане: «{TASK}»")
    manager.hears(f"Задача «{TASK}» теперь есть и в Jira")
    manager.shoot("33-task-given")
    newcomer = Chat.of(context, app, "Анна Новикова")
    newcomer.hears(f"Новая задача для вас: «{TASK}»")
    board = jira_of(manager, app)
    board.get_by_role("link", name=TASK).click()
    expect(board.locator("main")).to_contain_text("Анна Новикова")
    board.locator("textarea[name=body]").fill("Пароль лежит в *конверте*")
    board.locator("button[id^=say-]").click()
    newcomer.hears(f"Комментарий в Jira к шагу «{TASK}»")
    expect(newcomer.message("Пароль лежит").last).to_contain_text("конверте")
    expect(newcomer.message(f"Новая задача для вас: «{TASK}»")).to_have_count(1)
    newcomer.shoot("34-task-and-comment")
    board.screenshot(path=RESULTS / "35-jira-issue.png", full_page=True)
    newcomer.message("Новая задача").get_by_role("button", name="Готово").click()
    newcomer.hears(f"Готово: «{TASK}»")
    expect(board.locator(".lozenge.done")).to_be_visible()
    board.locator("main a", has_text="Первые 90 дней").click()
    expect(board.locator("body")).to_contain_text(TASK)
    board.screenshot(path=RESULTS / "36-journey.png", full_page=True)
    assert board.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_on_a_phone_in_the_dark_all_of_it_fits(app: App, browser: Browser) -> None:
    for context in watched(browser.new_context(locale="en-GB", viewport=PHONE, has_touch=True, color_scheme="dark")):
        grace = Chat.of(context, app, "Grace Miller")
        start_onboarding(grace, "olga")
        grace.say(
            '/onboarding task @olga "Prepare a laptop with two large monitors and a docking station" due tomorrow'
        )
        grace.hears("The task is in the plan")
        grace.hears("is now in Jira, too")
        grace.shoot("37-phone-task")
        assert grace.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        grace.say("sync")
        grace.hears("Nothing differed.")
        grace.shoot("38-phone-sync")
        board = jira_of(grace, app)
        board.get_by_role("link", name="docking station").first.click()
        board.screenshot(path=RESULTS / "39-phone-jira.png", full_page=True)
        board.locator("main a", has_text=re.compile("Первые 90 дней|first 90 days")).click()
        expect(board.locator("body")).to_contain_text("docking station")
        board.screenshot(path=RESULTS / "40-phone-journey.png", full_page=True)
        assert board.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
