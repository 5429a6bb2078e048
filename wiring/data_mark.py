"""Whose data the store holds: a sandbox's, in which anybody may be anybody, or a real bot's. Neither starts on the
other's: what a visitor of the sandbox has published would stay, or anybody would be HR of real people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal, cast

import msgspec

from adapters.store.keys import Keys
from bot.errors import ButterboardError
from bot.people_file import load_people
from bot.ports import Commit, Lookup, Store
from wiring.sandbox_files import PEOPLE, PORTS
from wiring.settings import AllSettings

MARK = "data-of"  # the lookup that holds the kind
BATCH = 200
Kind = Literal["sandbox", "real"]


class OthersData(ButterboardError):
    """The data in the store is of the other kind; the text says what to delete or to set."""


class _Addressed(msgspec.Struct):
    """As much of a person as is asked for here."""

    email: str


_addressed = msgspec.json.Decoder(_Addressed)


async def claim_data(store: Store, settings: AllSettings, say: Callable[[str], None]) -> None:
    """At the start of a bot, before it writes anything: mark the data as its own. Raises OthersData."""
    own: Kind = "sandbox" if settings.sandboxed else "real"
    found = await _kind(store)
    if found is None:
        found = await _kind_of_unmarked(store) or own
        if found == own == "real" and _sandbox_ran_in(settings):
            say("A sandbox has run on this data before: what was published in it is still there.")
        await store.commit(Commit(lookups=(Lookup(MARK, found, vacant=True),)))
        found = await _kind(store)  # somebody may have been faster
    if found != own:
        raise OthersData(_sentence(settings))


async def demand_data(store: Store, settings: AllSettings) -> None:
    """Before a sub-command. `auto` is content with either kind: a sub-command lets nobody in, and an operator's shell
    need not have the settings of the bot. Raises OthersData."""
    if settings.sandboxed and settings.main.sandbox == "auto":
        return
    own: Kind = "sandbox" if settings.sandboxed else "real"
    found = await _kind(store) or await _kind_of_unmarked(store)
    if found not in (None, own):
        raise OthersData(_sentence(settings))


async def _kind(store: Store) -> Kind | None:
    (found,) = await store.lookup([MARK])
    return cast("Kind | None", found)


async def _kind_of_unmarked(store: Store) -> Kind | None:
    """Of data from before there were marks: where somebody else is in it than the fictional company, it is real. None:
    nobody is in it."""
    fictional = {person.email.rpartition("@")[2] for person in load_people(PEOPLE)}
    everybody = [f"person:{one}" for one in await store.members("people")]
    for first in range(0, len(everybody), BATCH):
        for loaded in await store.load(everybody[first : first + BATCH]):
            if loaded.state is not None and _addressed.decode(loaded.state).email.rpartition("@")[2] not in fictional:
                return "real"
    return "sandbox" if everybody else None


def _sandbox_ran_in(settings: AllSettings) -> bool:
    return settings.main.redis_url is None and (settings.main.data_dir / PORTS).exists()


def _sentence(settings: AllSettings) -> str:
    folder: Path = settings.main.data_dir
    name = settings.main.organisation
    embedded = settings.main.redis_url is None
    where = f"in {folder}" if embedded else f"of the organisation {name}"
    if settings.sandboxed:
        return (
            f"The data {where} is that of a bot with real people, and in the sandbox anybody could act as any of them: "
            "set DATA_DIR to another folder for the sandbox, or SANDBOX=off for the bot."
        )
    delete = (
        f"delete the folder {folder} or set DATA_DIR to another one"
        if embedded
        else f"delete its keys ({Keys(name).prefix}*) or set ORGANISATION to another name"
    )
    return f"The data {where} was written by the sandbox, where anybody can act as anybody: {delete}, and start again."
