"""The one place that says what an error of Jira, of the `jira` library or of `requests` means for an effect."""

from __future__ import annotations

import ssl
from collections.abc import Collection, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec
from jira.exceptions import JIRAError, NotJIRAInstanceError
from requests import exceptions as http
from urllib3 import exceptions as wire

from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown

NEVER_SENT: tuple[type[Exception], ...] = (
    http.ConnectTimeout,
    http.URLRequired,
    http.MissingSchema,
    http.InvalidSchema,
    http.InvalidURL,
    http.InvalidProxyURL,
    http.InvalidHeader,
)
"""They are raised before the first byte of a request leaves."""

DOUBTFUL: tuple[type[Exception], ...] = (
    http.RequestException,
    http.InvalidJSONError,
    http.JSONDecodeError,
    http.HTTPError,
    http.ConnectionError,
    http.ProxyError,
    http.SSLError,
    http.Timeout,
    http.ReadTimeout,
    http.TooManyRedirects,
    http.ChunkedEncodingError,
    http.ContentDecodingError,
    http.StreamConsumedError,
    http.RetryError,
    http.UnrewindableBodyError,
    NotJIRAInstanceError,
)
"""They tell nothing about whether the server has acted, unless a cause below them does."""

UNREADABLE: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, NotImplementedError)
"""What the library raises over the body of a success that it did not expect."""

FAILURES: tuple[type[Exception], ...] = (JIRAError, *NEVER_SENT, *DOUBTFUL, wire.HTTPError, OSError, *UNREADABLE)
"""All that a call of the library may end in."""

_NO_CONNECTION = (
    wire.NewConnectionError,  # refused, unreachable, a name that cannot be resolved
    wire.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
    ConnectionRefusedError,
)

# Decided by the key, because the text beside it is in the language of the site. First match wins: with an unknown
# project Jira finds fault with everything that depends on it, too.
_CODES = {
    "project": "project-unknown",
    "issuetype": "type-unknown",
    "priority": "priority-unknown",
    "assignee": "user-unknown",
    "reporter": "user-unknown",
}
_OURS = frozenset({"summary", "description", "duedate", "labels"})  # known fields: what is wrong is what stands in them
_PER_ISSUE = "jira-per-issue-on-write"
_LONGEST_DETAIL = 500


class FieldsRefused(Refused):
    """Jira finds fault with fields: `fields` has the code of each. `only`: with nothing else."""

    def __init__(self, fields: Mapping[str, str], detail: str, *, only: bool) -> None:
        super().__init__(_code(fields), detail)
        self.fields, self.only = fields, only


class _Fault(msgspec.Struct):
    """The body in which Jira explains itself."""

    error_messages: list[Any] = msgspec.field(name="errorMessages", default_factory=list)
    errors: dict[str, Any] = {}


def delivery_error(error: Exception, *, write: bool) -> DeliveryError:
    """What a failed call means. A read is harmless to repeat; a write may have happened wherever that is not excluded.

    The detail of everything but Refused and Unauthorized holds codes and class names only, never a person's words.
    """
    if isinstance(error, JIRAError) and error.status_code is not None:
        return _answered(error, error.status_code, write=write).answered(error.status_code)
    name = type(error).__name__
    if isinstance(error, NEVER_SENT) or any(isinstance(cause, _NO_CONNECTION) for cause in _causes(error)):
        return Retry(f"no connection: {name}")
    return in_doubt(name, write=write)


def in_doubt(detail: str, *, write: bool, after: float | None = None) -> DeliveryError:
    """Nobody knows whether the server has acted."""
    return Unknown(detail) if write else Retry(detail, after)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made from: requests wraps urllib3, which wraps the socket."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__


def _answered(error: JIRAError, status: int, *, write: bool) -> DeliveryError:
    headers = _headers(error)
    detail = f"HTTP {status}"
    if status == 429:
        # A limit on the writes to one issue says nothing about the others.
        everywhere = headers.get("RateLimit-Reason") != _PER_ISSUE
        return Retry(detail, _retry_after(headers), everywhere=everywhere)
    if status == 401 or (status == 403 and _is_denied(headers)):
        return Unauthorized(detail)
    if status in (409, 425):
        return Retry(detail, _retry_after(headers))
    if status < 400 or status == 408 or status >= 500:
        # Also a 503 with Retry-After: a proxy may say so after Jira has acted.
        return in_doubt(detail, write=write, after=_retry_after(headers))
    return _refusal(error, status)


def _headers(error: JIRAError) -> Mapping[str, str]:
    return {} if error.response is None else error.response.headers


def _is_denied(headers: Mapping[str, str]) -> bool:
    """A 403 that means us and not what we asked for: a CAPTCHA after wrong passwords, a sign-in that failed."""
    reason = headers.get("X-Seraph-LoginReason", "")
    return "X-Authentication-Denied-Reason" in headers or "DENIED" in reason or "FAILED" in reason


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds. A date is read against the date of the same answer, so that no clock of ours matters."""
    text = headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(wait.total_seconds(), 0.0)


def _refusal(error: JIRAError, status: int) -> Refused:
    if status == 403:
        return Refused("forbidden", f"HTTP {status}")
    fault = _fault(error)
    texts = [*map(str, fault.error_messages), *(f"{field}: {text}" for field, text in fault.errors.items())]
    detail = f"HTTP {status}: {'; '.join(texts)}"[:_LONGEST_DETAIL]
    if status == 404 and not fault.errors:
        return Refused("not-found", detail)
    if fault.errors:
        codes = {field: _code({field}) for field in fault.errors}
        return FieldsRefused(codes, detail, only=not fault.error_messages)
    return Refused("invalid", detail)


def _fault(error: JIRAError) -> _Fault:
    body = b"" if error.response is None else error.response.content
    try:
        return msgspec.json.decode(body, type=_Fault)
    except msgspec.DecodeError:
        return _Fault()


def _code(errors: Collection[str]) -> str:
    """The one code for fields that were found fault with."""
    for field, code in _CODES.items():
        if field in errors:
            return code
    return "field-unknown" if set(errors) - _OURS else "invalid"
