"""How much may be done for one page: nothing that somebody writes into a page may keep a thread busy."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

MOST_STEPS: Final = 500_000  # about half a second; a table of 7,500 rows and 8 columns takes 480,000
LONGEST: Final = 5.0  # seconds of the processor, for what no step counts
_LOOKED_AT: Final = 1000  # steps between two looks at the clock

Clock = Callable[[], float]


class Unreadable(Exception):
    """A page that cannot be read. `code`: too-much-markup, too-slow, no-text or broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Effort:
    """What is left for one page. A step is a tag, an entity, or an element that is walked through: a page takes as many
    on every machine, however busy. The clock counts what the thread itself has used, so that neighbours cost nothing.
    """

    def __init__(self, steps: int = MOST_STEPS, seconds: float = LONGEST, clock: Clock = time.thread_time) -> None:
        self._left, self._clock = steps, clock
        self._ends = clock() + seconds
        self._look_at = steps - _LOOKED_AT

    def spend(self, steps: int = 1) -> None:
        """Before each step. Raises Unreadable: there is nothing left, and the page is put away."""
        self._left -= steps
        if self._left < 0:
            raise Unreadable("too-much-markup")
        if self._left <= self._look_at:
            self._look_at = self._left - _LOOKED_AT
            if self._clock() > self._ends:
                raise Unreadable("too-slow")
