"""No error of the libraries escapes the map, and each means the same wherever it comes from."""

import socket
import ssl

import jira.exceptions
import pytest
import requests.exceptions
from jira.exceptions import JIRAError
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError

from adapters.jira.errors import DOUBTFUL, FAILURES, NEVER_SENT, FieldsRefused, delivery_error
from bot.errors import DeliveryError, Refused, Retry, Unauthorized, Unknown
from tests.adapters.library_errors import an, exceptions_of, response

MAPPED = {JIRAError, *NEVER_SENT, *DOUBTFUL}


EVERY = [*exceptions_of(jira.exceptions), *exceptions_of(requests.exceptions)]


def answer(status: int, body: object = None, **headers: str) -> JIRAError:
    return JIRAError(status_code=status, response=response(status, body, **headers))


def write(error: Exception) -> DeliveryError:
    return delivery_error(error, write=True)


def read(error: Exception) -> DeliveryError:
    return delivery_error(error, write=False)


@pytest.mark.parametrize("error", EVERY)
def test_every_exception_of_the_libraries_is_mapped(error: type[Exception]) -> None:
    assert error in MAPPED, f"say in adapters/jira/errors.py what {error.__name__} means"
    assert issubclass(error, FAILURES)
    assert type(write(an(error))) is (Retry if error in NEVER_SENT else Unknown)
    assert type(read(an(error))) is Retry


def test_the_map_names_no_class_that_is_gone() -> None:
    assert set(EVERY) == MAPPED


def raised_from(cause: Exception) -> Exception:
    try:
        try:
            raise cause
        except Exception as error:
            raise requests.exceptions.ConnectionError(error) from error
    except requests.exceptions.ConnectionError as wrapped:
        return wrapped


@pytest.mark.parametrize(
    "cause",
    [
        NewConnectionError(HTTPConnection("localhost"), "refused"),
        ConnectionRefusedError(),
        ssl.SSLCertVerificationError("self-signed"),
    ],
)
def test_where_no_connection_was_made_nothing_has_happened(cause: Exception) -> None:
    assert type(write(raised_from(cause))) is Retry


def test_a_connection_that_breaks_leaves_a_doubt() -> None:
    assert type(write(raised_from(ConnectionResetError()))) is Unknown


def test_a_name_that_leads_nowhere_and_a_closed_door_are_no_doubt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    for address in (f"http://127.0.0.1:{port}", "http://no-such-host.invalid"):
        with pytest.raises(requests.exceptions.ConnectionError) as error:
            requests.post(address, timeout=5, proxies={"http": ""})
        assert type(write(error.value)) is Retry


def test_429_is_a_silence_for_everybody_as_long_as_it_says() -> None:
    error = write(answer(429, Retry_After="17"))
    assert isinstance(error, Retry)
    assert (error.after, error.everywhere) == (17.0, True)


def test_429_for_one_issue_stops_no_other() -> None:
    error = write(answer(429, Retry_After="2", RateLimit_Reason="jira-per-issue-on-write"))
    assert isinstance(error, Retry)
    assert not error.everywhere


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "Tue, 24 Nov 2026 09:01:00 GMT"}, None),
        ({"Retry_After": "Tue, 24 Nov 2026 09:01:00 GMT", "Date": "Tue, 24 Nov 2026 09:00:00 GMT"}, 60.0),
        ({"Retry_After": "Tue, 24 Nov 2026 09:00:00 GMT", "Date": "Tue, 24 Nov 2026 09:01:00 GMT"}, 0.0),
    ],
)
def test_a_date_to_come_back_is_read_against_the_date_of_the_answer(
    headers: dict[str, str], after: float | None
) -> None:
    error = read(answer(503, **headers))
    assert isinstance(error, Retry)
    assert error.after == after


@pytest.mark.parametrize("status", [200, 201, 408, 500, 502, 503, 504])
def test_a_write_without_a_clear_answer_is_unknown_and_a_read_is_repeated(status: int) -> None:
    assert type(write(answer(status, Retry_After="5"))) is Unknown
    assert type(read(answer(status))) is Retry


@pytest.mark.parametrize("status", [409, 425])
def test_what_jira_did_not_even_begin_is_done_again(status: int) -> None:
    assert type(write(answer(status))) is Retry


@pytest.mark.parametrize(
    "error",
    [
        answer(401),
        answer(403, X_Authentication_Denied_Reason="CAPTCHA_CHALLENGE; login-url=https://jira/login.jsp"),
        answer(403, X_Seraph_LoginReason="AUTHENTICATION_DENIED"),
        answer(403, X_Seraph_LoginReason="AUTHENTICATED_FAILED"),
    ],
)
def test_refused_credentials_are_no_fault_of_the_effect(error: JIRAError) -> None:
    assert type(write(error)) is Unauthorized
    assert type(read(error)) is Unauthorized


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (answer(403, X_Seraph_LoginReason="OK"), "forbidden"),
        (answer(404, {"errorMessages": ["Задача не существует"], "errors": {}}), "not-found"),
        (answer(400, {"errors": {"project": "Укажите проект", "issuetype": "Укажите тип"}}), "project-unknown"),
        (answer(404, {"errors": {"project": "valid project is required"}}), "project-unknown"),
        (answer(400, {"errors": {"priority": "Нет такого приоритета", "issuetype": "Нет типа"}}), "type-unknown"),
        (answer(400, {"errors": {"priority": "Нет такого приоритета"}}), "priority-unknown"),
        (answer(400, {"errors": {"assignee": "User 'x' does not exist."}}), "user-unknown"),
        (answer(400, {"errors": {"customfield_10010": "Обязательное поле"}}), "field-unknown"),
        (answer(400, {"errors": {"duedate": "Error parsing date"}}), "invalid"),
        (answer(400, {"errorMessages": ["Что-то не так"]}), "invalid"),
        (answer(400, ["not", "an", "object"]), "invalid"),
        (answer(405), "invalid"),
    ],
)
def test_a_refusal_has_a_code_whatever_language_the_site_speaks(error: JIRAError, code: str) -> None:
    refused = write(error)
    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_refusal_quotes_jira() -> None:
    refused = write(answer(400, {"errorMessages": ["No."], "errors": {"duedate": "Bad date"}}))
    assert refused.detail == "HTTP 400: No.; duedate: Bad date"


def test_a_doubt_does_not_quote_what_people_wrote() -> None:
    url = "/rest/api/2/user/search?username=anna@example.com"
    error = write(requests.exceptions.ReadTimeout(f"Max retries exceeded with url: {url}"))
    assert error.detail == "ReadTimeout"


def test_a_refusal_of_fields_says_what_is_wrong_with_each_of_them() -> None:
    refused = write(answer(400, {"errors": {"priority": "Нет", "duedate": "Плохо", "customfield_1": "Нужно"}}))
    assert isinstance(refused, FieldsRefused)
    assert refused.fields == {"priority": "priority-unknown", "duedate": "invalid", "customfield_1": "field-unknown"}
    assert (refused.code, refused.only) == ("priority-unknown", True)


def test_a_refusal_of_fields_and_of_something_else_is_not_one_of_fields_only() -> None:
    refused = write(answer(400, {"errorMessages": ["No."], "errors": {"priority": "Нет"}}))
    assert isinstance(refused, FieldsRefused)
    assert not refused.only
