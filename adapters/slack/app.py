"""bolt as our door: it checks signatures and answers the handshakes; over HTTP here, over a socket in `socket_mode`."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.classify import is_ssl_check
from adapters.slack.client import LIBRARIES, Identity
from adapters.slack.intake import Intake
from adapters.slack.settings import SlackSettings
from bot.payload import decoded
from bot.ports import Clock, Inbox, Speaker

PATH = "/slack/events"
MOST_BYTES = 1_000_000
MOST_FIELDS = 100
BODY_SECONDS = 10.0  # Slack gives up after three; whoever trickles a body holds memory that others need
READ = ("Content-Type", "X-Slack-Request-Timestamp", "X-Slack-Signature")  # of the headers, all that bolt looks at
TIMESTAMP = re.compile(r"[0-9]{1,12}")
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def bolt_app(
    settings: SlackSettings, client: AsyncWebClient, identity: Identity, inbox: Inbox, speaker: Speaker, clock: Clock
) -> AsyncApp:
    """The app for both ways in. It asks Slack nothing by itself, neither at start nor for a request."""
    secret = settings.signing_secret
    return AsyncApp(
        name="butterboard",
        logger=LIBRARIES,
        token=settings.token,
        # An empty secret and not None: bolt would look for one in the environment. No signature fits it.
        signing_secret="" if secret is None else secret.get_secret_value(),
        process_before_response=True,
        before_authorize=Intake(inbox, identity, client, speaker, clock),
    )


def routes(settings: SlackSettings, app: AsyncApp) -> list[web.RouteDef]:
    """`POST /slack/events`; nothing without a signing secret, since then nobody could be believed."""
    if settings.signing_secret is None:
        return []

    async def receive(request: web.Request) -> web.Response:
        body = await _body(request)
        if body is None:
            return web.Response(status=401)
        asked = bolt_request(body, request.headers)
        if not _has_signature(request.headers) and not is_ssl_check(asked.body):
            return web.Response(status=401)
        answer = await app.async_dispatch(asked)
        content_type = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=content_type)

    return [web.post(PATH, receive)]


def bolt_request(body: str | dict[str, Any], headers: Mapping[str, str], mode: str = "http") -> AsyncBoltRequest:
    """What bolt works on, from a raw body (HTTP) or a payload (Socket Mode).

    Bolt's own reading of a body comes before its check of the signature and raises on what is not shaped like Slack:
    so the body is read here, and put into a request that was made without one.
    """
    asked = AsyncBoltRequest(body="", headers={name: headers[name] for name in READ if name in headers}, mode=mode)
    if isinstance(body, str):
        asked.raw_body = body
        asked.body = _payload(body, asked.content_type)
    else:
        asked.body = body
    return asked


def _payload(body: str, content_type: str | None) -> dict[str, Any]:
    """The payload of an event (JSON), of an interaction (JSON in a form) or of a command (a form); else nothing."""
    try:
        if content_type == "application/json":
            found: Any = decoded(body)
        else:
            found = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
            if "payload" in found:
                found = decoded(found["payload"])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _has_signature(headers: Mapping[str, str]) -> bool:
    """Whether there is something to check: bolt raises on a time that is no number and on letters outside of ASCII."""
    timestamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    return TIMESTAMP.fullmatch(timestamp) is not None and SIGNATURE.fullmatch(signature) is not None


async def _body(request: web.Request) -> str | None:
    """The body, of a bounded size whatever the limit of the whole server is, and in time; None when it is no text.

    Slack writes UTF-8, and bolt signs nothing else.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise web.HTTPRequestEntityTooLarge(max_size=MOST_BYTES, actual_size=len(body))
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None
