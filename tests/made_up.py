"""Collections as large as wanted, for figures.

Texts are sentences of others, drawn anew. Sentences alone would bring no new words, and a vocabulary that grows is what
costs: so now and then a word is another one, coined out of the halves of known ones, from a list of which a few are
frequent and most are rare.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answers.embedder import DIMENSIONS

OTHER = 0.12  # of the words are coined ones


class Author:
    """`coined`: so many words there are besides those of the sentences; the lower `evenness`, the rarer are most."""

    def __init__(self, sentences: Sequence[Sequence[str]], coined: int, evenness: float, draw: random.Random) -> None:
        self._sentences, self._evenness, self._draw = sentences, evenness, draw
        known = sorted({word for sentence in sentences for word in sentence if word.isalpha() and len(word) > 3})
        self._coined = [_coined(draw.choice(known), draw.choice(known)) for _ in range(coined)]

    def sentence(self) -> Sequence[str]:
        """The words of one of the sentences, as it is."""
        return self._draw.choice(self._sentences)

    def text(self, words: int) -> list[str]:
        """So many words, and what its last sentence has besides."""
        text: list[str] = []
        while len(text) < words:
            text += self.sentence()
        for _ in range(int(len(text) * OTHER)):
            rank = int(self._draw.paretovariate(self._evenness))
            text[self._draw.randrange(len(text))] = self._coined[rank % len(self._coined)]
        return text


def _coined(one: str, other: str) -> str:
    return one[: len(one) // 2 + 1] + other[len(other) // 2 :]


def unit_vectors(count: int, seed: int) -> NDArray[np.float32]:
    """Chance vectors (count, DIMENSIONS) of length 1: a search costs as much as with those of a model."""
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSIONS), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows
