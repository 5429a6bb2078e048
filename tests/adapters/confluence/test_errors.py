"""No error of the libraries escapes the map, and each means the same wherever it comes from."""

import atlassian.errors
import pytest
import requests.exceptions
from requests import HTTPError

import adapters.confluence.errors
from adapters.confluence.errors import ANSWERED, FAILURES, MISTAKEN, PASSING, Redirected, delivery_error
from bot.errors import Refused, Retry, Unauthorized
from tests.adapters.library_errors import an, exceptions_of, response

MAPPED = {*ANSWERED, *MISTAKEN, *PASSING}


MODULES = (atlassian.errors, requests.exceptions, adapters.confluence.errors)
EVERY = [error for module in MODULES for error in exceptions_of(module)]


def answer(status: int, body: object = None, **headers: str) -> HTTPError:
    return HTTPError("what people wrote", response=response(status, body, **headers))


@pytest.mark.parametrize("error", EVERY)
def test_every_exception_of_the_libraries_is_mapped(error: type[Exception]) -> None:
    assert error in MAPPED, f"say in adapters/confluence/errors.py what {error.__name__} means"
    assert issubclass(error, FAILURES)
    found = delivery_error(an(error))
    if error in MISTAKEN:
        assert isinstance(found, Refused)
        assert found.code == MISTAKEN[error]
    elif error is not Redirected:
        assert type(found) is Retry


def test_the_map_names_no_class_that_is_gone() -> None:
    assert set(EVERY) == MAPPED


@pytest.mark.parametrize("error", [answer(400), answer(500), answer(401), an(requests.exceptions.InvalidURL)])
def test_no_word_of_an_answer_is_repeated(error: Exception) -> None:
    assert "people" not in delivery_error(error).detail
    assert "something" not in delivery_error(error).detail


def test_429_is_a_silence_for_everybody_as_long_as_it_says() -> None:
    error = delivery_error(answer(429, Retry_After="17"))
    assert isinstance(error, Retry)
    assert (error.after, error.everywhere) == (17.0, True)


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({}, None),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "²"}, None),
        ({"Retry_After": "Tue, 24 Nov 2026 09:01:00 GMT"}, None),
        ({"Retry_After": "Tue, 24 Nov 2026 09:01:00 GMT", "Date": "Tue, 24 Nov 2026 09:00:00 GMT"}, 60.0),
        ({"Retry_After": "Tue, 24 Nov 2026 09:00:00 GMT", "Date": "Tue, 24 Nov 2026 09:01:00 GMT"}, 0.0),
    ],
)
def test_a_date_to_come_back_is_read_against_the_date_of_the_answer(
    headers: dict[str, str], after: float | None
) -> None:
    error = delivery_error(answer(503, **headers))
    assert isinstance(error, Retry)
    assert error.after == after


@pytest.mark.parametrize("status", [200, 304, 408, 409, 425, 500, 502, 503, 504])
def test_what_may_pass_is_asked_again(status: int) -> None:
    assert type(delivery_error(answer(status))) is Retry


@pytest.mark.parametrize(
    "error",
    [
        answer(401),
        answer(403, X_Authentication_Denied_Reason="CAPTCHA_CHALLENGE; login-url=https://wiki/login.action"),
        answer(403, X_Seraph_LoginReason="AUTHENTICATION_DENIED"),
        Redirected("https://wiki/login.action?os_destination=x"),
        Redirected("https://sso.example.com/authenticate"),
    ],
)
def test_refused_credentials_are_told_apart(error: Exception) -> None:
    assert type(delivery_error(error)) is Unauthorized


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (answer(400, {"message": "Could not parse cql"}), "invalid"),
        (answer(403), "forbidden"),
        (answer(404), "not-found"),
        (answer(410), "invalid"),
        (Redirected("https://wiki.example.com/"), "redirected"),
    ],
)
def test_what_will_never_work_is_refused(error: Exception, code: str) -> None:
    found = delivery_error(error)
    assert isinstance(found, Refused)
    assert found.code == code
