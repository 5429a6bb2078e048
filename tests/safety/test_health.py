"""Whoever asks after our health, however often, takes nothing from those who are at work."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from adapters.store import connect
from adapters.store.redis_store import RedisStore
from wiring import health
from wiring.parts import Bot


async def test_a_flood_of_questions_is_one_question_to_the_store_at_a_time(
    redis_client: Redis, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way = most = 0

    async def check_server(client: Redis) -> list[connect.Problem]:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            return await connect.check_server(client)
        finally:
            under_way -= 1

    monkeypatch.setattr(health, "check_server", check_server)
    bot = cast(Bot, SimpleNamespace(company=SimpleNamespace(store=RedisStore(redis_client, organisation), channels=())))
    app = web.Application()
    app.add_routes(health.health_routes(redis_client, bot))

    async def ask(client: TestClient[Any, Any]) -> None:
        async with client.get("/readyz") as answer:
            assert (await answer.json())["ok"] == (answer.status == 200)

    async with TestClient(TestServer(app)) as client:
        await asyncio.gather(*(ask(client) for _ in range(100)))
    assert most == 1
