"""What the tests of the Teams stand-in share: a company with people, a team and a chat, and a client for a bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from sandbox.faults import FaultPlan
from sandbox.teams import APP_ID, TENANT_ID, Company, Issuer, Person, Place, Team, serve
from sandbox.teams.errors import Json

ISSUER = Issuer(APP_ID, "secret", TENANT_ID)  # one for all tests: keys take a moment
ANN = Person(name="Ann Lee", email="Ann@example.com", timezone="Europe/Berlin", locale="de-DE", country="DE")
BOB = Person(name="Bob Ray", email="bob@example.com")
EVE = Person(name="Eve Fox", email="eve@other.example", role="guest", user_principal_name="eve_other#EXT#@example.com")
ZOE = Person(name="Zoe Far", email="zoe@elsewhere.example", tenant_id="11111111-2222-3333-4444-555555555555")


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Answered:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def id(self) -> str:
        found: str = self.body["id"]
        return found

    @property
    def error(self) -> tuple[int, str]:
        return self.status, self.body["error"]["code"]


@dataclass
class Client:
    """A bot, as far as it calls the connector."""

    session: aiohttp.ClientSession
    service_url: str
    token: str = ""

    async def call(self, method: str, path: str, body: Any = None) -> Answered:
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{self.service_url.rstrip('/')}/v3/conversations{path}"
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            said = await answer.json() if answer.content_type == "application/json" else None
            return Answered(answer.status, said, dict(answer.headers))

    async def open(self, member: str, tenant: str = TENANT_ID) -> Answered:
        body = {"bot": {"id": f"28:{APP_ID}"}, "members": [{"id": member}], "tenantId": tenant, "isGroup": False}
        return await self.call("POST", "", body)

    async def send(self, conversation: str, activity: Json | str, reply_to: str = "") -> Answered:
        below = f"/{quote(reply_to, safe='')}" if reply_to else ""
        return await self.call("POST", f"/{quote(conversation, safe='')}/activities{below}", _activity(activity))

    async def update(self, conversation: str, message: str, activity: Json | str) -> Answered:
        path = f"/{quote(conversation, safe='')}/activities/{quote(message, safe='')}"
        return await self.call("PUT", path, _activity(activity))

    async def delete(self, conversation: str, message: str) -> Answered:
        return await self.call("DELETE", f"/{quote(conversation, safe='')}/activities/{quote(message, safe='')}")

    async def member(self, conversation: str, member: str) -> Answered:
        return await self.call("GET", f"/{quote(conversation, safe='')}/members/{quote(member, safe='')}")


@dataclass(frozen=True)
class Stage:
    company: Company
    client: Client
    faults: FaultPlan
    team: Team
    general: Place
    chat: Place


def card(*actions: Json, body: list[Json] | None = None) -> Json:
    shown = [{"type": "TextBlock", "text": "hi"}] if body is None else body
    return {"type": "AdaptiveCard", "version": "1.5", "body": shown, "actions": list(actions)}


def with_card(content: Any) -> Json:
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def button(title: str, action: str, value: str = "", **fields: Any) -> Json:
    data = {"action": action, "value": value}
    return {"type": "Action.Execute", "title": title, "verb": "press", "data": data, **fields}


def _activity(activity: Json | str) -> Json:
    return {"type": "message", "text": activity} if isinstance(activity, str) else activity


@asynccontextmanager
async def stage(clock: Clock | None = None) -> AsyncIterator[Stage]:
    """A served company in which Ann has the app, as have the team and the chat; and a bot with a token."""
    options: Any = {} if clock is None else {"clock": clock}
    company, faults = Company(people=[ANN, BOB, EVE, ZOE], issuer=ISSUER, **options), FaultPlan()
    ISSUER.asked.clear()
    company.install(ANN)
    team = company.add_team("Design", ANN, EVE, channels=["General", "Reviews"])
    chat = company.add_chat("Lunch", ANN, BOB)
    team.installed = chat.installed = True
    async with serve(company, faults), aiohttp.ClientSession() as session:
        client = Client(session, company.service_url, await token(company, session))
        yield Stage(company, client, faults, team, company.channel(team), chat)


async def token(company: Company, session: aiohttp.ClientSession) -> str:
    """A token of the bot's own, as it gets it."""
    form = {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": company.issuer.app_password,
        "scope": "https://api.botframework.com/.default",
    }
    async with session.post(f"{company.base_url}/{TENANT_ID}/oauth2/v2.0/token", data=form) as answer:
        found: str = (await answer.json())["access_token"]
        return found
