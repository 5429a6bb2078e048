"""Serves the stand-in; what it tells others leads back to where it is served."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from sandbox import loopback
from sandbox.jira.webhooks import WEBHOOKS


@asynccontextmanager
async def serving(app: web.Application, port: int = 0) -> AsyncIterator[str]:
    """As `loopback.serving`."""
    async with loopback.serving(app, port) as url:
        if WEBHOOKS in app:
            app[WEBHOOKS].base_url = url
        yield url
