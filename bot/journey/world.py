"""What a decision may look at beside the journey itself; everything is handed in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import msgspec

from bot.calendar import Calendar, calendar_of
from bot.people import Person
from bot.scenario import Scenario


class World(msgspec.Struct, frozen=True, kw_only=True):
    """`people` holds the person of the journey, their manager and whoever acts, by id.

    `channels` are the channels in use, the preferred first; `tracker` is the destination of issues, if there is one.
    """

    scenario: Scenario
    now: datetime.datetime
    people: Mapping[str, Person]
    channels: tuple[str, ...]
    tracker: str | None = None

    def calendar(self, person: str) -> Calendar:
        who = self.people[person]
        return calendar_of(who.timezone, who.country)
