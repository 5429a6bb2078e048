"""The stand-in as a web application: Web API, Socket Mode, response URLs, and the control paths of a test.

Control paths: `GET /_sandbox/messages` (`?at_least=N&timeout=S` waits for N posts), `GET /_sandbox/homes`,
`POST /_sandbox/settings`, `POST /_sandbox/disconnect`, `/_sandbox/faults`, `POST /_sandbox/people/{user}/{act}`.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import cast

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import FaultPlan, Handler, Kind, Rule, fault_routes, faults_middleware
from sandbox.front import Front, Line, front_route
from sandbox.loopback import serving
from sandbox.slack import acts, hooks, sockets
from sandbox.slack.errors import Json
from sandbox.slack.limits import TIERS
from sandbox.slack.web_api import method_handler
from sandbox.slack.workspace import Call, Workspace

API = "/api/"
CURRENT: ContextVar[Call] = ContextVar("CURRENT")


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /_sandbox/settings` may hold. The three limits belong together and start afresh each time.

    `posts_per_second` is for chat.postMessage in one channel (Slack: about 1), with `burst` at once. `tiers`: also
    Slack's own limits of the other methods.
    """

    posts_per_second: float | None = None
    burst: int = 1
    per_minute: dict[str, int] = msgspec.field(default_factory=dict)
    tiers: bool = False
    scopes: list[str] | None = None
    bot_url: str | None = None
    advance_clock: float = 0.0


class WitnessedPlan(FaultPlan):
    """The plan of the test; which fault a request met is noted in its call."""

    def __init__(self, plan: FaultPlan) -> None:
        super().__init__()
        self._plan = plan

    def draw(self, request_line: str) -> Rule | None:
        rule = self._plan.draw(request_line)
        if rule is not None:
            CURRENT.get().fault = str(rule.kind)
        return rule


def _current_fault() -> str | None:
    return CURRENT.get().fault


def _record_calls(workspace: Workspace) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        call = Call(method=request.match_info.get("method", request.path))
        CURRENT.set(call)
        if request.path.startswith(API):
            workspace.calls.append(call)
            workspace.touch()
        return await handler(request)

    return middleware


def _report(workspace: Workspace) -> Json:
    counts = Counter(call.method for call in workspace.calls)
    late = [call for call in workspace.calls if call.fault == Kind.LATE and call.applied]
    return {
        "posts": msgspec.to_builtins(workspace.posts),
        "channels": workspace.messages.everything(),
        "calls": dict(counts),
        "applied_late": dict(Counter(call.method for call in late)),
        "call_log": msgspec.to_builtins(workspace.calls),
    }


def _apply(workspace: Workspace, settings: Settings) -> None:
    per_minute = {**(TIERS if settings.tiers else {}), **settings.per_minute}
    workspace.limits.configure(settings.posts_per_second, settings.burst, per_minute)
    workspace.advance(settings.advance_clock)
    if settings.scopes is not None:
        workspace.scopes = tuple(settings.scopes)
    if settings.bot_url is not None:
        workspace.bot_url = settings.bot_url


def _control_routes(workspace: Workspace) -> list[web.RouteDef]:
    async def messages(request: web.Request) -> web.Response:
        try:
            at_least = int(request.query.get("at_least", "0"))
            await workspace.posted(at_least, float(request.query.get("timeout", "5")))
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="there are fewer posts than asked for") from error
        return web.json_response(_report(workspace))

    async def homes(_: web.Request) -> web.Response:
        open_modals = [modal for modal in workspace.views.modals.values() if modal.is_open]
        modals = [{"user": modal.user, "view": modal.view} for modal in open_modals]
        return web.json_response({"homes": workspace.views.homes, "modals": modals})

    async def settings(request: web.Request) -> web.Response:
        try:
            _apply(workspace, msgspec.json.decode(await request.read(), type=Settings))
        except msgspec.DecodeError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response({"ok": True})

    async def disconnect(request: web.Request) -> web.Response:
        await workspace.sockets.disconnect(request.query.get("reason", "refresh_requested"))
        return web.json_response({"ok": True})

    return [
        web.get("/_sandbox/messages", messages),
        web.get("/_sandbox/homes", homes),
        web.post("/_sandbox/settings", settings),
        web.post("/_sandbox/disconnect", disconnect),
        web.post(acts.PATH, acts.act_handler(workspace)),
    ]


def _front(workspace: Workspace) -> Front:
    about = {
        "ru": "Учебная копия Slack: она говорит с ботом так же, как настоящий, а люди в ней пишут по командам.",
        "en": "A stand-in of Slack: it speaks with the bot as the real one does, and its people write when told to.",
    }

    def lines() -> list[Line]:
        return [Line(f"{one.channel} · {one.method}", str(one.message.get("text", ""))) for one in workspace.posts]

    return Front("Slack", about, lines, ("/_sandbox/messages", "/_sandbox/homes"))


def make_app(workspace: Workspace, faults: FaultPlan | None = None) -> web.Application:
    """The whole stand-in; whoever serves it sets `workspace.base_url`, or uses `serve`, which does."""
    plan = FaultPlan() if faults is None else faults
    show_faults = cast(Middleware, faults_middleware(WitnessedPlan(plan)))
    app = web.Application(middlewares=[_record_calls(workspace), show_faults])
    method = method_handler(workspace, CURRENT.get)
    app.add_routes(
        [
            web.get(API + "{method}", method),
            web.post(API + "{method}", method),
            web.post(hooks.PATH + "/{token}", hooks.response_handler(workspace, _current_fault)),
            web.get(sockets.PATH, workspace.sockets.serve),
            front_route(_front(workspace)),
            *fault_routes(plan),
            *_control_routes(workspace),
        ]
    )

    async def close_sockets(_: web.Application) -> None:
        await workspace.sockets.close()

    app.on_shutdown.append(close_sockets)
    return app


@asynccontextmanager
async def serve(workspace: Workspace, faults: FaultPlan | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve the stand-in on loopback; yields its address without a slash at the end."""
    async with serving(make_app(workspace, faults), port) as url:
        workspace.base_url = url
        yield url
