"""Phrases in what people write: every word of a phrase near the others, in any order and form, misspelt, on the wrong
keyboard, or Russian in Latin letters.

An index of documents finds what is most like a whole question. Here a few words of a long message are enough, so that
every phrase is looked for by itself; what a written word may stand for is understood as the index does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

import msgspec
import numpy as np

from bot.answers.analysis import stem, words
from bot.answers.grams import Grams
from bot.answers.phrase import Phrase
from bot.answers.repair import ONE_SLIP, SHORTEST, nearest, other_layout
from bot.answers.transliteration import spellings

LONGEST = 1000  # characters that are looked at
MOST_WORDS = 200
BETWEEN = 3  # other words that may stand among those of a phrase
ALONE = 6  # letters: what is shorter is no slip for a phrase of one word; nearly every short word is near to another
LONG = 10  # letters, from which on two slips are one word still; the first letter is right nearly always
LEAST_ALIKE, MOST_ALIKE = 0.15, 100
SPELLINGS = 16  # of a word in Latin letters
MENDED = 1  # spellings of a word that are looked at for slips: each takes a tenth of a millisecond
CACHED = 20_000

_LATIN, _CYRILLIC = re.compile(r"[a-z]"), re.compile(r"[а-яё]", re.IGNORECASE)
_LONG_DRAWN = re.compile(r"(\w)\1{2,}")  # "орёёёт"
_LOOKALIKES = str.maketrans("aceopxykmtbh", "асеорхукмтвн")

Known = frozenset[int]
NONE: Known = frozenset()
NOTHING = (NONE, NONE)
Reading = list[tuple[Known, Known]]
"""For each word of a text: the stems that it may stand for beside others, and all by itself."""


class Places(msgspec.Struct, frozen=True):
    """Where in a text the stems stand, and which of them stand there all by themselves."""

    beside: dict[int, list[int]]
    alone: Known


class Phrases:
    """Phrases, the first of them first."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        found = tuple(phrases)
        self._terms = sorted({one for phrase in found for word in phrase.words for one in word})
        self._numbers = {term: number for number, term in enumerate(self._terms)}
        self._phrases = tuple(
            (phrase.of, tuple(frozenset(self._numbers[one] for one in word) for word in phrase.words))
            for phrase in found
        )
        # Only phrases of which the rarest word stands in a text are looked for there, by their place in the order.
        self._leads: dict[int, list[int]] = {}
        for at, (_, phrase) in enumerate(self._phrases):
            for term in min(phrase, key=len, default=()):
                self._leads.setdefault(term, []).append(at)
        held = np.ones(len(self._terms), np.int64)
        self._grams = Grams.of(self._terms, held, max(len(self._terms), 1)) if self._terms else None
        self._slips = lru_cache(CACHED)(self._near)
        self._term = lru_cache(CACHED)(self._numbered)
        self._read = lru_cache(CACHED)(self._read_word)

    def find(self, text: str) -> str | None:
        """What the first phrase that stands in the text leads to; None: there is none."""
        if not self._phrases:
            return None
        text = _LONG_DRAWN.sub(r"\1", text[:LONGEST])
        readings = [self._reading((one,) for one in words(text))]
        readings.append(self._reading((one,) for one in words(other_layout(text))))
        if _LATIN.search(text.casefold()):
            readings.append(self._reading(_in_cyrillic(one) for one in words(text)))
        places = [_places(reading) for reading in readings]
        near = sorted({at for one in places for term in one.beside for at in self._leads.get(term, ())})
        found = (self._phrases[at] for at in near)
        return next((of for of, phrase in found if any(_stands(phrase, one) for one in places)), None)

    def _reading(self, spelt: Iterable[Sequence[str]]) -> Reading:
        """Each word in the spellings that it may have, and as one with the next: "на чальник"."""
        every = list(islice(spelt, MOST_WORDS))
        reading: Reading = []
        for at, word in enumerate(every):
            exact, slips = self._read(tuple(word))
            joined = self._term(word[0] + every[at + 1][0]) if at + 1 < len(every) else None
            if joined is not None:
                exact = slips = exact | {joined}
            if not slips:
                reading.append(NOTHING)
            else:
                reading.append((slips, exact or frozenset(one for one in slips if len(self._terms[one]) >= ALONE)))
        return reading

    def _read_word(self, spelt: tuple[str, ...]) -> tuple[Known, Known]:
        """The stems that it is, and those that it is or may be a slip for."""
        exact = self._known(spelt)
        return exact, exact or NONE.union(*(self._slips(one) for one in spelt[:MENDED]))

    def _known(self, spelt: Sequence[str]) -> Known:
        found = [number for one in spelt if (number := self._term(one)) is not None]
        return frozenset(found) if found else NONE

    def _numbered(self, word: str) -> int | None:
        return self._numbers.get(stem(_whole(word)))

    def _near(self, word: str) -> Known:
        if self._grams is None or len(word) < SHORTEST:
            return frozenset()
        near = self._grams.alike(stem(word), LEAST_ALIKE, MOST_ALIKE, 1.0)[0].tolist()
        like = nearest(word, ((one, self._terms[one]) for one in near if self._terms[one][0] == word[0]))
        return frozenset(one for one, weight in like.items() if weight >= ONE_SLIP or len(word) >= LONG)


def _places(reading: Reading) -> Places:
    beside: dict[int, list[int]] = {}
    for at, (known, _) in enumerate(reading):
        for one in known:
            beside.setdefault(one, []).append(at)
    return Places(beside, frozenset().union(*(alone for _, alone in reading)))


def _stands(phrase: tuple[Known, ...], places: Places) -> bool:
    """Whether all its words stand close enough together."""
    if len(phrase) == 1:
        return not phrase[0].isdisjoint(places.alone)
    if any(word.isdisjoint(places.beside) for word in phrase):
        return False
    found = [[at for one in word if one in places.beside for at in places.beside[one]] for word in phrase]
    reach = len(phrase) + BETWEEN
    starts = {at for every in found for at in every}
    return any(all(any(start <= at < start + reach for at in every) for every in found) for start in starts)


def _whole(word: str) -> str:
    """With letters of one alphabet alone: some look the same in both."""
    return word.translate(_LOOKALIKES) if _CYRILLIC.search(word) else word


def _in_cyrillic(word: str) -> tuple[str, ...]:
    return spellings(word)[:SPELLINGS] if word.isascii() else (word,)
