"""The web chat over real HTTP, with the real store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from adapters.web.chat import WebChannel
from adapters.web.pages import PageLink
from adapters.web.rooms import Rooms
from adapters.web.routes import WebChat
from bot.people import Person
from bot.texts import speaker
from tests.adapters.web.kit import EVERYBODY, SECRET, Client, FlakyStore, RememberingInbox, Ticking


@pytest.fixture
def store(redis_client: Redis, organisation: str) -> FlakyStore:
    return FlakyStore(redis_client, organisation, log_cap=12)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def rooms(store: FlakyStore, clock: Ticking) -> Rooms:
    return Rooms(store, clock)


@pytest.fixture
def channel(rooms: Rooms, store: FlakyStore) -> WebChannel:
    return WebChannel(rooms, store)


@pytest.fixture
def inbox() -> RememberingInbox:
    return RememberingInbox()


@pytest.fixture
def chat(inbox: RememberingInbox, rooms: Rooms, clock: Ticking) -> WebChat:
    async def people() -> Sequence[Person]:
        return EVERYBODY

    async def links() -> Sequence[PageLink]:
        return (PageLink("Jira", "http://127.0.0.1:1/"), PageLink("Teams: start it first", None))

    return WebChat(inbox, rooms, speaker, clock, SECRET, people, links)


@pytest.fixture
async def client(chat: WebChat) -> AsyncIterator[Client]:
    app = web.Application()
    chat.mount(app, enabled=True)
    async with TestClient(TestServer(app)) as client:
        yield client
