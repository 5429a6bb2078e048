"""How far a long import is, for whoever waits at the terminal: how much of it, how fast, how long yet; and the memory
that it took."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

FIRST = 1.0  # seconds: what is quicker is not worth a line
EVERY_LINE, EVERY_TURN = 5.0, 0.2  # seconds between two lines of a log, and between two states of one line on a screen
MEGABYTE = 1 << 20


class Progress:
    """Writes to a terminal, where one line changes, or to a log, where there is a new one. `clock`: seconds."""

    def __init__(self, write: Callable[[str], object], clock: Callable[[], float], *, terminal: bool) -> None:
        self._write = write
        self._clock = clock
        self._terminal = terminal
        self._began = self._phase = clock()
        self._said = self._began + FIRST - self._every
        self._shown = False
        self._done = 0
        self._total = 0

    @property
    def _every(self) -> float:
        return EVERY_TURN if self._terminal else EVERY_LINE

    def read(self, count: int) -> None:
        """So many people of the file are read."""
        self._show(f"reading: {count:,} people")

    def begin(self, total: int) -> None:
        """All are read; so many are to be taken."""
        self._total, self._phase = total, self._clock()

    async def taken(self, count: int) -> None:
        """So many more are."""
        self._done += count
        if self._done > self._total:
            self._show(f"those who have left: {self._done - self._total:,}")
            return
        spent = self._clock() - self._phase
        if not spent:
            return
        rate = self._done / spent
        left = round((self._total - self._done) / rate)
        share = 100 * self._done // self._total
        self._show(f"{self._done:,} of {self._total:,} people ({share} %), {rate:,.0f} a second, about {left} s left")

    def clear(self) -> None:
        """What is said next begins on a line of its own."""
        if self._shown and self._terminal:
            self._write("\r\033[K")

    def end(self) -> None:
        """The last line, where there was another before."""
        if self._shown:
            seconds = self._clock() - self._began
            self._put(f"{self._total:,} people in {seconds:.0f} s, {peak_memory() // MEGABYTE} MB of memory at most")
            if self._terminal:
                self._write("\n")

    def _show(self, text: str) -> None:
        now = self._clock()
        if now - self._said >= self._every:
            self._said, self._shown = now, True
            self._put(text)

    def _put(self, text: str) -> None:
        self._write(f"\r\033[K{text}" if self._terminal else f"{text}\n")


def peak_memory() -> int:
    """The most that this process has had, in bytes."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def silent() -> Progress:
    """For those who do not look."""
    return Progress(lambda _: None, lambda: 0.0, terminal=False)
