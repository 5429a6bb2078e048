"""Serves an app to this machine alone: on loopback, to its own pages and to programs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

HOST = "127.0.0.1"
PATIENCE = 0.1  # seconds for open requests when it stops: a request that is told to hang must not hold it up
_HERE = frozenset({HOST, "localhost", "::1"})


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serves while the context is open, in the event loop that runs, and gives the address, like
    "http://127.0.0.1:40123".

    Port 0 takes a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=PATIENCE)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Where no sign-in is asked for, a strange site open in the same browser could write: it is turned away here."""
    if not _is_from_here(request):
        message = "This stand-in answers on loopback, to its own page and to programs only."
        return web.json_response({"message": message}, status=403)
    return await handler(request)


def _is_from_here(request: web.Request) -> bool:
    origin = request.headers.get("Origin")
    try:
        host = urlsplit(f"//{request.host}")
        return host.hostname in _HERE and (origin is None or urlsplit(origin).netloc == host.netloc)
    except ValueError:  # half an address is not here
        return False
