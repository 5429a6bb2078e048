"""What the tests of the webhook share: recorded events, a recording inbox, the door over real HTTP, and Jira's hand."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.jira.inbound import Known
from adapters.jira.priorities import priorities_of
from adapters.jira.signature import webhook_token
from adapters.jira.webhook import jira_webhook_routes
from bot.tracker.snapshot import Observed, TrackerUser

PAYLOADS = Path(__file__).with_name("payloads")
SIGNING = "a signing secret"
KEY = b"the key of this address"
TOKEN = webhook_token(KEY)
CLOUD, DATA_CENTER = "https://butter.atlassian.net", "https://jira.butter.example"
BOT = "712020:6f2d6a7e-1a4c-4a07-9d43-0bb5e1f0c0de"
BORIS = TrackerUser("5b10ac8d82e05b22cc7d4ef5", "Борис Титов")
BORIS_ON_DATA_CENTER = TrackerUser("JIRAUSER10201", "Борис Титов", "boris@example.com")
ISSUE = "10107"
KNOWN = Known(CLOUD, BOT, priorities_of((), {}))


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def payload_names() -> list[str]:
    return sorted(path.stem for path in PAYLOADS.glob("*.json"))


def encoded(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def signature(body: bytes, secret: str = SIGNING) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class RecordingTrackerInbox:
    """The core's side of the door: notes what comes, and fails or waits as it is told."""

    error: Exception | None = None
    wait_for: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    seen: list[Observed] = field(default_factory=list)

    async def observe(self, observed: Observed) -> None:
        self.reached.set()
        if self.wait_for is not None:
            await self.wait_for.wait()
        if self.error is not None:
            raise self.error
        self.seen.append(observed)


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


@dataclass
class Door:
    """A bot's door that is served, and whoever knocks at it; `signing` is what the bot has been told."""

    inbox: RecordingTrackerInbox
    known: Known
    signing: str | None
    url: str
    http: aiohttp.ClientSession

    @property
    def seen(self) -> list[Observed]:
        return self.inbox.seen

    async def post(self, path: str, body: bytes, **headers: str) -> Answer:
        """A POST with these headers, an underscore for each dash, and nothing that would prove who sends it."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        whole = io.BytesIO(body)  # aiohttp warns of large bodies in bytes
        async with self.http.post(f"{self.url}{path}", data=whole, headers=named, allow_redirects=False) as got:
            return Answer(got.status, await got.read(), dict(got.headers))

    async def tell(self, body: bytes, **headers: str) -> Answer:
        """As our Jira does it: signed, or to the address with the token."""
        if self.signing is None:
            return await self.post(f"/jira/webhook/{TOKEN}", body, **headers)
        return await self.post("/jira/webhook", body, **{"X_Hub_Signature": signature(body), **headers})

    async def hears(self, name: str, **headers: str) -> Observed:
        """What comes of a recorded event."""
        answer = await self.tell(encoded(payload(name)), **headers)
        assert (answer.status, answer.body) == (200, b"")
        return self.seen[-1]


@asynccontextmanager
async def door(signing: str | None = SIGNING, *, base: str = CLOUD, me: str | None = BOT) -> AsyncIterator[Door]:
    inbox = RecordingTrackerInbox()
    key = None if signing is None else signing.encode()
    app = web.Application(client_max_size=1024)  # what the server as a whole takes says nothing of this endpoint
    app.add_routes(jira_webhook_routes(inbox, lambda: made.known, signing=key, key=KEY))
    runner = web.AppRunner(app, access_log=None, auto_decompress=False)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as http:
            made = Door(inbox, Known(base, me, KNOWN.priorities), signing, url, http)
            yield made
    finally:
        await runner.cleanup()
