"""Issues are made, lost, copied, deleted and made again, journeys end and go on, in any order, told or not: in the end
each step has one live issue at most, and what was deleted stays deleted."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from msgspec.structs import replace

from adapters.store.connect import connect
from bot import commands
from bot.effects import CreateIssue
from bot.errors import Misunderstood, Retry
from bot.message import Local
from bot.scenario import IssueTemplate, ParentTemplate, make_scenario
from bot.tracker.runs import plan_next
from bot.tracker.snapshot import Snapshot
from bot.work import Work
from tests.bot.kit import ANNA, BORIS, local, step
from tests.bot.office import Office, open_office
from tests.bot.platform import LOST, NOT_SENT, Kept
from tests.store_server import new_organisation

SUMMARY = Local(ru="Сделать: {name}", en="Do: {name}")
BADGE = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY))
READING = step("reading", due=2, jira=IssueTemplate(on="done", summary=SUMMARY))
PARENT = ParentTemplate(type="Epic", summary=SUMMARY)
TRACKED = make_scenario("newcomer", local("Newcomer"), (BADGE, READING), PARENT)

STEPS = st.sampled_from(["badge", "reading"])
TROUBLES = st.sampled_from([LOST, NOT_SENT, Retry("busy", after=1.0)])


class Lives(RuleBasedStateMachine):
    url: str

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.news: list[Snapshot] = []
        self.deleted: set[str] = set()
        self.stopped = False
        self.office = self.loop.run(self._open())

    async def _open(self) -> Office:
        client = await self.stack.enter_async_context(connect(self.url))
        office = await self.stack.enter_async_context(open_office(client, new_organisation(), (TRACKED,)))
        office.tracker.told = self.news.append
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        return office

    def teardown(self) -> None:
        try:
            self.loop.run(self._rest())
        finally:
            self.loop.run(self.stack.aclose())
            self.loop.close()

    async def _decide(self, command: commands.Command) -> None:
        async def decision(work: Work) -> None:
            (journey,) = await work.journeys_of(ANNA.id)
            try:
                await work.decide(journey, command, await work.scenario(journey))
            except Misunderstood:
                return

        await self.office.bot.runner.run(ANNA.id, decision)
        await self.office.idle()

    # --- with us

    @rule(step_id=STEPS)
    def somebody_completes(self, step_id: str) -> None:
        self.loop.run(self._decide(commands.CompleteStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def somebody_reopens(self, step_id: str) -> None:
        self.loop.run(self._decide(commands.ReopenStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def the_manager_has_an_issue_made_again(self, step_id: str) -> None:
        self.loop.run(self._decide(commands.RemakeIssue(step_id, BORIS.id)))

    @rule(stops=st.sampled_from([True, False, False, False]))
    def somebody_stops(self, stops: bool) -> None:
        if stops:
            self.loop.run(self._decide(commands.StopJourney(BORIS.id)))

    # --- over there

    def _live(self) -> list[str]:
        return [key for key, kept in self.office.tracker.kept.items() if not kept.gone]

    @rule(data=st.data(), told=st.booleans())
    def somebody_deletes(self, data: st.DataObject, told: bool) -> None:
        live = self._live()
        if not live:
            return
        key = data.draw(st.sampled_from(live))
        self.deleted.add(self.office.tracker.issue(key).id)
        self.office.tracker.delete(key)
        if told:
            self.loop.run(self._tell_deletion(key))

    async def _tell_deletion(self, key: str) -> None:
        await self.office.hears_of_deletion(key)

    @rule(data=st.data(), status=st.sampled_from(["new", "underway", "done"]))
    def somebody_moves(self, data: st.DataObject, status: Any) -> None:
        live = self._live()
        if live:
            self.office.tracker.edit(data.draw(st.sampled_from(live)), status=status)

    @rule(data=st.data())
    def somebody_copies(self, data: st.DataObject) -> None:
        live = self._live()
        if not live:
            return
        kept = self.office.tracker.kept[data.draw(st.sampled_from(live))]
        number = len(self.office.tracker.kept)
        cloned = replace(kept.snapshot, id=f"7{number:04}", key=f"COPY-{number}", updated=self.office.tracker._now())
        self.office.tracker.kept[cloned.key] = Kept(label="", act=kept.act, snapshot=cloned)
        self.news.append(cloned)

    # --- between them

    @rule(data=st.data())
    def news_arrive(self, data: st.DataObject) -> None:
        if self.news:
            self.loop.run(self.office.hears(data.draw(st.sampled_from(self.news))))

    @rule(trouble=TROUBLES)
    def the_tracker_fails(self, trouble: Any) -> None:
        self.office.tracker.meets(trouble)

    @rule(minutes=st.integers(1, 25))
    def time_passes(self, minutes: int) -> None:
        self.loop.run(self.office.passes(minutes=minutes))

    @rule()
    def a_run_begins(self) -> None:
        self.loop.run(self._run())

    async def _run(self) -> None:
        await plan_next(self.office.bot.runner)
        await self.office.idle()

    # --- the promise

    async def _rest(self) -> None:
        office = self.office
        office.tracker.troubles.clear()
        for _ in range(6):
            await office.passes(minutes=10)
        for _ in range(3):
            await office.reconciles()
            await office.passes(minutes=30)
        before = list(office.tracker.writes)
        await office.reconciles()
        assert office.tracker.writes == before, "another run finds nothing to write"
        assert await office.dead() == []
        journey = await office.journey_of(ANNA)
        for step_id in ("", "badge", "reading"):
            self._one_at_most(step_id, journey.issue_of(step_id))
            issue = journey.issue_of(step_id)
            assert issue is None or not office.tracker.kept[issue.key].gone, f"{step_id} has a deleted issue"
        ids = set(await office.store.members("issues"))
        assert not ids & self.deleted

    def _one_at_most(self, step_id: str, issue: Any) -> None:
        tracker = self.office.tracker
        ours = [
            key
            for key, kept in tracker.kept.items()
            if isinstance(kept.act, CreateIssue)
            and kept.label
            and kept.act.step == step_id
            and not kept.gone
            and not kept.snapshot.twin
        ]
        open_ones = [key for key in ours if issue is None or key != issue.key]
        stray = [key for key in open_ones if tracker.issue(key).status != "done"]
        copied = issue is not None and not tracker.kept[issue.key].label
        assert not stray or copied, f"{step_id}: {stray} beside {issue}"


def test_each_step_has_one_live_issue_at_most(store_url: str) -> None:
    Lives.url = store_url
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
