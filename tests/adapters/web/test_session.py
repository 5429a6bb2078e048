"""The signed cookie: only ours counts, and not for ever."""

from __future__ import annotations

import base64
import datetime

import pytest

from adapters.web.session import LASTS, MOST, Sessions
from tests.adapters.web.kit import NOW, SECRET


def sessions(secret: bytes = SECRET, later: float = 0) -> Sessions:
    return Sessions(secret, lambda: NOW + datetime.timedelta(seconds=later))


def test_who_was_picked_last_comes_first() -> None:
    cookie = sessions().cookie(("a1", "p1"), "e1")
    assert sessions().people(cookie) == ("e1", "a1", "p1")
    assert sessions().people(sessions().cookie(("a1", "p1"), "p1")) == ("p1", "a1")


def test_a_browser_keeps_only_the_latest_people() -> None:
    cookie = sessions().cookie(tuple(f"p{number}" for number in range(50)), "e1")
    assert len(sessions().people(cookie)) == MOST


def test_a_cookie_ends() -> None:
    cookie = sessions().cookie((), "a1")
    assert sessions(later=LASTS - 1).people(cookie) == ("a1",)
    assert sessions(later=LASTS).people(cookie) == ()


def test_a_cookie_of_another_secret_is_nobodys() -> None:
    assert sessions().people(sessions(b"another").cookie((), "a1")) == ()


@pytest.mark.parametrize("cookie", [None, "", ".", "x.y", "привет.\udcff", "a" * 10000])
def test_what_is_no_cookie_of_ours_is_nobodys(cookie: str | None) -> None:
    assert sessions().people(cookie) == ()


def test_other_people_under_the_same_signature_are_nobody() -> None:
    payload, _, signature = sessions().cookie((), "a1").partition(".")
    forged = base64.urlsafe_b64encode(base64.urlsafe_b64decode(payload).replace(b"a1", b"p1")).decode()
    assert sessions().people(f"{forged}.{signature}") == ()
