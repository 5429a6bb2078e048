"""Time passes: steps open on their day, reminders come in working hours, what is overdue reaches the manager."""

import datetime
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.walks.kit import Clock, Stage, said, stage, until
from wiring.parts import ForTests

MOSCOW = ZoneInfo("Europe/Moscow")


def at(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    """A moment of December 2026 in Moscow."""
    return datetime.datetime(2026, 12, day, hour, minute, tzinfo=MOSCOW).astimezone(datetime.UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.datetime(2026, 11, 30, 12, tzinfo=MOSCOW).astimezone(datetime.UTC))


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str, clock: Clock) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, ForTests(clock=clock)) as it:
        await it.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
        await until(lambda: said(it.users["anna"], "read-docs"), "the checklist")
        yield it


async def settle(on_stage: Stage, clock: Clock, moment: datetime.datetime) -> None:
    """It is `moment`, and everything that is due by then has been done."""
    clock.set(moment)
    bot = on_stage.running.bot
    while (wait := await bot.timers.fire()) <= 0:
        pass
    assert wait > 0
    bot.delivery.nudge()


async def test_steps_open_in_the_morning_of_their_day_and_not_before(on_stage: Stage, clock: Clock) -> None:
    anna = on_stage.users["anna"]
    await settle(on_stage, clock, at(1, 8, 59))
    assert not said(anna, "Сегодня открылись")
    await settle(on_stage, clock, at(1, 9))
    (news,) = await until(lambda: said(anna, "Сегодня открылись 4 шага"), "the news")
    assert "Изучение корпоративной документации" in str(news)


async def test_a_reminder_waits_for_working_hours_and_names_what_is_still_open(on_stage: Stage, clock: Clock) -> None:
    anna = on_stage.users["anna"]
    await settle(on_stage, clock, at(1, 9))
    await until(lambda: said(anna, "Сегодня открылись"), "the news")
    await anna.say("готово paperwork")
    await until(lambda: said(anna, "Готово: «Оформление и пропуск»"), "the answer")
    await settle(on_stage, clock, at(2, 9, 59))
    assert not said(anna, "Сегодня важно закрыть")
    assert not said(anna, "Напоминаю")
    await settle(on_stage, clock, at(2, 10))
    (reminder,) = await until(lambda: said(anna, "Напоминаю") + said(anna, "Сегодня важно"), "the reminder")
    assert "Оформление и пропуск" not in str(reminder["blocks"])


async def test_an_overdue_step_reaches_the_manager(on_stage: Stage, clock: Clock) -> None:
    pavel = on_stage.users["pavel"]
    for day in range(1, 12):
        await settle(on_stage, clock, at(day, 9))
        await settle(on_stage, clock, at(day, 10))
    await until(lambda: said(pavel, "Шаг просрочен"), "the escalation")


async def test_an_outage_of_two_weeks_brings_one_reminder_and_not_ten(on_stage: Stage, clock: Clock) -> None:
    anna = on_stage.users["anna"]
    await settle(on_stage, clock, at(1, 9))
    await until(lambda: said(anna, "Сегодня открылись"), "the news")
    await settle(on_stage, clock, at(15, 3))
    await settle(on_stage, clock, at(15, 9))
    await until(lambda: said(anna, "ждут вас"), "the reminder")
    assert len(said(anna, "ждут вас")) == 1


async def test_a_question_that_no_colleague_answers_ends_after_a_month_with_a_kind_word(
    on_stage: Stage, clock: Clock
) -> None:
    anna, pavel = on_stage.users["anna"], on_stage.users["pavel"]
    await anna.say("сколько спутников у Юпитера?")
    (honest,) = await until(lambda: said(anna, "выдумывать не буду"), "the honest answer")
    await anna.press(honest, "ask-person")
    (shown,) = await until(lambda: said(anna, "Пока ничего не отправлено"), "the preview")
    await anna.press(shown, "inquiry-send")
    (asked,) = await until(lambda: said(pavel, "сколько спутников"), "the question")
    await settle(on_stage, clock, datetime.datetime(2027, 1, 13, 9, tzinfo=datetime.UTC))
    (sorry,) = await until(lambda: said(anna, "за месяц на ваш вопрос никто не ответил"), "the end of it")
    assert "сколько спутников у Юпитера?" in str(sorry)
    await pavel.press(asked, "inquiry-answer")
    await until(lambda: said(pavel, "Этот вопрос уже закрыт"), "that it is over")
