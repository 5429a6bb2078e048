"""Documents of the wiki come onto the shelf and leave it; each function counts what it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from bot.answers.document import Document
from bot.shelf import PAGES, put, take_off
from bot.work import Work


class Known(msgspec.Struct, frozen=True):
    """What can be told of a document without its text."""

    version: int
    restricted: bool = False
    ancestors: tuple[str, ...] = ()


_known = msgspec.json.Decoder(Known)


def known_as(state: bytes | None) -> Known | None:
    return None if state is None else _known.decode(state)


async def lay(work: Work, documents: Mapping[str, Document]) -> int:
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


async def take_away(work: Work, ids: Iterable[str]) -> int:
    return await take_off(work, PAGES, ids)
