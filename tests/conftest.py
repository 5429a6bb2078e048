"""Fixtures for every test that needs a store."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from adapters.store.connect import connect
from tests.store_server import new_organisation, running_store


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def store_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of one store for the whole run; see `running_store`."""
    async with running_store(tmp_path_factory.mktemp("store")) as url:
        yield url


@pytest.fixture
def organisation() -> str:
    """An organisation of this test's own."""
    return new_organisation()


@pytest.fixture
async def redis_client(store_url: str) -> AsyncIterator[Redis]:
    """A client of the store, connected as the bot does it."""
    async with connect(store_url) as client:
        yield client
