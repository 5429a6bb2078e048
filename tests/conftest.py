"""Fixtures for every test that needs a store, or the model of vectors; how much generated input there is; and what the
fault runs have counted.
"""

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from adapters.store.connect import connect
from bot.answers.embedder import Embedder, nano_e5
from tests.chaos.summary import counts, pytest_terminal_summary, tally
from tests.generated import PROFILE, load_profiles
from tests.hurry import LONG
from tests.store_server import new_organisation, running_store

__all__ = ["counts", "pytest_terminal_summary", "tally"]

load_profiles(os.environ.get(PROFILE, "quick"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def store_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The URL of one store for the whole run; see `running_store`."""
    async with running_store(tmp_path_factory.mktemp("store")) as url:
        yield url


@pytest.fixture(scope="session", autouse=True)
def _forms_open_on_slow_machines() -> Iterator[None]:
    """The bot gives up a form of Slack after two seconds, as Slack itself would have by then; here it has longer. Only
    a run that has Slack in it pays for this.
    """
    intake = sys.modules.get("adapters.slack.intake")
    with pytest.MonkeyPatch.context() as patched:
        if intake is not None:
            patched.setattr(intake, "FORM_SECONDS", LONG)
        yield


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
