"""What we compare with, a process of its own: a bolt AsyncApp as its manual writes it, whose listeners do nothing."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.children import say_ready, until_stdin_ends
from tests.bench.events import SECRET


def bolt(slack_url: str, *, process_before_response: bool) -> AsyncApp:
    client = AsyncWebClient("xoxb-bench", base_url=slack_url)
    app = AsyncApp(client=client, signing_secret=SECRET, process_before_response=process_before_response)

    async def nothing() -> None:
        return

    async def acknowledge(ack: Callable[[], Awaitable[None]]) -> None:
        await ack()

    app.event("message")(nothing)
    app.action("done")(acknowledge)
    return app


async def main(slack_url: str, mode: str) -> None:
    app = bolt(slack_url, process_before_response=mode == "before")
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say_ready(runner.addresses[0][1])
    await until_stdin_ends()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
