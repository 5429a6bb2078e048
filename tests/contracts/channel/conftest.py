"""Each channel in turn, with everything around it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest
from redis.asyncio import Redis

from tests.contracts.channel.core import Core, Store
from tests.contracts.channel.harness import Harness
from tests.contracts.channel.slack import slack
from tests.contracts.channel.teams import teams
from tests.contracts.channel.web import web_chat
from tests.hurry import call_seconds

HARNESSES: dict[str, Callable[[Core], AbstractAsyncContextManager[Harness]]] = {
    "slack": slack,
    "web": web_chat,
    "teams": teams,
}


@pytest.fixture(params=list(HARNESSES))
async def harness(request: pytest.FixtureRequest, redis_client: Redis, organisation: str) -> AsyncIterator[Harness]:
    core = Core(Store(redis_client, organisation), call_seconds(request))
    async with HARNESSES[request.param](core) as made:
        yield made
