"""A start says what will happen, and a stop asks first: in the browser, by a manager with two onboardings going on."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.kit import App, Chat, start_onboarding

pytestmark = pytest.mark.e2e


def test_a_manager_sees_what_a_start_does_and_stops_the_one_that_is_meant(app: App, context: BrowserContext) -> None:
    manager = Chat.of(context, app, "Павел Орлов")
    start_onboarding(manager)
    told = manager.hears("Онбординг начат: Анна Новикова — «Первые 90 дней»")
    expect(told).to_contain_text("18 шагов")
    expect(told).to_contain_text("Анна Новикова — приветствие и план; Павел Орлов — это сообщение")
    expect(told).to_contain_text("Первый срок")
    manager.say("старт @newcomer team-lead завтра")
    later = manager.hears("Онбординг начат: Анна Новикова — «Новый руководитель отдела»")
    expect(later).to_contain_text("тогда и напишу")
    manager.shoot("41-started")

    manager.say("стоп @newcomer")
    asked = manager.messages.filter(has_text="Какой остановить?")
    expect(asked).to_be_visible()
    manager.shoot("42-which")
    asked.get_by_role("button", name="Новый руководитель").click()
    question = manager.messages.filter(has_text="Остановить онбординг?").last
    expect(question).to_contain_text("«Новый руководитель отдела»")
    expect(asked).to_have_count(0)
    expect(question).to_contain_text("Кому напишу")
    manager.shoot("43-what-it-will-do")
    question.get_by_role("button", name="Остановить").first.click()
    manager.hears("Готово, онбординг остановлен: Анна Новикова — «Новый руководитель отдела»")
    expect(manager.messages.filter(has_text="Остановить онбординг?")).to_have_count(0)
    manager.shoot("44-stopped")
