"""Puts the stand-in together: the API behind sign-in and faults, pages for people and control addresses beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.confluence import browse, content, control, search, spaces, version2
from sandbox.confluence.auth import Access, auth_middleware
from sandbox.confluence.paging import CURSORS, LIMITS, Cursors, Limits
from sandbox.confluence.state import State
from sandbox.confluence.wire import CALLS, STATE, Calls, api_of, count_calls, errors_middleware, is_api
from sandbox.faults import FaultPlan, Rule, fault_routes, faults_middleware
from sandbox.loopback import only_from_here

Around = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
FAULTS = web.AppKey("faults", FaultPlan)


def _on_api_only(inner: Around) -> Middleware:
    """Faults are for programs; the pages stay readable."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        return await inner(request, handler) if is_api(request.path) else await handler(request)

    return middleware


def _limited(rule: Rule) -> web.Response:
    body = {"code": 429, "message": "Rate limit exceeded. Please retry after the time in Retry-After."}
    return web.json_response(body, status=429, headers={"Retry-After": str(rule.retry_after)})


def make_app(
    state: State | None = None,
    *,
    access: Access,
    faults: FaultPlan | None = None,
    limits: Limits | None = None,
) -> web.Application:
    """A Confluence over this state. `access` holds the only credentials that come in, `faults` what it shows wrong.

    The parts can be had back from the app under the keys STATE, CALLS, FAULTS, LIMITS and CURSORS.
    """
    state, plan = state or State(), faults or FaultPlan()
    state.people.add(access.account())
    app = web.Application(
        middlewares=[
            only_from_here,
            count_calls,
            _on_api_only(faults_middleware(plan, _limited)),
            auth_middleware(access),
            errors_middleware,
        ]
    )
    app[STATE], app[FAULTS], app[CALLS] = state, plan, Calls(Counter())
    app[LIMITS], app[CURSORS], app[search.KEPT] = limits or Limits(), Cursors(), search.Kept()
    for part in (search, content, spaces):
        app.add_routes(part.routes(api_of(state)))
    app.add_routes([*(version2.routes() if state.is_cloud else ()), *browse.routes(state), *control.routes()])
    app.add_routes(fault_routes(plan))
    return app
