"""The engine: passages are ranked for a question by their words and, where there are vectors, by their meaning; and it
says how sure one may be that the best of them answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers import library
from bot.answers.analysis import STOP_WORDS
from bot.answers.confidence import Confidence, Signals
from bot.answers.dense import DenseIndex
from bot.answers.document import Passage
from bot.answers.documents import Documents, ordered
from bot.answers.embedder import Embedder
from bot.answers.language import language_of
from bot.answers.lexical import LexicalIndex
from bot.answers.meaning import Asked
from bot.answers.same import Same
from bot.answers.seen import Search, Seen, signals
from bot.answers.synonyms import NO_SYNONYMS, Synonyms
from bot.answers.trials import trials
from bot.answers.vectors import Vectors

# The question is one that somebody has written down; all others are a little less sure.
CERTAIN, SURE = 1.0, 0.99
LIMIT = 10
_DENSE = "dense"


class Ranked(msgspec.Struct, frozen=True):
    """A passage for a question. `score` is 0 to 1, comparable within one question only; `held`: the share of the
    question, by the rarity of its words, that the passage has."""

    position: int
    passage: Passage
    score: float
    held: float


class Ranking(msgspec.Struct, frozen=True, kw_only=True):
    """`hits`: the best first, of each document its best passage. `positions`: of the best passages, several of one
    document among them. `confidence`: how probable it is that the first hit answers. `repaired`: the question as it
    was understood."""

    hits: tuple[Ranked, ...]
    positions: tuple[int, ...]
    confidence: float
    repaired: str
    language: Literal["ru", "en"]


def _nearest(nearness: NDArray[np.float32]) -> float:
    return float(np.fmax.reduce(nearness))


class Engine:
    """An index that is only read: any number of threads may ask it."""

    def __init__(
        self,
        passages: Sequence[Passage],
        lexical: LexicalIndex,
        dense: DenseIndex | None,
        same: Same,
        documents: Documents,
        confidence: Confidence,
        embedder: Embedder | None,
    ) -> None:
        self._passages, self._lexical, self._dense, self._same = passages, lexical, dense, same
        self._documents, self._confidence, self._embedder = documents, confidence, embedder

    @classmethod
    def build(
        cls,
        passages: Sequence[Passage],
        synonyms: Synonyms | None = None,
        vectors: Vectors | None = None,
        embedder: Embedder | None = None,
        confidence: Confidence | None = None,
    ) -> Engine:
        """Over these passages; positions in a ranking are those in the sequence. Without an embedder vectors are only
        kept, for whoever opens the index with one.

        `confidence` is that of an index of much the same passages; without it, it is what is known of any index. Either
        way `calibrated` fits it to this one.
        """
        return cls(
            passages,
            LexicalIndex.build(passages, synonyms=synonyms or NO_SYNONYMS),
            DenseIndex.build(vectors, len(passages)) if vectors is not None and len(vectors.owners) else None,
            Same.build(passages),
            Documents.build(passages),
            confidence or Confidence(),
            embedder,
        )

    @property
    def confidence(self) -> Confidence:
        """How sure it is of what. It may be saved alone, over an older one of the same index, while that is served."""
        return self._confidence

    def calibrated(self) -> Engine:
        """The same with a confidence that has seen questions made of these very passages. Takes a second to a minute,
        most of it for the vectors of some 300 questions where there is an embedder."""
        seen = [one for trial in trials(self._passages) for one in self.tried(trial.question, trial.position)]
        confidence = Confidence().fitted(seen)
        return Engine(
            self._passages, self._lexical, self._dense, self._same, self._documents, confidence, self._embedder
        )

    def __len__(self) -> int:
        return len(self._passages)

    def rank(self, question: str, limit: int = LIMIT, without: Collection[str] = ()) -> Ranking:
        """The best passages for the question, at most `limit`; none of the documents `without`. Any text is taken."""
        search = self._search(question)
        seen = search.without(self._documents.holding(without))
        spellings = (question, search.words.repaired)
        same = [at for at in self._same.find(*spellings) if not seen.left_out[at]]
        first = same or [at for at in self._same.nearly(*spellings) if not seen.left_out[at]]
        scores = np.where(seen.scores > 0, seen.scores, np.float32(-np.inf))
        scores[first] = 1 + seen.scores[first]
        chosen = list(self._documents.best(scores, limit))
        return Ranking(
            hits=tuple(self._ranked(at, float(min(scores[at], 1)), search.words.asked) for at in chosen),
            positions=tuple(islice(ordered(scores), limit)),
            confidence=self._confidence_in(seen, same, chosen),
            repaired=search.words.repaired,
            language=language_of(search.words.repaired or question, "ru"),
        )

    def _ranked(self, at: int, score: float, asked: Asked) -> Ranked:
        return Ranked(at, self._passages[at], score, self._lexical.held(asked, at))

    def best_of(self, document: str, question: str) -> Passage | None:
        """The passage of one document that answers best, or its first; None: there is no such document."""
        own = np.flatnonzero(self._documents.holding((document,)))
        if not len(own):
            return None
        scores = self._search(question).without(np.zeros(len(self), np.bool_)).scores
        return self._passages[int(own[scores[own].argmax()])]

    def _search(self, question: str) -> Search:
        words = self._lexical.search(question)
        if self._dense is None or self._embedder is None:
            return Search(words)
        # What was repaired in vain is nearer to nothing than what was written.
        readings = dict.fromkeys((words.repaired or question, question))
        near = (self._dense.nearness(self._embedder.query(reading)) for reading in readings)
        return Search(words, max(near, key=_nearest))

    def _confidence_in(self, seen: Seen, same: Sequence[int], chosen: Sequence[int]) -> float:
        if not chosen:
            return 0.0
        if len({int(self._documents.of[at]) for at in same}) == 1:
            return CERTAIN
        if all(word.text in STOP_WORDS for word in seen.words.asked.words):  # "how?": whatever begins so is like it
            return 0.0
        return min(SURE, self._confidence.of(self._signals(seen, chosen)))

    def tried(self, question: str, answer: int | None = None) -> Iterator[tuple[Signals, bool]]:
        """What there is to see of a question as it is, and without the document of the passage that answers it; and
        whether that passage was there."""
        search = self._search(question)
        none = np.zeros(len(self), np.bool_)
        own = none if answer is None else self._documents.of == self._documents.of[answer]
        for left_out in (none, own) if answer is not None else (none,):
            seen = search.without(left_out)
            if chosen := list(self._documents.best(seen.scores, 2)):
                yield self._signals(seen, chosen), answer is not None and left_out is none

    def _signals(self, seen: Seen, chosen: Sequence[int]) -> Signals:
        return signals(seen, self._lexical, self._passages[chosen[0]], chosen)

    def save(self, directory: Path) -> None:
        """Write it into the directory."""
        library.write(directory, self._passages)
        for part in (self._lexical, self._same, self._documents, self._confidence):
            part.save(directory)
        if self._dense is not None:
            self._dense.save(directory / _DENSE)

    @classmethod
    def open(cls, directory: Path, embedder: Embedder | None = None, synonyms: Synonyms | None = None) -> Engine:
        """The engine that was saved there; what it holds stays in the files until it is needed.

        Raises OSError or ValueError where there is no whole one, or it is of another version.
        """
        passages = library.open_library(directory)
        dense = DenseIndex.open(directory / _DENSE, len(passages)) if (directory / _DENSE).exists() else None
        return cls(
            passages,
            LexicalIndex.open(directory, synonyms or NO_SYNONYMS),
            dense,
            Same.open(directory),
            Documents.open(directory),
            Confidence.open(directory),
            embedder,
        )
