"""Whether a request comes from Slack: an HMAC over the raw bytes, before anything of them is decoded."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

import msgspec

TIMESTAMP = re.compile(r"[0-9]{1,12}")
DIGEST = re.compile(r"v0=[0-9a-f]{64}")
STALE_SECONDS = 300.0  # as Slack advises: what is older may be a copy of somebody's


class Signature(msgspec.Struct, frozen=True):
    """What a request says of itself. `timestamp` is in seconds since the epoch, as it came."""

    timestamp: str
    digest: str

    def covers(self, body: bytes, secret: str) -> bool:
        """Whether it is that of this body. Takes the same time wherever they differ."""
        signed = b"v0:" + self.timestamp.encode() + b":" + body
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(f"v0={expected}", self.digest)


def claimed(headers: Mapping[str, str], now: float) -> Signature | None:
    """The signature to be checked, of the headers alone; None where there is none, or none that could hold now."""
    timestamp, digest = headers.get("X-Slack-Request-Timestamp", ""), headers.get("X-Slack-Signature", "")
    if TIMESTAMP.fullmatch(timestamp) is None or DIGEST.fullmatch(digest) is None:
        return None
    return Signature(timestamp, digest) if abs(now - int(timestamp)) <= STALE_SECONDS else None
