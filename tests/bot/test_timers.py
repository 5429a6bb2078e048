"""Wake-ups: fired once, tried again when they fail, and set aside at last."""

import asyncio
import datetime

import msgspec
import pytest

from bot.runner import Runner
from bot.timers import GIVE_UP_AFTER, Timers
from handlers.routes import ROUTES, results
from tests.bot.kit import ADAM, ANNA, BORIS, OLGA, OSCAR, moment
from tests.bot.office import Office
from tests.bot.test_runner import phrases

FIRST_MORNING = moment("2026-12-01 06:00")


@pytest.fixture
async def begun(office: Office) -> Office:
    await office.writes(BORIS, "start @anna newcomer 2026-12-01")
    return office


async def break_journey(office: Office, state: bytes) -> tuple[str, bytes]:
    """Write something over Anna's journey; its id, and what stood there."""
    journey = await office.journey_of(ANNA)
    work = office.work()
    before = await work.state(f"journey:{journey.id}")
    assert before is not None
    work.put(f"journey:{journey.id}", state)
    await office.store.commit(work.commit())
    return journey.id, before


async def mend(office: Office, journey: str, state: bytes) -> None:
    work = office.work()
    await work.state(f"journey:{journey}")
    work.put(f"journey:{journey}", state)
    await office.store.commit(work.commit())


async def test_a_wake_up_comes_at_its_moment_and_not_before(begun: Office) -> None:
    await begun.comes(FIRST_MORNING - datetime.timedelta(milliseconds=1))
    assert "steps-opened" not in phrases(begun, ANNA)
    await begun.comes(FIRST_MORNING)
    assert phrases(begun, ANNA)[-1] == "steps-opened"


async def test_of_many_who_watch_the_clock_one_fires(begun: Office) -> None:
    begun.clock.now = FIRST_MORNING
    others = [Timers(begun.bot.runner) for _ in range(8)]
    begun.nudge()
    await asyncio.gather(*(timers.fire() for timers in others))
    await begun.idle()
    assert phrases(begun, ANNA).count("steps-opened") == 1


async def test_a_clock_of_ours_that_is_slow_does_not_set_the_same_wake_up_again(begun: Office) -> None:
    begun.bot.stop()
    slow = datetime.timedelta(seconds=40)
    runner = Runner(begun.company, ROUTES, results(), lambda: begun.clock.now - slow)
    begun.clock.now = FIRST_MORNING
    await Timers(runner).fire()
    assert (await begun.journey_of(ANNA)).step("papers").status == "open"
    assert (await begun.store.wakes(10, 30.0))[0] == []


async def test_after_an_outage_each_due_thing_is_handled_once(begun: Office) -> None:
    await begun.comes(moment("2026-12-09 09:00"))
    await begun.passes(days=20)
    assert phrases(begun, ANNA) == ["welcome", "checklist", "steps-opened", "remind-overdue"]


async def test_a_wake_up_that_fails_is_tried_again_and_holds_up_no_other(begun: Office) -> None:
    await begun.writes(OSCAR, "start @olga newcomer 2026-12-01")
    journey, state = await break_journey(begun, b'"broken"')
    await begun.comes(FIRST_MORNING)
    assert phrases(begun, OLGA)[-1] == "steps-opened"
    assert phrases(begun, ANNA)[-1] == "checklist"
    await mend(begun, journey, state)
    await begun.passes(seconds=2)
    assert phrases(begun, ANNA)[-1] == "steps-opened"


async def test_a_wake_up_that_never_succeeds_is_set_aside_and_told(begun: Office) -> None:
    journey, state = await break_journey(begun, b'"broken"')
    await begun.comes(FIRST_MORNING)
    for _ in range(GIVE_UP_AFTER):
        await begun.passes(minutes=11)
    (letter,) = await begun.store.dead()
    assert (letter.kind, letter.detail) == ("wake", "ValidationError")
    assert phrases(begun, ADAM) == ["alert-dead"]
    await mend(begun, journey, state)
    assert await begun.store.dead_retry(letter.id)
    begun.nudge()
    await begun.idle()
    assert phrases(begun, ANNA)[-1] == "steps-opened"


async def test_a_forgotten_journey_wakes_nobody(begun: Office) -> None:
    journey, _ = await break_journey(begun, msgspec.json.encode(await begun.journey_of(ANNA)))
    work = begun.work()
    await work.state(f"journey:{journey}")
    work.put(f"journey:{journey}", None)
    await begun.store.commit(work.commit())
    await begun.comes(moment("2026-12-20 09:00"))
    assert await begun.dead() == []
    assert phrases(begun, ANNA) == ["welcome", "checklist"]
