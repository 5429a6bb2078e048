"""Whatever aiohttp, msal, requests and Microsoft can say is one of the four delivery errors."""

import errno
import importlib
import json
import pkgutil
from typing import Any, cast

import aiohttp
import msal
import pytest
import requests
import urllib3.exceptions
from aiohttp.client_reqrep import ConnectionKey
from msal.exceptions import MsalError, MsalServiceError

from adapters.teams.errors import (
    FAILURES,
    TOKEN_FAILURES,
    Answer,
    answer_error,
    delivery_error,
    seconds,
    token_error,
    token_refusal,
    translated,
)
from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown

KEY = cast(ConnectionKey, type("Key", (), {"host": "smba", "port": 443, "is_ssl": True, "ssl": True})())
NOT_LISTENING = OSError(errno.ECONNREFUSED, "refused")
# As Microsoft's documentation shows it: the code stands in JSON in a text.
WRITES_BLOCKED = {
    "errorCode": 209,
    "message": '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread is blocked from writes."\r\n}',
}


def all_of(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(all_of(below) for below in kind.__subclasses__()))


def in_order(kinds: set[type[Exception]]) -> list[type[Exception]]:
    return sorted(kinds, key=lambda kind: (kind.__module__, kind.__name__))


def of_msal() -> set[type[Exception]]:
    """Every error that msal defines on this system."""
    apart = {"msal.broker", "msal.__main__"}  # of Windows; the command line
    names = [one.name for one in pkgutil.walk_packages(msal.__path__, "msal.") if one.name not in apart]
    inside = [vars(importlib.import_module(name)).values() for name in names]
    found = {one for values in inside for one in values if isinstance(one, type) and issubclass(one, Exception)}
    return {one for one in found if one.__module__.startswith("msal")}


def answered(status: int, body: object = None, **more: Any) -> Answer:
    return Answer(status, b"" if body is None else json.dumps(body).encode(), **more)


def coded(status: int, code: str) -> Answer:
    return answered(status, {"error": {"code": code, "message": "No."}})


@pytest.mark.parametrize("kind", in_order(all_of(aiohttp.ClientError)))
def test_every_error_of_aiohttp_is_translated(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    assert isinstance(error, FAILURES)
    assert isinstance(delivery_error(error, repeatable=False), DeliveryError)
    assert not isinstance(delivery_error(error, repeatable=True), Unknown)


def test_a_bug_of_ours_is_not_hidden() -> None:
    with pytest.raises(KeyError), translated(repeatable=False):
        raise KeyError("ours")


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(KEY, NOT_LISTENING),
        aiohttp.ClientConnectorDNSError(KEY, NOT_LISTENING),
        aiohttp.ConnectionTimeoutError(),
        ConnectionRefusedError(),
    ],
)
def test_what_was_surely_not_sent_is_done_again(error: Exception) -> None:
    assert isinstance(delivery_error(error, repeatable=False), Retry)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.SocketTimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientPayloadError(),
        aiohttp.ClientOSError(),
        ConnectionResetError(),
    ],
)
def test_a_message_whose_answer_was_lost_may_stand_there_and_a_replacement_is_done_again(error: Exception) -> None:
    assert isinstance(delivery_error(error, repeatable=False), Unknown)
    assert isinstance(delivery_error(error, repeatable=True), Retry)


@pytest.mark.parametrize(
    "answer",
    [
        answered(500, {"error": {"code": "ServiceError", "message": "oops"}}),
        answered(502),
        Answer(503, b"<html>unavailable</html>"),
        answered(504, {"error": {"code": "GatewayTimeout"}}),
        answered(408),
        Answer(200, b"<html>sign in to the wifi</html>"),
        Answer(201, b"[]"),
        Answer(200, b"\xff\xfe"),
    ],
)
def test_nobody_knows_what_became_of_a_message_that_was_answered_like_this(answer: Answer) -> None:
    assert isinstance(answer_error(answer, repeatable=False), Unknown)
    assert isinstance(answer_error(answer, repeatable=True), Retry)


def test_when_teams_says_until_when_it_is_believed() -> None:
    found = answer_error(answered(503, retry_after=12.0), repeatable=True)
    assert isinstance(found, Retry)
    assert (found.after, found.everywhere) == (12.0, False)


@pytest.mark.parametrize("rested", [True, False])
def test_a_429_is_about_the_conversation_unless_we_were_silent_there(rested: bool) -> None:
    found = answer_error(coded(429, "Throttled"), repeatable=False, rested=rested)
    assert isinstance(found, Retry)
    assert (found.after, found.everywhere) == (None, rested)


@pytest.mark.parametrize(("status", "code"), [(412, "PreconditionFailed"), (409, "Conflict"), (425, "TooEarly")])
def test_what_crossed_something_else_is_done_again(status: int, code: str) -> None:
    found = answer_error(answered(status, {"error": {"code": code}}, retry_after=1.0), repeatable=False)
    assert isinstance(found, Retry)
    assert (found.after, found.everywhere) == (1.0, False)


@pytest.mark.parametrize(
    "answer",
    [
        answered(401),
        coded(401, "BotNotRegistered"),
        Answer(401, b"Unauthorized"),
        coded(403, "BotDisabledByAdmin"),
    ],
)
def test_what_only_an_administrator_can_change_stops_everything(answer: Answer) -> None:
    assert isinstance(answer_error(answer, repeatable=False), Unauthorized)


