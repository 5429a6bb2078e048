"""The state of a journey, and the issue of a step as the onboarding has it. How events change it is in `evolve.py`."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from bot.journey.merge import FIELDS, Fields
from bot.scenario import Step

StepStatus = Literal["waiting", "open", "done", "skipped"]
SETTLED = ("done", "skipped")
OWN_ISSUE = ""  # in the place of a step: the issue of the journey itself
FILLED_IN = ("priority", "assignee")  # trackers have defaults for them
LEFT = "directory:left"  # in the place of who did it: somebody has left the company
HEARD = 30  # comments of one issue that are remembered
OVERTAKEN = 5  # values of one field


class IssueRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """The one live issue of a step. `id` never changes, `key` may. Without an id it is one from before both ways, of
    which nothing but its key is known until it is seen.

    `agreed` is what both sides last agreed on, `seen` the tracker's time of the newest look. `stuck` holds, by field,
    a value of ours that the tracker does not take, `overtaken` those that may still be on their way there while we
    have another one (see `merge`). `unsure`: an account that has it, until a look says whether it is whom we asked for.
    `approves`: done, it approves the step and does not complete it; `own_due`: then `due` is its own, else the step's
    is also the issue's. `heard` are ids of comments, the newest last.
    """

    key: str
    url: str
    id: str = ""
    approves: bool = False
    own_due: bool = False
    due: datetime.date | None = None
    agreed: Fields = Fields()
    seen: datetime.datetime | None = None
    stuck: dict[str, str] = {}
    overtaken: dict[str, tuple[str, ...]] = {}
    unsure: str | None = None
    heard: tuple[str, ...] = ()

    def base(self, ours: Fields, theirs: Fields, account: str | None) -> Fields:
        """What both sides are compared with. At the first look the tracker has by itself filled in what nobody had
        asked for: that is no change there, and a choice of ours is newer. While an assignment of ours is on its way, an
        account that nobody knows yet is its echo. `account` is the key of the one that has it there: whose it turns out
        to be changes nothing, unless it is ours that did not know."""
        names = FILLED_IN if self.seen is None else ()
        chosen = {name for name in names if getattr(self.agreed, name) is None and getattr(ours, name) is not None}
        pending = is_person(ours.assignee) and ours.assignee != self.agreed.assignee
        if pending and theirs.assignee is not None and not is_person(theirs.assignee):
            chosen.add("assignee")
        if account is not None and self.agreed.assignee == account != ours.assignee:
            chosen.add("assignee")
        return msgspec.structs.replace(self.agreed, **{name: getattr(theirs, name) for name in chosen})


class StepState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`opened` and `due` are local working days; `reminded` is the last reminder offset dealt with.

    `priority` and `assignee` (the id of a person, or the key of a stranger's account) are those of the issue.
    `tickets` are rules that have raised one; `remade`: how often the issue was asked for again.
    """

    status: StepStatus = "waiting"
    opened: datetime.date | None = None
    due: datetime.date | None = None
    done_at: datetime.datetime | None = None
    done_by: str | None = None
    approved: bool = False
    underway: bool = False
    priority: str | None = None
    assignee: str | None = None
    reminded: int | None = None
    escalated: bool = False
    tickets: tuple[str, ...] = ()
    remade: int = 0
    issue: IssueRef | None = None

    @property
    def settled(self) -> bool:
        return self.status in SETTLED


WAITING = StepState()


def is_person(assignee: str | None) -> bool:
    """Somebody whom we know, and not a stranger's account."""
    return assignee is not None and ":" not in assignee


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """`version` is the content hash of the scenario that this journey keeps until somebody moves it.

    Only steps that something has happened to stand in `steps`; the others wait. `tasks` are steps that people added.
    `issue` is the parent of the issues of its steps, where the scenario wants one; `remade`: how often it was asked for
    again. `linked`: which edition of links to its page stands on its issues; `withdrawn`: how often these links were
    withdrawn (see `links`).
    """

    id: str
    person: str
    manager: str | None
    by: str
    scenario: str
    version: str
    start: datetime.date
    started_at: datetime.datetime
    status: Literal["active", "finished", "stopped"] = "active"
    ended_at: datetime.datetime | None = None
    steps: dict[str, StepState] = {}
    tasks: tuple[Step, ...] = ()
    issue: IssueRef | None = None
    remade: int = 0
    linked: str = ""
    withdrawn: int = 0

    def step(self, step_id: str) -> StepState:
        return self.steps.get(step_id, WAITING)

    def issue_of(self, step_id: str) -> IssueRef | None:
        return self.issue if step_id == OWN_ISSUE else self.step(step_id).issue

    def unmet(self, step: Step) -> tuple[str, ...]:
        """The steps that must be settled before this one can be."""
        return tuple(before for before in step.after if not self.step(before).settled)

    def is_ready(self, step: Step) -> bool:
        """No other step stands before it."""
        return all(self.step(before).settled for before in step.after)

    def executor(self, step: Step) -> str | None:
        """The id of whoever does the step: the newcomer their own ones, and others whom they were given to."""
        if step.who == "newcomer":
            return self.person
        state = self.step(step.id)
        theirs = state.issue is None or not state.issue.approves
        return state.assignee if theirs and is_person(state.assignee) else self.manager

    def is_closed_to(self, step: Step, by: str) -> bool:
        """Newcomers neither complete nor open again what others have to do for them."""
        return step.who == "manager" and by == self.person != self.executor(step)

    def with_step(self, step_id: str, **changes: object) -> Journey:
        changed = msgspec.structs.replace(self.step(step_id), **changes)
        return msgspec.structs.replace(self, steps={**self.steps, step_id: changed})

    def with_issue(self, step_id: str, issue: IssueRef | None) -> Journey:
        if step_id == OWN_ISSUE:
            return msgspec.structs.replace(self, issue=issue)
        return self.with_step(step_id, issue=issue)


def fields_of(journey: Journey, step_id: str) -> Fields:
    """The issue of a step as the onboarding has it. Whose journey was stopped has nothing left to do."""
    if step_id == OWN_ISSUE:
        held = Fields() if journey.issue is None else journey.issue.agreed
        return held if journey.status == "active" else msgspec.structs.replace(held, status="done")
    state = journey.step(step_id)
    issue = state.issue
    settled = state.settled
    if issue is not None and issue.approves:
        settled = state.approved or state.status == "skipped"
    if settled or journey.status == "stopped":
        status: Literal["new", "underway", "done"] = "done"
    else:
        status = "underway" if state.underway else "new"
    due = issue.due if issue is not None and issue.own_due else state.due
    return Fields(status=status, priority=state.priority, assignee=state.assignee, due=due)


def held_by(journey: Journey, person: str) -> tuple[str, ...]:
    """The steps that were given to somebody and are not over, nor what is to be checked of them."""
    theirs = (step_id for step_id, state in journey.steps.items() if state.assignee == person)
    return tuple(step_id for step_id in theirs if fields_of(journey, step_id).status != "done")


def unsynced(journey: Journey, step_id: str) -> tuple[str, ...]:
    """The fields that the tracker does not have yet as we do, without those that it refuses to take."""
    issue = journey.issue_of(step_id)
    if issue is None or not issue.id:
        return ()
    ours = fields_of(journey, step_id)
    fields = ("status",) if step_id == OWN_ISSUE else FIELDS
    differing = (name for name in fields if getattr(ours, name) != getattr(issue.agreed, name))
    return tuple(name for name in differing if issue.stuck.get(name) != str(getattr(ours, name)))
