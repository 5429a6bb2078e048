"""Teams through Microsoft's own client: the first days of a new employee, and what the client may reach."""

from __future__ import annotations

import datetime
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.kit import Chat
from tests.e2e.playground_kit import HERE, Playground, TeamsChat, TimedBot

pytestmark = pytest.mark.e2e

PEOPLE = """\
people:
  - {email: pavel@company.example, name: Павел Орлов, locale: ru, roles: [manager]}
  - {email: anna@company.example, name: Анна Новикова, locale: ru, manager: pavel@company.example}
"""
MOSCOW = ZoneInfo("Europe/Moscow")
READING = "Изучение корпоративной документации"


def at(day: int, hour: int) -> datetime.datetime:
    """A moment of the week that begins on Monday, 16 November 2026, in Moscow."""
    return datetime.datetime(2026, 11, day, hour, tzinfo=MOSCOW).astimezone(datetime.UTC)


@pytest.fixture
def bot(tmp_path: Path) -> Iterator[TimedBot]:
    started = TimedBot(tmp_path, PEOPLE, at(16, 11))
    started.start()
    yield started
    started.stop()


@pytest.fixture
def client(tmp_path: Path, bot: TimedBot) -> Iterator[Playground]:
    started = Playground(tmp_path, bot.url, "Анна Новикова", "anna@company.example")
    started.start()
    yield started
    started.stop()


def test_the_first_days_of_a_new_employee(bot: TimedBot, client: Playground, context: BrowserContext) -> None:
    anna = TeamsChat(context, client)
    anna.hears("Здравствуйте, Анна!")

    anna.say("как подключить VPN?")
    expect(anna.card("Установите клиент").get_by_role("link", name="https://vpn.")).to_be_visible()
    anna.shoot("31-teams-answer", anna.hears("VPN за пять минут"), height=900)

    pavel = Chat.of(context, bot, "Павел Орлов")
    pavel.say("/onboarding start @anna newcomer 2026-11-16")
    pavel.hears("Онбординг начат")

    anna.hears("Анна, добро пожаловать!")
    plan = anna.card(READING)
    expect(plan.get_by_text("0 / ")).to_be_visible()
    anna.shoot("32-teams-plan", plan)
    plan.get_by_title(READING).click()
    changed = anna.card("1 / ")
    expect(changed.get_by_text("✅").locator("..")).to_contain_text(READING)
    expect(anna.page.locator(".ac-adaptiveCard").filter(has_text="0 / ")).to_have_count(0)
    anna.shoot("33-teams-step-done", anna.hears("Дальше —"))

    bot.comes(at(17, 10))
    anna.shoot("34-teams-reminder", anna.card("Сегодня важно закрыть 3 шага"), height=900)


def _under_guard(script: str) -> str:
    node = shutil.which("node")
    assert node is not None
    guarded = [node, "--require", str(HERE / "guard.cjs"), "-e", script]
    return subprocess.run(guarded, check=True, capture_output=True, text=True, timeout=30).stdout.strip()


@pytest.mark.parametrize("asked", ["0", "0, '0.0.0.0'", "{port: 0, host: '::'}"])
def test_the_client_listens_on_loopback_whatever_it_asks_for(asked: str) -> None:
    told = "() => { console.log(server.address().address); server.close() }"
    script = f"const server = require('http').createServer().listen({asked}, {told})"
    assert _under_guard(script) == "127.0.0.1"


@pytest.mark.parametrize("called", ["connect(80, '192.0.2.1')", "connect({port: 80, host: '192.0.2.1'})"])
def test_the_client_connects_to_nothing_but_loopback(called: str) -> None:
    script = f"require('net').{called}.on('error', (e) => console.log(e.message))"
    assert _under_guard(script) == "guard: not connected to 192.0.2.1"


@pytest.mark.parametrize(
    "script",
    [
        "require('http').get('http://192.0.2.1/').on('error', (e) => console.log(e.message))",
        "require('https').get('https://192.0.2.1/').on('error', (e) => console.log(e.message))",
        "fetch('https://192.0.2.1/').catch((e) => console.log(e.cause.message))",
    ],
)
def test_a_request_of_the_client_to_elsewhere_is_refused(script: str) -> None:
    assert _under_guard(script) == "guard: not connected to 192.0.2.1"


def test_the_client_that_runs_is_reached_at_one_address_only(client: Playground) -> None:
    with socket.create_connection(("127.0.0.1", client.port), timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError):  # who listens on every address would be reached here, too
        socket.create_connection(("127.0.0.2", client.port), timeout=5)
