"""Slack's rate limits, off until they are switched on: posts a second in a channel, calls a minute of a method."""

import math
from collections.abc import Callable

from sandbox.slack.errors import RateLimited

# Slack's tiers for the methods that an app may call often, in calls a minute.
TIERS = {
    "users.list": 20,
    "users.lookupByEmail": 50,
    "conversations.open": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "chat.update": 50,
    "users.info": 100,
    "views.publish": 100,
    "chat.postEphemeral": 100,
}


class Bucket:
    """Lets `burst` calls through at once and `rate` a second afterwards."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = float(burst)
        self._at = now

    def take(self, now: float) -> float:
        """Take one call and return 0, or return the seconds until one is free."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._rate
        self._left -= 1
        return 0.0


class Limits:
    """The limits in force; `configure` starts them afresh."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.configure()

    def configure(
        self,
        posts_per_second: float | None = None,
        burst: int = 1,
        per_minute: dict[str, int] | None = None,
    ) -> None:
        self._posts_per_second = posts_per_second
        self._burst = burst
        self._per_minute = per_minute or {}
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def check(self, method: str, channel: str | None) -> None:
        """Raise RateLimited when this call of `method` comes too early."""
        if method in self._per_minute:
            most = self._per_minute[method]
            self._take((method, ""), most / 60, most)
        if method == "chat.postMessage" and channel and self._posts_per_second:
            self._take((method, channel), self._posts_per_second, self._burst)

    def _take(self, key: tuple[str, str], rate: float, burst: int) -> None:
        now = self._clock()
        wait = self._buckets.setdefault(key, Bucket(rate, burst, now)).take(now)
        if wait > 0:
            raise RateLimited(max(1, math.ceil(wait)))
