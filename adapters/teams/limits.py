"""How fast Teams lets a bot write into one conversation; pure.

Microsoft counts in four windows at once: 7 in a second, 8 in two, 60 in thirty, 1,800 in an hour. One bucket keeps them
all: seven may go at once after a silence, and one more every two seconds. In a window of T seconds at most 7 + T / 2.01
fit: 7, 7, 21 and 1,799.
"""

from __future__ import annotations

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
BURST = 7
EVERY = 3600.0 / 1792  # seconds; 1,793 would do in exact arithmetic


class Pace:
    """What was written lately, by conversation. `now` counts seconds, never back.

    Only conversations that have not recovered are kept: with 50 requests a second that is some hundreds.
    """

    def __init__(self) -> None:
        # conversation -> when its bucket is full again; what was written to last stands last
        self._full_at: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._full_at)

    def rest(self, conversation: str, now: float) -> float:
        """Seconds until one more may be written there."""
        return max(0.0, self._full_at.get(conversation, now) - (BURST - 1) * EVERY - now)

    def is_rested(self, conversation: str, now: float) -> bool:
        """Nothing has been written there that any window but the longest would still count."""
        return self._full_at.get(conversation, now) <= now

    def spend(self, conversation: str, now: float) -> None:
        """Something is written there, now."""
        full_at = max(self._full_at.pop(conversation, now), now) + EVERY
        self._full_at[conversation] = full_at
        self._forget(now)

    def _forget(self, now: float) -> None:
        """From the front, as far as everything has recovered."""
        while self._full_at:
            first = next(iter(self._full_at))
            if self._full_at[first] > now:
                return
            del self._full_at[first]
