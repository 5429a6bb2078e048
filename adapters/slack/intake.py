"""The way of a payload: translated, decided and committed, and only then acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import classify
from adapters.slack.client import Identity
from adapters.slack.errors import translated
from adapters.slack.forms import answer_to_command, answer_to_submission, modal
from adapters.slack.inbound import incoming
from adapters.slack.members import Members
from bot.errors import DeliveryError, StoreError
from bot.incoming import AccountChanged, Incoming, Place
from bot.message import Form, Phrase, Reply
from bot.payload import part, text
from bot.ports import Clock, Inbox, Say, Speaker

FORM_FAILED = Phrase("slack-form-failed")
FORM_SECONDS = 2.0  # a trigger_id lives 3 s, and the acknowledgement must come within them too
UNAVAILABLE = 503
Next = Callable[[], Awaitable[BoltResponse]]
log = logging.getLogger(__name__)


class Intake(AsyncMiddleware):
    """Stands where bolt has checked the signature, and takes every payload from there.

    It is a middleware because bolt's own way to a listener (authorization, matchers, arguments by name, for each
    request) costs several times what the rest of a request does, and would bring us nothing: we have one listener.
    """

    def __init__(
        self,
        inbox: Inbox,
        identity: Identity,
        client: AsyncWebClient,
        speaker: Speaker,
        clock: Clock,
        members: Members | None = None,
    ) -> None:
        self._inbox = inbox
        self._identity = identity
        self._client = client
        self._speaker = speaker
        self._clock = clock
        self._members = members

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next) -> BoltResponse:  # noqa: A002, ARG002
        if classify.is_url_verification(req.body):
            return await next()
        act = self._read(req.body)
        if act is None:
            return BoltResponse(status=200)
        try:
            reply = await self._inbox.receive(act)
        except StoreError as error:
            log.warning("slack must send again", extra={"event": act.id, "error": type(error).__name__})
            return BoltResponse(status=UNAVAILABLE)
        return BoltResponse(status=200) if reply is None else await self._acknowledge(req.body, act, reply)

    def _read(self, payload: dict[str, Any]) -> Incoming | None:
        act = incoming(payload, self._identity.installation, self._clock())
        if self._members is not None and act is not None and isinstance(act.said, AccountChanged):
            self._members.changed(act.account.id, act.said.email or "")
        return act

    async def _acknowledge(self, payload: dict[str, Any], act: Incoming, reply: Reply) -> BoltResponse:
        say = self._speaker(reply.locale)
        trigger = text(payload, "trigger_id")
        if reply.form is not None and not await self._open(reply.form, say, trigger, act.place):
            return _form_failed(payload, say)
        return BoltResponse(status=200, body=_answer(payload, reply, say) or "")

    async def _open(self, form: Form, say: Say, trigger: str, place: Place) -> bool:
        """Show a form now: it cannot wait in a lane, and it commits nothing."""
        try:
            with translated(writes=True):
                async with asyncio.timeout(FORM_SECONDS):
                    await self._client.views_open(trigger_id=trigger, view=modal(form, say, place))
        except DeliveryError as error:
            log.warning("slack form not opened", extra={"form": form.name, "error": error.detail})
            return False
        return True


def _answer(payload: dict[str, Any], reply: Reply, say: Say) -> dict[str, Any] | None:
    """What the acknowledgement itself can say; after a press or in an event it can say nothing."""
    if classify.is_command(payload):
        return answer_to_command(reply, say)
    if classify.is_submission(payload):
        title = text(part(part(payload, "view"), "title"), "text")
        return answer_to_submission(reply, title, say)
    return None


def _form_failed(payload: dict[str, Any], say: Say) -> BoltResponse:
    """A command is answered in words; a button shows a warning when it is not acknowledged. Both may be tried again."""
    if classify.is_command(payload):
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": say(FORM_FAILED)})
    return BoltResponse(status=UNAVAILABLE)
