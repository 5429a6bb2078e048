"""Questions that are asked in just the words in which somebody has written them down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers.analysis import stems
from bot.answers.document import Passage

_KEYS, _POSITIONS = "same_keys.npy", "same_positions.npy"


class Same:
    """`keys` (m,) uint64, ascending, and the position of the passage that each leads to."""

    def __init__(self, keys: NDArray[np.uint64], positions: NDArray[np.int32]) -> None:
        self._keys, self._positions = keys, positions

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> Same:
        pairs = sorted({(key, at) for at, passage in enumerate(passages) for key in _keys(_ways(passage))})
        return cls(np.array([key for key, _ in pairs], np.uint64), np.array([at for _, at in pairs], np.int32))

    def find(self, *questions: str) -> list[int]:
        """Positions of the passages that are asked so, in the first of these spellings in which any is."""
        for key in _keys(questions):
            begin, end = np.searchsorted(self._keys, (key, key + 1))
            if begin < end:
                return [int(at) for at in self._positions[begin:end]]
        return []

    def save(self, directory: Path) -> None:
        np.save(directory / _KEYS, self._keys)
        np.save(directory / _POSITIONS, self._positions)

    @classmethod
    def open(cls, directory: Path) -> Same:
        """Raises OSError or ValueError where there is none."""
        return cls(np.load(directory / _KEYS, mmap_mode="r"), np.load(directory / _POSITIONS, mmap_mode="r"))


def _ways(passage: Passage) -> Iterable[str]:
    """The ways to ask an entry of the FAQ; the heading of a page, with and without its title."""
    if passage.kind == "faq":
        return passage.asked
    return (passage.heading, f"{passage.title} {passage.heading}") if passage.heading else (passage.title,)


def _keys(texts: Iterable[str]) -> Iterator[np.uint64]:
    """The same for the same words, whatever their order, case and endings."""
    for text in texts:
        if found := sorted(stems(text)):
            digest = hashlib.blake2b(" ".join(found).encode(), digest_size=8).digest()
            yield np.uint64(int.from_bytes(digest, "little") >> 1)
