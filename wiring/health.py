"""Is it alive; can it commit and deliver."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web
from redis.asyncio import Redis

from adapters.store.connect import check_server
from bot.closed_accounts import counts
from bot.errors import StoreError
from wiring.parts import Bot


class Ready(msgspec.Struct, frozen=True):
    """What keeps the bot from working; how many lanes wait, by destination; how many people's accounts were closed by
    the platform, by channel."""

    problems: list[str]
    waiting: dict[str, int]
    closed_accounts: dict[str, int]


def health_routes(client: Redis, bot: Bot) -> list[web.RouteDef]:
    """`/healthz` says that the process answers, `/readyz` that the store keeps its promises and lanes move."""

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    looking: asyncio.Task[Ready] | None = None

    async def looked() -> Ready:
        problems = [problem.code for problem in await check_server(client) if problem.fatal]
        waiting: dict[str, int] = {}
        closed: dict[str, int] = {}
        if not problems:
            try:
                waiting = await bot.company.store.waiting()
                closed = await counts(bot.company.store, bot.company.channels)
            except StoreError as error:
                problems.append(type(error).__name__)
        return Ready(problems, waiting, closed)

    async def ready(_: web.Request) -> web.Response:
        """All who ask while an answer is under way get that one: a flood of them leaves the lanes their connections."""
        nonlocal looking
        if looking is None or looking.done():
            looking = asyncio.create_task(looked(), name="readiness")
        found = await asyncio.shield(looking)
        return web.json_response(
            {"ok": not found.problems, **msgspec.to_builtins(found)}, status=503 if found.problems else 200
        )

    return [web.get("/healthz", alive), web.get("/readyz", ready)]
