"""Vectors in a file that only grows, by what they were made from.

A record is the 16 bytes of a key and a vector in float16. Several processes may share a file: whoever adds holds a
lock; a record that a crash has cut short is not read, and goes with the next that is added.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers.embedder import DIMENSIONS, MODEL

KEY = 16  # bytes


def key_of(kind: str, text: str) -> bytes:
    """The key of a text that the model is given as that kind."""
    made_from = f"{MODEL}\0{kind}\0{text}".encode("utf-8", "replace")
    return hashlib.blake2b(made_from, digest_size=KEY).digest()


class VectorCache:
    """Raises OSError where the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._record = np.dtype([("key", f"V{KEY}"), ("vector", np.float16, (DIMENSIONS,))])
        self._at: dict[bytes, int] = {}
        self._read = 0
        self.refresh()

    def __contains__(self, key: bytes) -> bool:
        return key in self._at

    def __len__(self) -> int:
        return len(self._at)

    def refresh(self) -> None:
        """Take up what other processes have added."""
        records = self._records()
        fresh = records[self._read :]
        for at in np.flatnonzero(_are_vectors(fresh["vector"])):
            self._at[fresh["key"][at].tobytes()] = self._read + int(at)
        self._read = len(records)

    def get(self, keys: Sequence[bytes]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The vectors (len(keys), DIMENSIONS), float32 of length 1, and which are known: the others are zero."""
        rows = np.array([self._at.get(key, -1) for key in keys], np.int64)
        known = rows >= 0
        vectors = np.zeros((len(keys), *self._record["vector"].shape), np.float32)
        if known.any():
            vectors[known] = self._records()["vector"][rows[known]]
            vectors[known] /= np.linalg.norm(vectors[known], axis=1, keepdims=True)
        return vectors, known

    def append(self, keys: Sequence[bytes], vectors: NDArray[np.float32]) -> None:
        """Add vectors of length 1, (len(keys), DIMENSIONS)."""
        records = np.zeros(len(keys), self._record)
        records["key"] = [np.void(key) for key in keys]
        records["vector"] = vectors
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            whole = os.fstat(file.fileno()).st_size // self._record.itemsize * self._record.itemsize
            file.truncate(whole)
            file.write(records.tobytes())
        self.refresh()

    def _records(self) -> NDArray[np.void]:
        try:
            count = self._path.stat().st_size // self._record.itemsize
        except FileNotFoundError:
            count = 0
        if not count:
            return np.zeros(0, self._record)
        return np.memmap(self._path, self._record, "r", shape=(count,))


def _are_vectors(found: NDArray[np.float16]) -> NDArray[np.bool_]:
    """A crash of the machine can leave zeros, or anything, where a record was to be."""
    squares = np.einsum("ij,ij->i", found, found, dtype=np.float32)
    usable: NDArray[np.bool_] = np.isfinite(squares) & (np.abs(squares - 1) < 0.05)
    return usable
