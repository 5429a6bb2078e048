"""Taking a directory of people into the store: what a file says wins, what people did themselves stays, and whoever
stands in it no longer has left."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from bot import accounts
from bot.closed_accounts import unlist
from bot.errors import ButterboardError
from bot.incoming import Account
from bot.leaving import leave
from bot.people import LocaleSource, Origin, Person
from bot.ports import Store
from bot.runner import Runner
from bot.work import Work

BATCH = 50  # people of one commit: others wait no longer than it takes
FEW = 5  # more than one in so many may not leave at once, unless somebody is sure; one alone may
AGREED = "directory:agreed"

Between = Callable[[int], Awaitable[None]]
"""Told after each commit how many people it was: shows how far an import is, and leaves time to others."""


async def at_once(_: int) -> None:
    """Nothing waits between two commits."""


class Imported(msgspec.Struct, frozen=True):
    """How many people were new, changed, or the same as before; how many came back, and how many have left."""

    new: int = 0
    changed: int = 0
    same: int = 0
    back: int = 0
    left: int = 0


class Leavers(msgspec.Struct, frozen=True):
    """The ids of those who would leave with a directory, of so many active people who have come from one. `agreed`: so
    many of them an import that was cut short was sure about."""

    people: tuple[str, ...]
    of: int
    agreed: int = 0

    @property
    def too_many(self) -> bool:
        leaving = len(self.people) - self.agreed
        return leaving > 0 and (leaving == self.of or (leaving > 1 and leaving * FEW > self.of))


class TooManyLeave(ButterboardError):
    """A directory without so many people that it is probably not the whole one."""

    def __init__(self, leavers: Leavers) -> None:
        self.leavers = leavers
        super().__init__(
            f"{len(leavers.people)} of the {leavers.of} active people of the directory are not in this one and would"
            f" become inactive: more than a fifth. Nothing was changed. If that is right, import it with --yes."
        )


class _Standing(msgspec.Struct):
    """As much of a person as tells whether they have come from a directory."""

    id: str
    origin: Origin = ""
    manager: str | None = None
    department: str = ""
    start_date: datetime.date | None = None
    roles: tuple[str, ...] = ()
    left: datetime.datetime | None = None

    @property
    def in_directory(self) -> bool:
        """Records from before this was written down tell it by what only a directory can say of somebody."""
        if self.left is not None:
            return False
        if self.origin:
            return self.origin == "directory"
        return bool(self.roles or self.manager or self.department or self.start_date)


_standings = msgspec.json.Decoder(_Standing)


async def leavers(work: Work, people: Sequence[Person]) -> Leavers:
    """Who would leave if `people` were the whole directory."""
    staying = {one.id for one in people}
    missing, known = set[str](), set[str]()
    store = work.company.store
    async for page in store.pages("people"):
        standings = await _standing(store, page)
        known.update(standings)
        missing.update(one for one in standings if one not in staying)
    agreed = await _agreed(work)
    return Leavers(tuple(sorted(missing)), len(known), len(missing & agreed))


async def _standing(store: Store, ids: Sequence[str]) -> list[str]:
    """Those of them who are active and have come from a directory."""
    loaded = await store.load([f"person:{one}" for one in ids])
    found = (_standings.decode(one.state) for one in loaded if one.state is not None)
    return [one.id for one in found if one.in_directory]


async def _agreed(work: Work) -> frozenset[str]:
    state = await work.state(AGREED)
    return frozenset() if state is None else msgspec.json.decode(state, type=frozenset[str])


async def import_directory(
    runner: Runner,
    people: Sequence[Person],
    *,
    sure: bool = False,
    probe: Callable[[str], None] = lambda _: None,
    between: Between = at_once,
) -> Imported:
    """As `import_people`, of the whole directory: whoever is missing in it has left.

    What was cut short is finished by the next one: whoever is taken already is the same then. Raises TooManyLeave
    unless `sure`; nothing is changed then.
    """
    work = Work(runner.company, runner.now())
    found = await leavers(work, people)
    if found.too_many and not sure:
        raise TooManyLeave(found)
    if found.too_many:
        await _agree(runner, found.people)
    counts = await import_people(runner, people, between)
    for first in range(0, len(found.people), BATCH):
        leaving = found.people[first : first + BATCH]
        await _leave(runner, leaving)
        probe("left")
        await between(len(leaving))
    if await work.state(AGREED) is not None or found.too_many:
        await _agree(runner, [])
    return msgspec.structs.replace(counts, left=len(found.people))


async def _agree(runner: Runner, people: Sequence[str]) -> None:
    async def decision(work: Work) -> None:
        await work.state(AGREED)
        work.put(AGREED, msgspec.json.encode(people) if people else None)

    await runner.run(AGREED, decision)


async def _leave(runner: Runner, people: Sequence[str]) -> None:
    async def decision(work: Work) -> None:
        await leave(work, [one for one in await work.people(people) if one.is_active])

    await runner.run("people", decision)


async def remove(runner: Runner, person: str) -> None:
    """The same for one person, whatever a directory says."""
    await _leave(runner, [person])


async def import_people(runner: Runner, people: Sequence[Person], between: Between = at_once) -> Imported:
    """Upsert `people`, some at a time. Journeys of those whose calendar changed are looked at again at once."""
    counts: Counter[str] = Counter()
    for first in range(0, len(people), BATCH):
        batch = people[first : first + BATCH]
        taken: list[str] = []

        async def decision(work: Work, batch: Sequence[Person] = batch, taken: list[str] = taken) -> None:
            taken.clear()  # after a conflict it is decided again
            await _read_together(work, batch)
            for person in batch:
                taken.append(await _take(work, await work.person(person.id), person))

        await runner.run("people", decision)
        counts.update(taken)
        await between(len(batch))
    return Imported(**counts)


async def _read_together(work: Work, batch: Sequence[Person]) -> None:
    known = {person.id: person for person in await work.people(person.id for person in batch)}
    fresh = [one for person in batch for one in _fresh(known.get(person.id), person)]
    names = [f"account:{account.key}" for account in fresh]
    await work.read(names)
    owners = await work.company.store.lookup(names)
    work.recall(dict(zip(names, owners, strict=True)))
    await work.read([owner for owner in owners if owner])


def _fresh(before: Person | None, given: Person) -> list[Account]:
    """Accounts that the directory names, and that are not theirs yet."""
    had = {} if before is None else before.accounts
    return [Account(name, one) for name, one in given.accounts.items() if had.get(name) != one]


async def _take(work: Work, before: Person | None, given: Person) -> str:
    given = await _without_refused(work, before, given)
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
    unlist(work, before, after)
    if (before.timezone, before.country) != (after.timezone, after.country):
        for journey in await work.journeys_of(after.id):
            work.wake_now(journey.id)
    if not before.is_active:
        return "back"
    noted = {name: getattr(before, name) for name in ("origin", "named", "locale_source")}
    return "same" if msgspec.structs.replace(after, **noted) == before else "changed"


async def _without_refused(work: Work, before: Person | None, given: Person) -> Person:
    """A file may go on to name an account that the platform has said to be nobody's of us."""
    refused = {one.channel for one in _fresh(before, given) if await accounts.is_outside(work, one)}
    if refused:
        kept = {name: one for name, one in given.accounts.items() if name not in refused}
        given = msgspec.structs.replace(given, accounts=kept)
    return msgspec.structs.replace(given, named=given.accounts)


def _merged(before: Person, given: Person) -> Person:
    """What the file says, with what only the person can have said or done."""
    kept = ("accounts", "addresses", "aliases", "blocked", "closed", "homes", "preferred", "reach", "vouched")
    after = msgspec.structs.replace(given, **{name: getattr(before, name) for name in kept})
    locale, source = _language(before, given)
    after = msgspec.structs.replace(after, origin=given.origin or before.origin, locale=locale, locale_source=source)
    for channel, one in given.accounts.items():
        after = after.with_account(Account(channel, one))
    return after


def _language(before: Person, given: Person) -> tuple[str, LocaleSource]:
    """A language that the directory names counts; else what a platform has told, and what we have spoken so far."""
    met = bool(before.accounts) or before.reach is not None
    if given.locale_source == "directory" or not (met or before.locale_source == "platform"):
        return given.locale, given.locale_source
    spoken = before.locale_source == "platform" or before.locale == given.locale
    return (before.locale, before.locale_source) if spoken else (given.locale, given.locale_source)
