"""What there is to see when a question is searched for, and the signals that confidence is made of."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p, sqrt

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers.analysis import stems
from bot.answers.confidence import Signals
from bot.answers.document import Passage
from bot.answers.fusion import fused
from bot.answers.language import language_of
from bot.answers.lexical import LexicalIndex, LexicalResult
from bot.answers.sentences import sentences

Scores = NDArray[np.float32]


class Seen(msgspec.Struct, frozen=True):
    """A search from which some passages are left out. `scores` (n,) 0 to 1, -inf for what is left out, and for all when
    nothing was asked; `nearness` (n,) cosines, NaN where there is none."""

    words: LexicalResult
    left_out: NDArray[np.bool_]
    scores: Scores
    nearness: Scores | None


class Search(msgspec.Struct, frozen=True):
    """What the words find, and how near the passages are, NaN where that is not known."""

    words: LexicalResult
    nearness: Scores | None = None

    def without(self, left_out: NDArray[np.bool_]) -> Seen:
        lexical = np.where(left_out, np.float32(0), self.words.scores)
        lexical /= max(float(lexical.max(initial=0)), 1e-9)
        nearness = None if self.nearness is None else np.where(left_out, np.float32(np.nan), self.nearness)
        scores = fused(lexical, nearness, self.words.coverage)
        none = left_out if self.words.words else np.ones_like(left_out)
        return Seen(self.words, left_out, np.where(none, np.float32(-np.inf), scores), nearness)


def signals(seen: Seen, index: LexicalIndex, first: Passage, chosen: Sequence[int]) -> Signals:
    """`first` is the best passage; `chosen` the position of it and of the best of other documents."""
    best, asked = chosen[0], seen.words.asked
    return Signals(
        strength=sqrt(max(float(seen.words.exact[best]), 0.0)),
        held=index.held(asked, best),
        words=log1p(seen.words.words),
        together=log1p(_together(seen, index, first) * index.gravity(asked)),
        **_near(seen.nearness, chosen),
        other_language=_in_another_language(seen.words.repaired, first),
    )


def _in_another_language(question: str, passage: Passage) -> bool:
    """An entry of the FAQ is in both."""
    letters = [letter for letter in passage.text.casefold() if letter.isalpha()]
    if passage.kind == "faq" or not letters:
        return False
    russian = sum("а" <= letter <= "я" for letter in letters) > len(letters) / 2
    return russian != (language_of(question, "ru" if russian else "en") == "ru")


def _together(seen: Seen, index: LexicalIndex, passage: Passage) -> float:
    """The largest share of the question that one sentence has, with what stands above it; of an entry of the FAQ also
    one way to ask it."""
    above = stems(f"{passage.title} {passage.heading}")
    texts = (*passage.asked, *sentences(passage.text))
    return max((index.held_by(seen.words.asked, (*above, *stems(text))) for text in texts), default=0.0)


def _near(nearness: Scores | None, chosen: Sequence[int]) -> dict[str, float]:
    if nearness is None or np.isnan(nearness[chosen[0]]):
        return {}
    others = nearness[list(chosen[1:])]
    own = float(nearness[chosen[0]])
    best = float(np.nanmax(others)) if not np.isnan(others).all() else own
    return {"nearness": own, "nearer": own - best}
