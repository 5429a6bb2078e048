"""attempt + error -> when next, or never: the one place that decides about trying again."""

from __future__ import annotations

import random

from bot.errors import DeliveryError, Retry, Unknown

FIRST = 0.5
CAP = 600.0
LONGEST_WISH = 3600.0  # a wrong Retry-After must not silence a destination for years, which the store would remember
RETRY_LIMIT = 300  # with CAP about two days: longer than any outage that people leave alone
UNKNOWN_LIMIT = 60
UNMAPPED_LIMIT = 5


def backoff(attempts: int, draw: random.Random) -> float:
    """Exponential with full jitter on its upper half, in seconds; `attempts` came before."""
    ceiling: float = min(CAP, FIRST * 2.0 ** min(attempts, 16))
    return ceiling * (0.5 + draw.random() / 2)


def next_attempt(error: Exception, attempts: int, draw: random.Random) -> float | None:
    """Seconds until the next attempt; None: give up. An error that no adapter has mapped gets five tries."""
    limit = UNMAPPED_LIMIT
    if isinstance(error, DeliveryError):
        limit = UNKNOWN_LIMIT if isinstance(error, Unknown) else RETRY_LIMIT
    if attempts + 1 >= limit:
        return None
    if isinstance(error, Retry) and error.after is not None:
        after = min(error.after, LONGEST_WISH)
        return after + draw.random() * min(1.0, after / 4)
    return backoff(attempts, draw)
