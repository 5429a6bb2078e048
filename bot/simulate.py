"""A whole scenario in milliseconds: the same core as production, with a clock of its own."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import msgspec

from bot import commands, events
from bot.calendar import calendar_of
from bot.effects import Effect
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.plan import plan
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.journey.world import World
from bot.people import Person, Role
from bot.rules import Rules
from bot.scenario import Scenario, Step

LONGEST = datetime.timedelta(days=3 * 365)
WORKS_AT = datetime.time(15)


NO_RULES = Rules()


class Moment(msgspec.Struct, frozen=True):
    """What happened at one moment: the events, and what was to be done outside because of them."""

    at: datetime.datetime
    events: tuple[events.JourneyEvent, ...]
    effects: tuple[Effect, ...]


def people(timezone: str, country: str) -> tuple[Person, Person]:
    """A newcomer and a manager who exist nowhere."""
    manager = Person(id="manager", email="manager@example.org", name="Manager", timezone=timezone, country=country)
    manager = msgspec.structs.replace(manager, roles=frozenset({Role.MANAGER}))
    newcomer = Person(
        id="newcomer",
        email="newcomer@example.org",
        name="Newcomer",
        timezone=timezone,
        country=country,
        manager="manager",
    )
    return newcomer, manager


class Simulation:
    """One journey from its start. `days(step)`: working days after opening in which a step gets done; None: never."""

    def __init__(
        self,
        scenario: Scenario,
        start: datetime.date,
        timezone: str,
        country: str,
        days: Callable[[Step], int | None],
        rules: Rules = NO_RULES,
    ) -> None:
        newcomer, manager = people(timezone, country)
        self._people = {one.id: one for one in (newcomer, manager)}
        self._scenario, self._days, self._rules = scenario, days, rules
        self._calendar = calendar_of(timezone, country)
        self._journey: Journey | None = None
        self._start = start
        self.moments: list[Moment] = []

    def run(self) -> list[Moment]:
        """Until nothing is left to happen, or three years have passed."""
        now = self._calendar.opens(self._start) - datetime.timedelta(days=7)
        end = now + LONGEST
        self._do(
            commands.StartJourney(
                journey="simulated", person="newcomer", manager="manager", by="manager", start=self._start
            ),
            now,
        )
        while (following := self._next(now)) is not None and following[0] <= end:
            now = max(now, following[0])
            self._do(following[1], now)
        return self.moments

    def _world(self, now: datetime.datetime) -> World:
        return World(
            scenario=self._scenario,
            now=now,
            people=self._people,
            channels=("web",),
            tracker="tracker",
            rules=self._rules,
        )

    def _do(self, command: commands.Command, now: datetime.datetime) -> None:
        world = self._world(now)
        happened = decide(self._journey, command, world)
        self._journey = fold(self._journey, happened)
        if happened and self._journey is not None:
            self.moments.append(Moment(now, happened, plan(self._journey, happened, world)))

    def _next(self, now: datetime.datetime) -> tuple[datetime.datetime, commands.Command] | None:
        """The next thing to happen: a wake-up, or somebody completing a step."""
        if self._journey is None or self._journey.status != "active":
            return None
        found: list[tuple[datetime.datetime, commands.Command]] = []
        wake = next_wake(self._journey, self._world(now))
        if wake is not None:
            found.append((wake, commands.Wake()))
        for step in self._scenario.steps:
            state = self._journey.step(step.id)
            days = self._days(step)
            if state.status == "open" and state.opened is not None and days is not None:
                at = self._calendar.moment(self._calendar.shift(state.opened, days), WORKS_AT)
                found.append((max(at, now), commands.CompleteStep(step.id, step.who)))
        return min(found, key=lambda one: one[0], default=None)
