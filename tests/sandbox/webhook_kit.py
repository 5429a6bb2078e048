"""An address that listens to the Jira stand-in: it keeps what comes in and answers what it is told to."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.jira import serving


@dataclass(frozen=True)
class Heard:
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def event(self) -> str:
        return str(self.body["webhookEvent"])

    @property
    def identifier(self) -> str:
        return self.headers["X-Atlassian-Webhook-Identifier"]


@dataclass
class Ear:
    """`answers` are the statuses of the next answers; afterwards it is always 200."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append(Heard(dict(request.headers), await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    @property
    def events(self) -> list[str]:
        return [one.event for one in self.heard]

    @property
    def keys(self) -> list[str]:
        return [one.body["issue"]["key"] for one in self.heard]


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    ear, app = Ear(), web.Application()
    app.router.add_post("/jira/webhook", ear.hear)
    async with serving(app) as url:
        ear.url = f"{url}/jira/webhook"
        yield ear
