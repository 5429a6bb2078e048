"""The passages of an index in a file, read one by one: thousands of texts that nobody asks for stay on the disk."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import overload

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers.document import Passage

_TEXTS, _ENDS = "passages.jsonl", "ends.npy"
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(Passage).decode


class Library(Sequence[Passage]):
    """Passages by their positions."""

    def __init__(self, texts: bytes | mmap.mmap, ends: NDArray[np.int64]) -> None:
        self._texts, self._ends = texts, ends

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, position: int) -> Passage: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Passage]: ...
    def __getitem__(self, position: int | slice) -> Passage | Sequence[Passage]:
        if isinstance(position, slice):
            return [self[at] for at in range(*position.indices(len(self)))]
        begin = int(self._ends[position - 1]) if position else 0
        return _decode(self._texts[begin : int(self._ends[position])])


def write(directory: Path, passages: Iterable[Passage]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    ends, end = [], 0
    with (directory / _TEXTS).open("wb") as file:
        for passage in passages:
            end += file.write(_encode(passage) + b"\n")
            ends.append(end)
    np.save(directory / _ENDS, np.array(ends, np.int64))


def open_library(directory: Path) -> Library:
    """Raises OSError or ValueError where there is no whole one."""
    ends = np.load(directory / _ENDS)
    with (directory / _TEXTS).open("rb") as file:
        texts = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(ends) else b""
    if len(texts) != (ends[-1] if len(ends) else 0):
        raise ValueError("the texts of the passages are not whole")
    return Library(texts, ends)
