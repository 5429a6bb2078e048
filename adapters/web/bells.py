"""Wakes those who watch a room, within this process; what other processes write is found by looking."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator


class Bells:
    """`closed`: the process is stopping, and whoever watches should go."""

    def __init__(self) -> None:
        self.closed = False
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def watch(self, room: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the room changes here."""
        rung = asyncio.Event()
        self._watchers[room].add(rung)
        try:
            yield rung
        finally:
            self._watchers[room].discard(rung)
            if not self._watchers[room]:
                del self._watchers[room]

    def ring(self, room: str) -> None:
        for rung in self._watchers.get(room, ()):
            rung.set()

    def close(self) -> None:
        self.closed = True
        for room in list(self._watchers):
            self.ring(room)
