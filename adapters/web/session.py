"""Who a browser has picked: a signed cookie. Each tab names one of the people in it, so tabs may differ."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

import msgspec

from bot.ports import Clock

COOKIE = "butterboard"
LASTS = 7 * 24 * 3600  # seconds
MOST = 12


class _Session(msgspec.Struct, frozen=True):
    people: tuple[str, ...]
    until: int


_sessions = msgspec.json.Decoder(_Session)


class Sessions:
    """`key` is the one that all replicas have for these cookies alone."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def people(self, cookie: str | None) -> tuple[str, ...]:
        """The people that this browser has picked, the latest first; nobody when the cookie is not ours or too old."""
        payload, _, signature = (cookie or "").partition(".")
        if not hmac.compare_digest(self._sign(payload), _bytes(signature)):
            return ()
        try:
            session = _sessions.decode(base64.urlsafe_b64decode(payload))
        except (binascii.Error, msgspec.DecodeError):
            return ()
        return session.people if session.until > self._now() else ()

    def cookie(self, people: tuple[str, ...], picked: str) -> str:
        """The value of a cookie for these people and the one who was picked now."""
        kept = tuple(dict.fromkeys((picked, *people)))[:MOST]
        session = msgspec.json.encode(_Session(kept, self._now() + LASTS))
        payload = base64.urlsafe_b64encode(session).decode()
        return f"{payload}.{self._sign(payload).decode()}"

    def _sign(self, payload: str) -> bytes:
        return hmac.new(self._key, _bytes(payload), hashlib.sha256).hexdigest().encode()

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _bytes(text: str) -> bytes:
    """Of a header that may hold anything."""
    return text.encode(errors="replace")
