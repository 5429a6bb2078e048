"""What a run looks at, what it counts, and what it says: to whom it was promised, and to nobody else."""

import datetime
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.scenario import IssueTemplate
from bot.tracker.drift import Summary, summary_of
from bot.tracker.reconcile import CLOCKS
from bot.tracker.runs import EVERY, STATE, last_summary, plan_next
from bot.tracker.snapshot import Page
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, scenario, step
from tests.bot.office import Office
from tests.bot.test_runner import phrases
from tests.bot.two_ways_kit import LAPTOP, SUMMARY, begun, key_of

BADGE = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager"))
TRACKED = scenario(BADGE, LAPTOP)


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with begun(redis_client, organisation, TRACKED) as opened:
        yield opened


async def begins_by_itself(office: Office) -> None:
    await plan_next(office.bot.runner)
    await office.idle()


async def last_by_itself(office: Office) -> Summary:
    (loaded,) = await office.store.load([STATE])
    found = summary_of(loaded.state)
    assert found is not None
    return found


async def test_a_run_begins_where_the_last_one_began_whatever_the_clocks_say(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was changed while it ran, or by a clock that is behind ours, is met by the next one."""
    asked: list[datetime.datetime | None] = []
    changed = office.tracker.changed

    async def noted(since: datetime.datetime | None, cursor: str | None) -> Page:
        asked.append(since)
        return await changed(since, cursor)

    monkeypatch.setattr(office.tracker, "changed", noted)
    began = office.clock()
    await begins_by_itself(office)
    await office.passes(minutes=16)
    assert asked == [None, began - CLOCKS]
    assert datetime.timedelta(minutes=10) <= CLOCKS


async def test_a_run_that_was_asked_for_reads_everything_and_moves_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begins_by_itself(office)
    began = (await last_by_itself(office)).began
    asked: list[datetime.datetime | None] = []
    changed = office.tracker.changed

    async def noted(since: datetime.datetime | None, cursor: str | None) -> Page:
        asked.append(since)
        return await changed(since, cursor)

    monkeypatch.setattr(office.tracker, "changed", noted)
    await office.passes(minutes=5)
    await office.writes(BORIS, "sync")
    assert asked == [None]
    assert (await last_by_itself(office)).began == began
    assert (last := await last_summary(office.store)) is not None
    assert last.ended == office.clock()


async def test_runs_come_every_quarter_of_an_hour(office: Office) -> None:
    await begins_by_itself(office)
    before = office.tracker.calls.count("changed")
    for _ in range(4):
        await office.passes(minutes=15)
    assert office.tracker.calls.count("changed") == before + 4
    assert datetime.timedelta(minutes=15) == EVERY


async def test_what_the_tracker_does_not_take_is_not_repaired_again_and_again(office: Office) -> None:
    office.tracker.refuses = {"status": "no-transition"}
    await office.writes(ANNA, "done badge")
    for _ in range(3):
        await begins_by_itself(office)
        assert (await last_by_itself(office)).repaired == 0
        await office.passes(minutes=16)
    assert office.tracker.calls.count("change") == 1
    office.tracker.refuses = {}
    await office.writes(BORIS, "sync")
    assert office.tracker.issue(await key_of(office, "badge")).status == "done"


async def test_whoever_asked_for_a_run_that_fails_for_good_is_told(office: Office) -> None:
    office.tracker.meets(*(ZeroDivisionError() for _ in range(5)))
    await office.writes(BORIS, "sync")
    for _ in range(5):
        await office.passes(minutes=1)
    assert phrases(office, BORIS).count("sync-given-up") == 1
    assert "sync-done" not in phrases(office, BORIS)
    assert "sync-given-up" not in phrases(office, HELGA)
    assert "alert-dead" in phrases(office, ADAM)


async def test_nobody_is_written_to_about_a_run_that_came_by_itself(office: Office) -> None:
    told = phrases(office, BORIS)
    office.tracker.meets(*(ZeroDivisionError() for _ in range(5)))
    await begins_by_itself(office)
    for _ in range(5):
        await office.passes(minutes=1)
    assert len(await office.dead()) == 1
    assert phrases(office, BORIS) == told
