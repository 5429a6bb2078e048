"""The addresses of journeys: what is signed comes back, and nothing else does."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac

import pytest
from msgspec.structs import replace

from adapters.web.journey_links import JourneyLinks, looks_old
from bot.journey.links import Permit

KEY = b"the key of links"
LINKS = JourneyLinks("https://bot.example/", KEY)
UNTIL = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
PERMIT = Permit("j1", 3, UNTIL)
TOKEN = LINKS.url(PERMIT).rpartition("/")[2]
SIGNED, _, SIGNATURE = TOKEN.rpartition(".")


def test_an_address_leads_back_to_what_it_allows() -> None:
    assert LINKS.url(PERMIT).startswith("https://bot.example/journeys/j1.")
    assert LINKS.permit(TOKEN) == PERMIT
    assert LINKS.url(PERMIT) == JourneyLinks("https://bot.example", KEY).url(PERMIT)


def test_the_signature_is_whole_and_covers_all_that_it_allows() -> None:
    whole = hmac.digest(KEY, SIGNED.encode(), hashlib.sha256)
    assert base64.urlsafe_b64decode(f"{SIGNATURE}=") == whole
    others = (
        replace(PERMIT, journey="j2"),
        replace(PERMIT, withdrawn=4),
        replace(PERMIT, until=UNTIL.replace(year=2027)),
    )
    assert len({LINKS.url(one).rpartition(".")[2] for one in (PERMIT, *others)}) == 4


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "j1",
        "j1.",
        f"j2.{TOKEN.partition('.')[2]}",
        f"j1.4.{TOKEN.split('.', 2)[2]}",
        f"j1.3.{int(UNTIL.timestamp()) + 1}.{SIGNATURE}",
        TOKEN[:-1],
        f"{TOKEN}=",
        f"{TOKEN[:-1]}{'A' if TOKEN[-1] != 'A' else 'B'}",
        TOKEN.swapcase(),
        f"{SIGNED}.{'ж' * 43}",
        "\ud800.\ud800",
    ],
)
def test_what_was_not_signed_allows_nothing(token: str) -> None:
    assert LINKS.permit(token) is None


@pytest.mark.parametrize("signed", ["j1", "j1.3", "j1.x.1", "j1.3.1e5", "j1.-3.1", f"j1.3.{'9' * 30}", "", "j.1.3.5"])
def test_what_is_signed_and_no_permit_allows_nothing(signed: str) -> None:
    signature = base64.urlsafe_b64encode(hmac.digest(KEY, signed.encode(), hashlib.sha256)).rstrip(b"=").decode()
    assert LINKS.permit(f"{signed}.{signature}") is None


def test_another_key_signs_otherwise() -> None:
    assert JourneyLinks("https://bot.example", b"another key").permit(TOKEN) is None


def test_links_that_are_made_otherwise_are_another_edition_and_the_edition_tells_nothing_of_the_key() -> None:
    editions = {
        LINKS.edition,
        JourneyLinks("https://bot.example", KEY).edition,
        JourneyLinks("https://other.example", KEY).edition,
        JourneyLinks("https://bot.example", b"another key").edition,
    }
    assert len(editions) == 3
    assert all(len(edition) == 16 for edition in editions)


def test_a_link_from_before_links_expired_is_known_by_its_shape() -> None:
    assert looks_old(f"5f0c.{'Ab1-' * 6}")
    assert not looks_old(TOKEN)
    assert not looks_old("5f0c.x")
