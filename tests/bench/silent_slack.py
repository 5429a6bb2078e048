"""A Slack that does nothing, a process of its own: it says yes to every call of the Web API."""

import asyncio
from itertools import count

from aiohttp import web

from tests.bench.children import say_ready, until_stdin_ends

numbers = count(1)


async def call(request: web.Request) -> web.Response:
    await request.read()
    text = (
        '{"ok":true,"team_id":"T0BENCH0001","user_id":"U0BENCHBOT1","bot_id":"B0BENCH0001","user":"butterboard",'
        f'"channel":{{"id":"D0BENCH00001"}},"ts":"1764057601.{next(numbers):06d}"}}'
    )
    return web.Response(text=text, content_type="application/json")


async def main() -> None:
    app = web.Application()
    app.router.add_route("*", "/api/{method}", call)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say_ready(runner.addresses[0][1])
    await until_stdin_ends()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
