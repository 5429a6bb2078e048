"""Addresses of the pages of journeys: nobody can guess one, and whoever was given one may read that page."""

from __future__ import annotations

import base64
import hashlib
import hmac

KEPT = 18  # bytes of the signature: 24 characters of base64 without padding
PATH = "/journeys"


class JourneyLinks:
    """`base_url` is where people reach us; `secret` is the SECRET_KEY that all replicas share."""

    def __init__(self, base_url: str, secret: bytes) -> None:
        self._base_url = base_url.rstrip("/")
        self._secret = secret

    def url(self, journey_id: str) -> str:
        """The same for the same journey, as long as the secret is: it may be compared with one that was given out."""
        return f"{self._base_url}{PATH}/{journey_id}.{self._sign(journey_id).decode()}"

    def journey(self, token: str) -> str | None:
        """The id in the last part of such an address; None when it was not signed by us."""
        journey_id, _, signature = token.rpartition(".")
        given = signature.encode(errors="replace")
        return journey_id if hmac.compare_digest(self._sign(journey_id), given) else None

    def _sign(self, journey_id: str) -> bytes:
        signed = hmac.digest(self._secret, b"journey:" + journey_id.encode(errors="replace"), hashlib.sha256)
        return base64.urlsafe_b64encode(signed[:KEPT])
