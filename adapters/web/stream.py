"""Server-sent events: a room's news, at once when it is written by this process, within a second when by another."""

from __future__ import annotations

import asyncio
import contextlib
import time

import msgspec
from aiohttp import web

from adapters.web.rooms import Room, Rooms, mark_of
from adapters.web.wire import UNCACHED
from bot.errors import StoreError

LOOKS = 1.0  # seconds between looks for what other processes wrote
KEEPS_ALIVE = 15.0  # seconds of silence after which a comment tells both ends that the connection stands
COMMENT = b": still here\n\n"


class _Tail:
    """What is new in a room after the entry that the browser has seen last."""

    def __init__(self, rooms: Rooms, person: str, after: str) -> None:
        self._rooms = rooms
        self._person = person
        self._after = after
        self._change: str | None = None
        self._home: bytes | None = None

    async def news(self) -> bytes:
        change = await self._rooms.latest(self._person)
        if change == self._change:
            return b""
        room = await self._rooms.read(self._person)
        self._change = change  # only now: a read that failed is done again
        return self._entries(room) + self._standing(room)

    def _entries(self, room: Room) -> bytes:
        fresh = room.since(self._after)
        self._after = room.last()
        if fresh is None:  # too much has happened: the browser reads the whole conversation again
            return _event("reset", b"{}", self._after)
        return b"".join(_event("entry", entry, mark_of(entry)) for entry in fresh)

    def _standing(self, room: Room) -> bytes:
        if room.home is None or room.home == self._home:
            return b""
        self._home = room.home
        return _event("home", room.home)


def _event(name: str, data: bytes, mark: str = "") -> bytes:
    """JSON has no line breaks of its own. Without an id the browser keeps the last one."""
    lines = [b"event: " + name.encode(), b"data: " + data, *([b"id: " + mark.encode()] if mark else [])]
    return b"\n".join(lines) + b"\n\n"


def log(room: Room) -> bytes:
    """The whole conversation as it is now, and where its news begin."""
    entries = [msgspec.Raw(entry) for entry in room.current()]
    home = msgspec.Raw(room.home or b"null")
    return msgspec.json.encode({"entries": entries, "home": home, "last": room.last()})


async def stream(request: web.Request, rooms: Rooms, person: str) -> web.StreamResponse:
    """Answer with news until the browser leaves or the process stops."""
    after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
    tail = _Tail(rooms, person, after)
    first = await tail.news()  # while there is no answer yet, a store that is away can still become a 503
    response = web.StreamResponse(
        headers={**UNCACHED, "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the browser has left
        await response.write(COMMENT + first)
        await _follow(response, rooms, person, tail)
    return response


async def _follow(response: web.StreamResponse, rooms: Rooms, person: str, tail: _Tail) -> None:
    spoke = time.monotonic()
    with rooms.bells.watch(person) as rung:
        while not rooms.bells.closed:
            rung.clear()
            with contextlib.suppress(StoreError):  # what could not be read now is read at the next look
                if news := await tail.news():
                    await response.write(news)
                    spoke = time.monotonic()
            if time.monotonic() - spoke > KEEPS_ALIVE:
                await response.write(COMMENT)
                spoke = time.monotonic()
            await _ring_or_look(rung)


async def _ring_or_look(rung: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOOKS):
            await rung.wait()