@pytest.mark.parametrize(
    "answer",
    [
        answered(403, WRITES_BLOCKED),
        answered(403, {"error": {"code": "Forbidden"}, "subCode": "MessageWritesBlocked"}),
        answered(403, {"error": {"code": "X", "innerHttpError": {"body": {"subCode": "MessageWritesBlocked"}}}}),
        coded(403, "MessageWritesBlocked"),
        coded(403, "ConversationBlockedByUser"),
        coded(403, "BotNotInConversationRoster"),
        coded(403, "ForbiddenOperationException"),
        coded(403, "BotDisabledByUser"),
        answered(403, {"error": "BotNotInConversationRoster"}),
    ],
)
def test_whoever_has_blocked_or_removed_us_is_told_elsewhere(answer: Answer) -> None:
    found = answer_error(answer, repeatable=False)
    assert isinstance(found, Refused)
    assert found.code == "blocked"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (coded(400, "BadArgument"), "BadArgument"),
        (coded(400, "BadSyntax"), "BadSyntax"),
        (coded(403, "InvalidBotApiHost"), "InvalidBotApiHost"),
        (coded(403, "NotEnoughPermissions"), "NotEnoughPermissions"),
        (coded(404, "ConversationNotFound"), "not-found"),
        (coded(404, "ActivityNotFoundInConversation"), "not-found"),
        (coded(410, "Gone"), "not-found"),
        (coded(413, "MessageSizeTooBig"), "MessageSizeTooBig"),
        (Answer(413, b"Request Entity Too Large"), "MessageSizeTooBig"),
        (coded(405, "MethodNotAllowed"), "MethodNotAllowed"),
        (coded(422, "New"), "New"),
        (coded(400, "Anna Petrova is not here."), "refused"),
    ],
)
def test_any_other_word_of_microsoft_is_the_reason_of_a_refusal(answer: Answer, code: str) -> None:
    found = answer_error(answer, repeatable=False)
    assert isinstance(found, Refused)
    assert found.code == code


@pytest.mark.parametrize("status", [302, 307, 400, 403, 404, 407])
def test_the_refusal_of_a_proxy_has_not_reached_teams(status: int) -> None:
    assert isinstance(answer_error(Answer(status, b"<html>no</html>"), repeatable=False), Retry)


@pytest.mark.parametrize(("told", "after"), [("7", 7.0), ("0", 0.0), ("soon", None), ("", None), (None, None)])
def test_a_retry_after_that_is_no_number_leaves_open_for_how_long(told: str | None, after: float | None) -> None:
    assert seconds(told) == after


# --- tokens


@pytest.mark.parametrize("kind", in_order(of_msal() | all_of(MsalError)))
def test_every_error_of_msal_is_translated_and_none_is_in_doubt(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    assert isinstance(error, TOKEN_FAILURES)
    assert isinstance(token_error(error), Retry | Unauthorized)


@pytest.mark.parametrize("kind", in_order(all_of(requests.RequestException) | all_of(urllib3.exceptions.HTTPError)))
def test_every_error_of_requests_is_translated_and_none_is_in_doubt(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    assert isinstance(error, TOKEN_FAILURES)
    assert isinstance(token_error(error), Retry | Unauthorized)


def unreadable() -> ValueError:
    """As msal hides that the answer about a tenant was no JSON."""
    error = ValueError("Unable to get authority configuration")
    error.__context__ = json.JSONDecodeError("no", "<html>", 0)
    return error


@pytest.mark.parametrize(
    "error",
    [
        requests.ConnectionError(),
        requests.ReadTimeout(),
        requests.exceptions.SSLError(),
        requests.exceptions.ProxyError(),
        MsalServiceError("HTTP Error: 503", error="", error_description=""),
        json.JSONDecodeError("no", "<html>", 0),
        unreadable(),
        KeyError("token_endpoint"),
        RuntimeError("Unable to complete OIDC Discovery: 302"),
    ],
)
def test_a_login_that_cannot_be_asked_is_asked_again(error: Exception) -> None:
    assert isinstance(token_error(error), Retry)


def test_a_login_that_is_busy_says_until_when() -> None:
    response = requests.Response()
    response.status_code, response.headers["Retry-After"] = 429, "9"
    found = token_error(requests.HTTPError("429", response=response))
    assert isinstance(found, Retry)
    assert (found.after, found.detail) == (9.0, "429 of login")


@pytest.mark.parametrize("error", [ValueError("no such tenant"), requests.exceptions.InvalidURL()])
def test_a_wrong_tenant_or_address_stops_everything(error: Exception) -> None:
    assert isinstance(token_error(error), Unauthorized)


@pytest.mark.parametrize(
    ("error", "number"),
    [
        ("invalid_client", 7000215),
        ("invalid_client", 7000222),
        ("unauthorized_client", 700016),
        ("invalid_request", 90002),
        ("invalid_scope", 70011),
        ("something_new", 1),
    ],
)
def test_a_refused_app_stops_everything_and_the_number_says_why(error: str, number: int) -> None:
    found = token_refusal({"error": error, "error_codes": [number], "error_description": "App 'x' has secret 'y'"})
    assert isinstance(found, Unauthorized)
    assert found.detail == f"{error} AADSTS{number}"


@pytest.mark.parametrize(
    "result",
    [
        {"error": "temporarily_unavailable"},
        {"error": "server_error", "error_codes": "odd"},
        {"error": "invalid_request", "error_codes": [90033]},
        {},
        {"error": 7},
    ],
)
def test_a_login_that_is_busy_or_odd_is_asked_again(result: dict[str, object]) -> None:
    assert isinstance(token_refusal(result), Retry)
