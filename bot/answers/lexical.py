"""The lexical index: which passages have the words of a question, or words that look like them.

Two scores are mixed: BM25 over the stems, a misspelt or synonymous word counting less; and the same postings reached
through words that share runs of letters with those of the question, which is what a search by letter runs finds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bot.answers.analysis import MAX_QUESTION, writable
from bot.answers.document import Passage
from bot.answers.grams import Grams
from bot.answers.meaning import Asked, Vocabulary, understand
from bot.answers.postings import K1, Postings, post
from bot.answers.synonyms import NO_SYNONYMS, Synonyms

Scores = npt.NDArray[np.float32]

VERSION = 1
# How much of a score comes from whole words; the rest from words that look alike.
WORDS = 0.5

_VOCABULARY, _STATE = "terms.txt", "lexical.json"
_ARRAYS = ("starts", "rows", "gains", "keys", "key_starts", "key_terms", "key_rarity", "sizes")


class LexicalResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the words of a question find.

    `scores`: of every passage, 0 to 1, comparable within this question only. `exact`: the BM25 score of every passage
    as a share of what one with every word of the question could have. `coverage`: the share of the question, by
    the rarity of its words, that the collection knows. `words`: how many words the question has. `repaired`: the
    question as it was understood. `asked`: what each of its words was taken for.
    """

    scores: Scores
    exact: Scores
    coverage: float
    words: int
    repaired: str
    asked: Asked


class _State(msgspec.Struct, frozen=True):
    version: int
    passages: int


class LexicalIndex:
    """Immutable; searching it changes nothing and may happen in several threads."""

    def __init__(self, vocabulary: Vocabulary, synonyms: Synonyms) -> None:
        self._vocabulary, self._synonyms = vocabulary, synonyms
        self._postings = vocabulary.postings

    @classmethod
    def build(cls, passages: Sequence[Passage], synonyms: Synonyms = NO_SYNONYMS) -> LexicalIndex:
        """Of all passages; their positions in the sequence are how they are named in every answer."""
        terms, postings = post(passages)
        return cls(Vocabulary(terms, postings, Grams.of(terms, postings.passages_with, len(passages))), synonyms)

    def __len__(self) -> int:
        return self._postings.passages

    @property
    def terms(self) -> int:
        """How many stems it knows."""
        return len(self._vocabulary)

    def search(self, question: str) -> LexicalResult:
        """Scores of all passages. Any text of any length: what is beyond MAX_QUESTION characters is not read."""
        asked = understand(writable(question[:MAX_QUESTION]), self._vocabulary, self._synonyms)
        exact, alike = self._exact(asked), self._alike(asked)
        scores = WORDS * _share_of_best(exact) + (1 - WORDS) * _share_of_best(alike)
        possible = (K1 + 1) * sum(word.weight for word in asked.words)
        return LexicalResult(
            scores=scores,
            exact=exact / np.float32(possible) if possible else exact,
            coverage=asked.coverage,
            words=len(asked.words),
            repaired=asked.text,
            asked=asked,
        )

    def held(self, asked: Asked, passage: int) -> float:
        """The share of the question, by the rarity of its words, that the passage (-1: none) has."""
        total = sum(word.weight for word in asked.words)
        if not total or passage < 0:
            return 0.0
        return sum(word.weight * self._like(word.meanings, passage) for word in asked.words) / total

    def held_by(self, asked: Asked, stems: Iterable[str]) -> float:
        """The share of the question, by the rarity of its words, that a text with these stems has."""
        numbers = self._vocabulary.numbers
        terms = {numbers[one] for one in stems if one in numbers}
        total = sum(word.weight for word in asked.words)
        found = sum(
            word.weight * max((like for term, like in word.meanings.items() if term in terms), default=0.0)
            for word in asked.words
        )
        return found / total if total else 0.0

    def gravity(self, asked: Asked) -> float:
        """How much the question asks for: its words, each by its rarity; one that nobody has written counts 1."""
        return sum(word.weight for word in asked.words) / self._postings.unknown

    def _like(self, meanings: dict[int, float], passage: int) -> float:
        return max((like for term, like in meanings.items() if self._postings.holds(term, passage)), default=0.0)

    def _exact(self, asked: Asked) -> Scores:
        rarity = self._postings.rarity
        return self._sum(
            {term: like * float(rarity[term]) for term, like in word.meanings.items()} for word in asked.words
        )

    def _alike(self, asked: Asked) -> Scores:
        return self._sum(word.alike for word in asked.words)

    def _sum(self, words: Iterable[dict[int, float]]) -> Scores:
        """Of every word the best that it is worth to a passage."""
        total = np.zeros(len(self), np.float32)
        for worth in words:
            if len(worth) == 1:
                [(term, factor)] = worth.items()
                rows, gains = self._postings.of(term)
                total[rows] += gains * np.float32(factor)
            elif worth:
                total += self._best_of(worth)
        return total

    def _best_of(self, worth: dict[int, float]) -> Scores:
        best = np.zeros(len(self), np.float32)
        for term, factor in worth.items():
            rows, gains = self._postings.of(term)
            best[rows] = np.maximum(best[rows], gains * np.float32(factor))
        return best

    def save(self, directory: Path) -> None:
        """Write it into the directory, which exists, as plain arrays."""
        arrays = zip(_ARRAYS, (*self._postings.arrays(), *self._vocabulary.grams.arrays()), strict=True)
        for name, array in arrays:
            np.save(directory / f"{name}.npy", array, allow_pickle=False)
        (directory / _VOCABULARY).write_text("\n".join(self._vocabulary.terms), "utf-8", newline="\n")
        (directory / _STATE).write_bytes(msgspec.json.encode(_State(VERSION, len(self))))

    @classmethod
    def open(cls, directory: Path, synonyms: Synonyms = NO_SYNONYMS) -> LexicalIndex:
        """The index that was saved there; its arrays stay in the files and are read as they are needed.

        ValueError or OSError: there is none, or it was saved by another version.
        """
        try:
            state = msgspec.json.decode((directory / _STATE).read_bytes(), type=_State)
        except msgspec.DecodeError as error:
            raise ValueError(f"{_STATE} is not whole: {error}") from error
        if state.version != VERSION:
            raise ValueError(f"the index is of version {state.version}, not {VERSION}")
        arrays = [_mapped(directory / f"{name}.npy") for name in _ARRAYS]
        starts, rows, gains, *grams = arrays
        terms = (directory / _VOCABULARY).read_text("utf-8").splitlines()
        postings = Postings(starts, rows, gains, state.passages)
        return cls(Vocabulary(terms, postings, Grams(*grams)), synonyms)


def _mapped(path: Path) -> npt.NDArray[Any]:
    """The array in the file. As a plain one: numpy's own kind for this is slow to cut pieces from."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _share_of_best(scores: Scores) -> Scores:
    best = scores.max(initial=0.0)
    return scores / best if best else scores
