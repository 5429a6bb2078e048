"""Jira's webhook: who is believed, how much is read, and an answer only after the commit."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

from adapters.http import read_body
from adapters.jira.inbound import Known, UnreadableEvent, observed
from adapters.jira.signature import is_signed, is_token, looks_signed
from bot.errors import StoreError
from bot.payload import as_object
from bot.ports import TrackerInbox

PATH = "/jira/webhook"
SIGNATURE = "X-Hub-Signature"
IDENTIFIER = "X-Atlassian-Webhook-Identifier"
MOST_BYTES = 2 * 1024 * 1024
BODY_SECONDS = 10.0  # Jira sends a body at once; whoever trickles it holds memory that others need
RETRY_AFTER = "5"  # Cloud keeps to times of its own; this is for what stands between
NAME = re.compile(r"[\x21-\x7e]{1,128}")
log = logging.getLogger(__name__)


def jira_webhook_routes(
    inbox: TrackerInbox, known: Callable[[], Known], *, signing: bytes | None, key: bytes
) -> list[web.RouteDef]:
    """`POST /jira/webhook` with a `signing` secret; without one `POST /jira/webhook/{token}`, see `webhook_token`.

    The other of the two is there as well and refuses everybody. `key` is that of the token. `known` returns what is
    known of the site at this moment; nothing is asked of Jira for a delivery.
    """
    webhook = _Webhook(inbox, known, signing, key)
    return [web.post(PATH, webhook.signed), web.post(f"{PATH}/{{token}}", webhook.addressed)]


class _Webhook:
    def __init__(self, inbox: TrackerInbox, known: Callable[[], Known], signing: bytes | None, key: bytes) -> None:
        self._inbox, self._known, self._signing, self._key = inbox, known, signing, key

    async def signed(self, request: web.Request) -> web.Response:
        """An empty secret is none: anybody could sign with it."""
        signature = request.headers.get(SIGNATURE, "")
        if not self._signing or not looks_signed(signature):
            return web.Response(status=401)
        body = await read_body(request, MOST_BYTES, BODY_SECONDS)
        if not is_signed(self._signing, body, signature):
            return web.Response(status=401)
        return await self._take(request, body)

    async def addressed(self, request: web.Request) -> web.Response:
        if self._signing or not is_token(self._key, request.match_info["token"]):
            return web.Response(status=404)
        return await self._take(request, await read_body(request, MOST_BYTES, BODY_SECONDS))

    async def _take(self, request: web.Request, raw: bytes) -> web.Response:
        """What cannot be read is not asked for again, it would look the same: reconciliation finds what it told."""
        body, known = as_object(raw), self._known()
        if body is None:
            return web.Response(status=400)
        try:
            found = observed(body, _mark(request, raw, known.base), known)
        except UnreadableEvent as unreadable:
            log.warning("jira event not understood", extra={"kind": unreadable.kind})
            return web.Response(status=400)
        if found is None:
            return web.Response()
        try:
            await self._inbox.observe(found)
        except StoreError as error:
            log.warning("jira must send again", extra={"event": found.mark, "error": type(error).__name__})
            return web.Response(status=503, headers={"Retry-After": RETRY_AFTER})
        return web.Response()


def _mark(request: web.Request, raw: bytes, base: str) -> str:
    """The delivery's own name. An identifier is unique within a site; without one the body is, it tells its time."""
    identifier = request.headers.get(IDENTIFIER, "")
    name = identifier if NAME.fullmatch(identifier) else hashlib.blake2b(raw, digest_size=20).hexdigest()
    return f"jira:{urlsplit(base).hostname}:{name}"
