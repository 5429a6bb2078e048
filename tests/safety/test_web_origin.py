"""A page of another site, even one that has given this machine a name of its own, can neither read nor act."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from adapters.web import wire
from adapters.web.rooms import Rooms
from adapters.web.routes import WebChat
from bot.people import Person
from bot.texts import speaker
from tests.adapters.web.kit import ANNA, EVERYBODY, SECRET, Client, FlakyStore, RememberingInbox, Ticking, new_id, pick
from wiring.here_alone import here_alone

STRANGE = {"Host": "evil.example:8080"}


@pytest.fixture
def inbox() -> RememberingInbox:
    return RememberingInbox()


@pytest.fixture
async def client(redis_client: Redis, organisation: str, inbox: RememberingInbox) -> AsyncIterator[Client]:
    async def people() -> Sequence[Person]:
        return EVERYBODY

    clock = Ticking()
    rooms = Rooms(FlakyStore(redis_client, organisation, log_cap=12), clock)
    app = web.Application(middlewares=[here_alone])
    WebChat(inbox, rooms, speaker, clock, SECRET, people).mount(app, enabled=True)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/chat?as=a1", "/chat/log?as=a1", "/chat/events?as=a1"])
async def test_a_strange_name_reads_nothing(client: Client, path: str) -> None:
    await pick(client, ANNA)
    async with client.get(path, headers=STRANGE, allow_redirects=False) as answer:
        assert answer.status == 403
        assert ANNA.name not in await answer.text()


async def test_a_strange_name_cannot_act_although_it_is_the_same_origin(
    client: Client, inbox: RememberingInbox
) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    headers = {**STRANGE, "Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example:8080"}
    bodies = {
        "/chat/session": {"id": new_id(), "person": "p1"},
        "/chat/say?as=a1": {"id": new_id(), "text": "x"},
        "/chat/press?as=a1": {"id": new_id(), "action": "status", "value": ""},
    }
    for path, body in bodies.items():
        async with client.post(path, json=body, headers=headers) as answer:
            assert answer.status == 403
    assert inbox.received == {}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:80", "127.8.8.8:8080"])
async def test_an_address_of_this_machine_and_its_own_name_are_ours(client: Client, host: str) -> None:
    async with client.get("/", headers={"Host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "[::1",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "@localhost@evil",
        "evil@127.0.0.1",
        "127.0.0.1/evil.example",
        "192.168.0.7:8080",
        "0.0.0.0",
        "127.1",
        "",
    ],
)
async def test_what_only_looks_like_ours_is_not(client: Client, host: str) -> None:
    async with client.get("/", headers={"Host": host}) as answer:
        assert answer.status in (400, 403)  # the parser of HTTP may refuse it before us


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "null", "", "://"])
async def test_an_origin_that_is_no_address_is_another_site(client: Client, origin: str) -> None:
    await pick(client, ANNA)
    async with client.post("/chat/say?as=a1", json={"id": new_id(), "text": "x"}, headers={"Origin": origin}) as answer:
        assert answer.status == 403


async def test_a_body_that_trickles_in_is_given_up(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "BODY_SECONDS", 0.05)
    await pick(client, ANNA)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    async with asyncio.timeout(60), client.post("/chat/say?as=a1", data=trickle(), headers=headers) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (408, "too-slow")
