"""What the library does not see to by itself, shown on a server that misbehaves."""

import asyncio
import gzip
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from adapters.confluence.client import ConfluenceClient
from adapters.confluence.session import LARGEST_ANSWER
from bot.errors import DeliveryError, Refused, Retry, Unauthorized
from sandbox.confluence import serving
from tests.adapters.confluence.kit import settings_for

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def client_of(answer: Answer, **more: object) -> AsyncIterator[ConfluenceClient]:
    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    async with serving(app) as url:
        client = ConfluenceClient(settings_for(url, cloud=False, **more))
        try:
            yield client
        finally:
            await client.close()


async def failure_of(answer: Answer, **more: object) -> DeliveryError:
    async with client_of(answer, **more) as client, asyncio.timeout(60):
        with pytest.raises(DeliveryError) as error:
            await client.get("rest/api/user/current")
    return error.value


async def test_an_object_is_what_comes_back() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"path": request.path_qs, "auth": request.headers["Authorization"]})

    async with client_of(answer) as client:
        found = await client.get("rest/api/content/search", {"cql": 'space = "Я"', "limit": 5})
    assert found["path"] == "/rest/api/content/search?cql=space+%3D+%22%D0%AF%22&limit=5"
    assert found["auth"] == "Bearer personal-token"


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
async def test_what_is_no_object_is_asked_for_again(body: bytes) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, content_type="application/json")

    assert type(await failure_of(answer)) is Retry


async def test_an_answer_that_never_ends_ends_here() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" " * 1024)
            await asyncio.sleep(0.05)

    assert type(await failure_of(answer, timeout=0.5)) is Retry


@pytest.mark.parametrize("packed", [False, True])
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(packed: bool) -> None:
    body = b" " * (LARGEST_ANSWER + 2_000_000)
    headers = {"Content-Encoding": "gzip"} if packed else {}

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=gzip.compress(body, 1) if packed else body, headers=headers)

    found = await failure_of(answer)
    assert isinstance(found, Refused)
    assert found.code == "too-large"


async def test_the_credentials_do_not_go_along_with_a_redirection() -> None:
    async def elsewhere(_: web.Request) -> web.StreamResponse:
        raise AssertionError

    app = web.Application()
    app.router.add_get("/{path:.*}", elsewhere)
    async with serving(app) as other:

        async def answer(_: web.Request) -> web.StreamResponse:
            raise web.HTTPFound(f"{other}/home")

        found = await failure_of(answer)
    assert isinstance(found, Refused)
    assert found.code == "redirected"


async def test_429_does_not_put_a_thread_to_sleep() -> None:
    calls = 0

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal calls
        calls += 1
        return web.json_response({}, status=429, headers={"Retry-After": "600"})

    found = await failure_of(answer)
    assert isinstance(found, Retry)
    assert (found.after, calls) == (600.0, 1)


async def test_an_answer_for_strangers_is_no_answer() -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"results": []}, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})

    assert type(await failure_of(answer)) is Unauthorized


async def test_no_more_come_at_once_than_there_are_slots_and_the_rest_waits() -> None:
    inside = most = 0

    async def answer(_: web.Request) -> web.StreamResponse:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.25)
        inside -= 1
        return web.json_response({})

    async with client_of(answer, slots=2, timeout=1.8) as client:
        await asyncio.gather(*(client.get("rest/api/user/current") for _ in range(16)))
    assert most == 2


async def test_requests_keep_their_pace() -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({})

    async with client_of(answer, requests_per_second=20.0) as client:
        began = time.monotonic()
        await asyncio.gather(*(client.get("rest/api/user/current") for _ in range(11)))
    assert time.monotonic() - began >= 0.5


async def test_nothing_that_people_wrote_stands_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response({"title": "salaries"})

    async with client_of(answer) as client:
        with caplog.at_level(logging.DEBUG):
            await client.get("rest/api/content/7")
    assert "salaries" not in caplog.text
    assert "personal-token" not in caplog.text
