"""Puts the stand-in together: the API behind sign-in and faults, the page and the control address beside it."""

from collections import Counter
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from msgspec.structs import replace

from sandbox.faults import FaultPlan, Rule, fault_routes, faults_middleware
from sandbox.jira import control, directory, issues, links, page, search, users, webhook_control
from sandbox.jira.auth import Access, auth_middleware
from sandbox.jira.limits import BURST, WRITE_LIMITS, WriteLimits, too_many, write_limits_middleware
from sandbox.jira.people import People, User
from sandbox.jira.state import State
from sandbox.jira.webhooks import WEBHOOKS, Webhooks
from sandbox.jira.wire import CALLS, STATE, Calls, count_applied, count_received, errors_middleware
from sandbox.loopback import only_from_here

Around = Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]
FAULTS = web.AppKey("faults", FaultPlan)


def _on_api_only(inner: Around) -> Middleware:
    """Faults are for programs; the page stays usable, and its polling uses up no fault."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/rest/"):
            return await inner(request, handler)
        return await handler(request)

    return middleware


def _bot(people: People, access: Access) -> User:
    """Who the credentials belong to: a user with that name or address, who is added when there is none."""
    address = access.user if "@" in access.user else ""
    unknown = User(name=access.user.partition("@")[0], display_name="Butterboard", email_address=address)
    user = people.any_match(access.user) or unknown
    user = replace(user, time_zone=access.time_zone or user.time_zone)
    people.add(user)
    return user


def make_app(
    state: State | None = None,
    *,
    access: Access,
    faults: FaultPlan | None = None,
    webhooks: Webhooks | None = None,
    write_limits: WriteLimits | None = None,
) -> web.Application:
    """A Jira over this state. `access` holds the only credentials that come in, `faults` what it shows wrong.

    `webhooks` (of the same state) tells others what happens, `write_limits` are Cloud's for each issue. The parts
    can be had back from the app under the keys STATE, CALLS, FAULTS, WEBHOOKS and WRITE_LIMITS.
    """
    state, plan = state or State(), faults or FaultPlan()
    write_limits = write_limits or WriteLimits()

    def limited(rule: Rule) -> web.Response:
        return too_many(state, rule.retry_after, rule.reason or BURST)

    app = web.Application(
        middlewares=[
            only_from_here,
            count_received,
            _on_api_only(faults_middleware(plan, limited)),
            count_applied,
            auth_middleware(access, _bot(state.people, access).name),
            write_limits_middleware(write_limits),
            errors_middleware,
        ]
    )
    app[STATE], app[FAULTS], app[CALLS] = state, plan, Calls(Counter(), Counter())
    app[WRITE_LIMITS], app[search.LAST] = write_limits, search.Last()
    app[WEBHOOKS] = webhooks or Webhooks(state)
    app.cleanup_ctx.append(app[WEBHOOKS].running)
    for part in (directory, users, search, issues, links, control, webhook_control, page):
        app.add_routes(part.routes())
    app.add_routes(fault_routes(plan))
    return app
