"""The stand-in as a web application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import FaultPlan, fault_routes, faults_middleware
from sandbox.teams.issuer import Issuer

HOST = "127.0.0.1"


@asynccontextmanager
async def _up(app: web.Application, port: int) -> AsyncIterator[str]:
    # Requests that hang by order of the plan would otherwise hold the end of a test for a minute.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_issuer(issuer: Issuer, faults: FaultPlan | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve only the issuer, on loopback; yields its address, which it then knows itself."""
    plan = FaultPlan() if faults is None else faults
    app = web.Application(middlewares=[cast(Middleware, faults_middleware(plan))])
    app.add_routes([*issuer.routes(), *fault_routes(plan)])
    async with _up(app, port) as url:
        issuer.url = url
        yield url
