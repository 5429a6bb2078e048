"""What a decision may look at beside the journey itself; everything is handed in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec

from bot.calendar import Calendar, calendar_of
from bot.incoming import Place
from bot.journey.state import Journey
from bot.people import Person
from bot.reach import Finds, Reach, reach
from bot.rules import Rules
from bot.scenario import Scenario, with_tasks


class Present(msgspec.Struct, frozen=True):
    """Who is acting at this moment, and on which channel: there they see at once what follows. `thread`: they act in a
    thread of their own conversation with us."""

    person: str
    channel: str
    thread: Place | None = None

    @classmethod
    def at(cls, person: str, place: Place) -> Present:
        return cls(person, place.channel, place if place.private and place.thread else None)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """`people` holds the person of the journey, their manager, whoever acts and whoever has a step, by id.

    `channels` are the channels in use, the preferred first; `tracker` is the destination of issues, if there is one;
    `links`: how links to the page of a journey are made, which its issues get; empty: there are none. `rules` say when
    something raises a ticket. `present` is whoever acts, where a person does. `finds`: how channels get at people whose
    account is not known. `quiet_hours`: whoever does not act waits for their working hours.
    """

    scenario: Scenario
    now: datetime.datetime
    people: Mapping[str, Person]
    channels: tuple[str, ...]
    tracker: str | None = None
    links: str = ""
    rules: Rules = Rules(())
    present: Present | None = None
    finds: Mapping[str, Finds] = {}
    quiet_hours: bool = False

    def covering(self, journey: Journey) -> World:
        """This world, with the steps that people have added to the journey."""
        if all(self.scenario.step(task.id) for task in journey.tasks):
            return self
        return msgspec.structs.replace(self, scenario=with_tasks(self.scenario, journey.tasks))

    def channel(self, person: Person) -> str:
        """Where this person is told of what happens."""
        here = self.present
        return here.channel if here is not None and here.person == person.id else person.channel(self.channels)

    def reach(self, person: Person) -> Reach:
        """Can this person be told anything?"""
        return reach(person, self.channels, self.finds)

    def thread(self, person: Person) -> Place | None:
        """The thread in which this person waits for what follows."""
        here = self.present
        return here.thread if here is not None and here.person == person.id else None

    def hears_on(self, person: Person) -> datetime.date | None:
        """The day on whose morning the person is told what is decided now; None: at once."""
        if not self.quiet_hours or (self.present is not None and self.present.person == person.id):
            return None
        calendar = calendar_of(person.timezone, person.country)
        waking = calendar.waking(self.now)
        return None if waking == self.now else calendar.today(waking)

    def calendar(self, person: str) -> Calendar:
        who = self.people[person]
        return calendar_of(who.timezone, who.country)
