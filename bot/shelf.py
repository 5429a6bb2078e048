"""Shelves in the store: documents and FAQ entries that all processes read, and how to learn what has changed there.

Each item is an aggregate `<shelf>:<id>` with its JSON; the index `<shelf>` names each as `<id>@<digest>`, so that one
read of the index tells what is new, changed or gone. The aggregate `shelf:<shelf>` is written with every change: its
version tells, for next to nothing, whether the index has to be read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence

import msgspec

from bot.ports import Store
from bot.work import Work

PAGES = "page"  # Document
ENTRIES = "entry"  # FaqEntry that HR wrote in a chat
AT_ONCE = 500  # items that one read asks for


def digest(state: bytes) -> str:
    return hashlib.blake2b(state, digest_size=9).hexdigest()


async def put(work: Work, shelf: str, items: Mapping[str, msgspec.Struct]) -> int:
    """Lay items on the shelf, or new versions of them; how many were not there like that."""
    changed = {one: msgspec.json.encode(item) for one, item in items.items()}
    return await _lay(work, shelf, changed)


async def take_off(work: Work, shelf: str, ids: Iterable[str]) -> int:
    """Take items off the shelf; how many were there."""
    return await _lay(work, shelf, dict.fromkeys(ids))


async def _lay(work: Work, shelf: str, items: Mapping[str, bytes | None]) -> int:
    """One commit takes a limited number: callers hand in what one page of a crawl brings."""
    mark = f"shelf:{shelf}"
    await work.read([mark, *(f"{shelf}:{one}" for one in items)])
    changed = 0
    for one, state in items.items():
        before = await work.state(f"{shelf}:{one}")
        if before == state:
            continue
        if before is not None:
            work.member(shelf, f"{one}@{digest(before)}", present=False)
        if state is not None:
            work.member(shelf, f"{one}@{digest(state)}")
        work.put(f"{shelf}:{one}", state)
        changed += 1
    if changed:
        work.put(mark, b"{}")
    return changed


async def versions(store: Store, shelves: Collection[str]) -> tuple[int, ...]:
    """A number for each shelf that grows with every change."""
    return tuple(loaded.version for loaded in await store.load([f"shelf:{shelf}" for shelf in shelves]))


async def digests(store: Store, shelf: str) -> dict[str, str]:
    """Everything on the shelf: the digest of each item by its id."""
    return dict(member.rsplit("@", 1) for member in await store.members(shelf))


async def fetch(store: Store, shelf: str, ids: Sequence[str]) -> AsyncIterator[tuple[str, bytes]]:
    """Items as JSON by id, read some hundreds at a time; those that are gone by now are left out."""
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        for one, loaded in zip(batch, await store.load([f"{shelf}:{one}" for one in batch]), strict=True):
            if loaded.state is not None:
                yield one, loaded.state
