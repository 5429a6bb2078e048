"""The stand-in as a web application: the connector, the issuer of tokens, and the control paths of a test.

Control paths: `GET /_sandbox/messages` (`?at_least=N&timeout=S` waits for N posts), `POST /_sandbox/settings`,
`/_sandbox/faults`, `POST /_sandbox/people/{person}/{act}`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import cast

import msgspec
from aiohttp import web
from aiohttp.typedefs import Middleware

from sandbox.faults import FaultPlan, Handler, Rule, fault_routes, faults_middleware
from sandbox.front import Front, Line, front_route
from sandbox.loopback import serving
from sandbox.teams import acts
from sandbox.teams.company import Call, Company
from sandbox.teams.connector import Connector
from sandbox.teams.errors import Json, TeamsError
from sandbox.teams.issuer import Issuer
from sandbox.teams.limits import PER_SECOND, READING, SENDING

CURRENT: ContextVar[Call] = ContextVar("CURRENT")
CODES = {412: "PreconditionFailed", 429: "Throttled", 502: "BadGateway", 503: "ServiceUnavailable"}


class Settings(msgspec.Struct, forbid_unknown_fields=True):
    """What `POST /_sandbox/settings` may hold. `limits` switches Teams' own on or off; `revoke` makes every token of
    the bot invalid; `installed` are people for whom the app is there without a word to the bot.
    """

    limits: bool | None = None
    revoke: bool = False
    installed: list[str] = []
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


def _limited(rule: Rule) -> web.Response:
    return TeamsError(429, CODES[429], "Too Many Requests", retry_after=rule.retry_after).answer()


def _failed(rule: Rule) -> web.Response:
    retry_after = rule.retry_after if rule.status in (412, 503) else None
    code = CODES.get(rule.status, "ServiceError")
    return TeamsError(rule.status, code, "told to fail", retry_after=retry_after).answer()


def _record_calls(company: Company) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        call = Call(method=request.method, path=request.path)
        CURRENT.set(call)
        if "/v3/" in request.path:
            company.calls.append(call)
            company.touch()
        return await handler(request)

    return middleware


def _apply(company: Company, settings: Settings) -> None:
    """Raises ValueError for a person whom nobody knows."""
    if settings.limits is not None:
        limits = (SENDING, READING, PER_SECOND) if settings.limits else ((), (), None)
        company.limits.configure(*limits)
    if settings.revoke:
        company.issuer.revoke()
    for name in settings.installed:
        person = company.find_person(name)
        if person is None:
            raise ValueError(f"nobody is called {name}")
        company.install(person)
    if settings.bot_url is not None:
        company.bot_url = settings.bot_url
    company.advance(settings.advance_clock)


def _report(company: Company) -> Json:
    shown: Json = msgspec.to_builtins(
        {"posts": company.posts, "messages": company.messages, "calls": company.calls, "typing": company.typing}
    )
    return {**shown, "asked": dict(company.issuer.asked)}


def _control_routes(company: Company) -> list[web.RouteDef]:
    async def messages(request: web.Request) -> web.Response:
        try:
            at_least = int(request.query.get("at_least", "0"))
            await company.posted(at_least, float(request.query.get("timeout", "5")))
        except TimeoutError as error:
            raise web.HTTPRequestTimeout(text="there are fewer posts than asked for") from error
        return web.json_response(_report(company))

    async def settings(request: web.Request) -> web.Response:
        try:
            _apply(company, msgspec.json.decode(await request.read(), type=Settings))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        return web.json_response({"ok": True})

    return [
        web.get("/_sandbox/messages", messages),
        web.post("/_sandbox/settings", settings),
        web.post(acts.PATH, acts.act_handler(company)),
    ]


def _front(company: Company) -> Front:
    about = {
        "ru": "Учебная копия Teams: она говорит с ботом так же, как настоящий, а люди в ней пишут по командам.",
        "en": "A stand-in of Teams: it speaks with the bot as the real one does, and its people write when told to.",
    }

    def lines() -> list[Line]:
        said = [(one, one.message.activity) for one in company.posts]
        return [
            Line(f"{one.message.conversation} · {one.kind}", str(activity.get("summary") or activity.get("text") or ""))
            for one, activity in said
        ]

    return Front("Teams", about, lines, ("/_sandbox/messages",))


def make_app(company: Company, faults: FaultPlan | None = None) -> web.Application:
    """The whole stand-in; `serve` also tells the company and its issuer their address."""
    plan = FaultPlan() if faults is None else faults
    show_faults = cast(Middleware, faults_middleware(WitnessedPlan(plan), _limited, _failed))
    app = web.Application(middlewares=[_record_calls(company), show_faults])
    connector = Connector(company, CURRENT.get)
    app.add_routes([front_route(_front(company))])
    app.add_routes([*connector.routes(), *company.issuer.routes(), *fault_routes(plan), *_control_routes(company)])
    return app


@asynccontextmanager
async def serve(company: Company, faults: FaultPlan | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve the stand-in on loopback; yields its address without a slash at the end."""
    async with serving(make_app(company, faults), port) as url:
        company.base_url = company.issuer.url = url
        yield url


@asynccontextmanager
async def serve_issuer(issuer: Issuer, faults: FaultPlan | None = None, port: int = 0) -> AsyncIterator[str]:
    """Serve only the issuer, on loopback; yields its address, which it then knows itself."""
    plan = FaultPlan() if faults is None else faults
    app = web.Application(middlewares=[cast(Middleware, faults_middleware(plan))])
    app.add_routes([*issuer.routes(), *fault_routes(plan)])
    async with serving(app, port) as url:
        issuer.url = url
        yield url
