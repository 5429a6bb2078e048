"""What has happened to a journey: past tense, the only way in which its state changes."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec


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


class StepOpened(Event, frozen=True):
    """`opened` and `due` are local working days."""

    step: str
    opened: datetime.date
    due: datetime.date | None


class StepCompleted(Event, frozen=True):
    step: str
    by: str


class StepSkipped(Event, frozen=True):
    step: str
    by: str


class RemindersDue(Event, frozen=True):
    """The reminders of `step` up to `offset` (working days from the due date) are dealt with.

    `how`: said in time; late and each on its own; late and all together; or passed over in silence.
    """

    step: str
    offset: int
    how: Literal["said", "sent_late", "digested", "skipped"]


class StepEscalated(Event, frozen=True):
    step: str


class IssueRecorded(Event, frozen=True):
    step: str
    key: str
    url: str


class IssueRefused(Event, frozen=True):
    step: str
    code: str


class JourneyFinished(Event, frozen=True):
    """Every step is done or skipped."""


class JourneyStopped(Event, frozen=True):
    by: str


JourneyEvent = (
    JourneyStarted
    | StepOpened
    | StepCompleted
    | StepSkipped
    | RemindersDue
    | StepEscalated
    | IssueRecorded
    | IssueRefused
    | JourneyFinished
    | JourneyStopped
)
