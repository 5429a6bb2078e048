"""The rules of every request and answer: which headers, how large, from where, and how an error looks."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import msgspec
from aiohttp import web

from adapters.http import read_body
from bot.message import Arg, Phrase
from bot.speech import MAX_TEXT

LARGEST = 64 * 1024
BODY_SECONDS = 20.0  # a browser sends 64 KB at once; whoever trickles them holds a place that others need
SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
UNCACHED = {**SAFE_HEADERS, "Cache-Control": "no-store"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PersonId = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Picked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /chat/session`. Every id of a body is made by the browser, once for an act."""

    id: uuid.UUID
    person: PersonId


class SaidBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /chat/say`. How long a text may be is for `routes` to say, in words that the person understands."""

    id: uuid.UUID
    text: str


class PressedBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /chat/press`; `ref` is the message whose button it was."""

    id: uuid.UUID
    action: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    value: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
    ref: Annotated[str, msgspec.Meta(max_length=100)] = ""


class Problem(Exception):
    """A request that is not carried out: the HTTP status, a stable code, and what to tell the person."""

    def __init__(self, status: int, code: str, text: Phrase) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = text


Body = TypeVar("Body", Picked, SaidBody, PressedBody)


async def read(request: web.Request, shape: type[Body]) -> Body:
    """The body of a POST from our own page.

    Raises:
        Problem: it comes from elsewhere, is too large, or is not what it should be.
    """
    if not _from_our_page(request):
        raise Problem(403, "cross-site", Phrase("web-error-cross-site"))
    if request.content_type != "application/json":
        raise Problem(415, "not-json", Phrase("web-error-not-json"))
    try:
        return msgspec.json.decode(await _limited(request), type=shape)
    except msgspec.ValidationError as error:
        raise Problem(400, "bad-field", Phrase("web-error-field", _field(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(400, "unreadable", Phrase("web-error-unreadable")) from error


def _from_our_page(request: web.Request) -> bool:
    """The browser's own word where it gives one; a program without either header is no page of another site."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


async def _limited(request: web.Request) -> bytes:
    try:
        return await read_body(request, LARGEST, BODY_SECONDS)
    except web.HTTPRequestTimeout as error:
        raise Problem(408, "too-slow", Phrase("web-error-too-slow")) from error
    except web.HTTPRequestEntityTooLarge as error:
        raise Problem(413, "too-large", Phrase("web-error-too-large")) from error
    except web.HTTPUnsupportedMediaType as error:
        raise Problem(415, "not-json", Phrase("web-error-not-json")) from error
    except web.HTTPBadRequest as error:
        raise Problem(400, "unreadable", Phrase("web-error-unreadable")) from error


def _field(error: msgspec.ValidationError) -> dict[str, Arg]:
    """The field that msgspec names, as in "Invalid UUID - at `$.id`"; the body as a whole is `$`."""
    name = str(error).rpartition("`$")[2].strip("`.") or "$"
    return {"field": name if name.isidentifier() else "$"}
