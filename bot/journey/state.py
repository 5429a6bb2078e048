"""The state of a journey, and how events change it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import reduce
from typing import Literal

import msgspec

from bot import events
from bot.scenario import Step

StepStatus = Literal["waiting", "open", "done", "skipped"]
SETTLED = ("done", "skipped")


class IssueRef(msgspec.Struct, frozen=True):
    """The one live issue of a step."""

    key: str
    url: str


class StepState(msgspec.Struct, frozen=True, omit_defaults=True):
    """`opened` and `due` are local working days; `reminded` is the last reminder offset dealt with."""

    status: StepStatus = "waiting"
    opened: datetime.date | None = None
    due: datetime.date | None = None
    done_at: datetime.datetime | None = None
    done_by: str | None = None
    reminded: int | None = None
    escalated: bool = False
    issue: IssueRef | None = None

    @property
    def settled(self) -> bool:
        return self.status in SETTLED


WAITING = StepState()


class Journey(msgspec.Struct, frozen=True, kw_only=True):
    """`version` is the content hash of the scenario that this journey keeps until somebody moves it.

    Only steps that something has happened to stand in `steps`; the others wait.
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

    def step(self, step_id: str) -> StepState:
        return self.steps.get(step_id, WAITING)

    def unmet(self, step: Step) -> tuple[str, ...]:
        """The steps that must be settled before this one can be."""
        return tuple(before for before in step.after if not self.step(before).settled)

    def with_step(self, step_id: str, **changes: object) -> Journey:
        changed = msgspec.structs.replace(self.step(step_id), **changes)
        return msgspec.structs.replace(self, steps={**self.steps, step_id: changed})


def evolve(journey: Journey | None, event: events.JourneyEvent) -> Journey:
    """The state after `event`. Every journey begins with JourneyStarted; any other first event is a broken log."""
    if isinstance(event, events.JourneyStarted):
        return Journey(
            id=event.journey,
            person=event.person,
            manager=event.manager,
            by=event.by,
            scenario=event.scenario,
            version=event.version,
            start=event.start,
            started_at=event.at,
        )
    if journey is None:
        raise ValueError(f"a journey cannot begin with {type(event).__name__}")
    return _evolve_step(journey, event)


def _evolve_step(journey: Journey, event: events.JourneyEvent) -> Journey:
    match event:
        case events.StepOpened(step=step, opened=opened, due=due):
            return journey.with_step(step, status="open", opened=opened, due=due)
        case events.StepCompleted(step=step, by=by, at=at):
            return journey.with_step(step, status="done", done_at=at, done_by=by)
        case events.StepSkipped(step=step, by=by, at=at):
            return journey.with_step(step, status="skipped", done_at=at, done_by=by)
        case events.RemindersDue(step=step, offset=offset):
            return journey.with_step(step, reminded=offset)
        case events.StepEscalated(step=step):
            return journey.with_step(step, escalated=True)
        case events.IssueRecorded(step=step, key=key, url=url):
            return journey.with_step(step, issue=IssueRef(key, url))
        case events.JourneyFinished(at=at):
            return msgspec.structs.replace(journey, status="finished", ended_at=at)
        case events.JourneyStopped(at=at):
            return msgspec.structs.replace(journey, status="stopped", ended_at=at)
        case _:
            return journey


def fold(journey: Journey | None, happened: Iterable[events.JourneyEvent]) -> Journey | None:
    return reduce(evolve, happened, journey)
