"""Whatever slack_sdk and aiohttp can raise is one of the four delivery errors."""

import errno
import inspect
from typing import Any, cast

import aiohttp
import pytest
import slack_sdk.errors
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict
from slack_sdk.errors import SlackApiError, SlackClientError

from adapters.slack.errors import FAILURES, SDK_ERRORS, delivery_error, translated
from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown

KEY = cast(ConnectionKey, type("Key", (), {"host": "slack.com", "port": 443, "is_ssl": True, "ssl": True})())
REFUSED = OSError(errno.ECONNREFUSED, "refused")


class Answer:
    """An answer as slack_sdk puts it into its error."""

    def __init__(self, status_code: int, data: Any, headers: dict[str, str] | None = None) -> None:
        self.status_code = status_code
        self.data = data
        self.headers = CIMultiDict(headers or {})


def api_error(status: int, data: Any, **headers: str) -> SlackApiError:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SlackApiError("failed", Answer(status, data, named))  # type: ignore[no-untyped-call]


def coded(code: str) -> SlackApiError:
    return api_error(200, {"ok": False, "error": code})


def all_of(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(all_of(below) for below in kind.__subclasses__()))


def in_order(kinds: set[type[Exception]]) -> list[type[Exception]]:
    return sorted(kinds, key=lambda kind: kind.__name__)


def test_every_error_of_the_sdk_has_its_place_in_the_map() -> None:
    written = {one for _, one in inspect.getmembers(slack_sdk.errors, inspect.isclass) if issubclass(one, Exception)}
    known = (written | all_of(SlackClientError)) - {SlackApiError}
    assert known == set(SDK_ERRORS)


@pytest.mark.parametrize("kind", in_order(all_of(SlackClientError) - {SlackApiError}))
def test_every_error_of_the_sdk_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    assert isinstance(delivery_error(error, writes=True), DeliveryError)


@pytest.mark.parametrize("kind", in_order(all_of(aiohttp.ClientError)))
def test_every_error_of_aiohttp_is_translated(kind: type[Exception]) -> None:
    assert issubclass(kind, FAILURES)
    assert isinstance(delivery_error(kind.__new__(kind), writes=True), DeliveryError)


def test_a_429_asks_for_silence_everywhere() -> None:
    found = delivery_error(api_error(429, {"ok": False, "error": "ratelimited"}, Retry_After="7"), writes=True)
    assert isinstance(found, Retry)
    assert (found.after, found.everywhere) == (7.0, True)


def test_a_429_may_leave_open_for_how_long() -> None:
    found = delivery_error(api_error(429, "slow down", Retry_After="soon"), writes=True)
    assert isinstance(found, Retry)
    assert found.after is None


@pytest.mark.parametrize(
    "error",
    [
        api_error(500, "oops"),
        api_error(503, {}),
        api_error(200, {}),
        api_error(200, ["odd"]),
        coded("internal_error"),
        coded("fatal_error"),
        coded("request_timeout"),
        TimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.SocketTimeoutError(),
        aiohttp.ClientPayloadError(),
        ConnectionResetError(),
        AttributeError("'list' object has no attribute 'get'"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"),
    ],
)
def test_what_may_have_happened_is_unknown_when_it_writes_and_done_again_when_it_reads(error: Exception) -> None:
    assert isinstance(delivery_error(error, writes=True), Unknown)
    found = delivery_error(error, writes=False)
    assert isinstance(found, Retry)
    assert not found.everywhere


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(KEY, REFUSED),
        aiohttp.ClientConnectorDNSError(KEY, REFUSED),
        aiohttp.ConnectionTimeoutError(),
        ConnectionRefusedError(),
        api_error(407, "proxy"),
        coded("team_added_to_org"),
    ],
)
def test_what_surely_did_not_happen_is_done_again(error: Exception) -> None:
    assert isinstance(delivery_error(error, writes=True), Retry)


@pytest.mark.parametrize(
    "error",
    [
        coded("invalid_auth"),
        coded("token_revoked"),
        coded("account_inactive"),
        api_error(200, {"ok": False, "error": "missing_scope", "needed": "chat:write"}),
        aiohttp.InvalidUrlClientError("nowhere"),
    ],
)
def test_refused_credentials_stop_everything(error: Exception) -> None:
    assert isinstance(delivery_error(error, writes=True), Unauthorized)


@pytest.mark.parametrize(
    "code",
    ["channel_not_found", "user_not_found", "users_not_found", "is_archived", "msg_too_long", "invalid_blocks", "new"],
)
def test_any_other_word_of_slack_is_the_reason_of_a_refusal(code: str) -> None:
    found = delivery_error(coded(code), writes=True)
    assert isinstance(found, Refused)
    assert found.code == code


def test_a_bug_of_ours_is_not_hidden() -> None:
    with pytest.raises(KeyError), translated(writes=True):
        raise KeyError("ours")
