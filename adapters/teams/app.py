"""Our door for Bot Framework: who may come in, how much is read, and an answer only after the commit."""

from __future__ import annotations

import logging
from functools import partial
from typing import Protocol

from aiohttp import ClientSession, web

from adapters.http import read_body
from adapters.teams import classify
from adapters.teams.authentication import Authentication, NotAuthentic, Vouched, looks_signed
from adapters.teams.classify import CHANNEL_ID
from adapters.teams.intake import RETRY_AFTER, Intake
from adapters.teams.settings import TeamsSettings, is_loopback
from adapters.teams.signing_keys import KeysUnavailable, SigningKeys
from bot.payload import Json, as_object, text
from bot.ports import Clock, Inbox, Speaker

PATH = "/api/messages"
MOST_BYTES = 256 * 1024
BODY_SECONDS = 10.0  # Bot Framework gives up after fifteen; whoever trickles a body holds memory that others need
log = logging.getLogger(__name__)


class Judge(Protocol):
    """Whether an activity is one of those that its sender may send. Raises HTTPException: what the sender hears."""

    def __call__(self, activity: Json) -> None: ...


class Guard(Protocol):
    """Who is let in. Raises the HTTPException that whoever is not let in hears."""

    async def believe(self, request: web.Request) -> Judge:
        """What can be seen without reading the body; and who is to judge what stands in it."""


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
        judge = await self._guard.believe(request)
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="")
        activity = as_object(await read_body(request, MOST_BYTES, BODY_SECONDS))
        if activity is None:
            raise web.HTTPBadRequest(text="")
        judge(activity)
        if not classify.is_activity(activity):
            raise web.HTTPBadRequest(text="")
        return await self._intake.take(activity)


class Tokens:
    """Lets in what Microsoft has signed for our bot, of Teams, of our own company. `tenant` must not be empty."""

    def __init__(self, authentication: Authentication, tenant: str) -> None:
        if not tenant:
            raise ValueError("no tenant: any company could speak to us")
        self._authentication, self._tenants = authentication, frozenset((tenant.lower(),))

    async def believe(self, request: web.Request) -> Judge:
        authorization = request.headers.get("Authorization", "")
        if not looks_signed(authorization):
            raise web.HTTPUnauthorized(text="")
        try:
            vouched = await self._authentication.check(authorization)
        except NotAuthentic as error:
            raise _refused(error) from error
        except KeysUnavailable as error:
            log.warning("teams activity cannot be checked", extra={"reason": str(error)})
            raise web.HTTPServiceUnavailable(text="", headers={"Retry-After": RETRY_AFTER}) from error
        return partial(self._judge, vouched)

    def _judge(self, vouched: Vouched, activity: Json) -> None:
        channel = text(activity, "channelId")
        try:
            vouched.confirm(channel, text(activity, "serviceUrl"))
        except NotAuthentic as error:
            raise _refused(error) from error
        if channel != CHANNEL_ID:
            raise web.HTTPForbidden(text="")
        if classify.tenants(activity) != self._tenants:
            log.warning("teams activity of another tenant refused")
            raise web.HTTPForbidden(text="")


def _refused(error: NotAuthentic) -> web.HTTPException:
    log.warning("teams activity refused", extra={"reason": str(error)})
    return web.HTTPUnauthorized(text="")


class Loopback:
    """Lets in a program that is answered on this machine, and no page of a browser. That it asks from this machine,
    too, is seen to by the app that this is a part of: nobody else can be told from anybody."""

    async def believe(self, request: web.Request) -> Judge:
        if "Origin" in request.headers:
            raise web.HTTPForbidden(text="")
        return self._judge

    def _judge(self, activity: Json) -> None:
        if text(activity, "channelId") != CHANNEL_ID or not is_loopback(text(activity, "serviceUrl")):
            raise web.HTTPForbidden(text="")
