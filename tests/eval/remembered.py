"""Vectors of the questions and passages of the sets: made once, and kept outside the repository."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answers.document import Passage
from bot.answers.embedder import Embedder, nano_e5
from bot.answers.vector_cache import VectorCache, key_of
from bot.answers.vectors import Vectors, embed_missing, vectors_of


class Remembered:
    """An `Embedder` that asks the model only for what is in no cache."""

    def __init__(self, model: Embedder, cache: VectorCache) -> None:
        self._model, self._cache = model, cache

    def query(self, text: str) -> NDArray[np.float32]:
        key = key_of("query", text)
        if key not in self._cache:
            self._cache.append([key], self._model.query(text)[None])
        rows, _ = self._cache.get([key])
        vector: NDArray[np.float32] = rows[0]
        return vector

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._model.passages(texts)

    def vectors(self, passages: Sequence[Passage]) -> Vectors:
        """Those of all the passages."""
        embed_missing(passages, self._cache, self)
        return vectors_of(passages, self._cache)


def remembered() -> Remembered | None:
    """With the cache that EVAL_CACHE names the folder of; None: there is no model here."""
    folder = Path(os.environ.get("EVAL_CACHE") or Path(tempfile.gettempdir()) / "butterboard-eval")
    model = nano_e5()
    return None if model is None else Remembered(model, VectorCache(folder / "vectors"))
