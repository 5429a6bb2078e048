"""What an Authorization header carries, compared without telling by the time it takes how much of it was right."""

from __future__ import annotations

import base64
import hmac


def is_basic(header: str, user: str, secret: str) -> bool:
    """Whether the header carries this user with this token or password."""
    scheme, _, given = header.partition(" ")
    return scheme.casefold() == "basic" and _equal(_opened(given), f"{user}:{secret}")


def is_bearer(header: str, token: str | None) -> bool:
    """Whether the header carries this token; None is carried by none."""
    scheme, _, given = header.partition(" ")
    return token is not None and scheme.casefold() == "bearer" and _equal(given, token)


def _opened(secret: str) -> str:
    """The "user:token" of a basic header, empty when it is none."""
    try:
        return base64.b64decode(secret, validate=True).decode()
    except ValueError:  # no base64, no ASCII, no UTF-8
        return ""


def _equal(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
