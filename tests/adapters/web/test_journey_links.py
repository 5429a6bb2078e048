"""The addresses of journeys: what is signed comes back, and nothing else does."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from adapters.web.journey_links import JourneyLinks

LINKS = JourneyLinks("https://bot.example/", b"a secret")
TOKEN = LINKS.url("j1").rpartition("/")[2]


def test_an_address_leads_back_to_its_journey() -> None:
    assert LINKS.url("j1").startswith("https://bot.example/journeys/j1.")
    assert LINKS.journey(TOKEN) == "j1"
    assert LINKS.url("j1") == JourneyLinks("https://bot.example", b"a secret").url("j1")


def test_the_signature_is_the_hmac_of_the_id_under_its_purpose() -> None:
    whole = hmac.digest(b"a secret", b"journey:j1", hashlib.sha256)
    kept = base64.urlsafe_b64decode(TOKEN.partition(".")[2])
    assert len(kept) >= 16
    assert whole.startswith(kept)


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "j1",
        "j1.",
        f"j2.{TOKEN.partition('.')[2]}",
        TOKEN[:-1],
        f"{TOKEN}=",
        f"{TOKEN[:-1]}{'A' if TOKEN[-1] != 'A' else 'B'}",
        TOKEN.swapcase(),
        f"j1.{'ж' * 24}",
        "\ud800.\ud800",
    ],
)
def test_what_was_not_signed_is_no_journey(token: str) -> None:
    assert LINKS.journey(token) is None


def test_another_secret_signs_otherwise() -> None:
    assert JourneyLinks("https://bot.example", b"another secret").journey(TOKEN) is None
