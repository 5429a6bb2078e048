"""What may be asked of a journey: imperative, each with everything that the core needs to decide."""

from __future__ import annotations

import datetime

import msgspec


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


class RecordIssue(msgspec.Struct, frozen=True):
    """The tracker made the issue of a step (or found the one that stands)."""

    step: str
    key: str
    url: str


class RecordRefusal(msgspec.Struct, frozen=True):
    """The tracker will not make the issue of a step; `code` is one of the stable words of refusal."""

    step: str
    code: str


Command = StartJourney | CompleteStep | SkipStep | StopJourney | Wake | RecordIssue | RecordRefusal
