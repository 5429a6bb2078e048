"""The client as the bot uses it, and what it finds wrong with a store."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis._parsers import _AsyncHiredisParser
from redis.asyncio import Redis, SSLConnection
from redis.asyncio.connection import DefaultParser
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from adapters.store.connect import Problem, check_server, connect
from adapters.store.embedded import EmbeddedServer
from tests.adapters.store.bots import servers_on
from tests.store_server import EXTERNAL_URL


@pytest.fixture(params=["embedded", "external"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Redis]:
    """A client of a server whose settings a test may change: one of its own, and that of TEST_REDIS_URL."""
    if request.param == "external":
        url = os.environ.get(EXTERNAL_URL)
        if not url:
            pytest.skip(f"{EXTERNAL_URL} is not set")
        async with connect(url) as client, settings_kept(client):
            yield client
        return
    async with EmbeddedServer(tmp_path) as own, connect(own.url) as client:
        yield client


PERFECT = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}


async def set_all(client: Redis, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        await client.config_set(name, value)


@contextlib.asynccontextmanager
async def settings_kept(client: Redis) -> AsyncIterator[None]:
    """Makes a server perfect, and afterwards what it was."""
    before = {name: (await client.config_get(name))[name] for name in PERFECT}  # Redis 6.2 tells one at a time
    await set_all(client, PERFECT)
    try:
        yield
    finally:
        await client.replicaof("NO", "ONE")
        await set_all(client, {name: str(value) for name, value in before.items()})


async def test_a_perfect_store_has_no_problem(server: Redis) -> None:
    assert await check_server(server) == []


@pytest.mark.parametrize(
    ("setting", "value", "problem"),
    [
        ("appendonly", "no", Problem("no_append_only_file", True, {})),
        ("appendfsync", "everysec", Problem("appendfsync_everysec", False, {})),
        ("appendfsync", "no", Problem("appendfsync_no", False, {})),
        ("maxmemory-policy", "allkeys-lru", Problem("evicts_keys", True, {"found": "allkeys-lru"})),
    ],
)
async def test_a_setting_that_breaks_a_promise_is_found(
    server: Redis, setting: str, value: str, problem: Problem
) -> None:
    await server.config_set(setting, value)
    assert await check_server(server) == [problem]


async def test_a_replica_is_no_store(server: Redis) -> None:
    await server.replicaof("127.0.0.1", "1")
    assert await check_server(server) == [Problem("not_primary", True, {"found": "slave"})]


async def test_a_store_that_hides_its_settings_may_still_be_used(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as own:
        async with connect(own.url) as client:
            await client.acl_setuser("guest", enabled=True, nopass=True, categories=["+@all"], commands=["-config"])
        async with connect(f"{own.url}?username=guest&password=any") as guest:
            assert await check_server(guest) == [Problem("appendfsync_unknown", False, {})]


async def test_an_old_server_that_says_little_is_refused(redis_client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    async def info() -> dict[str, str]:
        return {"redis_version": "6.0.16"}

    monkeypatch.setattr(redis_client, "info", info)
    assert await check_server(redis_client) == [
        Problem("version_too_old", True, {"found": "6.0.16", "needed": "6.2"}),
        Problem("not_primary", True, {"found": "unknown"}),
        Problem("evicts_keys", True, {"found": "unknown"}),
        Problem("no_append_only_file", True, {}),
    ]


async def test_a_store_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    async with connect(f"unix://{tmp_path}/nothing.sock") as client:
        (problem,) = await check_server(client)
    assert (problem.code, problem.fatal) == ("unreachable", True)
    assert "nothing.sock" in problem.detail["error"]


async def test_answers_are_bytes_parsed_by_hiredis(redis_client: Redis, organisation: str) -> None:
    key = f"bb:{{{organisation}}}:greeting"
    await redis_client.set(key, "hello")
    assert await redis_client.get(key) == b"hello"
    assert DefaultParser is _AsyncHiredisParser


async def test_more_tasks_than_connections_wait_their_turn(store_url: str, organisation: str) -> None:
    key = f"bb:{{{organisation}}}:count"
    async with connect(store_url, max_connections=2) as client:
        await asyncio.gather(*(client.incr(key) for _ in range(50)))
        assert await client.get(key) == b"50"


async def test_a_command_whose_answer_is_lost_is_not_sent_again() -> None:
    async with deaf_store() as (url, received), connect(url) as client:
        with pytest.raises(RedisConnectionError):
            await client.incr("count")
        assert received == ["INCRBY"]


async def test_no_option_in_the_url_brings_retries_back() -> None:
    async with deaf_store() as (url, received), connect(f"{url}&retry_on_timeout=yes") as client:
        with pytest.raises(RedisConnectionError):
            await client.incr("count")
        assert received == ["INCRBY"]


GREETINGS = {"CLIENT": b"+OK\r\n", "PING": b"+PONG\r\n"}


@contextlib.asynccontextmanager
async def deaf_store() -> AsyncIterator[tuple[str, list[str]]]:
    """A store that greets, and closes the connection instead of answering. Its URL, and the commands it got."""
    received: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while command := await read_command(reader):
            if command[0] not in GREETINGS:
                received.append(command[0])
                break
            writer.write(GREETINGS[command[0]])
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        yield f"redis://127.0.0.1:{port}?protocol=2", received


async def read_command(reader: asyncio.StreamReader) -> list[str]:
    """One command in the protocol of Redis: `*2`, then `$3` and the three bytes of each part. Empty at the end."""
    count = int((await reader.readline())[1:] or 0)
    parts = []
    for _ in range(count):
        size = int((await reader.readline())[1:])
        parts.append((await reader.readexactly(size + 2))[:size].decode())
    return parts


async def test_a_client_outlives_a_restart_of_its_server(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.start()
    async with connect(server.url) as client:
        await client.set("key", "kept")
        (pid,) = servers_on(tmp_path)
        os.kill(pid, signal.SIGKILL)
        await server.died()
        with pytest.raises(RedisError):
            await client.get("key")
        await server.stop()
        await server.start()
        assert await client.get("key") == b"kept"
    await server.stop()


async def test_encrypted_connections_are_known_and_other_schemes_refused() -> None:
    async with connect("rediss://store.example:6380/0") as client:
        assert client.connection_pool.connection_class is SSLConnection
    with pytest.raises(ValueError, match="schemes"):
        connect("http://store.example")
