"""The way of an activity that is believed: translated, decided and committed, and only then answered."""

from __future__ import annotations

import logging
from http import HTTPStatus

import msgspec
from aiohttp import web

from adapters.teams import classify
from adapters.teams.card import CONTENT_TYPE as CARD
from adapters.teams.inbound import changed, incoming
from adapters.teams.markup import unmarked
from adapters.teams.render import card_of
from bot.errors import StoreError
from bot.incoming import Incoming
from bot.message import Phrase, Reply
from bot.payload import Json, text
from bot.ports import Clock, Inbox, Say, Speaker

MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
RETRY_AFTER = "5"
TAKEN = Phrase("teams-taken")
OUTDATED = Phrase("outdated")
UNAVAILABLE = Phrase("teams-unavailable")
log = logging.getLogger(__name__)


class Intake:
    """Where the door brings activities of Microsoft's own, of our company."""

    def __init__(self, inbox: Inbox, speaker: Speaker, clock: Clock) -> None:
        self._inbox, self._speaker, self._clock = inbox, speaker, clock

    async def take(self, activity: Json) -> web.Response:
        """201 for what is committed, 200 for what is not for us, 503 for what Teams should send again."""
        now = self._clock()
        act = incoming(activity, now)
        if classify.is_invoke(activity):
            return await self._invoked(activity, act)
        acts = [*([] if act is None else [act]), *changed(activity, now)]
        for one in acts:
            try:
                await self._inbox.receive(one)
            except StoreError as error:
                return _unavailable(one, error)
        return web.Response(status=HTTPStatus.CREATED if acts else HTTPStatus.OK)

    async def _invoked(self, activity: Json, act: Incoming | None) -> web.Response:
        """Somebody waits for the body: a card in place of theirs, or a line about it, or what went wrong.

        The statuses for what we do not offer are those of Microsoft's own SDK.
        """
        if not classify.is_card_action(activity):
            return web.Response(status=HTTPStatus.NOT_IMPLEMENTED)
        say = self._speaker(text(activity, "locale"))
        if act is None:
            return _error(HTTPStatus.BAD_REQUEST, "BadRequest", say(OUTDATED))
        try:
            reply = await self._inbox.receive(act)
        except StoreError as error:
            _unavailable(act, error)
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, "ServiceUnavailable", say(UNAVAILABLE))
        return _invoke_response(HTTPStatus.OK, *self._answer(reply, say))

    def _answer(self, reply: Reply | None, say: Say) -> tuple[str, object]:
        """What else there is to say comes as a message of its own. A line may be read as Markdown."""
        if reply is None:
            return MESSAGE, say(TAKEN)
        say = self._speaker(reply.locale)
        if reply.instead is not None:
            return CARD, card_of(reply.instead, say)
        return MESSAGE, unmarked(say(TAKEN if reply.message is None else reply.message.text))


def _unavailable(act: Incoming, error: StoreError) -> web.Response:
    log.warning("teams must send again", extra={"event": act.id, "error": type(error).__name__})
    return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})


def _error(status: HTTPStatus, code: str, message: str) -> web.Response:
    return _invoke_response(status, ERROR, {"code": code, "message": message})


def _invoke_response(status: HTTPStatus, kind: str, value: object) -> web.Response:
    body = msgspec.json.encode({"statusCode": status.value, "type": kind, "value": value})
    return web.Response(status=status, body=body, content_type="application/json")
