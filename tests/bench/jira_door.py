"""The stand-in of Jira, a process of its own, with the issues of so many journeys; it counts what is asked of it.

Beside it stand addresses of the bench: what nobody tells the bot happens there.
"""

import asyncio
import datetime
import sys
from collections import Counter

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.jira import Access, Deployment, State, make_app, serving
from sandbox.jira.webhooks import Webhooks
from tests.bench.children import say_ready, until_stdin_ends
from tests.bench.jira_news import TOKEN, USER
from tests.bench.linked import DUE, HEAD, TRACKED, jira_with, ref

PAT = "bench-pat"


COUNTED = web.AppKey("counted", dict[str, int])


def door(state: State) -> web.Application:
    """Under COUNTED is how often each address was asked."""
    app = make_app(state, access=Access(USER, TOKEN, PAT), webhooks=Webhooks(state))
    app[COUNTED] = counted = Counter[str]()

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/rest/"):
            counted[f"{request.method} {request.path}"] += 1
        return await handler(request)

    async def asked(_: web.Request) -> web.Response:
        """How often each address was asked since it was last looked at."""
        found = dict(counted)
        counted.clear()
        return web.json_response(found)

    async def drift(request: web.Request) -> web.Response:
        """Every so manieth issue gets another due day."""
        every = int(request.match_info["every"])
        for issue in state.issues()[::every]:
            state.edit(issue.key, {"duedate": (issue.duedate or DUE) + datetime.timedelta(days=1)}, HEAD.name)
        return web.Response()

    async def delete(request: web.Request) -> web.Response:
        """One issue of each of so many journeys."""
        for journey in range(int(request.match_info["journeys"])):
            state.delete(ref(journey, journey % len(TRACKED))[1], HEAD.name)
        return web.Response()

    app.middlewares.insert(0, count)
    app.router.add_get("/bench/asked", asked)
    app.router.add_get("/bench/drift/{every}", drift)
    app.router.add_get("/bench/delete/{journeys}", delete)
    return app


async def main(journeys: str, deployment: str) -> None:
    state = jira_with(int(journeys), Deployment(deployment))
    async with serving(door(state)) as url:
        say_ready(int(url.rpartition(":")[2]))
        await until_stdin_ends()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
