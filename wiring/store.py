"""The store of a process: a Redis by its URL, or the embedded server, which a running bot shares with sub-commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer, find_running, socket_url
from adapters.store.redis_store import Rate, RedisStore
from wiring.data_folder import demand_folder
from wiring.data_mark import demand_data
from wiring.parts import NO_TESTS, ForTests
from wiring.settings import AllSettings


@asynccontextmanager
async def beside(settings: AllSettings) -> AsyncIterator[Redis]:
    """A client for a sub-command: of the running bot's server, or of one that runs for this moment only.

    Raises OthersData: the store holds a sandbox's data and the settings are a real bot's, or the other way round.
    """
    async with opened(settings) as client:
        await demand_data(store_of(client, settings), settings)
        yield client


@asynccontextmanager
async def opened(settings: AllSettings) -> AsyncIterator[Redis]:
    """As `beside`, whosever data it is."""
    url = url_beside(settings)
    if url is None:
        demand_folder(settings)
        async with EmbeddedServer(settings.main.data_dir) as server, connect(server.url) as client:
            yield client
    else:
        async with connect(url) as client:
            yield client


def url_beside(settings: AllSettings) -> str | None:
    """Where the store of the settings is; None: it is the embedded one, and does not run."""
    if settings.main.redis_url is not None:
        return settings.main.redis_url
    socket = find_running(settings.main.data_dir)
    return None if socket is None else socket_url(socket)


def rates(settings: AllSettings) -> dict[str, Rate]:
    """How fast each destination may be spoken to, over all processes together."""
    slack, teams, jira = settings.slack, settings.teams, settings.jira
    return {
        "slack": Rate(slack.posts_per_second, slack.burst),
        "teams": Rate(teams.requests_per_second, teams.burst),
        "jira": Rate(jira.requests_per_second, max(1, round(jira.requests_per_second))),
    }


def store_of(client: Redis, settings: AllSettings, tests: ForTests = NO_TESTS) -> RedisStore:
    clock = tests.clock
    return RedisStore(
        client,
        settings.main.organisation,
        clock=None if clock is None else lambda: round(clock().timestamp() * 1000),
        probe=tests.probe,
        wait_replicas=settings.main.redis_wait_replicas,
        rates=rates(settings),
    )
