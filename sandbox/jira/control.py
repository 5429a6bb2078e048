"""The control address: settings on demand, and the whole truth for tests, however much a search lags."""

import msgspec
from aiohttp import web
from msgspec import Struct

from sandbox.jira.view import View
from sandbox.jira.wire import CALLS, STATE

SETTINGS_PATH = "/_sandbox/settings"
ISSUES_PATH = "/_sandbox/issues"


class Settings(Struct, forbid_unknown_fields=True):
    """`search_lag`: seconds by which a JQL search sees issues late."""

    search_lag: float


async def show_settings(request: web.Request) -> web.Response:
    return web.json_response({"search_lag": request.app[STATE].search_lag})


async def set_settings(request: web.Request) -> web.Response:
    try:
        wanted = msgspec.json.decode(await request.read(), type=Settings)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error
    request.app[STATE].search_lag = wanted.search_lag
    return await show_settings(request)


async def show_issues(request: web.Request) -> web.Response:
    """Every issue as it is now, and how often each write was received and applied."""
    view, calls = View.of(request), request.app[CALLS]
    issues = [
        {**view.issue(issue, expand=("changelog", "transitions")), "properties": issue.properties}
        for issue in request.app[STATE].issues()
    ]
    counts = {"calls": dict(calls.received), "applied": dict(calls.applied)}
    return web.json_response({"issues": issues, **counts})


def routes() -> list[web.RouteDef]:
    return [
        web.get(SETTINGS_PATH, show_settings),
        web.post(SETTINGS_PATH, set_settings),
        web.get(ISSUES_PATH, show_issues),
    ]
