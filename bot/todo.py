"""What waits for one person, in every journey; and the index by which those of others are found.

`todo:<person>` names the journeys of others in which something waits for them. It may name one more: what is read is
looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.calendar import calendar_of
from bot.journey.state import Journey
from bot.journey.todo import Todo, in_order, item, readable, todos
from bot.message import Button, Item, Message, Phrase, Text
from bot.people import Person
from bot.work import Work

SHOWN = 8  # steps that stand beside something else; the list of everything has pages
ALL = Button("tasks", "", Phrase("button-tasks"))


async def todo_of(work: Work, person: str, *, own: bool = True) -> list[Todo]:
    """Everything that waits for the person. `own`: also in their own journeys. Reads these journeys, and no others."""
    journeys = {one.id: one for one in await work.journeys_of(person)} if own else {}
    others = await work.journeys(sorted(await work.company.store.members(f"todo:{person}")))
    journeys |= {one.id: one for one in others if own or one.person != person}
    found = [one for journey in journeys.values() for one in await _waiting(work, journey, person)]
    if work.company.tracker is None:  # where there is no tracker, nobody can approve anything there
        return [one for one in found if one.kind == "do"]
    return found


async def _waiting(work: Work, journey: Journey, person: str) -> list[Todo]:
    return [todo for one, todo in todos(journey, await work.scenario(journey)) if one == person]


async def employees(work: Work, found: Sequence[Todo], reader: Person) -> dict[str, Person]:
    """Whose onboardings they are, by id, without the reader's own."""
    people = await work.people(one.journey.person for one in found)
    return {one.id: one for one in people if one.id != reader.id}


async def items_of(work: Work, found: Sequence[Todo], reader: Person) -> list[Item]:
    """The steps as their reader sees them, in the order in which they are to be done."""
    today = calendar_of(reader.timezone, reader.country).today(work.now)
    whose = await employees(work, found, reader)
    return [item(one, whose.get(one.journey.person), today) for one in in_order(found, today)]


async def home_todo(work: Work, reader: Person) -> tuple[Message, ...]:
    """What waits for the reader in the onboardings of others, for their home page; nothing where nothing waits."""
    found = await todo_of(work, reader.id, own=False)
    if not found:
        return ()
    text = Phrase("home-waiting", {"count": len(found)})
    return (others_message(text, await items_of(work, found, reader)),)


def others_message(text: Text, items: Sequence[Item]) -> Message:
    """The most urgent ones; the rest is behind a button."""
    shown = readable(items, SHOWN)
    return Message(text, items=shown, buttons=(ALL,) if len(shown) < len(items) else ())
