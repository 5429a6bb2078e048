"""Issues are made, lost, copied, deleted and made again, journeys end and go on, in any order, told or not: in the end
each step has one live issue at most, and what was deleted stays deleted."""

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test
from msgspec.structs import replace

from bot import commands
from bot.effects import CreateIssue
from bot.errors import Retry
from bot.scenario import IssueTemplate, ParentTemplate, make_scenario
from bot.tracker.runs import plan_next
from tests.bot.kit import ANNA, BORIS, local, step
from tests.bot.platform import LOST, NOT_SENT, Kept
from tests.bot.two_ways_kit import SUMMARY, TwoWays
from tests.generated import examples

BADGE = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY))
READING = step("reading", due=2, jira=IssueTemplate(on="done", summary=SUMMARY))
PARENT = ParentTemplate(type="Epic", summary=SUMMARY)
TRACKED = make_scenario("newcomer", local("Newcomer"), (BADGE, READING), PARENT)

STEPS = st.sampled_from(["badge", "reading"])
TROUBLES = st.sampled_from([LOST, NOT_SENT, Retry("busy", after=1.0)])


class Lives(TwoWays):
    scenario = TRACKED

    def __init__(self) -> None:
        self.deleted: set[str] = set()
        self.stopped = False
        super().__init__()

    # --- with us

    @rule(step_id=STEPS)
    def somebody_completes(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.CompleteStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def somebody_reopens(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.ReopenStep(step_id, BORIS.id)))

    @rule(step_id=STEPS)
    def the_manager_has_an_issue_made_again(self, step_id: str) -> None:
        self.loop.run(self.decide(commands.RemakeIssue(step_id, BORIS.id)))

    @rule(stops=st.sampled_from([True, False, False, False]))
    def somebody_stops(self, stops: bool) -> None:
        if stops:
            self.loop.run(self.decide(commands.StopJourney(BORIS.id)))

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

    async def judge(self) -> None:
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
        settings=settings(examples(25, *HealthCheck), stateful_step_count=20),
    )
