"""What the tests of the Slack adapter share: recorded payloads, a recording inbox, the bot's door over real HTTP."""

import datetime
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import bolt_app, routes
from adapters.slack.client import Identity, web_client
from adapters.slack.inbound import Installation
from adapters.slack.outbound import SlackChannel
from adapters.slack.settings import SlackSettings
from bot.incoming import Incoming
from bot.message import Reply, Text
from bot.people import Person
from bot.ports import Say
from sandbox.faults import FaultPlan
from sandbox.slack import Channel as SlackConversation
from sandbox.slack import Person as Member
from sandbox.slack import SlackUser, Workspace, serve
from tests.hurry import LONG

PAYLOADS = Path(__file__).with_name("payloads")
HERE = Installation(team="T0BUTTER001", user="U0BUTTERBOT", bot="B0BUTTER001", app="A0BUTTER001")
NOW = datetime.datetime(2026, 11, 25, 9, 0, tzinfo=datetime.UTC)
ANNA = Person(id="anna", email="anna@example.com", name="Anna", accounts={"slack": "U0ANNA"})


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def payload_names() -> list[str]:
    return sorted(path.stem for path in PAYLOADS.glob("*.json"))


def say(text: Text) -> str:
    """Says plain strings as they are, and of a text only which it would be."""
    return text if isinstance(text, str) else str(getattr(text, "key", text))


def speaker(_: str) -> Say:
    return say


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


def workspace() -> Workspace:
    made = Workspace(
        people=[
            Member(id="U0ANNA", name="anna", real_name="Anna Petrova", email="anna@example.com", locale="ru-RU"),
            Member(id="U0BORIS", name="boris", email="boris@example.com"),
        ]
    )
    made.tickets.trigger_seconds = LONG
    made.add_channel(SlackConversation(id="C0GENERAL", name="general", members={"U0ANNA", made.bot_user}))
    return made


def settings_for(url: str, timeout: float = LONG) -> SlackSettings:
    return SlackSettings(
        bot_token=SecretStr("xoxb-sandbox"),
        signing_secret=SecretStr("sandbox-signing-secret"),
        app_token=SecretStr("xapp-sandbox"),
        api_url=f"{url}/api/",
        timeout_seconds=timeout,
    )


@dataclass
class Slack:
    """A workspace that is served, and what our side has made of it."""

    workspace: Workspace
    faults: FaultPlan
    settings: SlackSettings
    client: AsyncWebClient
    identity: Identity
    channel: SlackChannel
    inbox: RecordingInbox
    app: AsyncApp

    def user(self, user_id: str, url: str | None, secret: str | None = None) -> SlackUser:
        return SlackUser(self.workspace, user_id, url, secret, timeout=LONG)


@asynccontextmanager
async def slack(timeout: float = LONG) -> AsyncIterator[Slack]:
    faults, inbox, made = FaultPlan(), RecordingInbox(), workspace()
    async with serve(made, faults) as url:
        settings = settings_for(url, timeout)
        async with web_client(settings) as client:
            identity = Identity(client)
            app = bolt_app(settings, client, identity, inbox, speaker, clock)
            channel = SlackChannel(client, identity)
            yield Slack(made, faults, settings, client, identity, channel, inbox, app)


@asynccontextmanager
async def door(slack: Slack) -> AsyncIterator[str]:
    """The bot's own address, served over HTTP."""
    # A server whose own limit is higher than ours, as that of the whole bot may be.
    served = web.Application(client_max_size=64_000_000)
    served.add_routes(routes(slack.settings, slack.app))
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
