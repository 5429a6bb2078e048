"""The store that tests run against, and names in it that no other test uses."""

import contextlib
import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

from adapters.store.embedded import EmbeddedServer

EXTERNAL_URL = "TEST_REDIS_URL"


@contextlib.asynccontextmanager
async def running_store(data_dir: Path) -> AsyncIterator[str]:
    """The URL of a store: that of TEST_REDIS_URL if set, else an embedded one in `data_dir` that fsyncs lazily."""
    external = os.environ.get(EXTERNAL_URL)
    if external:
        yield external
        return
    async with EmbeddedServer(data_dir, "everysec") as server:
        yield server.url


def new_organisation() -> str:
    """An organisation of one test's own: its hash tag keeps the keys of tests apart in a shared store."""
    return f"t{uuid.uuid4().hex[:12]}"
