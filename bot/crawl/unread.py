"""Pages whose text could not be read, for those who can do something about it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bot.answers.document import Document
from bot.answers.visible import hidden
from bot.crawl.laying import UNREADABLE
from bot.ports import Store
from bot.shelf import PAGES

AT_ONCE = 200  # a list of more than that is read by nobody

_documents = msgspec.json.Decoder(Document)


async def unread_pages(store: Store) -> list[Document]:
    """Those that everybody may read, in the order of their titles: the name of a restricted page is no less
    restricted, nor is that of a page below one."""
    found = await _documents_of(store, sorted(await store.members(UNREADABLE))[:AT_ONCE])
    pages = dict(found)
    missing = _above(found.values())
    while missing := missing - pages.keys():
        above = await _documents_of(store, sorted(missing))
        pages |= above
        missing = _above(above.values())
    unseen = hidden(pages)
    return sorted(
        (page for one, page in found.items() if page.unreadable and one not in unseen), key=lambda page: page.title
    )


async def count_unread(store: Store) -> int:
    return len(await store.members(UNREADABLE))


def _above(pages: Iterable[Document]) -> set[str]:
    return {one for page in pages for one in page.ancestors}


async def _documents_of(store: Store, ids: list[str]) -> dict[str, Document]:
    loaded = await store.load([f"{PAGES}:{one}" for one in ids])
    return {
        one: _documents.decode(there.state) for one, there in zip(ids, loaded, strict=True) if there.state is not None
    }
