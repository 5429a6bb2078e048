"""Questions that are made of what there is to answer with, to learn how sure of an answer one may be.

Of an entry of the FAQ, a way to ask it; of a page, words of its heading and of a sentence; neither as it is written:
people leave words out, turn them round, inflect them otherwise and mistype them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.answers.document import Passage
from bot.answers.sentences import is_code, sentences

# A way to ask an entry is in the index itself: its trials are easier than what people ask, so that fewer are made.
MOST = {"page": 300, "faq": 60}
SEED = 20
_WORD = re.compile(r"[^\W_]+")
_OPENINGS = {
    True: ("как", "где", "что такое", "какой", "когда", "почему", "сколько", "кто", "", ""),
    False: ("how do I", "where is", "what is", "which", "when", "why", "how many", "who", "", ""),
}
_ENDINGS = {True: ("а", "ы", "у", "ом", "е", "и", "ов", ""), False: ("s", "ed", "ing", "")}


class Trial(NamedTuple):
    """A question, and the passage that it was made of."""

    question: str
    position: int


def trials(passages: Sequence[Passage]) -> list[Trial]:
    """At most MOST questions, four of a passage, the same ones for the same passages."""
    if not passages:
        return []
    dice = random.Random(SEED)  # noqa: S311  nothing secret
    count, most = len(passages), MOST[passages[0].kind]
    positions = dice.sample(range(count), min(count, most))
    positions += [dice.randrange(count) for _ in range(min(most, 4 * count) - len(positions))]
    made = (Trial(_question(passages[at], dice), at) for at in positions)
    return [trial for trial in made if trial.question]


def _question(passage: Passage, dice: random.Random) -> str:
    if passage.asked:
        return " ".join(_otherwise(dice.choice(passage.asked).split(), dice, keep=0.75))
    lines = [one for one in sentences(passage.text) if not is_code(one) and len(one.split()) >= 4]
    told = _told(dice.choice(lines), dice) if lines else []
    words = _otherwise(told + _some(_WORD.findall(passage.heading), dice), dice, keep=0.9)
    if not words:
        return ""
    return f"{dice.choice(_OPENINGS[_is_russian(words[0])])} {' '.join(words)}".strip()


def _told(sentence: str, dice: random.Random) -> list[str]:
    """A few of its longer words, in their order."""
    words = _WORD.findall(sentence)
    long = [at for at, word in enumerate(words) if len(word) > 3]
    kept = set(dice.sample(long, min(len(long), dice.randint(2, 6))))
    return [word for at, word in enumerate(words) if at in kept]


def _some(words: list[str], dice: random.Random) -> list[str]:
    return [word for word in words if dice.random() < 0.5]


def _otherwise(words: list[str], dice: random.Random, keep: float) -> list[str]:
    kept = [word for word in words if dice.random() < keep] or words
    if dice.random() < 0.3:
        dice.shuffle(kept)
    return [_mistyped(_inflected(word, dice), dice) for word in kept]


def _inflected(word: str, dice: random.Random) -> str:
    if len(word) < 5 or dice.random() < 0.6:
        return word
    russian = _is_russian(word)
    return (word[:-1] if russian else word) + dice.choice(_ENDINGS[russian])


def _mistyped(word: str, dice: random.Random) -> str:
    if len(word) < 5 or dice.random() < 0.92:
        return word
    at = dice.randrange(1, len(word) - 1)
    return dice.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


def _is_russian(word: str) -> bool:
    return any("а" <= letter <= "я" for letter in word.casefold())
