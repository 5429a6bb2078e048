"""Faults that a stand-in can be told to show: the ways in which a real service fails its callers.

A stand-in installs `faults_middleware(plan)`; a test (or a person) adds rules to the plan, directly or over
`POST /_sandbox/faults` with a JSON list of rules, `DELETE` forgets them, `GET` shows them with their counts.
"""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from enum import StrEnum

import msgspec
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTROL_PATH = "/_sandbox/faults"


class Kind(StrEnum):
    RATE_LIMIT = "rate_limit"  # 429 with Retry-After: nothing was written
    ERROR = "error"  # 500, or another status of the rule: nothing was written
    HANG = "hang"  # no answer for `seconds`, and nothing is ever written
    LATE = "late"  # no answer for `seconds`, then the request is applied all the same
    LOST = "lost"  # applied at once, but the connection breaks before the answer
    CUT = "cut"  # the connection breaks, and nothing is ever written


class Rule(msgspec.Struct, kw_only=True):
    """Show `kind` for requests whose "METHOD /path " contains `match`; the space lets a rule end with the path.

    `chance` is drawn for every matching request; `times` (None: no end) counts the faults still to be shown.
    `reason` says why a rate limit is shown, where the service gives a reason. `status` is that of an error.
    """

    kind: Kind
    match: str = ""
    chance: float = 1.0
    times: int | None = None
    seconds: float = 30.0
    retry_after: int = 1
    status: int = 500
    reason: str = ""
    shown: int = 0


Limited = Callable[[Rule], web.Response]
Failed = Callable[[Rule], web.Response]


class FaultPlan:
    """The rules in force, asked once for every request; the first rule that matches and draws wins."""

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Rule] = []
        self._random = random.Random(seed)
        self._released = asyncio.Event()

    def add(self, *rules: Rule) -> None:
        self.rules.extend(rules)

    def clear(self) -> None:
        self.rules.clear()

    def release(self) -> None:
        """End what hangs, now and from now on."""
        self._released.set()

    async def silence(self, seconds: float) -> None:
        """So long, or until it is released."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._released.wait(), seconds)

    def draw(self, request_line: str) -> Rule | None:
        for rule in self.rules:
            if rule.match not in request_line or rule.times == 0:
                continue
            if self._random.random() >= rule.chance:
                continue
            if rule.times is not None:
                rule.times -= 1
            rule.shown += 1
            return rule
        return None


def plain_limit(rule: Rule) -> web.Response:
    """A 429 in Slack's words, with the one header that every service gives."""
    answer = {"ok": False, "error": "ratelimited"}
    return web.json_response(answer, status=429, headers={"Retry-After": str(rule.retry_after)})


def plain_error(rule: Rule) -> web.Response:
    """An error in nobody's words."""
    return web.Response(status=rule.status, text="sandbox: told to fail")


async def _show(
    plan: FaultPlan, rule: Rule, request: web.Request, handler: Handler, limited: Limited, failed: Failed
) -> web.StreamResponse:
    await request.read()  # a late request is applied after its caller has gone: its body must be here by then
    match rule.kind:
        case Kind.RATE_LIMIT:
            return limited(rule)
        case Kind.ERROR:
            return failed(rule)
        case Kind.HANG:
            await plan.silence(rule.seconds)
            return web.Response(status=504, text="sandbox: told to hang")
        case Kind.LATE:
            await asyncio.sleep(rule.seconds)
            return await handler(request)
        case Kind.LOST:
            response = await handler(request)
            _break(request)
            return response
        case Kind.CUT:
            _break(request)
            return web.Response(status=502)


def _break(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def faults_middleware(
    plan: FaultPlan, limited: Limited = plain_limit, failed: Failed = plain_error
) -> Callable[[web.Request, Handler], Awaitable[web.StreamResponse]]:
    """Middleware that shows the plan's faults; requests of the control paths (`/_sandbox/...`) never fail.

    `limited` and `failed` make the answers of a rate limit and of an error, which each service words in its own way.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/_sandbox/"):
            return await handler(request)
        rule = plan.draw(f"{request.method} {request.path} ")
        return await handler(request) if rule is None else await _show(plan, rule, request, handler, limited, failed)

    return middleware


def fault_routes(plan: FaultPlan) -> list[web.RouteDef]:
    """The control address of a plan, for callers in another process."""

    async def show(_: web.Request) -> web.Response:
        return web.json_response(msgspec.to_builtins(plan.rules))

    async def add(request: web.Request) -> web.Response:
        try:
            plan.add(*msgspec.json.decode(await request.read(), type=list[Rule]))
        except msgspec.DecodeError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return await show(request)

    async def clear(request: web.Request) -> web.Response:
        plan.clear()
        return await show(request)

    return [web.get(CONTROL_PATH, show), web.post(CONTROL_PATH, add), web.delete(CONTROL_PATH, clear)]
