"""Whatever happens on both sides in whatever order, told or not: after one reconciliation they hold the same."""

import datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from bot import commands
from bot.errors import Retry
from bot.journey.state import fields_of
from bot.scenario import IssueTemplate
from bot.tracker.issues import know
from bot.tracker.snapshot import TrackerUser
from bot.work import Work
from tests.bot.kit import ANNA, BORIS, EVERYBODY, HELGA, scenario, step
from tests.bot.office import Office
from tests.bot.platform import LOST, NOT_SENT
from tests.bot.two_ways_kit import READING, SUMMARY, TwoWays
from tests.generated import examples

MIRRORED = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager", priority="High"))
YIELDING = step("access", who="manager", jira=IssueTemplate(on="open", summary=SUMMARY, conflict="tracker"))
TRACKED = scenario(MIRRORED, YIELDING, READING)

STEPS = st.sampled_from(["badge", "access", "reading"])
DAYS = st.dates(datetime.date(2026, 12, 1), datetime.date(2026, 12, 4))
PRIORITIES = st.sampled_from(["high", "medium", "P0"])
STAGES = st.sampled_from(["new", "underway", "done"])
WHO = st.sampled_from([BORIS, HELGA])
TROUBLES = st.sampled_from([LOST, NOT_SENT, Retry("busy", after=1.0)])


class BothSides(TwoWays):
    """News of the tracker lie in `news` until they are told: in any order, twice, or never."""

    scenario = TRACKED

    async def begin(self, office: Office) -> None:
        async def acquainted(work: Work) -> None:
            for person in EVERYBODY:
                await know(work, office.tracker.users[person.email], person.email)

        await office.bot.runner.run("test", acquainted)
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        await office.writes(ANNA, "done reading")
        office.tracker.told = self.news.append

    async def _key(self, step_id: str) -> str | None:
        issue = (await self.office.journey_of(ANNA)).step(step_id).issue
        return None if issue is None else issue.key

    # --- with us

    @rule(step_id=STEPS)
    def somebody_completes(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.CompleteStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def somebody_reopens(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.ReopenStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def somebody_skips(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.SkipStep(step_id, BORIS.id)))

    @rule(step_id=STEPS, due=DAYS, priority=PRIORITIES, who=WHO)
    def somebody_changes(self, step_id: str, due: datetime.date, priority: str, who: Any) -> None:
        change = commands.ChangeStep(step=step_id, by=BORIS.id, due=due, priority=priority, assignee=who.id)
        self.loop.run(self.decide(change))

    # --- over there

    def _edit(self, step_id: str, **changes: Any) -> None:
        key = self.loop.run(self._key(step_id))
        if key is not None:
            self.office.tracker.edit(key, **changes)

    @rule(step_id=STEPS, status=STAGES)
    def somebody_moves_the_issue(self, step_id: str, status: str) -> None:
        self._edit(step_id, status=status)

    @rule(step_id=STEPS, due=st.none() | DAYS)
    def somebody_moves_its_day(self, step_id: str, due: datetime.date | None) -> None:
        self._edit(step_id, due=due)

    @rule(step_id=STEPS, priority=PRIORITIES)
    def somebody_changes_its_priority(self, step_id: str, priority: str) -> None:
        self._edit(step_id, priority=priority)

    @rule(step_id=STEPS, who=st.none() | WHO)
    def somebody_gives_it_away(self, step_id: str, who: Any) -> None:
        user = TrackerUser("acc-stranger") if who is None else self.office.tracker.users[who.email]
        self._edit(step_id, assignee=user)

    # --- between them

    @rule(data=st.data(), lost=st.booleans())
    def news_arrive(self, data: st.DataObject, lost: bool) -> None:
        if self.news:
            chosen = data.draw(st.sampled_from(self.news))
            if lost:
                self.news.remove(chosen)
            self.loop.run(self.office.hears(chosen))

    @rule(trouble=TROUBLES)
    def the_tracker_fails(self, trouble: Any) -> None:
        self.office.tracker.meets(trouble)

    @rule(minutes=st.integers(1, 3))
    def time_passes(self, minutes: int) -> None:
        self.loop.run(self.office.passes(minutes=minutes))

    # --- the promise

    async def judge(self) -> None:
        office = self.office
        office.tracker.troubles.clear()
        for _ in range(4):
            await office.passes(minutes=2)
        await office.reconciles()
        for _ in range(3):
            await office.passes(minutes=2)
        before = list(office.tracker.writes)
        await office.reconciles()
        assert office.tracker.writes == before, "a second run finds nothing to write"
        journey, work = await office.journey_of(ANNA), office.work()
        for one in TRACKED.steps:
            issue = journey.step(one.id).issue
            if issue is not None:
                assert fields_of(journey, one.id) == await work.fields(office.tracker.issue(issue.key)), one.id
        assert await office.dead() == []


def test_any_course_of_changes_ends_equal(store_url: str) -> None:
    BothSides.url = store_url
    run_state_machine_as_test(
        BothSides,
        settings=settings(examples(20, *HealthCheck), stateful_step_count=15),
    )
