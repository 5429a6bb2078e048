"""What the sub-commands do in the store, also beside a running bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from bot.directory import Imported, import_directory
from bot.directory import remove as remove_person
from bot.incoming import Incoming
from bot.indexes import complete
from bot.people import Person, person_id
from bot.people_file import load_people
from bot.ports import DeadLetter, Store
from bot.runner import Runner
from bot.work import Work
from wiring.parts import company, utc_now
from wiring.person_card import Known, card, sought
from wiring.progress import Progress, silent
from wiring.settings import AllSettings
from wiring.store import beside, store_of


class Letter(msgspec.Struct, frozen=True):
    """A dead letter as an operator sees it: without what people said."""

    id: str
    kind: str
    at: str
    code: str
    detail: str
    parked: int


@asynccontextmanager
async def _store(settings: AllSettings) -> AsyncIterator[Store]:
    async with beside(settings) as client:
        yield store_of(client, settings)


def _work(settings: AllSettings, store: Store) -> Work:
    return Work(company(store, {}, settings.main.policy, ("none",), None), utc_now())


async def import_file(
    settings: AllSettings, file: Path, *, sure: bool = False, progress: Progress | None = None
) -> Imported:
    """Raises PeopleError when anything is wrong with the file, TooManyLeave when it is probably not the whole
    directory and nobody is `sure`; nothing is taken then."""
    progress = progress or silent()
    try:
        people = load_people(file, progress.read)
        progress.begin(len(people))
        async with _store(settings) as store:
            runner = _runner(settings, store)
            await complete(runner)  # of an empty store it is nothing; the next start would go over all of them
            taken = await import_directory(runner, people, sure=sure, between=progress.taken)
    finally:
        progress.clear()
    progress.end()
    return taken


def _runner(settings: AllSettings, store: Store) -> Runner:
    """What follows for others is left to the running bot: it knows the channels."""
    from handlers.routes import ROUTES, results

    return Runner(company(store, {}, settings.main.policy, ("none",), None), ROUTES, results(), utc_now)


async def remove(settings: AllSettings, who: str) -> Person | None:
    """Somebody leaves the company at once: as they were before; None: there is nobody."""
    async with _store(settings) as store:
        person = await _find(_work(settings, store), who)
        if person is not None and person.is_active:
            await remove_person(_runner(settings, store), person.id)
        return person


async def _find(work: Work, who: str) -> Person | None:
    return await work.person(person_id(who) if "@" in who else who)


async def everybody(settings: AllSettings) -> list[Person]:
    """With those who have left, at the end."""
    async with _store(settings) as store:
        work = _work(settings, store)
        found = [*await work.everybody(), *await work.leavers()]
        return sorted(found, key=lambda person: (not person.is_active, person.name))


async def one(settings: AllSettings, who: str) -> Known | list[Person]:
    """The person; or those whom a name may mean, none or several."""
    async with _store(settings) as store:
        work = _work(settings, store)
        found = await sought(work, who)
        return await card(settings, work, found[0]) if len(found) == 1 else found


async def dead_letters(settings: AllSettings) -> list[Letter]:
    async with _store(settings) as store:
        return [_letter(letter) for letter in await store.dead()]


def _letter(letter: DeadLetter) -> Letter:
    at = letter.at.isoformat(timespec="seconds")
    return Letter(letter.id, letter.kind, at, letter.code, letter.detail, letter.parked)


async def _each(store: Store, ids: Sequence[str]) -> list[str]:
    return [letter.id for letter in await store.dead()] if list(ids) == ["all"] else list(ids)


async def retry(settings: AllSettings, ids: Sequence[str]) -> dict[str, bool]:
    async with _store(settings) as store:
        letters = {letter.id: letter for letter in await store.dead()}
        return {one: await _retry(settings, store, letters.get(one)) for one in await _each(store, ids)}


async def _retry(settings: AllSettings, store: Store, letter: DeadLetter | None) -> bool:
    if letter is None or letter.kind != "quarantine":
        return letter is not None and await store.dead_retry(letter.id)
    from bot.accounts import resume

    incoming = msgspec.json.decode(letter.payload, type=Incoming)
    work = _work(settings, store)
    work.add(resume(incoming, incoming.account))  # brought in again under one name: twice is once
    await store.commit(work.commit())
    return await store.dead_drop(letter.id)


async def drop(settings: AllSettings, ids: Sequence[str]) -> dict[str, bool]:
    async with _store(settings) as store:
        return {letter: await store.dead_drop(letter) for letter in await _each(store, ids)}
