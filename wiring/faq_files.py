"""The FAQ files as a source of items, read again whenever one of them has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec

from bot.faq_file import FaqEntry, load_faq
from bot.shelf import digest

Stamp = tuple[tuple[str, int, int], ...]


def stamp(directory: Path) -> Stamp:
    """What changes when a file in the directory does: names, times and sizes."""
    found = sorted(path for path in directory.glob("*.y*ml"))
    return tuple((path.name, status.st_mtime_ns, status.st_size) for path in found for status in (path.stat(),))


class FaqFiles:
    """A source of `wiring.indexing`. Raises ProblemsError while a file has an error in it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._entries: dict[str, bytes] = {}
        self._read: Stamp | None = None

    async def stamp(self) -> Stamp:
        return await asyncio.to_thread(stamp, self._directory)

    async def digests(self) -> Mapping[str, str]:
        now = await self.stamp()
        if now != self._read:
            entries: tuple[FaqEntry, ...] = await asyncio.to_thread(load_faq, self._directory)
            self._entries = {one.id: msgspec.json.encode(one) for one in entries}
            self._read = now
        return {one: digest(item) for one, item in self._entries.items()}

    async def items(self, ids: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        for one in ids:
            yield one, self._entries[one]
