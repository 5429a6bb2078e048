"""Tokyo works while London sleeps: everybody hears of the others in their own hours, and of their own acts at once."""

import datetime
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis

from adapters.store.keys import Keys
from bot.work import Work
from tests.walks.kit import PEOPLE, Clock, Set, Stage, said, stage, until, until_known
from wiring.parts import ForTests

LONDON, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")
PLACES = {
    "pavel@company.example, ": "pavel@company.example, timezone: Europe/London, country: GB, ",
    "anna@company.example, ": "anna@company.example, timezone: Asia/Tokyo, country: JP, ",
}
SCENARIO = """\
id: newcomer
title: {ru: Первые дни, en: First days}
steps:
  - id: badge
    title: {ru: Пропуск, en: Badge}
    jira: {on: done, summary: {ru: "Пропуск: {name}", en: "Badge: {name}"}, assignee: manager}
  - id: laptop
    title: {ru: Ноутбук, en: Laptop}
    urgent: URGENT
    jira: {on: done, summary: {ru: "Ноутбук: {name}", en: "Laptop: {name}"}, assignee: manager}
"""


def people() -> str:
    found = PEOPLE
    for old, new in PLACES.items():
        found = found.replace(f"email: {old}", f"email: {new}", 1)
    return found


def in_tokyo(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=TOKYO).astimezone(datetime.UTC)


def in_london(day: int, hour: int, minute: int = 0) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, minute, tzinfo=LONDON).astimezone(datetime.UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(in_london(10, 10))


@pytest.fixture
def is_urgent(request: pytest.FixtureRequest) -> bool:
    return bool(getattr(request, "param", False))


@pytest.fixture
async def on_stage(
    tmp_path: Path, store_url: str, organisation: str, clock: Clock, *, is_urgent: bool
) -> AsyncIterator[Stage]:
    (tmp_path / "scenarios/faq").mkdir(parents=True)
    text = SCENARIO.replace("URGENT", str(is_urgent).lower())
    (tmp_path / "scenarios/newcomer.yaml").write_text(text, encoding="utf-8")
    wanted = Set(scenarios=tmp_path / "scenarios", people=people())
    async with stage(tmp_path, store_url, organisation, ForTests(clock=clock), wanted) as it:
        yield it


class Night:
    """Its hours. The clock moves on when nothing is under way: a lease that ends with a jump is that of a lost bot."""

    def __init__(self, on_stage: Stage, clock: Clock, client: Redis, organisation: str) -> None:
        self._bot, self._clock, self._client = on_stage.running.bot, clock, client
        self._prefix = Keys(organisation).prefix

    async def rests(self) -> None:
        """Until everything is done that is not held."""
        await until_known(self._is_at_rest, "a pause")

    async def comes(self, moment: datetime.datetime) -> None:
        await self.rests()
        self._clock.set(moment)
        self._bot.delivery.nudge()
        self._bot.timers.nudge()

    async def _is_at_rest(self) -> bool:
        now = round(self._clock().timestamp() * 1000)
        async with self._client.pipeline(transaction=True) as pipe:
            for name in ("slack", "jira", "answers", "inbox"):
                pipe.zcard(f"{self._prefix}leased:{name}")
                for kind in ("now", "bulk"):
                    pipe.zcount(f"{self._prefix}ready:{name}:{kind}", "-inf", now)
            return not any(await pipe.execute())


@pytest.fixture
def night(on_stage: Stage, clock: Clock, redis_client: Redis, organisation: str) -> Night:
    return Night(on_stage, clock, redis_client, organisation)


async def issues_are_known(on_stage: Stage, clock: Clock, count: int) -> None:
    """The bot knows so many issues of Anna's steps, and with them whom it has to tell."""

    async def are_known() -> bool:
        (journey,) = await Work(on_stage.running.bot.company, clock()).journeys_of(on_stage.person("anna"))
        return sum(state.issue is not None for state in journey.steps.values()) == count

    await until_known(are_known, "the issues")


@pytest.mark.parametrize("is_urgent", [False, True], ids=["ordinary", "urgent"], indirect=True)
async def test_each_hears_of_the_other_in_their_own_morning(
    on_stage: Stage, clock: Clock, night: Night, *, is_urgent: bool
) -> None:
    pavel, anna = on_stage.users["pavel"], on_stage.users["anna"]
    await pavel.command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-11-11")
    await until(lambda: said(pavel, "11 ноября"), "the answer")
    assert not anna.inbox(), "it is seven in the evening in Tokyo"
    await night.comes(in_tokyo(11, 9))
    (welcome,) = await until(lambda: said(anna, "Ждало утра"), "the welcome")
    assert "с вт, 10 ноября, 19:00" in str(welcome)
    await until(lambda: said(anna, "Ноутбук"), "the plan")

    await night.comes(in_tokyo(11, 9, 30))  # half past midnight in London
    await anna.say("готово Пропуск")
    await anna.say("готово Ноутбук")
    await issues_are_known(on_stage, clock, 2)
    on_stage.jira.add_comment(on_stage.issues()[0].key, "Пропуск готов, второй этаж", "irina")
    await until(lambda: said(anna, "второй этаж"), "the comment, in Anna's working hours")
    await night.comes(in_tokyo(11, 11, 10))
    await pavel.command("/onboarding", "status <@U0ANNA|anna>")
    before = len(pavel.inbox())
    await pavel.say("помощь")
    await until(lambda: len(pavel.inbox()) > before, "an answer at ten past two in the night")
    await night.rests()
    assert len(said(pavel, "Ноутбук")) == is_urgent
    assert not said(pavel, "второй этаж")

    await night.comes(in_london(11, 9))
    (news,) = await until(lambda: said(pavel, "Пока вы отдыхали"), "the news of the night")
    shown = str(news)
    assert "Пропуск" in shown
    assert "второй этаж" in shown
    assert "00:30" in shown
    assert ("Ноутбук" in shown) is not is_urgent


async def test_of_what_is_over_by_the_morning_nobody_hears(on_stage: Stage, clock: Clock, night: Night) -> None:
    pavel, anna = on_stage.users["pavel"], on_stage.users["anna"]
    await pavel.command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-11-11")
    await night.comes(in_tokyo(11, 9))
    await until(lambda: said(anna, "Пропуск"), "the plan")
    await anna.say("готово Пропуск")
    await issues_are_known(on_stage, clock, 1)

    async def is_open_again() -> bool:
        (journey,) = await Work(on_stage.running.bot.company, clock()).journeys_of(on_stage.person("anna"))
        return journey.step("badge").status == "open"

    await anna.command("/onboarding", "reopen badge")
    await until_known(is_open_again, "that it is open again")
    await night.comes(in_london(11, 9))
    await night.rests()
    assert not said(pavel, "Шаг завершён")
