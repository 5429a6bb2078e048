"""How what Slack has to say reaches the app: over signed HTTP or a Socket Mode socket, with Slack's retries."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.arguments import FORM
from sandbox.slack.errors import Json
from sandbox.slack.sockets import Sockets

SLACK_DELAYS = (0.0, 60.0, 300.0)
ANSWER_SECONDS = 3.0
REDIRECTS = 2
Sleep = Callable[[float], Awaitable[None]]


class Kind(StrEnum):
    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True)
class Reply:
    """What the app answered last: `status` 0 when it gave no answer at all.

    `payload` is what was sent, to be looked at or sent again; `reasons` has the retry reason of every attempt that
    failed, in Slack's words.
    """

    kind: Kind
    payload: Json
    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def attempts(self) -> int:
        return len(self.reasons) + (1 if self.ok else 0)

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """The outcome of one attempt; `reason` is empty when it succeeded."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Retry:
    number: int
    reason: str


class Transport(Protocol):
    """One attempt to bring a payload to the app."""

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None) -> Answer: ...


def signed_headers(secret: str, body: bytes, now: float) -> dict[str, str]:
    """The two headers by which an app knows that Slack sent `body` (v0: HMAC-SHA256)."""
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def encode(kind: Kind, payload: Json) -> tuple[bytes, str]:
    """The body of the request and its content type."""
    if kind is Kind.EVENT:
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind is Kind.COMMAND else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), FORM


def _reason(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "http_timeout"
        case aiohttp.TooManyRedirects():
            return "too_many_redirects"
        case aiohttp.ClientSSLError():
            return "ssl_error"
        case _:
            return "connection_failed"


@dataclass(frozen=True)
class HttpTransport:
    """Signed POSTs to `{bot_url}{path}`; without a `session` each opens its own."""

    bot_url: str
    signing_secret: str
    clock: Callable[[], float]
    session: aiohttp.ClientSession | None = None
    timeout: float = ANSWER_SECONDS
    path: str = "/slack/events"

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None) -> Answer:
        body, content_type = encode(kind, payload)
        headers = {
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "Content-Type": content_type,
            **signed_headers(self.signing_secret, body, self.clock()),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        try:
            return await self._post(body, headers)
        except (aiohttp.ClientError, TimeoutError) as error:
            return Answer(0, reason=_reason(error))

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        url = self.bot_url.rstrip("/") + self.path
        opened = aiohttp.ClientSession() if self.session is None else nullcontext(self.session)
        async with (
            opened as session,
            session.post(url, data=body, headers=headers, timeout=timeout, max_redirects=REDIRECTS) as response,
        ):
            reason = "" if response.ok else "http_error"
            return Answer(response.status, await response.text(), response.headers.copy(), reason)

    async def verify(self, challenge: str = "3eZbrw1a") -> Answer:
        """The url_verification handshake; a good app answers 200 with the challenge."""
        request = {"token": "deprecated", "challenge": challenge, "type": "url_verification"}
        return await self.attempt(Kind.EVENT, request, None)

    async def check_ssl(self) -> Answer:
        """The call that Slack makes now and then to see whether a command's address is alive."""
        return await self.attempt(Kind.COMMAND, {"ssl_check": "1", "token": "deprecated"}, None)


@dataclass(frozen=True)
class SocketTransport:
    """Envelopes over Socket Mode; the payload of the acknowledgement is the body of the answer."""

    sockets: Sockets
    new_id: Callable[[str], str]
    timeout: float = ANSWER_SECONDS

    async def attempt(self, kind: Kind, payload: Json, retry: Retry | None) -> Answer:
        envelope: Json = {
            "envelope_id": self.new_id("env-"),
            "type": str(kind),
            "payload": payload,
            "accepts_response_payload": kind is not Kind.EVENT,
        }
        if kind is Kind.EVENT:
            envelope["retry_attempt"] = 0 if retry is None else retry.number
            envelope["retry_reason"] = "" if retry is None else retry.reason
        try:
            async with asyncio.timeout(self.timeout):
                acknowledgement = await self.sockets.send(envelope)
        except TimeoutError:
            return Answer(0, reason="timeout")
        except ConnectionError:
            return Answer(0, reason="connection_failed")
        payload_back = acknowledgement.get("payload")
        return Answer(200, "" if payload_back is None else json.dumps(payload_back))


def _told_to_stop(answer: Answer) -> bool:
    return answer.headers.get("X-Slack-No-Retry") == "1"


async def deliver(
    transport: Transport,
    kind: Kind,
    payload: Json,
    delays: tuple[float, ...] = (),
    sleep: Sleep = asyncio.sleep,
) -> Reply:
    """Send, and send again after each of `delays` until the app takes it or says that it never will.

    Slack repeats events only (`SLACK_DELAYS`); a command or a press is sent once, whatever `delays` says.
    """
    reasons: list[str] = []
    answer = await transport.attempt(kind, payload, None)
    for number, delay in enumerate(delays if kind is Kind.EVENT else (), start=1):
        if not answer.reason or _told_to_stop(answer):
            break
        reasons.append(answer.reason)
        await sleep(delay)
        answer = await transport.attempt(kind, payload, Retry(number, answer.reason))
    if answer.reason:
        reasons.append(answer.reason)
    return Reply(kind, payload, answer.status, answer.body, answer.headers, tuple(reasons))
