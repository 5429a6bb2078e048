"""A second opinion: jira820, a Data Center 8.20 that others have written."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from jira820.server import make_app
from jira820.store import Store

from tests.sandbox.jira_kit import until


@asynccontextmanager
async def serving_jira820(store: Store) -> AsyncIterator[str]:
    """Serves what is in the store, in a thread; gives its address."""
    config = uvicorn.Config(make_app(store=store), log_level="error", lifespan="off", ws="none", loop="asyncio")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            await until(lambda: server.started)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await asyncio.to_thread(thread.join)
