"""Taking a directory of people into the store: what a file says wins, what people did themselves stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from bot.incoming import Account
from bot.people import Person
from bot.runner import Runner
from bot.work import Work

BATCH = 100


class Imported(msgspec.Struct, frozen=True):
    """How many people were new, changed, or the same as before."""

    new: int = 0
    changed: int = 0
    same: int = 0


async def import_people(runner: Runner, people: Sequence[Person]) -> Imported:
    """Upsert `people`, some at a time. Journeys of those whose calendar changed are looked at again at once."""
    counts: Counter[str] = Counter()
    for first in range(0, len(people), BATCH):
        batch = people[first : first + BATCH]
        taken: list[str] = []

        async def decision(work: Work, batch: Sequence[Person] = batch, taken: list[str] = taken) -> None:
            taken.clear()  # after a conflict it is decided again
            await work.people(person.id for person in batch)  # read all at once
            for person in batch:
                taken.append(await _take(work, await work.person(person.id), person))

        await runner.run("people", decision)
        counts.update(taken)
    return Imported(**counts)


async def _take(work: Work, before: Person | None, given: Person) -> str:
    after = given if before is None else _merged(before, given)
    if after == before:
        return "same"
    if before is None:
        await work.hand_over(None, after)
        work.put_person(after)
        return "new"
    if before.manager and before.manager != after.manager:
        work.member(f"team:{before.manager}", after.id, present=False)
    for role in before.roles - after.roles:
        work.member(f"role:{role}", after.id, present=False)
    await work.hand_over(before, after)
    work.put_person(after)
    if (before.timezone, before.country) != (after.timezone, after.country):
        for journey in await work.journeys_of(after.id):
            work.wake_now(journey.id)
    return "changed"


def _merged(before: Person, given: Person) -> Person:
    """What the file says, with what only the person can have said or done."""
    kept = ("accounts", "addresses", "aliases", "blocked", "homes", "preferred", "reach")
    after = msgspec.structs.replace(given, **{name: getattr(before, name) for name in kept})
    for channel, one in given.accounts.items():
        after = after.with_account(Account(channel, one))
    return after
