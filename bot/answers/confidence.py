"""How probable it is that the best passage answers, from what there is to see of a search.

What is known beforehand was measured on questions with known answers; each index bends it by questions that are made of
its own passages, asked once as they are and once without the document that answers (`trials`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers.logistic import Logistic

FILE = "confidence.json"
TRUST = 100.0  # see Logistic.fitted
FEWEST = 20  # observations that say anything


class Signals(NamedTuple):
    """Of the words; with vectors the last two, too.

    `strength`: the root of the share of the best possible BM25 score that the best passage has; `held`: the share of
    the question, by rarity, that it has; `words`: how many the question has, as a logarithm; `together`: how much of
    the question one sentence has, as a logarithm; `nearness`: its cosine; `nearer`: by how much that is above the next
    document's. Where the passage is in another language than the question, words tell nothing.
    """

    strength: float
    held: float
    words: float
    together: float
    nearness: float | None = None
    nearer: float | None = None
    other_language: bool = False

    @property
    def seen_by(self) -> int:
        """The place of the model that they are for: words alone, words and vectors, vectors alone."""
        if self.nearness is None:
            return 0
        return 2 if self.other_language else 1

    def row(self) -> NDArray[np.float64]:
        every = (self.strength, self.held, self.words, self.together, self.nearness or 0.0, self.nearer or 0.0)
        return np.array(every[(slice(0, 4), slice(0, 6), slice(4, 6))[self.seen_by]], np.float64)


def _known(weights: Sequence[float], centre: Sequence[float], spread: Sequence[float]) -> Logistic:
    return Logistic(np.array(weights), np.array(centre), np.array(spread))


# What `python -m tests.eval.prior` prints; it says how.
LEXICAL = _known([1.34, 0.27, 0.109, 1.27, -0.927], [0.466, 0.432, 2.2, 0.694], [0.146, 0.249, 0.421, 0.311])
DENSE = _known(
    [0.276, 0.5, -0.409, 1.12, 2.03, 0.465, -1.44],
    [0.419, 0.38, 2.2, 0.611, 0.837, 0.0157],
    [0.188, 0.28, 0.421, 0.378, 0.045, 0.0232],
)
ACROSS = _known([1.15, 0.781, -0.957], [0.783, 0.0121], [0.0336, 0.0141])
KNOWN = (LEXICAL, DENSE, ACROSS)


class Confidence:
    """Of a search by words alone, of one by vectors, too, and of one by vectors alone."""

    def __init__(self, models: Sequence[Logistic] = KNOWN) -> None:
        self._models = models

    def of(self, signals: Signals) -> float:
        """Between 0 and 1."""
        return float(self._models[signals.seen_by].probability(signals.row()))

    def fitted(self, seen: Sequence[tuple[Signals, bool]]) -> Confidence:
        """After what was seen of searches, each with whether there was an answer."""
        return Confidence(
            [_bent(model, [one for one in seen if one[0].seen_by == at]) for at, model in enumerate(self._models)]
        )

    def save(self, directory: Path) -> None:
        models = [[part.tolist() for part in model] for model in self._models]
        new = directory / f"{FILE}.new"
        new.write_bytes(msgspec.json.encode(models))
        new.replace(directory / FILE)

    @classmethod
    def open(cls, directory: Path) -> Confidence:
        """Raises OSError or ValueError where there is none, or one of other signals."""
        models = msgspec.json.decode(
            (directory / FILE).read_bytes(), type=list[tuple[list[float], list[float], list[float]]]
        )
        read = [Logistic(*(np.array(part) for part in model)) for model in models]
        if [[len(part) for part in model] for model in read] != [[len(part) for part in model] for model in KNOWN]:
            raise ValueError("the confidence is of other signals")
        return cls(read)


def _bent(model: Logistic, seen: Sequence[tuple[Signals, bool]]) -> Logistic:
    if len(seen) < FEWEST:
        return model
    rows = np.stack([signals.row() for signals, _ in seen])
    return model.fitted(rows, np.array([float(answered) for _, answered in seen]), TRUST)
