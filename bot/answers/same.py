"""Questions that are asked in just the words in which somebody has written them down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers.analysis import STOP_WORDS, stem, stems, words
from bot.answers.document import Passage

SUBJECT = 2  # words: a single one is the subject of many questions
DENIALS = frozenset({"без", "не", "нет", "no", "not", "without"})  # make another question of the same words

_KEYS, _POSITIONS = "same_keys.npy", "same_positions.npy"


class Same:
    """`keys` (m,) uint64, ascending, and the position of the passage that each leads to."""

    def __init__(self, keys: NDArray[np.uint64], positions: NDArray[np.int32]) -> None:
        self._keys, self._positions = keys, positions

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> Same:
        ways = [list(_ways(passage)) for passage in passages]
        pairs = sorted(
            {(key, at) for at, texts in enumerate(ways) for made in (_keys, _subjects) for key in made(texts)}
        )
        return cls(np.array([key for key, _ in pairs], np.uint64), np.array([at for _, at in pairs], np.int32))

    def find(self, *questions: str) -> list[int]:
        """Positions of the passages that are asked so, in the first of these spellings in which any is."""
        return self._first(_keys(questions))

    def nearly(self, *questions: str) -> list[int]:
        """Of those that are asked so but for words that carry a question and not its subject."""
        return self._first(_subjects(questions))

    def _first(self, keys: Iterable[np.uint64]) -> list[int]:
        for key in keys:
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
    return (_key(found) for text in texts if (found := sorted(stems(text))))


def _subjects(texts: Iterable[str]) -> Iterator[np.uint64]:
    for text in texts:
        found = sorted({stem(word) for word in words(text) if word not in STOP_WORDS or word in DENIALS})
        if len(found) >= SUBJECT:
            yield _key(["", *found])


def _key(found: Sequence[str]) -> np.uint64:
    digest = hashlib.blake2b(" ".join(found).encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little") >> 1)
