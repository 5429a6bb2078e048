"""Links to the page of a journey, which stand on its issues: how long one is good, and when the issues get new ones."""

from __future__ import annotations

import datetime

import msgspec

from bot.journey.state import OWN_ISSUE, Journey
from bot.journey.world import World

PERIOD = datetime.timedelta(days=45)
LAST_FOR = 2  # periods; a link is replaced after one of them, so that the tracker may be away for the other


class Permit(msgspec.Struct, frozen=True):
    """What a link allows: to read the page of `journey` before `until`, as long as links were withdrawn no more than
    `withdrawn` times."""

    journey: str
    withdrawn: int
    until: datetime.datetime

    def opens(self, journey: Journey, now: datetime.datetime) -> bool:
        return self.withdrawn == journey.withdrawn and now < self.until


def permit(journey: Journey, now: datetime.datetime) -> Permit:
    """Of a link that is given out now. Those of one period are the same."""
    until = journey.started_at + (_period(journey, now) + LAST_FOR) * PERIOD
    return Permit(journey.id, journey.withdrawn, until)


def _period(journey: Journey, now: datetime.datetime) -> int:
    return max(0, (now - journey.started_at) // PERIOD)


def edition(links: str, period: int = 0) -> str:
    """Of the links that are made as `links` says, in a period; empty where none are made."""
    return f"{links}:{period}" if links else ""


def edition_due(journey: Journey, world: World) -> str | None:
    """The edition of the links that the issues should have by now and have not."""
    wanted = edition(world.links, _period(journey, world.now))
    return wanted if wanted and wanted != journey.linked and _is_tracked(journey, world) else None


def renewal(journey: Journey, world: World) -> datetime.datetime | None:
    """The moment at which the issues need new links next."""
    if not world.links or not _is_tracked(journey, world):
        return None
    if edition_due(journey, world) is not None:
        return world.now
    return journey.started_at + (_period(journey, world.now) + 1) * PERIOD


def _is_tracked(journey: Journey, world: World) -> bool:
    return world.tracker is not None and bool(with_issues(journey))


def with_issues(journey: Journey) -> tuple[str, ...]:
    """The steps that have an issue; `OWN_ISSUE` stands for the journey itself."""
    steps = tuple(step for step, state in journey.steps.items() if state.issue is not None)
    return steps if journey.issue is None else (OWN_ISSUE, *steps)
