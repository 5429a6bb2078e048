"""A Teams that shows nothing, a process of its own: it issues tokens, and takes every message of a bot that has one.

It keeps what was said in each conversation; addresses of the bench tell it.
"""

import asyncio
import json
import time
from collections import defaultdict
from itertools import count

from aiohttp import web

from sandbox.teams.issuer import Issuer
from tests.bench.activities import APP_ID, APP_PASSWORD, TENANT
from tests.bench.children import say_ready, until_stdin_ends

POSTED = "/v3/conversations/{conversation}/activities"


class Connector:
    """The part of the Bot Connector that replies go to, and the issuer beside it."""

    def __init__(self) -> None:
        self.issuer = Issuer(APP_ID, APP_PASSWORD, TENANT)
        self._said: defaultdict[str, list[str]] = defaultdict(list)
        self._total, self._last = 0, 0.0
        self._numbers = count(1)

    def routes(self) -> list[web.RouteDef]:
        return [
            *self.issuer.routes(),
            web.post(POSTED, self._post),
            web.post(f"{POSTED}/{{activity}}", self._post),
            web.get("/bench/tokens/{count}", self._tokens),
            web.get("/bench/progress", self._progress),
            web.get("/bench/replies", self._replies),
        ]

    async def _post(self, request: web.Request) -> web.Response:
        """What is no message (that somebody is typing, for example) is taken, and is no reply."""
        raw = await request.read()
        if not self.issuer.takes(request.headers.get("Authorization", "")):
            raise web.HTTPUnauthorized
        activity = json.loads(raw)
        if activity.get("type") == "message":
            self._total, self._last = self._total + 1, time.perf_counter()
            self._said[request.match_info["conversation"]].append(words(activity))
        return web.Response(text=f'{{"id":"{next(self._numbers)}"}}', content_type="application/json", status=201)

    # --- for the bench

    async def _tokens(self, request: web.Request) -> web.Response:
        """So many tokens, each with bytes of its own, as the channel would sign its activities with them."""
        wanted = range(int(request.match_info["count"]))
        return web.json_response([self.issuer.token(self.issuer.url, jti=f"bench-{number}") for number in wanted])

    async def _progress(self, _: web.Request) -> web.Response:
        return web.json_response({"replies": self._total, "last": self._last})

    async def _replies(self, _: web.Request) -> web.Response:
        """What was said in each conversation since this was last asked."""
        said = dict(self._said)
        self._said.clear()
        return web.json_response(said)


def words(activity: dict[str, object]) -> str:
    """What a message says, in a text or in cards; empty when it says nothing."""
    text, attachments = activity.get("text"), activity.get("attachments")
    return str(text or "") or (json.dumps(attachments, ensure_ascii=False) if attachments else "")


async def main() -> None:
    connector = Connector()
    app = web.Application()
    app.add_routes(connector.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    connector.issuer.url = f"http://127.0.0.1:{port}"
    say_ready(port)
    await until_stdin_ends()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
