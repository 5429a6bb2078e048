"""The one map from what goes wrong with Teams to the four delivery errors of the core."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
import msgspec
import requests
import urllib3.exceptions
from msal.exceptions import MsalError, MsalServiceError

from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown
from bot.payload import NOTHING, Json, part, text

NOT_FOUND = "not-found"  # the conversation, message or member of a request; whoever made it knows which

# Microsoft's own words, which stand in an answer in one of several places (`error.code`, `subCode`, JSON in `message`).
BLOCKED = frozenset(
    {
        "BotDisabledByUser",
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ForbiddenOperationException",  # the app is not installed for this person
        "MessageWritesBlocked",
    }
)
# No message to anybody will pass until an administrator has changed something, and then all of them will.
SWITCHED_OFF = frozenset({"BotDisabledByAdmin", "BotNotRegistered"})
CROSSED = frozenset({409, 412, 425})  # something else happened there at the same moment; nothing was written
DOUBTFUL = frozenset({408})

# Everything that a call over aiohttp can raise. OSError has the plain ConnectionError and TimeoutError below it.
FAILURES = (aiohttp.ClientError, OSError)

# Nothing has been sent when these are raised.
UNSENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, ConnectionRefusedError)

# Everything that msal can raise while it asks for a token. It reads answers as if they had the right shape.
TOKEN_FAILURES = (
    MsalError,
    urllib3.exceptions.HTTPError,
    OSError,  # requests' errors are such
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RuntimeError,
)
UNADDRESSED = (
    requests.exceptions.InvalidURL,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)
# Of Entra ID: it will be different in a while. Everything else is for an administrator.
BUSY = frozenset({"temporarily_unavailable", "server_error", "slow_down", "timeout"})
BUSY_CODES = frozenset({90033, 90055, 50196})

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,60}")
_WORD = re.compile(rb"[A-Z][A-Za-z]{7,60}")
_object = msgspec.json.Decoder(dict[str, Any])


class Answer(msgspec.Struct, frozen=True):
    """What the connector, or something in front of it, has answered. `retry_after` is in seconds."""

    status: int
    body: bytes = b""
    retry_after: float | None = None

    @property
    def said(self) -> Json | None:
        """Its object; an empty one when it has no body, None when it cannot be read."""
        try:
            return _object.decode(self.body) if self.body.strip() else NOTHING
        except msgspec.DecodeError:
            return None

    @property
    def words(self) -> frozenset[str]:
        """What may be one of Microsoft's codes, wherever it stands: that has changed more than once."""
        return frozenset(word.decode() for word in _WORD.findall(self.body))

    @property
    def code(self) -> str:
        """Microsoft's word for it; where there are only sentences, which may name people, a word of ours."""
        said = self.said or NOTHING
        told = text(part(said, "error"), "code") or text(said, "error") or text(said, "code") or text(said, "subCode")
        return told if not told or _CODE.fullmatch(told) else "refused"


def seconds(retry_after: str | None) -> float | None:
    """Of a Retry-After; None when it is not a number."""
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None


@contextmanager
def translated(*, repeatable: bool) -> Iterator[None]:
    """Whatever a call over aiohttp raises becomes a DeliveryError.

    `repeatable`: done twice it is as if done once, so one whose answer was lost is simply done again.
    """
    try:
        yield
    except FAILURES as error:
        raise delivery_error(error, repeatable=repeatable) from error


def delivery_error(error: Exception, *, repeatable: bool) -> DeliveryError:
    name = type(error).__name__
    if isinstance(error, aiohttp.InvalidURL):
        return Refused("invalid-address", name)
    if isinstance(error, UNSENT):
        return Retry(name)
    return _in_doubt(name, None, repeatable=repeatable)


def answer_error(answer: Answer, *, repeatable: bool, rested: bool = False) -> DeliveryError:
    """What an answer means that is not the one we wanted.

    `rested`: nothing has been written to this conversation lately. Microsoft does not say whose limit a 429 is about:
    that of the conversation, or that of the app in its tenant. If we have been silent there it is not the
    conversation's, and everything that leads to Teams rests; otherwise only this conversation does, and should it be
    the tenant's after all, the next conversation finds out.
    """
    return _meaning(answer, repeatable=repeatable, rested=rested).answered(answer.status, answer.code)


def _meaning(answer: Answer, *, repeatable: bool, rested: bool) -> DeliveryError:
    status, code = answer.status, answer.code
    named = f"{status} {code}".strip()
    if status == 429:
        return Retry("429", answer.retry_after, everywhere=rested)
    if status >= 500 or status in DOUBTFUL or status < 300:
        return _in_doubt(named, answer.retry_after, repeatable=repeatable)
    if status == 401:
        return Unauthorized(named)
    if status in CROSSED:
        return Retry(named, answer.retry_after)
    if status == 413:
        return Refused(code or "MessageSizeTooBig", named)
    if not code and not answer.words & (BLOCKED | SWITCHED_OFF):
        # A proxy's refusal or redirection, which has not reached Teams.
        return Retry(f"{status} without a reason")
    return _refusal(answer, named)


def _refusal(answer: Answer, named: str) -> DeliveryError:
    """Microsoft has understood, and will not."""
    if answer.status == 403 and answer.words & SWITCHED_OFF:
        return Unauthorized(named)
    if answer.status == 403 and answer.words & BLOCKED:
        return Refused("blocked", named)
    return Refused(NOT_FOUND if answer.status in (404, 410) else answer.code, named)


def _in_doubt(detail: str, after: float | None, *, repeatable: bool) -> DeliveryError:
    return Retry(detail, after) if repeatable else Unknown(detail)


# --- tokens: while one is asked for nothing has been sent to anybody, so nothing is ever Unknown


def token_error(error: Exception) -> DeliveryError:
    """What msal, or requests below it, raised while we asked for a token."""
    name = type(error).__name__
    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return Retry(f"{response.status_code} of login", seconds(response.headers.get("Retry-After")))
        case _ if isinstance(error, UNADDRESSED):
            return Unauthorized(f"TEAMS_LOGIN_URL is no address: {name}")
        case MsalServiceError() | OSError() | urllib3.exceptions.HTTPError():
            return Retry(name)
        case json.JSONDecodeError():
            return Retry("unreadable answer of login")
        case ValueError() if isinstance(error.__context__, json.JSONDecodeError):
            return Retry("unreadable answer of login")
        case ValueError():
            return Unauthorized("login knows no such tenant, or no such identity")
        case MsalError():
            return Unauthorized(name)
    return Retry(f"unreadable answer of login: {name}")


def token_refusal(result: Mapping[str, object]) -> DeliveryError:
    """Why there is no token in what msal gives back. Its description is left out: it is long, and names the app."""
    error, codes = result.get("error"), result.get("error_codes")
    numbers = [code for code in codes if isinstance(code, int)] if isinstance(codes, list) else []
    if not isinstance(error, str):
        return Retry("unreadable answer of login")
    named = " ".join([error, *(f"AADSTS{number}" for number in numbers)])
    return Retry(named) if error in BUSY or BUSY_CODES.intersection(numbers) else Unauthorized(named)
