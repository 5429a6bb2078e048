"""The store of a run: a server that lives apart from the bots, and that can be killed and come back."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.folder_lock import read_holder


class StoreProcess:
    """An embedded server with `appendfsync always`, whose file is never rewritten."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._server = EmbeddedServer(data_dir)

    @property
    def url(self) -> str:
        return self._server.url

    async def start(self) -> None:
        await self._server.start()
        async with connect(self.url) as client:
            await client.config_set("auto-aof-rewrite-percentage", 0)

    async def kill(self) -> None:
        """SIGKILL. What was acknowledged is on the disk."""
        holder = read_holder(self.data_dir)
        assert holder is not None
        assert holder.server_pid is not None
        os.kill(holder.server_pid, signal.SIGKILL)
        await self._server.died()
        await self.stop()

    async def stop(self) -> None:
        await self._server.stop()


@asynccontextmanager
async def store_process(data_dir: Path) -> AsyncIterator[StoreProcess]:
    store = StoreProcess(data_dir)
    await store.start()
    try:
        yield store
    finally:
        await store.stop()
