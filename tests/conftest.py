"""Fixtures for every test that needs a store, or the model of vectors; how much generated input there is; and what the
fault runs have counted.
"""

import os
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from adapters.store.connect import connect
from bot.answers.embedder import Embedder, nano_e5
from tests.chaos.summary import counts, pytest_terminal_summary, tally
from tests.generated import PROFILE, load_profiles
from tests.store_server import new_organisation, running_store

__all__ = ["counts", "pytest_terminal_summary", "tally"]

load_profiles(os.environ.get(PROFILE, "quick"))


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


@pytest.fixture(scope="session")
def model() -> Embedder:
    """The model of vectors. A test that wants it is skipped where it is not."""
    found = nano_e5()
    if found is None:
        pytest.skip("the wheel of the model is not installed here, or this processor has no AVX2")
    return found
