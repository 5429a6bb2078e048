"""Documents of the wiki come onto the shelf and leave it; each function counts what it has changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from bot.answers.document import Document
from bot.shelf import PAGES, put, take_off
from bot.work import Work

UNREADABLE = "unreadable"  # the index of those whose text could not be read


class Known(msgspec.Struct, frozen=True):
    """What can be told of a document without its text."""

    version: int
    restricted: bool = False
    ancestors: tuple[str, ...] = ()
    unreadable: str = ""


_known = msgspec.json.Decoder(Known)


def known_as(state: bytes | None) -> Known | None:
    return None if state is None else _known.decode(state)


async def lay(work: Work, documents: Mapping[str, Document]) -> int:
    """One that cannot be read takes the place of what was read of it before: what was taken out of a page must not be
    said any more."""
    await work.read([f"{PAGES}:{one}" for one in documents])
    for one, document in documents.items():
        before = known_as(await work.state(f"{PAGES}:{one}"))
        if document.unreadable or (before is not None and before.unreadable):
            work.member(UNREADABLE, one, present=bool(document.unreadable))
    return await put(work, PAGES, documents)


async def lay_newer(work: Work, documents: Mapping[str, Document]) -> int:
    """What a search brings may be older than what another run has laid there meanwhile."""
    await work.read([f"{PAGES}:{one}" for one in documents])
    newer = {}
    for one, document in documents.items():
        there = known_as(await work.state(f"{PAGES}:{one}"))
        if there is None or there.version <= document.version:
            newer[one] = document
    return await lay(work, newer)


async def take_away(work: Work, ids: Collection[str]) -> int:
    for one in ids:
        work.member(UNREADABLE, one, present=False)
    return await take_off(work, PAGES, ids)
