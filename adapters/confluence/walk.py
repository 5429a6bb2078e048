"""A walk through the pages of the chosen spaces, in the order of a time, search by search.

The next search begins at the minute of the last page that came: a page that changes meanwhile moves to the end and
shifts the others, but nothing is counted from a place that moves. Where the whole of a search lies within one minute,
or where the zone is unknown in which Confluence reads times, it goes on as the site leads: Cloud with a cursor of its
own, Data Center by counting. Counted searches begin with pages that were seen, so that a shift is noticed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec

from adapters.confluence import pages
from adapters.confluence.client import ConfluenceClient
from adapters.confluence.moments import LATEST_ZONE, written
from bot import payload
from bot.errors import Refused
from bot.payload import Json

SEARCH: Final = "rest/api/content/search"
KEPT: Final = 10
MOST_RESULTS: Final = 1000
_CURSOR_REFUSED: Final = frozenset({"invalid", "not-found"})

Order = Literal["lastmodified", "created"]
_TIMES: Final[Mapping[Order, Callable[[Json], datetime.datetime | None]]] = {
    "lastmodified": pages.modified,
    "created": pages.created,
}


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a walk goes on: behind `token` (Cloud), or so many were `seen` since the minute `since` (empty: of all);
    `last` marks the last of them."""

    since: str = ""
    seen: int = 0
    token: str = ""
    last: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """Pages as JSON, where the wiki says it is, and where to go on."""

    pages: tuple[Json, ...]
    base: str
    cursor: str | None


class Walk:
    """One kind of walk: what is expanded of a page, and `sizes`, how many are asked for: fewer where they are too much
    for one answer. Raises DeliveryErrors, never Unknown."""

    def __init__(
        self, client: ConfluenceClient, spaces: Collection[str], order: Order, what: Sequence[str], sizes: Sequence[int]
    ) -> None:
        self._client, self._order, self._what, self._sizes = client, order, what, sizes
        keys = ", ".join(f'"{key}"' for key in spaces)
        self._where = f"type = page and space in ({keys})"

    async def step(self, since: datetime.datetime | None, cursor: str | None, zone: datetime.tzinfo | None) -> Found:
        """The next pages. `zone` is None where it is unknown. Raises Refused("cursor")."""
        if cursor is not None:
            place = _read(cursor)
        else:
            place = Place("" if since is None else written(since, zone or LATEST_ZONE))
        answer, skipped = await self._at(place)
        found = tuple(payload.parts(answer, "results", MOST_RESULTS))
        after = self._after(place, answer, found, zone)
        if after == place:
            raise Refused("cursor", "the walk does not move")
        base = payload.text(payload.part(answer, "_links"), "base")
        return Found(found[skipped:], base, None if after is None else msgspec.json.encode(after).decode())

    async def _at(self, place: Place) -> tuple[Json, int]:
        """The answer at a place, and how many at its beginning were there before."""
        try:
            if place.token or not place.seen:
                return await self._search(place, 0), 0
            for back in (1, KEPT):
                answer = await self._search(place, max(place.seen - back, 0))
                if known := _known(answer, place):
                    return answer, known
        except Refused as error:
            if error.code in _CURSOR_REFUSED and (place.token or place.seen):
                raise Refused("cursor", error.detail) from error
            raise
        raise Refused("cursor", "the place is lost")

    async def _search(self, place: Place, start: int) -> Json:
        """Less at a time while it is too much, and at last without texts. At least two: one of them was seen before."""
        where: dict[str, object] = {"cursor": place.token} if place.token else {"start": start} if start else {}
        for size in self._sizes:
            try:
                return await self._ask(place, {**where, "limit": size}, self._what)
            except Refused as error:
                if error.code != "too-large":
                    raise
        textless = [one for one in self._what if not one.startswith("body")]
        return await self._ask(place, {**where, "limit": self._sizes[-1]}, textless)

    async def _ask(self, place: Place, limit: Mapping[str, object], what: Sequence[str]) -> Json:
        later = f' and {self._order} >= "{place.since}"' if place.since else ""
        cql = f"{self._where}{later} order by {self._order}"
        return await self._client.get(SEARCH, {"cql": cql, **limit, "expand": ",".join(what)})

    def _after(self, place: Place, answer: Json, found: Sequence[Json], zone: datetime.tzinfo | None) -> Place | None:
        link = payload.text(payload.part(answer, "_links"), "next")
        if not link or not found:
            return None
        last = _TIMES[self._order](found[-1])
        since = "" if last is None or zone is None else written(last, zone)
        if since > place.since:
            return Place(since)
        query = parse_qs(urlsplit(link).query)
        token = query.get("cursor", [""])[0]
        if token:
            return Place(place.since, token=token)
        return Place(place.since, _start(answer) + len(found), last=tuple(map(_mark, found[-KEPT:])))


def _read(cursor: str) -> Place:
    try:
        return msgspec.json.decode(cursor, type=Place)
    except msgspec.DecodeError as error:
        raise Refused("cursor", "unreadable") from error


def _start(answer: Json) -> int:
    found = answer.get("start")
    return found if isinstance(found, int) and found > 0 else 0


def _known(answer: Json, place: Place) -> int:
    """How many of an answer were seen before: all up to the last that is marked."""
    marks = [_mark(page) for page in payload.parts(answer, "results", MOST_RESULTS)]
    return max((marks.index(mark) + 1 for mark in place.last if mark in marks), default=0)


def _mark(page: Json) -> str:
    """A page as it was: one that has changed stands elsewhere, and tells nothing of those beside it."""
    return f"{pages.number_of(page)} {pages.version_of(page)}"
