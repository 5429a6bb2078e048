"""Slack and its stand-in, for the contract of the channels."""

from __future__ import annotations

import html
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web
from msgspec.structs import replace
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import MOST_BYTES, PATH, bolt_app, routes
from adapters.slack.client import Identity, web_client
from adapters.slack.outbound import SlackChannel
from bot.incoming import Account, Place
from bot.people import Person
from bot.texts import speaker
from sandbox.faults import FaultPlan, Kind, Rule
from sandbox.slack import Channel, Reply, SlackUser, Workspace, serve
from sandbox.slack import Person as Member
from sandbox.slack.blocks import elements_of
from sandbox.slack.delivery import signed_headers
from tests.adapters.slack.kit import settings_for
from tests.contracts.channel.core import Core, now
from tests.contracts.channel.harness import LIMIT, Ability, Fault, Harness, Heard, Met, Seen, until
from tests.contracts.channels import read_in_slack, texts_in
from tests.hurry import LATER, LONG

ROOM = "C0GENERAL"
ANNA = Person(id="anna", email="anna@example.com", name="Anna", locale="en", accounts={"slack": "U0ANNA"})
BORIS = Person(id="boris", email="boris@example.com", name="Boris", locale="en")
MEMBERS = (
    Member(id="U0ANNA", name="anna", email="anna@example.com"),
    Member(id="U0BORIS", name="boris", email="boris@example.com"),
    Member(id="U0GUEST", name="guest", email="anna@example.com", team_id="T0ANOTHER"),
    Member(id="U0ROBOT", name="robot", email="robot@example.com", is_bot=True),
    Member(id="U0LEFT", name="left", email="left@example.com", deleted=True),
    Member(id="U0RESTRICTED", name="restricted", email="restricted@example.com", is_restricted=True),
    Member(id="U0SINGLE", name="single", email="boris@example.org", is_restricted=True, is_ultra_restricted=True),
    Member(id="U0STRANGER", name="stranger", email="stranger@example.com", is_stranger=True),
    Member(id="U0NEW", name="new", email="new@example.com", is_email_confirmed=False),
)
FAULTS = {
    "limited": Rule(kind=Kind.RATE_LIMIT, retry_after=LIMIT),
    "broken": Rule(kind=Kind.ERROR),
    "silent": Rule(kind=Kind.HANG),
    "late": Rule(kind=Kind.LATE, seconds=LATER),
    "cut": Rule(kind=Kind.CUT),
    "lost": Rule(kind=Kind.LOST),
}
NOTHING: dict[Ability, str] = {}


def _user(account: str) -> Met:
    return Met(Account("slack", account), Place("slack", account))


def _somebody(email: str, account: str | None = None) -> Person:
    return Person(id="x", email=email, name="Somebody", accounts={} if account is None else {"slack": account})


OUT_OF_REACH = {
    "not in the workspace": _somebody("nobody@example.com"),
    "an address that Slack does not vouch for": _somebody("new@example.com"),
    "a guest": _somebody("restricted@example.com"),
    "a bot": _somebody("robot@example.com", "U0ROBOT"),
    "has left": _somebody("left@example.com"),
    "an account that never was": _somebody("nobody@example.com", "U0GHOST"),
}
UNVOUCHED = {
    "of another workspace": _user("U0GUEST"),
    "a guest": _user("U0RESTRICTED"),
    "a guest of one channel": _user("U0SINGLE"),
    "a stranger": _user("U0STRANGER"),
    "a bot": _user("U0ROBOT"),
    "has left": _user("U0LEFT"),
    "has not confirmed the address": _user("U0NEW"),
    "unknown": _user("U0GHOST"),
}


