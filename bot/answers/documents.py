"""Which passage is of which document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers.document import Passage

_IDS, _OF = "documents.json", "documents.npy"


class Documents:
    """`ids` of the documents; `of` (n,) int32: the place in `ids` of each passage's document."""

    def __init__(self, ids: Sequence[str], of: NDArray[np.int32]) -> None:
        self.ids, self.of = ids, of
        self._places = {one: place for place, one in enumerate(ids)}

    @classmethod
    def build(cls, passages: Sequence[Passage]) -> Documents:
        places: dict[str, int] = {}
        of = [places.setdefault(passage.document, len(places)) for passage in passages]
        return cls(list(places), np.array(of, np.int32))

    def holding(self, documents: Collection[str]) -> NDArray[np.bool_]:
        """(n,): is the passage of one of these documents?"""
        places = [self._places[one] for one in documents if one in self._places]
        return np.isin(self.of, places) if places else np.zeros(len(self.of), np.bool_)

    def best(self, scores: NDArray[np.float32], limit: int) -> Iterator[int]:
        """Positions of the passages with the highest scores, the best first, each document once. One without a score
        (-inf) is not given."""
        seen: set[int] = set()
        for at in ordered(scores):
            place = int(self.of[at])
            if place in seen:
                continue
            yield at
            seen.add(place)
            if len(seen) == limit:
                return

    def save(self, directory: Path) -> None:
        np.save(directory / _OF, self.of)
        (directory / _IDS).write_bytes(msgspec.json.encode(self.ids))

    @classmethod
    def open(cls, directory: Path) -> Documents:
        """Raises OSError or ValueError where there are none."""
        return cls(msgspec.json.decode((directory / _IDS).read_bytes(), type=list[str]), np.load(directory / _OF))


def ordered(scores: NDArray[np.float32]) -> Iterator[int]:
    """Positions by their scores, the highest first, without those of -inf; only so many are sorted as are asked for."""
    given, size = 0, 64
    while given < len(scores):
        size = min(size, len(scores))
        top = np.argpartition(-scores, size - 1)[:size] if size < len(scores) else np.arange(size)
        for at in top[np.lexsort((top, -scores[top]))][given:]:
            if np.isneginf(scores[at]):
                return
            yield int(at)
        given, size = size, size * 8
