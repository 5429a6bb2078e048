"""Builders that the tests of the core share: people, scenarios, moments, and one journey without a store."""

import datetime
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bot import commands, events
from bot.effects import Effect, Remind, Say
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.plan import plan
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.journey.world import World
from bot.message import Local, Phrase
from bot.people import Person, Role, person_id
from bot.scenario import IssueTemplate, Scenario, Step, make_scenario

Events = tuple[events.JourneyEvent, ...]


def moment(text: str) -> datetime.datetime:
    """`2026-12-01 10:00` in UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def person(handle: str, name: str, **more: Any) -> Person:
    email = f"{handle}@example.org"
    return Person(id=person_id(email), email=email, name=name, **more)


BORIS = person("boris", "Boris Orlov", roles=frozenset({Role.MANAGER}))
ANNA = person("anna", "Anna Smirnova", locale="en", manager=BORIS.id, department="Platform")
OSCAR = person("oscar", "Oscar Lind", locale="en", roles=frozenset({Role.MANAGER}))
OLGA = person("olga", "Olga Petrova", manager=OSCAR.id)
HELGA = person("helga", "Helga Kraft", locale="en", roles=frozenset({Role.HR}))
ADAM = person("adam", "Adam Berg", locale="en", roles=frozenset({Role.ADMIN}))
EVERYBODY = (BORIS, ANNA, OSCAR, OLGA, HELGA, ADAM)


def local(text: str) -> Local:
    return Local(ru=f"{text} (ru)", en=text)


def step(step_id: str, **more: Any) -> Step:
    return Step(**{"id": step_id, "title": local(step_id.capitalize()), **more})


def scenario(*steps: Step, scenario_id: str = "newcomer") -> Scenario:
    return make_scenario(scenario_id, local(scenario_id.capitalize()), steps)


ISSUE = IssueTemplate(
    summary=Local(ru="Проверить: {name}", en="Check: {name}"),
    description=Local(ru="{step}, {manager}, {date}", en="{step}, {manager}, {date}"),
    language="en",
    due=3,
    assignee="manager",
)
PAPERS = step("papers", due=1, remind=(0, 1), escalate=2)
READING = step("reading", title=Local(ru="Встреча с документами", en="Reading of the docs"), due=2, jira=ISSUE)
MEETING = step("meeting", day=1, after=("papers",), due=1)
LAPTOP = step("laptop", who="manager", day=-2, due=1, remind=(0,))
NEWCOMER = scenario(LAPTOP, PAPERS, READING, MEETING)


class Story:
    """One journey of Anna's, decided by the core alone: what happened, and what was to be done outside."""

    def __init__(
        self,
        of: Scenario = NEWCOMER,
        newcomer: Person = ANNA,
        manager: Person | None = BORIS,
        channels: tuple[str, ...] = ("chat",),
        tracker: str | None = "tracker",
    ) -> None:
        self.scenario = of
        self.newcomer, self.manager = newcomer, manager
        self.people: dict[str, Person] = {one.id: one for one in (newcomer, manager, HELGA) if one is not None}
        self.channels, self.tracker = channels, tracker
        self.journey: Journey | None = None
        self.happened: list[events.JourneyEvent] = []
        self.effects: list[Effect] = []

    @property
    def now_standing(self) -> Journey:
        assert self.journey is not None
        return self.journey

    def world(self, at: datetime.datetime) -> World:
        return World(scenario=self.scenario, now=at, people=self.people, channels=self.channels, tracker=self.tracker)

    def starts(self, at: str, start: str, by: Person | None = None) -> Events:
        command = commands.StartJourney(
            journey="j",
            person=self.newcomer.id,
            manager=self.manager.id if self.manager else None,
            by=(by or self.manager or self.newcomer).id,
            start=day(start),
        )
        return self.does(command, moment(at))

    def completes(self, step_id: str, at: str, by: Person | None = None) -> Events:
        return self.does(commands.CompleteStep(step_id, (by or self.newcomer).id), moment(at))

    def wakes(self, at: str) -> Events:
        return self.does(commands.Wake(), moment(at))

    def does(self, command: commands.Command, at: datetime.datetime) -> Events:
        """Decide, fold, plan; the events of this command."""
        world = self.world(at)
        decided = decide(self.journey, command, world)
        self.journey = fold(self.journey, decided)
        self.happened += decided
        if self.journey is not None:
            self.effects += plan(self.journey, decided, world)
        return decided

    def next_wake(self, at: str) -> datetime.datetime | None:
        return next_wake(self.now_standing, self.world(moment(at)))

    def said_to(self, who: Person) -> list[str]:
        """The keys of all that was said to somebody, in order."""
        said = [effect.act for effect in self.effects if isinstance(effect.act, Say | Remind)]
        return [_key(act) for act in said if act.person == who.id]

    def effect(self, effect_id: str) -> Effect:
        (found,) = [effect for effect in self.effects if effect.id == effect_id]
        return found

    def moves(self, **changes: Any) -> None:
        """The newcomer's record changes: another time zone, another country."""
        self.newcomer = replace(self.newcomer, **changes)
        self.people[self.newcomer.id] = self.newcomer


def _key(act: Say | Remind) -> str:
    if isinstance(act, Remind):
        return "remind " + " ".join(act.steps)
    return act.message.text.key if isinstance(act.message.text, Phrase) else str(act.message.text)


def statuses(journey: Journey, of: Scenario = NEWCOMER) -> Mapping[str, str]:
    return {one.id: journey.step(one.id).status for one in of.steps}
