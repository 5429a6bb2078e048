"""The FAQ files as a source of items, read again whenever one of them has changed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import msgspec

from bot.faq_file import FaqEntry, load_faq
from bot.problem import ProblemsError
from bot.shelf import digest

log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]


def stamp(directory: Path) -> Stamp:
    """What changes when a file in the directory does: names, times and sizes."""
    found = sorted(path for path in directory.glob("*.y*ml"))
    return tuple((path.name, status.st_mtime_ns, status.st_size) for path in found for status in (path.stat(),))


class FaqFiles:
    """A source of `wiring.indexing`. While a file has an error in it, what stood there before is what there is: what HR
    writes and withdraws in the chat does not wait for it. Raises ProblemsError where nothing was read yet."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._entries: dict[str, bytes] = {}
        self._read: Stamp | None = None

    async def stamp(self) -> Stamp:
        return await asyncio.to_thread(stamp, self._directory)

    async def digests(self) -> Mapping[str, str]:
        now = await self.stamp()
        if now != self._read:
            await self._take_up()
            self._read = now
        return {one: digest(item) for one, item in self._entries.items()}

    async def _take_up(self) -> None:
        try:
            entries: tuple[FaqEntry, ...] = await asyncio.to_thread(load_faq, self._directory)
        except ProblemsError as error:
            if self._read is None:
                raise
            log.error("FAQ not read", extra={"problem": str(error.problems[0])})
            return
        self._entries = {one.id: msgspec.json.encode(one) for one in entries}

    async def items(self, ids: list[str]) -> AsyncIterator[tuple[str, bytes]]:
        for one in ids:
            yield one, self._entries[one]
