"""Is a feedback negative? Word by word, with what is denied, and with "but".

A judgement by rules and lists of words: it works offline and says the same tomorrow. What is said plainly it gets right
nine times in ten; a complaint told as a story or in idioms it often misses, praise it seldom takes for a complaint.
So it may ask somebody to look, and must not decide anything about a person.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from bot import speech_tone as speech
from bot.words import stem

LONGEST = 5000
DENIED_BAD = 0.5  # "not bad" is less than "good"
DENIED = -0.6  # what is denied is most often missed, whatever it is
AFTER_BUT = 2.0
BETWEEN = 2  # other words that may stand between a denial and what it denies

Stems = tuple[str, ...]

_PART = re.compile(r"[.,;:!?()\n…]|\s[-–—]\s")
_SENTENCE = re.compile(r"[.!?\n…]+")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class _Lexicon(msgspec.Struct, frozen=True):
    bad: frozenset[str]
    good: frozenset[str]
    expected: frozenset[str]
    burden: frozenset[str]
    deny: frozenset[str]
    absent: frozenset[str]
    links: frozenset[str]
    joining: frozenset[str]
    turns: frozenset[str]
    excess: frozenset[str]
    phrases: dict[Stems, float]
    worst: str


def is_negative(text: str) -> bool:
    """Whether the text complains more than it praises. A rating in it ("2/5") counts before its words."""
    text = speech.plain(text[:LONGEST])
    rating = _rating(text)
    if rating is not None and rating <= 0.5:
        return True
    signs = sum((char in speech.GOOD_SIGNS) - (char in speech.BAD_SIGNS) for char in text)
    praise = 2.0 if rating is not None and rating >= 0.8 else 0.0
    return sum(map(_sentence, _SENTENCE.split(text))) + signs + praise < 0


def _rating(text: str) -> float | None:
    """The lowest share of the points that the text gives, if it gives any."""
    shares = [int(given) / int(most) for given, most in speech.RATING.findall(text) if int(given) <= int(most)]
    return min(shares, default=None)


def _sentence(text: str) -> float:
    """Above 0 praise, below 0 complaint."""
    lexicon, weight, total = _lexicon(), 1.0, 0.0
    for part in _PART.split(text):
        words = [_known(word) for word in _WORD.findall(part)]
        start = 0
        for end, word in enumerate(words):
            if word in lexicon.turns:
                total += weight * _Part(words[start:end]).value()
                start, weight = end + 1, AFTER_BUT
        total += weight * _Part(words[start:]).value()
    return total


def _known(word: str) -> str:
    """The stem of the word; of the opposite of a word that one may expect, that of something bad."""
    lexicon, found = _lexicon(), stem(word)
    if found in lexicon.bad or found in lexicon.good or found in lexicon.expected:
        return found
    for prefix in speech.OPPOSITES:
        if word.startswith(prefix):
            rest = stem(word.removeprefix(prefix))
            if rest in lexicon.good or rest in lexicon.expected:
                return lexicon.worst
    return found


class _Part:
    """A part of a sentence, read from left to right: what is denied is denied within it."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._denied = 0  # how many more words the last denial reaches over
        self._lacking = False  # what follows describes what there is not
        self._missed = False  # something was denied that says nothing by itself
        self._spared = False  # something bad was denied: in Russian the verb is denied with it
        self._named = False  # something that one may expect, or praise, stands before

    def value(self) -> float:
        total, before, at = 0.0, 0.0, 0
        while at < len(self._words):
            length, value = self._phrase(at)
            if not length:
                value = self._word(at)
            total += value
            if before * value < 0:  # "poorly organised", "organised badly": how, and not that it was
                total -= max(before, value)
            before, at = value, at + (length or 1)
        return total + DENIED * (self._missed and not self._spared)

    def _phrase(self, at: int) -> tuple[int, float]:
        phrases = _lexicon().phrases
        for length in range(min(5, len(self._words) - at), 0, -1):
            value = phrases.get(tuple(self._words[at : at + length]))
            if value is not None:
                denying = any(word in _lexicon().absent for word in self._words[at : at + length])
                value = DENIED_BAD if self._denied and value < 0 and not denying else value
                self._denied, self._missed = 0, False
                return length, value
        return 0, 0.0

    def _word(self, at: int) -> float:
        lexicon, word = _lexicon(), self._words[at]
        if word in lexicon.absent and self._named:
            return -1.0
        if word in lexicon.deny or word in lexicon.absent:
            self._denied, self._missed = BETWEEN + 1, False
        elif word in lexicon.bad or word in lexicon.burden:
            stated = -1.0 if word in lexicon.bad else 0.0
            return self._settle(at, DENIED_BAD if self._denied else stated)
        elif word in lexicon.good or word in lexicon.expected:
            return self._wanted(at, praise=float(word in lexicon.good))
        elif word in lexicon.excess and not self._denied and at + 1 < len(self._words):
            return -1.0
        elif word not in lexicon.links:
            self._missed = self._denied > 0 or self._missed
            self._denied = max(self._denied - 1, 0)
        return 0.0

    def _wanted(self, at: int, praise: float) -> float:
        self._named = True
        if self._denied:
            self._lacking = True
            return self._settle(at, -1.0)
        return 0.0 if self._lacking else praise

    def _settle(self, at: int, value: float) -> float:
        """A denial ends with what it denies, unless more of it is joined on: "no issues or problems"."""
        following = self._words[at + 1] if at + 1 < len(self._words) else ""
        if self._denied:
            self._missed, self._spared = False, self._spared or value > 0
        if following not in _lexicon().joining:
            self._denied = 0
        return value


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon(
        bad=_stems(speech.BAD),
        good=_stems(speech.GOOD),
        expected=_stems(speech.EXPECTED),
        burden=_stems(speech.BURDEN),
        deny=_stems(speech.DENY),
        absent=_stems(speech.ABSENT),
        links=_stems(speech.LINKS),
        joining=_stems(speech.JOINING),
        turns=_stems(speech.TURNS),
        excess=_stems(speech.EXCESS),
        phrases=_phrases(speech.BAD_PHRASES, -1.0) | _phrases(speech.GOOD_PHRASES, 1.0),
        worst=min(_stems(speech.BAD)),
    )


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


def _phrases(phrases: str, value: float) -> dict[Stems, float]:
    return {tuple(map(stem, phrase.split())): value for phrase in phrases.split(";")}
