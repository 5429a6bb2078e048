"""Pages of results: opaque cursors that grow old on Cloud, `start` and `limit` on Data Center."""

from __future__ import annotations

import secrets
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from sandbox.confluence.state import State
from sandbox.confluence.wire import STATE, BadRequestError, Json, number

T = TypeVar("T")
_MOST_CURSORS = 10_000


class Limits(Struct):
    """How many results come at most, without and with bodies, and for how many seconds a cursor is good."""

    plain: int = 250
    with_bodies: int = 50
    cursor_lifetime: float = 600.0
    usual: int = 25


class _Cursor(Struct, frozen=True):
    path: str
    cql: str
    after: Any  # what the last result was sorted by, and its id: a page that moves on is not left out by it
    until: datetime


class Cursors:
    """The cursors that were given out and are still good."""

    def __init__(self) -> None:
        self._known: dict[str, _Cursor] = {}

    def give(self, cursor: _Cursor) -> str:
        name = "_sa_" + secrets.token_urlsafe(24)
        self._known[name] = cursor
        if len(self._known) > _MOST_CURSORS:
            del self._known[next(iter(self._known))]
        return name

    def expire(self) -> None:
        self._known.clear()

    def taken(self, name: str, path: str, cql: str, now: datetime) -> Any:
        """Where to go on. Raises BadRequestError for a cursor that is strange, or of another query, or too old."""
        cursor = self._known.get(name)
        if cursor is None or cursor.path != path or cursor.cql != cql or cursor.until <= now:
            raise BadRequestError("The cursor is invalid or has expired")
        return cursor.after


LIMITS = web.AppKey("limits", Limits)
CURSORS = web.AppKey("cursors", Cursors)


class Slice(Struct, frozen=True):
    """Some results with what stands around them: `envelope` has start, limit, size and `_links`."""

    items: list[Any]
    envelope: Json


def limit_of(request: web.Request, *, bodies: bool) -> int:
    """As many as were asked for, as many as there may be at most."""
    limits = request.app[LIMITS]
    wanted = number(request, "limit", limits.usual) or limits.usual
    return min(wanted, limits.with_bodies if bodies else limits.plain)


def base_of(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}" + ("/wiki" if request.app[STATE].is_cloud else "")


def sliced(
    request: web.Request, items: Sequence[T], rank: Callable[[T], Any], *, bodies: bool, cursors: bool | None = None
) -> Slice:
    """The part of `items` that the request asks for. `rank` tells where an item stands in their order.

    `cursors`: whether the address pages by cursors; None: as its deployment does for most.
    """
    limit = limit_of(request, bodies=bodies)
    by_cursor = request.app[STATE].is_cloud if cursors is None else cursors
    start = _after(request, items, rank) if by_cursor else number(request, "start", 0)
    part = list(items[start : start + limit])
    envelope: Json = {"start": start, "limit": limit, "size": len(part), "_links": _links(request)}
    if start + limit < len(items):
        query = dict(request.query) | {"limit": str(limit), "start": str(start + limit)}
        if by_cursor:
            query |= {"cursor": _given(request, rank(part[-1])), "next": "true"}
        path = request.path.removeprefix("/wiki")
        envelope["_links"]["next"] = f"{path}?{urlencode(query)}"
    return Slice(part, envelope)


def _links(request: web.Request) -> Json:
    context = "/wiki" if request.app[STATE].is_cloud else ""
    return {"base": base_of(request), "context": context, "self": f"{request.scheme}://{request.host}{request.path_qs}"}


def _given(request: web.Request, after: Any) -> str:
    state: State = request.app[STATE]
    until = state.now() + timedelta(seconds=request.app[LIMITS].cursor_lifetime)
    return request.app[CURSORS].give(_Cursor(request.path, request.query.get("cql", ""), after, until))


def _after(request: web.Request, items: Sequence[T], rank: Callable[[T], Any]) -> int:
    """The place of the first item behind the cursor."""
    name = request.query.get("cursor")
    if name is None:
        return 0
    cql = request.query.get("cql", "")
    after = request.app[CURSORS].taken(name, request.path, cql, request.app[STATE].now())
    return bisect_right(items, after, key=rank)
