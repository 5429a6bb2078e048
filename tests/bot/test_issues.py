"""One live issue a step: recorded, refused, looked at again after a doubt, and twins closed and reported."""

import datetime

import pytest

from bot.errors import Refused
from bot.message import Phrase
from tests.bot.kit import ADAM, ANNA, BORIS
from tests.bot.office import Office
from tests.bot.platform import LOST
from tests.bot.test_runner import phrases


@pytest.fixture
async def begun(office: Office) -> Office:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    return office


async def key_of(office: Office) -> str | None:
    issue = (await office.journey_of(ANNA)).step("reading").issue
    return issue.key if issue else None


async def test_the_issue_of_a_step_is_kept_and_found_by_its_key(begun: Office) -> None:
    await begun.writes(ANNA, "done reading")
    journey = await begun.journey_of(ANNA)
    assert await key_of(begun) == "ONB-1"
    assert await begun.store.lookup(["issue:ONB-1"]) == [f"{journey.id} reading"]


async def test_an_issue_without_a_doubt_is_not_looked_at_again(begun: Office) -> None:
    await begun.writes(ANNA, "done reading")
    await begun.passes(hours=1)
    assert begun.tracker.calls == ["create"]


async def test_an_issue_in_doubt_is_verified_twice_and_told_once(begun: Office) -> None:
    begun.tracker.meets(LOST)
    await begun.writes(ANNA, "done reading")
    await begun.passes(seconds=31)
    assert begun.tracker.calls == ["create", "look"]
    await begun.passes(minutes=3)
    await begun.passes(minutes=20)
    await begun.passes(hours=3)
    assert begun.tracker.calls == ["create", "look", "look", "look"]
    assert phrases(begun, BORIS).count("step-done-issue") == 1
    assert phrases(begun, ADAM) == []


async def test_a_twin_that_lands_late_is_closed_and_reported_once(begun: Office) -> None:
    begun.tracker.meets(LOST)
    await begun.writes(ANNA, "done reading")
    await begun.passes(seconds=31)
    begun.tracker._make(*begun.tracker.made[0], None)
    await begun.passes(minutes=3)
    assert begun.tracker.closed == ["ONB-2"]
    assert await key_of(begun) == "ONB-1"
    (told,) = begun.chat.to(ADAM)
    assert told.message.text == Phrase("alert-twins", {"key": "ONB-1"})
    assert [fact.value for fact in told.message.facts] == ["ONB-2"]
    await begun.passes(hours=1)
    assert phrases(begun, ADAM) == ["alert-twins"]


async def test_an_issue_that_somebody_deleted_meanwhile_is_left_alone(begun: Office) -> None:
    begun.tracker.meets(LOST)
    await begun.writes(ANNA, "done reading")
    await begun.passes(seconds=31)
    begun.tracker.closed.append("ONB-1")
    await begun.passes(minutes=30)
    assert begun.tracker.calls == ["create", "look", "look", "look"]
    assert await begun.dead() == []


async def test_a_refused_issue_leaves_the_step_done_and_is_told_to_both(begun: Office) -> None:
    begun.tracker.meets(Refused("type-unknown", "no type"))
    await begun.writes(ANNA, "done reading")
    assert (await begun.journey_of(ANNA)).step("reading").status == "done"
    assert phrases(begun, BORIS)[-1] == "issue-refused"
    assert phrases(begun, ADAM) == ["alert-dead"]


async def test_a_refused_issue_that_is_put_right_reaches_the_step(begun: Office) -> None:
    begun.tracker.meets(Refused("type-unknown", "no type"))
    await begun.writes(ANNA, "done reading")
    ((letter, _),) = await begun.dead()
    assert await begun.store.dead_retry(letter)
    begun.nudge()
    await begun.idle()
    assert await key_of(begun) == "ONB-1"


async def test_a_tracker_that_is_down_holds_up_nobody(begun: Office) -> None:
    begun.tracker.meets(*(ConnectionError("down") for _ in range(3)))
    await begun.writes(ANNA, "done reading")
    await begun.writes(ANNA, "done papers")
    assert phrases(begun, ANNA)[-2:] == ["step-done-next", "step-done"]
    began = begun.clock()
    while await key_of(begun) is None and begun.clock() - began < datetime.timedelta(hours=1):
        await begun.passes(seconds=35)
    assert await key_of(begun) == "ONB-1"
