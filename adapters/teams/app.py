"""Our door for Bot Framework: who may come in, how much is read, and an answer only after the commit."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol

from aiohttp import ClientSession, web

from adapters.teams import classify
from adapters.teams.authentication import Authentication, NotAuthentic, Sender, looks_signed
from adapters.teams.classify import CHANNEL_ID
from adapters.teams.intake import RETRY_AFTER, Intake
from adapters.teams.settings import TeamsSettings, is_loopback
from adapters.teams.signing_keys import KeysUnavailable, SigningKeys
from bot.payload import Json, as_object, text
from bot.ports import Clock, Inbox, Speaker

PATH = "/api/messages"
MOST_BYTES = 256 * 1024
BODY_SECONDS = 10.0  # Bot Framework gives up after fifteen; whoever trickles a body holds memory that others need
PLAIN = ("", "identity")
log = logging.getLogger(__name__)


class Guard(Protocol):
    """Who is let in. Both methods raise the HTTPException that whoever is not let in hears."""

    def glance(self, request: web.Request) -> None:
        """What can be seen without reading the body."""

    async def judge(self, request: web.Request, activity: Json) -> None: ...


def routes(
    settings: TeamsSettings,
    session: ClientSession,
    inbox: Inbox,
    speaker: Speaker,
    clock: Clock,
    *,
    playground: bool = False,
) -> list[web.RouteDef]:
    """`POST /api/messages`. Nothing without an app id, since then nobody could be believed; except for `playground`,
    which lets Microsoft's Agents Playground in from this machine, without a token.

    `session` is for the keys of Microsoft's tokens.
    """
    intake = Intake(inbox, speaker, clock)
    if settings.configured:
        keys = SigningKeys(session, settings.openid_metadata_url)
        authentication = Authentication(settings.app, settings.token_issuer, keys)
        return [web.post(PATH, Door(Tokens(authentication, settings.tenant), intake).receive)]
    return [web.post(PATH, Door(Loopback(), intake).receive)] if playground else []


class Door:
    def __init__(self, guard: Guard, intake: Intake) -> None:
        self._guard, self._intake = guard, intake

    async def receive(self, request: web.Request) -> web.Response:
        self._guard.glance(request)
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="")
        activity = as_object(await _body(request))
        if activity is None:
            raise web.HTTPBadRequest(text="")
        await self._guard.judge(request, activity)
        if not classify.is_activity(activity):
            raise web.HTTPBadRequest(text="")
        return await self._intake.take(activity)


class Tokens:
    """Lets in what Microsoft has signed for our bot, of Teams, of our own company. `tenant` must not be empty."""

    def __init__(self, authentication: Authentication, tenant: str) -> None:
        if not tenant:
            raise ValueError("no tenant: any company could speak to us")
        self._authentication, self._tenants = authentication, frozenset((tenant.lower(),))

    def glance(self, request: web.Request) -> None:
        if not looks_signed(request.headers.get("Authorization", "")):
            raise web.HTTPUnauthorized(text="")

    async def judge(self, request: web.Request, activity: Json) -> None:
        sender = Sender(text(activity, "channelId"), text(activity, "serviceUrl"))
        try:
            await self._authentication.check(request.headers["Authorization"], sender)
        except NotAuthentic as error:
            log.warning("teams activity refused", extra={"reason": str(error)})
            raise web.HTTPUnauthorized(text="") from error
        except KeysUnavailable as error:
            log.warning("teams activity cannot be checked", extra={"reason": str(error)})
            raise web.HTTPServiceUnavailable(text="", headers={"Retry-After": RETRY_AFTER}) from error
        if sender.channel != CHANNEL_ID:
            raise web.HTTPForbidden(text="")
        if classify.tenants(activity) != self._tenants:
            log.warning("teams activity of another tenant refused")
            raise web.HTTPForbidden(text="")


class Loopback:
    """Lets in a program that is answered on this machine, and no page of a browser. That it asks from this machine,
    too, is seen to by the app that this is a part of: nobody else can be told from anybody."""

    def glance(self, request: web.Request) -> None:
        if "Origin" in request.headers:
            raise web.HTTPForbidden(text="")

    async def judge(self, request: web.Request, activity: Json) -> None:  # noqa: ARG002
        if text(activity, "channelId") != CHANNEL_ID or not is_loopback(text(activity, "serviceUrl")):
            raise web.HTTPForbidden(text="")


async def _body(request: web.Request) -> bytes:
    """The raw body, of a bounded size whatever the limit of the whole server is, in time, and not to be unfolded.

    Raises HTTPException: 408, 413, 415.
    """
    if request.headers.get("Content-Encoding", "").strip().lower() not in PLAIN:
        raise web.HTTPUnsupportedMediaType(text="")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise web.HTTPRequestEntityTooLarge(max_size=MOST_BYTES, actual_size=len(body), text="")
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="") from error
    return bytes(body)
