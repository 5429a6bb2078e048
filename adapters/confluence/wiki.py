"""`ConfluenceWiki`: the chosen spaces of a Confluence as the port `bot.wiki.Wiki`."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Sequence
from functools import partial
from typing import Final

from adapters.confluence import pages
from adapters.confluence.client import ConfluenceClient, together
from adapters.confluence.myself import zone_of
from adapters.confluence.readership import restricted
from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.walk import Walk
from bot import payload
from bot.errors import Refused
from bot.payload import Json
from bot.wiki import Listed, WikiList, WikiPage, WikiPages

# Clocks differ, and a search knows of a change some time after it.
log = logging.getLogger(__name__)
LATE: Final = datetime.timedelta(minutes=2)
READ_A_PAGE: Final = (50, 10, 2)
LISTED_A_PAGE: Final = (200, 50, 10)
TOGETHER: Final = (
    8.0  # seconds of the processor for the pages of one search: a third of what a call of the crawl may take
)


class ConfluenceWiki:
    """All methods raise DeliveryErrors, never Unknown. `close` it at the end.

    Without CONFLUENCE_RESTRICTED a page with read restrictions, or of which nobody can say whether it has some, comes
    without its title, address and text. With it nothing is asked about restrictions, and no page has some.
    """

    name = "confluence"

    def __init__(self, settings: ConfluenceSettings, together: float = TOGETHER) -> None:
        self._settings, self._together = settings, together
        self._client = ConfluenceClient(settings)
        self._zone: datetime.tzinfo | None = None
        self._zone_asked = False
        self._read = Walk(self._client, settings.spaces, "lastmodified", pages.WHAT_READ, READ_A_PAGE)
        self._list = Walk(self._client, settings.spaces, "created", pages.WHAT_LISTED, LISTED_A_PAGE)

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> WikiPages:
        zone = await self._our_zone(afresh=cursor is None)
        found = await self._read.step(None if since is None else since - LATE, cursor, zone)
        return WikiPages(await self._whole(found.pages, found.base, ends=True), found.cursor)

    async def listed(self, cursor: str | None) -> WikiList:
        zone = await self._our_zone(afresh=cursor is None)
        found = await self._list.step(None, cursor, zone)
        ready = await self._completed(found.pages, text=False)
        return WikiList(tuple(map(_listed, ready, await self._hidden(ready))), found.cursor)

    async def read(self, ids: Sequence[str]) -> tuple[WikiPage, ...]:
        """Ids that are none of ours are left out, too."""
        numbers = [number for one in ids if (number := pages.theirs(one))]
        found = await together([self._page(number) for number in numbers])
        return await self._whole([page for page in found if page is not None and self._is_ours(page)], "")

    async def close(self) -> None:
        await self._client.close()

    async def _our_zone(self, *, afresh: bool) -> datetime.tzinfo | None:
        if afresh or not self._zone_asked:
            self._zone = await zone_of(self._client, self._settings)
            self._zone_asked = True
        return self._zone

    async def _whole(self, found: Sequence[Json], base: str, *, ends: bool = False) -> tuple[WikiPage, ...]:
        """Page by page, so that whoever no longer waits ends it. `ends`: pages are left out once all of them together
        have taken long (`together`), but for those that are to be hidden, which take nothing; the look at what list and
        shelf differ about reads them."""
        ready = await self._completed(found, text=True)
        hidden = await self._hidden(ready)
        read: list[WikiPage] = []
        taken = 0.0
        for page, one in zip(ready, hidden, strict=True):
            if ends and taken > self._together and not one:
                continue
            page_read, seconds = await self._client.apart(partial(self._text, page, base, hidden=one))
            read.append(page_read)
            taken += seconds
        if len(read) < len(ready):
            log.warning("pages left for later", extra={"count": len(ready) - len(read)})
        return tuple(read)

    def _text(self, page: Json, base: str, *, hidden: bool) -> tuple[WikiPage, float]:
        """With the seconds of the processor that it took."""
        began = time.thread_time()
        cloud, ours = self._settings.deployment == "cloud", self._settings.base
        read = pages.wiki_page(page, ours, base or _base_of(page), cloud=cloud, restricted=hidden)
        return read, time.thread_time() - began

    async def _completed(self, found: Sequence[Json], *, text: bool) -> list[Json]:
        """Those that came without something are read by themselves; what has no number, or is put away, is nothing."""
        known = [page for page in found if pages.number_of(page) and payload.text(page, "status") in ("", "current")]
        lacking = [page for page in known if not pages.is_whole(page, text=text)]
        read = await together([self._page(pages.number_of(page)) for page in lacking])
        instead = {pages.number_of(old): new for old, new in zip(lacking, read, strict=True)}
        return [page for one in known if (page := instead.get(pages.number_of(one), one)) is not None]

    async def _page(self, number: str, what: Sequence[str] = pages.WHAT_READ) -> Json | None:
        """None: it is not there for us. One that is too large comes without its text."""
        try:
            return await self._client.get(f"rest/api/content/{number}", {"expand": ",".join(what)})
        except Refused as error:
            if error.code in ("not-found", "forbidden"):
                return None
            if error.code != "too-large" or what == pages.WHAT_LISTED:
                raise
        return await self._page(number, pages.WHAT_LISTED)

    def _is_ours(self, page: Json) -> bool:
        keys = {key.casefold() for key in self._settings.spaces}
        alive = payload.text(page, "status") == "current" and payload.text(page, "type") == "page"
        return alive and pages.space_of(page).casefold() in keys

    async def _hidden(self, found: Sequence[Json]) -> list[bool]:
        return [False] * len(found) if self._settings.restricted else await restricted(self._client, found)


def _listed(page: Json, hidden: bool) -> Listed:
    return pages.listed(page, restricted=hidden)


def _base_of(page: Json) -> str:
    return payload.text(payload.part(page, "_links"), "base")
