"""What may be asked of a journey: imperative, each with everything that the core needs to decide."""

from __future__ import annotations

import datetime

import msgspec
from msgspec import UNSET, UnsetType

from bot.journey.merge import Fields
from bot.scenario import Step


class StartJourney(msgspec.Struct, frozen=True, kw_only=True):
    """Begin the scenario handed in with the world, for `person`, on `start` (a local date)."""

    journey: str
    person: str
    manager: str | None
    by: str
    start: datetime.date


class CompleteStep(msgspec.Struct, frozen=True):
    step: str
    by: str


class SkipStep(msgspec.Struct, frozen=True):
    step: str
    by: str


class StopJourney(msgspec.Struct, frozen=True):
    by: str


class Wake(msgspec.Struct, frozen=True):
    """Time has passed: do whatever is due by the world's `now`."""


class ReopenStep(msgspec.Struct, frozen=True):
    step: str
    by: str


class ChangeStep(msgspec.Struct, frozen=True, kw_only=True):
    """Another priority, person or due day; what is unset stays."""

    step: str
    by: str
    priority: str | UnsetType = UNSET
    assignee: str | UnsetType = UNSET
    due: datetime.date | UnsetType = UNSET


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """`leaver` has left the company: what is open in this journey and was theirs is `manager`'s, who may be its manager
    already, or becomes it; None: there is nobody."""

    leaver: str
    manager: str | None


class AddTask(msgspec.Struct, frozen=True, kw_only=True):
    """A step that the scenario does not have, open from now on; `assignee` is the person who does it."""

    task: Step
    by: str
    assignee: str
    priority: str | None = None
    due: datetime.date | None = None


class RecordIssue(msgspec.Struct, frozen=True, kw_only=True):
    """The tracker made the issue of a step (or found the one that stands) with what `agreed` says.

    `account` has it, which nobody knows yet: it may well be that of whom we asked for.
    """

    step: str
    key: str
    url: str
    id: str = ""
    agreed: Fields = Fields()
    account: str | None = None


class ObserveIssue(msgspec.Struct, frozen=True, kw_only=True):
    """How an issue stood in the tracker at `updated`, by its clock. `by` did it, as far as that is known.

    `account`: the key of the one that has the issue. `refused`: fields that the tracker has just refused to take from
    us. `settled`: it was looked at after our last write, and nothing of ours is on its way any more.
    """

    step: str
    id: str
    key: str
    url: str
    updated: datetime.datetime
    fields: Fields
    by: str
    via: str
    comments: tuple[str, ...] = ()
    account: str | None = None
    refused: tuple[str, ...] = ()
    settled: bool = False


class UnstickIssue(msgspec.Struct, frozen=True):
    """Try again what the tracker did not take."""

    step: str


class HearComments(msgspec.Struct, frozen=True):
    step: str
    comments: tuple[str, ...]


class LoseIssue(msgspec.Struct, frozen=True):
    """The issue was deleted in the tracker."""

    step: str
    key: str


class RemakeIssue(msgspec.Struct, frozen=True):
    step: str
    by: str


class WithdrawLinks(msgspec.Struct, frozen=True):
    """Let no link to the page of the journey that was given out open it any more."""

    by: str


class RecordRefusal(msgspec.Struct, frozen=True):
    """The tracker will not make the issue of a step; `code` is one of the stable words of refusal."""

    step: str
    code: str


Command = (
    StartJourney
    | CompleteStep
    | SkipStep
    | ReopenStep
    | ChangeStep
    | AddTask
    | HandOver
    | StopJourney
    | Wake
    | RecordIssue
    | ObserveIssue
    | UnstickIssue
    | HearComments
    | LoseIssue
    | RemakeIssue
    | WithdrawLinks
    | RecordRefusal
)
