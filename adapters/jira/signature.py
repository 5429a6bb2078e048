"""Whether a request comes from our Jira: signed with a secret of both, or to an address that nobody can guess."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

PURPOSE = b"address of the webhook"
SHAPE = re.compile(r"sha256=[0-9a-f]{64}", re.IGNORECASE | re.ASCII)  # else a long s is an s


def looks_signed(signature: str) -> bool:
    """Whether an `X-Hub-Signature` is one that we can check: other algorithms are none."""
    return SHAPE.fullmatch(signature) is not None


def is_signed(secret: bytes, body: bytes, signature: str) -> bool:
    """Whether `signature`, the header as it came, is that of the raw body. Takes the same time wherever they differ."""
    expected = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return looks_signed(signature) and hmac.compare_digest(expected.encode(), signature.lower().encode())


def webhook_token(key: bytes) -> str:
    """What ends the address of a webhook without signatures; `key` is for it alone. 43 characters, safe in a URL."""
    digest = hmac.new(key, PURPOSE, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_token(key: bytes, token: str) -> bool:
    """Whether `token` is the one of `key`, in the same time wherever they differ."""
    return hmac.compare_digest(webhook_token(key).encode(), token.encode("utf-8", "replace"))
