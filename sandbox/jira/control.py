"""The control address: settings on demand, and the whole truth for tests, however much a search lags."""

import asyncio

import msgspec
from aiohttp import web
from msgspec import UNSET, Struct, UnsetType

from sandbox.jira.issues import listed
from sandbox.jira.limits import WRITE_LIMITS
from sandbox.jira.view import View
from sandbox.jira.wire import CALLS, STATE, Json, number

SETTINGS_PATH = "/_sandbox/settings"
ISSUES_PATH = "/_sandbox/issues"
CALLS_PATH = "/_sandbox/calls"
_EXPANDED = frozenset({"changelog", "transitions"})
_AT_ONCE = 200


class Settings(Struct, forbid_unknown_fields=True):
    """What is not named stays. `search_lag`: seconds by which a JQL search sees issues late.

    `write_limits`: whether Cloud's limits on the writes to one issue are in force.
    """

    search_lag: float | UnsetType = UNSET
    write_limits: bool | UnsetType = UNSET


async def show_settings(request: web.Request) -> web.Response:
    limits = request.app[WRITE_LIMITS].is_on
    return web.json_response({"search_lag": request.app[STATE].search_lag, "write_limits": limits})


async def set_settings(request: web.Request) -> web.Response:
    try:
        wanted = msgspec.json.decode(await request.read(), type=Settings)
    except msgspec.DecodeError as error:
        raise web.HTTPBadRequest(text=str(error)) from error
    if wanted.search_lag is not UNSET:
        request.app[STATE].search_lag = wanted.search_lag
    if wanted.write_limits is not UNSET:
        request.app[WRITE_LIMITS].is_on = wanted.write_limits
    return await show_settings(request)


def _counts(request: web.Request) -> Json:
    calls = request.app[CALLS]
    return {"calls": dict(calls.received), "applied": dict(calls.applied)}


async def show_issues(request: web.Request) -> web.Response:
    """Every issue as it is now, and how often each write was received and applied.

    Where there are many: `startAt` and `maxResults` cut, `fields` chooses, `expand=` (empty) leaves out the rest.
    """
    view, state = View.of(request), request.app[STATE]
    start, limit = (number(request.query.get(name), 0) for name in ("startAt", "maxResults"))
    every = state.issues()
    wanted = every[start : start + limit] if limit else every[start:]
    chosen, expand = listed(request, "fields"), set(listed(request, "expand"))
    more = expand if "expand" in request.query else _EXPANDED
    shown = []
    for count, issue in enumerate(wanted, 1):
        shown.append({**view.issue(issue, chosen, more), "properties": issue.properties})
        if count % _AT_ONCE == 0:
            await asyncio.sleep(0)  # ten thousand issues must not hold up whoever waits for an answer
    body = msgspec.json.encode({"issues": shown, "total": len(every), **_counts(request)})
    return web.Response(body=body, content_type="application/json")


async def show_calls(request: web.Request) -> web.Response:
    """The counts alone."""
    return web.json_response(_counts(request))


def routes() -> list[web.RouteDef]:
    return [
        web.get(SETTINGS_PATH, show_settings),
        web.post(SETTINGS_PATH, set_settings),
        web.get(ISSUES_PATH, show_issues),
        web.get(CALLS_PATH, show_calls),
    ]
