"""Is it alive; can it commit and deliver."""

from __future__ import annotations

import asyncio

from aiohttp import web
from redis.asyncio import Redis

from adapters.store.connect import check_server
from bot.errors import StoreError
from wiring.parts import Bot


def health_routes(client: Redis, bot: Bot) -> list[web.RouteDef]:
    """`/healthz` says that the process answers, `/readyz` that the store keeps its promises and lanes move."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    looking: asyncio.Task[tuple[list[str], dict[str, int]]] | None = None

    async def looked() -> tuple[list[str], dict[str, int]]:
        problems = [problem.code for problem in await check_server(client) if problem.fatal]
        waiting: dict[str, int] = {}
        if not problems:
            try:
                waiting = await bot.company.store.waiting()
            except StoreError as error:
                problems.append(type(error).__name__)
        return problems, waiting

    async def ready(_: web.Request) -> web.Response:
        """All who ask while an answer is under way get that one: a flood of them leaves the lanes their connections."""
        nonlocal looking
        if looking is None or looking.done():
            looking = asyncio.create_task(looked(), name="readiness")
        problems, waiting = await asyncio.shield(looking)
        return web.json_response(
            {"ok": not problems, "problems": problems, "waiting": waiting}, status=503 if problems else 200
        )

    return [web.get("/healthz", alive), web.get("/readyz", ready)]
