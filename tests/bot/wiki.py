"""The other side of the port of a wiki: pages that people write, move, restrict and throw away."""

import datetime
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.answers.document import Document, Section
from bot.errors import Refused
from bot.wiki import Listed, WikiList, WikiPage, WikiPages
from tests.bot.kit import moment
from tests.bot.platform import Platform

TICK = datetime.timedelta(milliseconds=1)


class Kept(Struct):
    page: WikiPage
    gone: bool = False
    unseen: bool = False  # our account may not see it


class Wiki(Platform):
    """Searches are walked by the moment of the last change, lists by offsets, so that a deletion shifts them.

    `meanwhile` is called with the name of each call, when its answer is on its way.
    """

    name = "wiki"

    def __init__(self) -> None:
        super().__init__()
        self.batch, self.list_batch = 4, 6
        self.kept: dict[str, Kept] = {}
        self.asked: list[tuple[datetime.datetime | None, str | None]] = []
        self.looked_at: list[str] = []
        self.meanwhile: Callable[[str], None] = lambda _: None
        self.clock: Callable[[], datetime.datetime] = lambda: moment("2026-11-01 09:00")
        self._age = 0  # cursors of another age are too old
        self._ticks = 0

    # --- what people do

    def has(self, count: int) -> list[str]:
        """So many pages, one beside another."""
        ids = [f"p{number:05}" for number in range(1, count + 1)]
        for one in ids:
            self.writes(one, f"All about {one}.")
        return ids

    def writes(self, one: str, text: str, *above: str, title: str = "") -> None:
        before = self.kept.get(one)
        document = Document(
            id=one,
            title=title or f"Title of {one}",
            url=f"https://wiki.example/{one}",
            version=1 if before is None else before.page.document.version + 1,
            sections=(Section("", "", text),),
            ancestors=above,
        )
        self.kept[one] = Kept(WikiPage(document, self._now()))

    def restricts(self, one: str, restricted: bool = True) -> None:
        """It is no change of the page, so no search finds it."""
        self._alter(one, restricted=restricted)

    def moves(self, one: str, *above: str) -> None:
        self._alter(one, ancestors=above)

    def trashes(self, *ids: str) -> None:
        for one in ids:
            self.kept[one].gone = True

    def hides(self, *ids: str) -> None:
        """Our account loses its permission."""
        for one in ids or self.kept:
            self.kept[one].unseen = True

    def shows(self) -> None:
        for kept in self.kept.values():
            kept.unseen = False

    def forgets_cursors(self) -> None:
        self._age += 1

    def _alter(self, one: str, **changes: object) -> None:
        page = self.kept[one].page
        self.kept[one].page = replace(page, document=replace(page.document, **changes))

    def _now(self) -> datetime.datetime:
        self._ticks += 1
        return self.clock() + self._ticks * TICK

    # --- what the bot asks

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> WikiPages:
        self.asked.append((since, cursor))
        await self._answers("changed", lambda: None)
        after = self._place(cursor) or ""
        found = [one for one in self._visible() if since is None or one.modified >= since]
        found = sorted((one for one in found if _key(one) > after), key=_key)
        batch = found[: self.batch]
        cursor = self._cursor(_key(batch[-1])) if len(found) > len(batch) else None
        self.meanwhile("changed")
        return WikiPages(tuple(batch), cursor)

    async def listed(self, cursor: str | None) -> WikiList:
        await self._answers("listed", lambda: None)
        start = int(self._place(cursor) or 0)
        there = sorted(self._visible(), key=lambda one: one.document.id)
        end = start + self.list_batch
        pages = [one.document for one in there[start:end]]
        listed = tuple(Listed(one.id, one.version, one.restricted, one.ancestors) for one in pages)
        cursor = self._cursor(str(end)) if end < len(there) else None
        self.meanwhile("listed")
        return WikiList(listed, cursor)

    async def read(self, ids: Sequence[str]) -> tuple[WikiPage, ...]:
        assert len(ids) <= 25
        self.looked_at += ids
        await self._answers("read", lambda: None)
        return tuple(one for one in self._visible() if one.document.id in ids)

    def _visible(self) -> list[WikiPage]:
        return [kept.page for kept in self.kept.values() if not kept.gone and not kept.unseen]

    def _cursor(self, place: str) -> str:
        return f"{self._age}/{place}"

    def _place(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        age, _, place = cursor.partition("/")
        if int(age) != self._age:
            raise Refused("cursor", "the cursor is too old")
        return place


def _key(page: WikiPage) -> str:
    return f"{page.modified.isoformat(timespec='milliseconds')} {page.document.id}"
