"""The onboardings that a manager or HR looks after, page by page. Only what is shown is read.

HR looks after everybody: that is an ordered index, of which a page is read. The people of a manager are read in
batches, since all reads of a bot wait in one line and somebody else's must find a place between them.
"""

from __future__ import annotations

import msgspec

from bot.journey.attention import ONBOARDINGS, attention
from bot.journey.state import Journey
from bot.people import Person, Role
from bot.work import Work

BATCH = 200  # people who are read at once


class Row(msgspec.Struct, frozen=True):
    person: Person
    journey: Journey


class Page(msgspec.Struct, frozen=True):
    """`rows` from place `first` on, of `total`."""

    rows: tuple[Row, ...]
    first: int
    total: int


async def page(work: Work, reader: Person, first: int, count: int) -> Page:
    """At most `count` onboardings that the reader looks after, those first that need them most."""
    roles = work.company.policy.roles(reader)
    if not roles.isdisjoint({Role.HR, Role.ADMIN}):
        return await _of_everybody(work, first, count)
    rows = await _of_team(work, reader)
    return Page(tuple(rows[first : first + count]), first, len(rows))


async def _of_everybody(work: Work, first: int, count: int) -> Page:
    ids, total = await work.company.store.ranked(ONBOARDINGS, first, count)
    journeys = await work.journeys(ids)
    people = {person.id: person for person in await work.people([journey.person for journey in journeys])}
    here = [(people.get(journey.person), journey) for journey in journeys]
    rows = tuple(Row(person, journey) for person, journey in here if person is not None and person.is_active)
    return Page(rows, first, total)


async def _of_team(work: Work, reader: Person) -> list[Row]:
    """The newest onboarding of each of the reader's people."""
    ids = await work.company.store.members(f"team:{reader.id}")
    rows: list[Row] = []
    for begin in range(0, len(ids), BATCH):
        batch = await work.people(ids[begin : begin + BATCH])
        journeys = await work.journeys_of_each([person.id for person in batch])
        rows += [Row(person, its[0]) for person, its in zip(batch, journeys, strict=True) if its]
    return sorted(rows, key=lambda row: (attention(row.journey), row.person.name))


async def named(work: Work, name: str) -> list[Person]:
    """Everybody here who is called so: by handle or whole name, else by a word of the name; in lower case."""
    ids = await work.company.store.members(f"named:{name}")
    # Who is called otherwise now may still stand there.
    found = [one for one in await work.people(ids) if one.is_active and name in one.names]
    exact = [one for one in found if name in (one.handle, one.name.casefold())]
    return exact or found
