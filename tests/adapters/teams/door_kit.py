"""What the tests of the door for Teams share: an issuer of tokens, the door over real HTTP, a recording inbox."""

import datetime
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
from aiohttp import ClientSession, web
from pydantic import SecretStr

from adapters.teams.app import PATH, routes
from adapters.teams.settings import TeamsSettings
from bot.incoming import Incoming
from bot.message import Reply, Text
from bot.ports import Say
from sandbox.faults import FaultPlan
from sandbox.teams.app import serve_issuer
from sandbox.teams.issuer import Issuer
from tests.adapters.teams.recorded import APP_ID, TENANT, payload

SERVICE_URL = "https://smba.trafficmanager.net/emea/"


def say(text: Text) -> str:
    """Says plain strings as they are, and of a text only which it would be."""
    return text if isinstance(text, str) else str(getattr(text, "key", text))


def speaker(locale: str) -> Say:
    return lambda text: f"{locale}: {say(text)}"


def clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass
class RecordingInbox:
    """The core's side of the door: notes what comes, and answers or fails as it is told."""

    reply: Reply | None = None
    error: Exception | None = None
    received: list[Incoming] = field(default_factory=list)

    async def receive(self, incoming: Incoming) -> Reply | None:
        if self.error is not None:
            raise self.error
        self.received.append(incoming)
        return self.reply


class Answer(msgspec.Struct, frozen=True):
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return msgspec.json.decode(self.body)


@dataclass
class Teams:
    """An issuer that is served, the bot's door, and what has come through it."""

    issuer: Issuer
    faults: FaultPlan
    settings: TeamsSettings
    inbox: RecordingInbox
    session: ClientSession
    url: str

    async def send(self, activity: object, authorization: str | None = None, **headers: str) -> Answer:
        """POST an activity, with a good token when no other is given; an empty one is left out."""
        raw = activity if isinstance(activity, bytes) else msgspec.json.encode(activity)
        token = f"Bearer {self.issuer.token(SERVICE_URL)}" if authorization is None else authorization
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        shown = {"Content-Type": "application/json", **({"Authorization": token} if token else {}), **named}
        async with self.session.post(f"{self.url}{PATH}", data=raw, headers=shown) as got:
            return Answer(got.status, await got.read(), dict(got.headers))

    async def say(self, text: str = "status") -> Answer:
        return await self.send({**payload("personal_message"), "text": text})


def settings_for(issuer: Issuer) -> TeamsSettings:
    return TeamsSettings(
        app_id=issuer.app_id,
        app_password=SecretStr(issuer.app_password),
        tenant_id=issuer.tenant_id,
        openid_metadata_url=issuer.metadata_url,
        login_url=issuer.url,
        _env_file=None,
    )


@asynccontextmanager
async def teams() -> AsyncIterator[Teams]:
    issuer, faults, inbox = Issuer(APP_ID, "password", TENANT), FaultPlan(), RecordingInbox()
    async with serve_issuer(issuer, faults), ClientSession() as session:
        settings = settings_for(issuer)
        async with served(routes(settings, session, inbox, speaker, clock)) as url:
            yield Teams(issuer, faults, settings, inbox, session, url)


@asynccontextmanager
async def served(door: list[web.RouteDef]) -> AsyncIterator[str]:
    """The bot's own address, served over HTTP."""
    # A server whose own limit is higher than ours, as that of the whole bot may be.
    app = web.Application(client_max_size=64_000_000)
    app.add_routes(door)
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
