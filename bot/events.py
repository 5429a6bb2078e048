"""What has happened to a journey: past tense, the only way in which its state changes."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from bot.journey.merge import Fields
from bot.scenario import Step


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """`at` is the moment of the decision."""

    at: datetime.datetime


class JourneyStarted(Event, frozen=True):
    journey: str
    person: str
    manager: str | None
    by: str
    scenario: str
    version: str
    start: datetime.date
    linked: str = ""


class StepOpened(Event, frozen=True):
    """`opened` and `due` are local working days."""

    step: str
    opened: datetime.date
    due: datetime.date | None


class StepCompleted(Event, frozen=True):
    """`by` is the id of a person, or the key of an account that we know nobody for. `via` names the tracker where it
    happened; None: with us. So in every event that has them."""

    step: str
    by: str
    via: str | None = None


class StepSkipped(Event, frozen=True):
    step: str
    by: str


class StepReopened(Event, frozen=True):
    step: str
    by: str
    via: str | None = None


class StepApproved(Event, frozen=True):
    """Whoever had to look at a completed step has done so."""

    step: str
    by: str
    via: str | None = None


class StepUnderway(Event, frozen=True):
    """Somebody has begun with the issue of a step; `underway` False: has put it back."""

    step: str
    underway: bool
    by: str
    via: str | None = None


class StepChanged(Event, frozen=True):
    """What is unset stays as it was."""

    step: str
    by: str
    via: str | None = None
    priority: str | UnsetType | None = UNSET
    assignee: str | UnsetType | None = UNSET
    due: datetime.date | UnsetType | None = UNSET


class ManagerChanged(Event, frozen=True):
    """The journey has another manager; None: nobody is left."""

    manager: str | None
    by: str


class TaskAdded(Event, frozen=True):
    """A step that the scenario does not have. Its title is the only text in a log; it goes when the journey goes."""

    task: Step
    by: str
    assignee: str | None = None
    priority: str | None = None


class RemindersDue(Event, frozen=True):
    """The reminders of `step` up to `offset` (working days from the due date) are dealt with.

    `how`: said in time; late and each on its own; late and all together; or passed over in silence.
    """

    step: str
    offset: int
    how: Literal["said", "sent_late", "digested", "skipped"]


class StepEscalated(Event, frozen=True):
    step: str


class TicketRaised(Event, frozen=True):
    """A rule wants an issue about a step that is overdue."""

    step: str
    rule: str


class IssueRecorded(Event, frozen=True):
    """The issue of a step; of no step: the journey's own. `agreed` is what it was made with.

    `approves`: done, it approves the step and does not complete it. `own_due`: its due date is not that of the step.
    `known`: it was the step's before, but by its key alone. `account`: who has it, as long as nobody knows whose it is.
    """

    step: str
    key: str
    url: str
    id: str = ""
    agreed: Fields = Fields()
    approves: bool = False
    own_due: bool = False
    known: bool = False
    account: str | None = None


class IssueSeen(Event, frozen=True):
    """The issue was looked at as it stood at `seen`. By field, as text: `stuck` is what the tracker does not take,
    `overtaken` what may still be on its way there while we have another value; `unsure` is an account of which nobody
    knows yet whose it is."""

    step: str
    agreed: Fields
    seen: datetime.datetime
    stuck: dict[str, str] = {}
    overtaken: dict[str, tuple[str, ...]] = {}
    unsure: str | None = None


class IssueUnstuck(Event, frozen=True):
    """What the tracker did not take is worth another try: somebody has put it right."""

    step: str


class IssueMoved(Event, frozen=True):
    """The same issue has another key."""

    step: str
    key: str
    url: str


class CommentsHeard(Event, frozen=True):
    step: str
    comments: tuple[str, ...]


class IssueLost(Event, frozen=True):
    """The issue was deleted in the tracker."""

    step: str
    key: str


class IssueWanted(Event, frozen=True):
    """The issue is to be made again."""

    step: str
    by: str


class IssueRefused(Event, frozen=True):
    step: str
    code: str


class LinksRenewed(Event, frozen=True):
    """The issues get links of another edition to the page of the journey."""

    linked: str


class LinksWithdrawn(Event, frozen=True):
    """No link to the page of the journey that was given out before opens it any more; the issues get new ones."""

    by: str


class JourneyFinished(Event, frozen=True):
    """Every step is done or skipped."""


class JourneyStopped(Event, frozen=True):
    by: str


JourneyEvent = (
    JourneyStarted
    | StepOpened
    | StepCompleted
    | StepSkipped
    | StepReopened
    | StepApproved
    | StepUnderway
    | StepChanged
    | ManagerChanged
    | TaskAdded
    | RemindersDue
    | StepEscalated
    | TicketRaised
    | IssueRecorded
    | IssueSeen
    | IssueUnstuck
    | IssueMoved
    | CommentsHeard
    | IssueLost
    | IssueWanted
    | IssueRefused
    | LinksRenewed
    | LinksWithdrawn
    | JourneyFinished
    | JourneyStopped
)
