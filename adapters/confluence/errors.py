"""The one place that says what an error of Confluence, of its library or of `requests` means. All calls are reads."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from atlassian import errors as library
from requests import HTTPError, Response
from requests import exceptions as http
from urllib3 import exceptions as wire

from bot.errors import DeliveryError, Refused, Retry, Unauthorized


class Redirected(http.RequestException):
    """Confluence leads elsewhere; our credentials do not go along."""

    def __init__(self, location: str) -> None:
        super().__init__("redirected")
        self.location = location


class TooLarge(http.RequestException):
    """More bytes than anything that we ask for has."""


class TooSlow(http.RequestException):
    """The answer has begun, and does not end in time."""


MISTAKEN: Mapping[type[Exception], str] = {
    http.URLRequired: "address",
    http.MissingSchema: "address",
    http.InvalidSchema: "address",
    http.InvalidURL: "address",
    http.InvalidProxyURL: "address",
    http.InvalidHeader: "address",
    TooLarge: "too-large",
    library.ApiValueError: "invalid",
    library.ApiNotFoundError: "not-found",
    library.ApiPermissionError: "forbidden",
    library.ApiNotAcceptable: "invalid",
    library.JsonRPCRestrictionsError: "forbidden",
}
"""They come again however often one asks; with the code of the refusal."""

PASSING: tuple[type[Exception], ...] = (
    http.RequestException,
    http.InvalidJSONError,
    http.JSONDecodeError,
    http.ConnectionError,
    http.ProxyError,
    http.SSLError,
    http.Timeout,
    http.ConnectTimeout,
    http.ReadTimeout,
    http.TooManyRedirects,
    http.ChunkedEncodingError,
    http.ContentDecodingError,
    http.StreamConsumedError,
    http.RetryError,
    http.UnrewindableBodyError,
    TooSlow,
    library.ApiError,
    library.ApiConflictError,
    library.JsonRPCError,
)
"""They may not come again."""

ANSWERED: tuple[type[Exception], ...] = (HTTPError, Redirected)
"""They are decided by what stands in them."""

# What the library and the decoding raise over the body of a success that they did not expect.
UNREADABLE: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, RecursionError)

FAILURES: tuple[type[Exception], ...] = (
    *ANSWERED,
    *MISTAKEN,
    *PASSING,
    wire.HTTPError,
    OSError,
    *UNREADABLE,
)
"""All that a call of the library may end in."""


def delivery_error(error: Exception) -> DeliveryError:
    """What a failed call means; never Unknown. The detail has codes and names of classes only: the library quotes the
    body of an answer in its errors, and with it what people wrote."""
    if isinstance(error, Redirected):
        return _redirection(error.location)
    if isinstance(error, HTTPError) and error.response is not None:
        return _answered(error.response).answered(error.response.status_code)
    name = type(error).__name__
    code = next((code for mistaken, code in MISTAKEN.items() if isinstance(error, mistaken)), None)
    return Retry(name) if code is None else Refused(code, name)


def denied(headers: Mapping[str, str]) -> bool:
    """Confluence took us for a stranger. It then may still answer, with what strangers see: an empty wiki."""
    reason = headers.get("X-Seraph-LoginReason", "")
    return "X-Authentication-Denied-Reason" in headers or "DENIED" in reason or "FAILED" in reason


def _answered(response: Response) -> DeliveryError:
    status, detail = response.status_code, f"HTTP {response.status_code}"
    if status == 401 or (status == 403 and denied(response.headers)):
        return Unauthorized(detail)
    if status == 429:
        return Retry(detail, _retry_after(response.headers), everywhere=True)
    if status < 400 or status in (408, 409, 425) or status >= 500:
        return Retry(detail, _retry_after(response.headers))
    return Refused({403: "forbidden", 404: "not-found"}.get(status, "invalid"), detail)


def _redirection(location: str) -> DeliveryError:
    """A page for signing in is where Data Center sends those whom it does not know."""
    if "login" in location.lower() or "authenticate" in location.lower():
        return Unauthorized("redirected to sign in")
    return Refused("redirected", "redirected: is the address right?")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds. A date is read against the date of the same answer, so that no clock of ours matters."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return max(wait.total_seconds(), 0.0)
