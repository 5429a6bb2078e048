"""Addresses of the pages of journeys: nobody can guess one, and whoever was given one may read the page for a while."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import re

from bot.journey.links import Permit

PATH = "/journeys"
SIGNED = re.compile(r"([^.]{1,100})\.([0-9]{1,9})\.([0-9]{1,11})")
OLD = re.compile(r"[^.]{1,100}\.[A-Za-z0-9_-]{24}")


class JourneyLinks:
    """`base_url` is where people reach us; `key` is the one that all replicas have for these links alone."""

    def __init__(self, base_url: str, key: bytes) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key

    @property
    def edition(self) -> str:
        """Another one when links are made otherwise than those that were given out: elsewhere, or with another key."""
        return hmac.digest(self._key, b"edition " + self._base_url.encode(), hashlib.sha256)[:8].hex()

    def url(self, permit: Permit) -> str:
        """The same for the same permit, as long as the key is: it may be compared with one that was given out."""
        signed = f"{permit.journey}.{permit.withdrawn}.{int(permit.until.timestamp())}"
        return f"{self._base_url}{PATH}/{signed}.{self._sign(signed).decode()}"

    def permit(self, token: str) -> Permit | None:
        """What the last part of such an address allows, or has allowed; None when it was not signed by us."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._sign(signed), signature.encode(errors="replace")):
            return None
        parts = SIGNED.fullmatch(signed)
        if parts is None:
            return None
        until = datetime.datetime.fromtimestamp(int(parts[3]), datetime.UTC)
        return Permit(parts[1], int(parts[2]), until)

    def _sign(self, signed: str) -> bytes:
        digest = hmac.digest(self._key, signed.encode(errors="replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=")


def looks_old(token: str) -> bool:
    """The shape of a link from before links expired. Whether it was one nobody can tell any more."""
    return OLD.fullmatch(token) is not None
