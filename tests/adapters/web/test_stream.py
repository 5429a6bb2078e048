"""Server-sent events: news at once, resumed where the browser was."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientResponse
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from adapters.web import stream
from adapters.web.rooms import Rooms
from bot.message import Message
from tests.adapters.web.kit import ANNA, Client, FlakyStore, Ticking, pick


class Events:
    """Reads events from an open stream."""

    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.comments = 0

    async def next(self) -> tuple[str, Any, str]:
        """The next event: its name, its data, its id."""
        async with asyncio.timeout(60):
            while True:
                fields = await self._block()
                if "event" in fields:
                    return fields["event"], json.loads(fields["data"]), fields.get("id", "")
                self.comments += 1

    async def _block(self) -> dict[str, str]:
        fields = {}
        while line := (await self._response.content.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            fields[name] = value
        return fields


@contextlib.asynccontextmanager
async def opened(client: Client, after: str = "", *, resume: str | None = None) -> AsyncIterator[Events]:
    headers = {"Last-Event-ID": resume} if resume is not None else {}
    async with client.get(f"/chat/events?as=a1&after={after}", headers=headers) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        yield Events(response)


async def last(client: Client) -> str:
    async with client.get("/chat/log?as=a1") as answer:
        return str((await answer.json())["last"])


@pytest.fixture
async def anna(client: Client) -> Client:
    await pick(client, ANNA)
    return client


async def test_news_of_this_process_come_at_once(anna: Client, rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOKS", 3600.0)  # so that only the bell can tell
    async with opened(anna) as events:
        await rooms.post("a1", "effect", Message("hello"))
        name, entry, mark = await events.next()
    assert (name, entry["message"]["text"]) == ("entry", "hello")
    assert mark == await last(anna)


async def test_news_of_another_process_are_found(anna: Client, redis_client: Redis, organisation: str) -> None:
    other = Rooms(RedisStore(redis_client, organisation), Ticking())
    async with opened(anna) as events:
        await other.post("a1", "effect", Message("from elsewhere"))
        assert (await events.next())[1]["message"]["text"] == "from elsewhere"


async def test_an_update_comes_under_the_ref_of_its_message(anna: Client, rooms: Rooms) -> None:
    ref = await rooms.post("a1", "list", Message("0 of 1"))
    async with opened(anna, await last(anna)) as events:
        await rooms.update("a1", ref, Message("1 of 1"))
        _, entry, _ = await events.next()
    assert (entry["ref"], entry["message"]["text"]) == (ref, "1 of 1")


async def test_a_browser_that_comes_back_hears_only_what_it_has_missed(anna: Client, rooms: Rooms) -> None:
    async with opened(anna) as events:
        await rooms.post("a1", "first", Message("first"))
        _, _, mark = await events.next()
    await rooms.post("a1", "second", Message("second"))
    await rooms.post("a1", "third", Message("third"))
    async with opened(anna, resume=mark) as events:
        heard = [(await events.next())[1]["message"]["text"] for _ in range(2)]
    assert heard == ["second", "third"]


async def test_a_browser_that_was_away_too_long_is_told_to_read_everything_again(anna: Client, rooms: Rooms) -> None:
    await rooms.post("a1", "first", Message("first"))
    mark = await last(anna)
    for number in range(12):
        await rooms.post("a1", f"other {number}", Message("other"))
    async with opened(anna, resume=mark) as events:
        assert (await events.next())[0] == "reset"
        await rooms.post("a1", "new", Message("new"))
        assert (await events.next())[1]["message"]["text"] == "new"


async def test_the_standing_page_comes_when_it_changes(anna: Client, rooms: Rooms) -> None:
    async with opened(anna) as events:
        await rooms.show_home("a1", (Message("plan"),))
        name, sections, mark = await events.next()
    assert (name, sections[0]["text"], mark) == ("home", "plan", "")


async def test_a_quiet_stream_is_kept_alive(anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "LOOKS", 0.01)
    monkeypatch.setattr(stream, "KEEPS_ALIVE", 0.02)
    async with opened(anna) as events, asyncio.timeout(60):
        assert await events._block() == {"": "still here"}
        assert await events._block() == {"": "still here"}


async def test_a_store_that_is_away_for_a_while_breaks_no_stream(
    anna: Client, rooms: Rooms, store: FlakyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LOOKS", 0.01)
    async with opened(anna) as events:
        await rooms.post("a1", "first", Message("first"))
        await events.next()
        store.mute = True
        async with asyncio.timeout(60):
            await store.asked.wait()
        store.mute = False
        await rooms.post("a1", "second", Message("second"))
        assert (await events.next())[1]["message"]["text"] == "second"


async def test_a_store_that_is_away_at_the_beginning_is_a_503(anna: Client, store: FlakyStore) -> None:
    store.mute = True
    async with anna.get("/chat/events?as=a1") as answer:
        assert answer.status == 503
        assert "Retry-After" in answer.headers


async def test_streams_end_when_the_process_stops(anna: Client, rooms: Rooms) -> None:
    async with opened(anna) as events:
        rooms.bells.close()
        async with asyncio.timeout(60):
            await events._response.content.read()
