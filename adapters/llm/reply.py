"""What came back from the API, read strictly; pure."""

from __future__ import annotations

import re

from adapters.llm.errors import ModelError
from bot.payload import as_object, first, part, shaped, text

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SECONDS = re.compile(r"[0-9]{1,6}(?:\.[0-9]+)?")
# How an answer ends that is not whole, or that a filter has cut.
_BROKEN_OFF = frozenset({"length", "content_filter"})
_CODES = {401: "unauthorized", 403: "forbidden", 404: "not-found", 408: "failing", 429: "limited"}


def completion(raw: bytes) -> str:
    """The text of a chat completion. Raises ModelError."""
    choice = first(as_object(raw), "choices")
    said = text(part(choice, "message"), "content")
    ended = text(choice, "finish_reason")
    if ended in _BROKEN_OFF:
        raise ModelError("unreadable", ended)
    if not said.strip():
        raise ModelError("unreadable", "no text")
    return said


def refusal(status: int, raw: bytes, retry_after: str | None) -> ModelError:
    """What a status other than 2xx means."""
    error = part(as_object(raw), "error")
    own = shaped(error, "code", _CODE) or shaped(error, "type", _CODE)
    detail = f"{status} {own}".strip()
    wait = float(retry_after) if retry_after and _SECONDS.fullmatch(retry_after) else None
    return ModelError(_code(status), detail, wait if status in (429, 503) else None)


def _code(status: int) -> str:
    if status in _CODES:
        return _CODES[status]
    if status >= 500:
        return "failing"
    return "redirected" if status < 400 else "refused"
