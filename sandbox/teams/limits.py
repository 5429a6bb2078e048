"""The limits of Teams, off until they are switched on: per conversation (and thread), and per app and tenant."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from sandbox.teams.errors import TeamsError

Windows = tuple[tuple[float, int], ...]  # in so many seconds, so many requests
SENDING: Windows = ((1, 7), (2, 8), (30, 60), (3600, 1800))
READING: Windows = ((1, 14), (2, 16), (30, 120), (3600, 3600))
PER_SECOND = 50


class Limits:
    """The limits in force; `configure` starts them afresh. `sending` holds for each conversation, `reading` for its
    members, `per_second` for everything together. A request that is refused does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.configure((), (), None)

    def configure(
        self, sending: Windows = SENDING, reading: Windows = READING, per_second: int | None = PER_SECOND
    ) -> None:
        self._sending, self._reading, self._per_second = sending, reading, per_second
        self._taken: dict[str, deque[float]] = {}

    def send(self, conversation: str) -> None:
        """Raise TeamsError (429) when there were too many messages there."""
        self._take(f"send {conversation}", self._sending)

    def read(self, conversation: str) -> None:
        """The same for questions about members."""
        self._take(f"read {conversation}", self._reading)

    def request(self) -> None:
        """The same for requests of any kind."""
        self._take("all", () if self._per_second is None else ((1, self._per_second),))

    def _take(self, key: str, windows: Windows) -> None:
        if not windows:
            return
        now = self._clock()
        taken = self._taken.setdefault(key, deque(maxlen=max(most for _, most in windows)))
        wait = max(_seconds_to_wait(taken, seconds, most, now) for seconds, most in windows)
        if wait > 0:
            raise TeamsError(429, "Throttled", "Too Many Requests", retry_after=math.ceil(wait))
        taken.append(now)


def _seconds_to_wait(taken: deque[float], seconds: float, most: int, now: float) -> float:
    return taken[-most] + seconds - now if len(taken) >= most else 0.0
