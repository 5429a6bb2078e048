"""When the model is left alone: after some failures in a row nobody waits for it for a while."""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 60.0
LONGEST_REST = 600.0


class Breaker:
    """`clock` counts seconds. After a rest one call is let through to try; the others go on resting until it has
    succeeded."""

    def __init__(self, clock: Callable[[], float], failures: int = FAILURES, rest: float = REST_SECONDS) -> None:
        self._clock, self._limit, self._rest = clock, failures, rest
        self._failed = 0
        self._until = 0.0

    def admit(self) -> bool:
        """Whether a call may go out now."""
        now = self._clock()
        if self._until == 0.0:
            return True
        if now < self._until:
            return False
        # If the one that tries is never heard of again, somebody else tries after another rest.
        self._until = now + self._rest
        return True

    def succeed(self) -> None:
        self._failed, self._until = 0, 0.0

    def fail(self, after: float | None = None) -> bool:
        """Count a failure; `after` are the seconds for which the API itself asks to be left alone. True: it rests."""
        self._failed += 1
        if after is None and self._failed < self._limit:
            return False
        rest = self._rest if after is None else min(max(after, 1.0), LONGEST_REST)
        self._until = self._clock() + rest
        return True
