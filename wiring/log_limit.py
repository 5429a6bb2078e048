"""Log lines of one kind are limited: a flood of them hides everything else and fills the disk.

A kind is what a line says without its details: who says it, how bad it is, the words before anything is filled in, and
the stable codes beside them. Lines of different kinds never count against each other.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import TextIO

import msgspec

MOST = 10  # of one kind, in
SECONDS = 10.0
MOST_KINDS = 1_000  # that are remembered; of a kind that is forgotten another ten are written


class Kind(msgspec.Struct, frozen=True):
    logger: str
    level: int
    words: str
    codes: tuple[Hashable, ...]


class LeftOut(msgspec.Struct, frozen=True):
    kind: Kind
    count: int


class _Window(msgspec.Struct):
    ends: float
    written: int = 0
    left_out: int = 0


class LineLimit:
    """How many lines of each kind are written. `now`: seconds that never go back, the same clock for all calls."""

    def __init__(self, most: int = MOST, seconds: float = SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._windows: dict[Kind, _Window] = {}  # the one that ends first, first

    def admits(self, kind: Kind, now: float) -> bool:
        """Whether one more is written. Take what has `ended` before."""
        window = self._windows.get(kind)
        if window is None:
            window = self._windows[kind] = _Window(now + self._seconds)
        if window.written < self._most:
            window.written += 1
            return True
        window.left_out += 1
        return False

    def ended(self, now: float) -> list[LeftOut]:
        """What was left out in the windows that are over, or too many; they are forgotten."""
        found: list[LeftOut] = []
        while self._windows:
            kind, window = next(iter(self._windows.items()))
            if window.ends > now and len(self._windows) <= MOST_KINDS:
                break
            del self._windows[kind]
            if window.left_out:
                found.append(LeftOut(kind, window.left_out))
        return found

    @property
    def leaves_out(self) -> bool:
        """Whether there is something to tell later."""
        return any(window.left_out for window in self._windows.values())


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes lines to a stream, those of one kind up to a limit, and then how many it has left out.

    `kind_of` reads the kind of a record. What was left out is told when its time is over, by a timer if nothing else is
    written then, and at the end of the process.
    """

    def __init__(
        self,
        stream: TextIO,
        kind_of: Callable[[logging.LogRecord], Kind],
        limit: LineLimit | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(stream)
        self._kind_of, self._limit, self._clock = kind_of, limit or LineLimit(), clock
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Called with the handler's lock held."""
        self._tell(self._clock())
        if self._limit.admits(self._kind_of(record), self._clock()):
            super().emit(record)
        elif self._timer is None:
            self._tell_later()

    def close(self) -> None:
        self.acquire()
        try:
            if self._timer is not None:
                self._timer.cancel()
            self._tell(float("inf"))
        finally:
            self.release()
        super().close()

    def _tell_later(self) -> None:
        self._timer = threading.Timer(SECONDS, self._time_is_over)
        self._timer.daemon = True
        self._timer.start()

    def _time_is_over(self) -> None:
        self.acquire()
        try:
            self._timer = None
            self._tell(self._clock())
            if self._limit.leaves_out:
                self._tell_later()
        finally:
            self.release()

    def _tell(self, now: float) -> None:
        for left in self._limit.ended(now):
            kind = left.kind
            said = logging.makeLogRecord({"name": kind.logger, "levelno": kind.level, "msg": "%s: %d more left out"})
            said.levelname, said.args = logging.getLevelName(kind.level), (kind.words, left.count)
            super().emit(said)