class SlackHarness(Harness):
    """Slack can do everything."""

    name = "slack"
    lacks = NOTHING
    anna, boris = ANNA, BORIS
    out_of_reach = OUT_OF_REACH
    member = _user("U0ANNA")
    unvouched = UNVOUCHED
    undecided = ("has not confirmed the address",)
    barred = Place("slack", "C0CLOSED", private=False)
    nowhere = Place("slack", "C0NOWHERE", private=False)
    most_bytes = MOST_BYTES

    def __init__(self, core: Core, workspace: Workspace, faults: FaultPlan, client: AsyncWebClient, url: str) -> None:
        self.core, self._workspace, self._faults, self._client = core, workspace, faults, client
        self._identity = Identity(client)
        self.channel = SlackChannel(client, self._identity)
        self._api, self._token, self._door = client.base_url, workspace.token, url
        self.secrets = (workspace.token, workspace.signing_secret)

    @property
    def unmet(self) -> Person:
        return replace(self.anna, accounts={})

    # --- what people see

    async def shown_to(self, person: Person) -> list[Seen]:
        account = f"U0{person.id.upper()}"
        return self._shown(self._workspace.dm(account).id)

    async def shown_in(self, place: Place) -> list[Seen]:
        return self._shown(place.conversation, place.thread)

    async def home_of(self, person: Person) -> str:
        view = self._workspace.views.homes[f"U0{person.id.upper()}"]
        return html.unescape("\n".join(texts_in(view)))

    def _shown(self, channel: str, thread: str | None = None) -> list[Seen]:
        messages = self._workspace.messages
        found = messages.thread(channel, thread) if thread else messages.everything().get(channel, [])
        return [_seen(channel, message) for message in found if message.get("bot_id") == self._workspace.bot_id]

    # --- what happens to the platform

    async def remove(self, ref: str) -> None:
        conversation, _, ts = ref.rpartition(":")
        self._workspace.messages.remove(conversation, ts)

    async def fail(self, fault: Fault, *, before: bool = False) -> None:
        if fault == "unreachable":
            self._client.base_url = "http://127.0.0.1:9/api/"
        elif fault == "unauthorised":
            self._workspace.token = "xoxb-another"
        else:
            rule = FAULTS[fault]
            match = "users.lookupByEmail" if before else "/api/chat."
            self._faults.add(Rule(kind=rule.kind, match=match, seconds=rule.seconds, retry_after=rule.retry_after))

    async def heal(self) -> None:
        self._client.base_url, self._workspace.token = self._api, self._token
        self._faults.clear()

    async def stall(self) -> None:
        await self.fail("silent")

    async def struck(self) -> None:
        await until(lambda: any(rule.shown for rule in self._faults.rules))

    def hurry(self, seconds: float) -> None:
        self._workspace.advance(seconds)

    # --- what people do

    def _user(self, secret: str | None = None, account: str = "U0ANNA") -> SlackUser:
        return SlackUser(self._workspace, account, self._door, secret, timeout=LONG)

    async def write(self, text: str, by: Person | None = None) -> Heard:
        account = f"U0{(by or self.anna).id.upper()}"
        return _heard(await self._user(account=account).say(text))

    async def mention(self, text: str) -> Heard:
        return _heard(await self._user().mention(ROOM, text))

    async def mention_twice(self, text: str) -> tuple[Heard, Heard]:
        first, second = await self._user().mention_twice(ROOM, text)
        return _heard(first), _heard(second)

    async def press(self, seen: Seen, button: Any) -> Heard:
        channel, message = seen.raw
        return _heard(await self._user().press(message, button["action_id"], button["value"], channel=channel))

    async def again(self, heard: Heard) -> Heard:
        return _heard(await self._user().replay(heard.event))

    # --- what comes to the door otherwise

    async def intrude(self, text: str) -> dict[str, int]:
        forged = await self._user("another secret").say(text)
        body = b"{}"
        return {
            "another secret": forged.status,
            "no signature": await self._post(body, {}),
            "a signature of something else": await self._post(body, self._signed(b"[]")),
            "an old signature": await self._post(body, self._signed(body, time.time() - 1000)),
        }

    async def bring(self, body: bytes) -> int:
        return await self._post(body, self._signed(body))

    def _signed(self, body: bytes, at: float | None = None) -> dict[str, str]:
        return signed_headers(self._workspace.signing_secret, body, time.time() if at is None else at)

    async def _post(self, body: bytes, headers: dict[str, str]) -> int:
        whole = {"Content-Type": "application/json", **headers}
        async with aiohttp.ClientSession() as session, session.post(self._door + PATH, data=body, headers=whole) as got:
            return got.status


def _seen(channel: str, message: Any) -> Seen:
    """As it is read; whatever would call somebody does not pass as such."""
    read = read_in_slack(message)
    buttons = [element for block in message["blocks"] for element in elements_of(block) if element["type"] == "button"]
    return Seen(read.text, buttons=tuple(buttons), raw=(channel, message))


def _heard(reply: Reply) -> Heard:
    return Heard(reply.status, reply)


def _workspace() -> Workspace:
    made = Workspace(people=MEMBERS)
    made.tickets.trigger_seconds = LONG
    made.add_channel(Channel(id=ROOM, name="general", members={"U0ANNA", "U0BORIS", made.bot_user}))
    made.add_channel(Channel(id="C0CLOSED", name="closed", members={"U0ANNA"}))
    return made


@asynccontextmanager
async def slack(core: Core) -> AsyncIterator[Harness]:
    workspace, faults = _workspace(), FaultPlan()
    async with serve(workspace, faults) as api_url:
        settings = settings_for(api_url, core.call_seconds)
        async with web_client(settings) as client:
            identity = Identity(client)
            app = web.Application(client_max_size=64_000_000)
            app.add_routes(routes(settings, bolt_app(settings, client, identity, core, speaker, now)))
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            try:
                await web.TCPSite(runner, "127.0.0.1", 0).start()
                url = f"http://127.0.0.1:{runner.addresses[0][1]}"
                await core.start("slack", ANNA, BORIS)
                yield SlackHarness(core, workspace, faults, client, url)
            finally:
                await runner.cleanup()
