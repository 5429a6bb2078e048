"""The list of all pages that a run has walked, kept part by part in the store until the run ends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.answers.document import Document
from bot.crawl.copy import hidden
from bot.crawl.laying import Known, known_as, lay
from bot.effects import Crawl
from bot.errors import Retry
from bot.ports import Store
from bot.shelf import PAGES
from bot.wiki import Listed
from bot.work import Work


class Part(msgspec.Struct, frozen=True):
    """Pages that were listed together; of these the `unread` are on the shelf as they no longer are, or not at all."""

    ids: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()


_documents = msgspec.json.Decoder(Document)
_parts = msgspec.json.Decoder(Part)


def _name(run: str, number: int) -> str:
    return f"listed:{run}:{number}"


async def take_up(work: Work, act: Crawl, pages: Sequence[Listed]) -> int:
    """Keep the part, and bring the shelf up to what it tells; how many documents that changed.

    What has become restricted loses its text here, at once. What may be read again is unread until it is.
    """
    name = _name(act.run, act.listed)
    await work.read([name, *(f"{PAGES}:{page.id}" for page in pages)])
    unread: set[str] = set()
    changed: dict[str, Document] = {}
    for page in pages:
        state = await work.state(f"{PAGES}:{page.id}")
        after, up_to_date = _compared(page, state)
        if after is not None:
            changed[page.id] = after
        if not up_to_date:
            unread.add(page.id)
    work.put(name, msgspec.json.encode(Part(frozenset(page.id for page in pages), frozenset(unread))))
    return await lay(work, changed)


def _compared(page: Listed, state: bytes | None) -> tuple[Document | None, bool]:
    """What the shelf must hold instead, if it must; and whether the page need not be read."""
    known = known_as(state)
    if page.restricted:
        same = known == Known(page.version, restricted=True, ancestors=page.ancestors)
        return (None if same else hidden(page.id, page.version, page.ancestors)), True
    if known is None or state is None:
        return None, False
    moved = known.ancestors != page.ancestors
    after = msgspec.structs.replace(_documents.decode(state), ancestors=page.ancestors) if moved else None
    return after, known.version == page.version and not known.restricted


async def walked(store: Store, act: Crawl) -> Part:
    """The whole list.

    Raises:
        Retry: parts of it are gone; whoever has ended the run has forgotten them.
    """
    loaded = await store.load([_name(act.run, number) for number in range(act.listed)])
    parts = [_parts.decode(one.state) for one in loaded if one.state is not None]
    if len(parts) < act.listed:
        raise Retry("the list of pages is no longer there")
    return Part(frozenset().union(*(part.ids for part in parts)), frozenset().union(*(part.unread for part in parts)))


async def forget(work: Work, act: Crawl) -> int:
    """Forget the list, and also the part that was kept by a page that was never settled; how many there were."""
    names = [_name(act.run, number) for number in range(act.listed + 1)]
    await work.read(names)
    kept = [name for name in names if await work.state(name) is not None]
    for name in kept:
        work.put(name, None)
    return len(kept)
