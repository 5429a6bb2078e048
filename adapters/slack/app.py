"""Slack over HTTP: signatures are checked here, on raw bytes; bolt answers the handshakes and sorts what is signed.

Over a socket bolt is used in `socket_mode`.
"""

import time
from collections.abc import Callable
from typing import Any

from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.http import read_body
from adapters.slack.classify import is_ssl_check
from adapters.slack.client import LIBRARIES, Identity
from adapters.slack.form_body import fields
from adapters.slack.intake import Intake
from adapters.slack.members import Members
from adapters.slack.settings import SlackSettings
from adapters.slack.signature import claimed
from bot.payload import decoded
from bot.ports import Clock, Inbox, Speaker

PATH = "/slack/events"
MOST_BYTES = 1_000_000
MOST_BYTES_UNSIGNED = 256  # of the one thing that Slack may send without a signature: `ssl_check=1&token=...`
BODY_SECONDS = 10.0  # Slack gives up after three; whoever trickles a body holds memory that others need
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def bolt_app(
    settings: SlackSettings,
    client: AsyncWebClient,
    identity: Identity,
    inbox: Inbox,
    speaker: Speaker,
    clock: Clock,
    members: Members | None = None,
) -> AsyncApp:
    """The app for both ways in. It asks Slack nothing by itself, neither at start nor for a request. `members` hear of
    everybody who has changed.

    Give it nothing over HTTP that `routes` has not checked.
    """
    secret = settings.signing_secret
    return AsyncApp(
        name="butterboard",
        logger=LIBRARIES,
        token=settings.token,
        # An empty secret and not None: bolt would look for one in the environment. No signature fits it.
        signing_secret="" if secret is None else secret.get_secret_value(),
        # Bolt would check it after the body has been decoded and parsed, and once more than is needed.
        request_verification_enabled=False,
        process_before_response=True,
        before_authorize=Intake(inbox, identity, client, speaker, clock, members),
    )


def routes(settings: SlackSettings, app: AsyncApp, now: Callable[[], float] = time.time) -> list[web.RouteDef]:
    """`POST /slack/events`; nothing without a signing secret, since then nobody could be believed.

    What is not signed costs nothing: without a signature that could hold its body is not read, and with one it is
    neither decoded nor parsed before the HMAC of its bytes is right. `now`: seconds since the epoch.
    """
    if settings.signing_secret is None or not (secret := settings.signing_secret.get_secret_value()):
        return []

    async def receive(request: web.Request) -> web.Response:
        signature = claimed(request.headers, now())
        if signature is None:
            return await _unsigned(request)
        body = await read_body(request, MOST_BYTES, BODY_SECONDS)
        if not signature.covers(body, secret):
            return web.Response(status=401)
        answer = await app.async_dispatch(bolt_request(_payload(body, request.content_type)))
        content_type = JSON if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=content_type)

    return [web.post(PATH, receive)]


async def _unsigned(request: web.Request) -> web.Response:
    """401, except for Slack's look at our certificate, which is answered whoever sends it, and changes nothing."""
    length = request.content_length or MOST_BYTES_UNSIGNED + 1
    if request.content_type != FORM or length > MOST_BYTES_UNSIGNED:
        return web.Response(status=401)
    body = await read_body(request, MOST_BYTES_UNSIGNED, BODY_SECONDS)
    return web.Response(status=200 if is_ssl_check(_payload(body, FORM)) else 401)


def bolt_request(payload: dict[str, Any], mode: str = "http") -> AsyncBoltRequest:
    """What bolt works on. Its own reading of a body raises on what is not shaped like Slack: it is given one read."""
    asked = AsyncBoltRequest(body="", mode=mode)
    asked.body = payload
    return asked


def _payload(body: bytes, content_type: str) -> dict[str, Any]:
    """The payload of an event (JSON), of an interaction (JSON in a form) or of a command (a form); else nothing."""
    try:
        if content_type == JSON:
            found: Any = decoded(body)
        else:
            found = fields(body)
            if "payload" in found:
                found = decoded(found["payload"])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
