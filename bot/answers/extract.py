"""What of a passage is shown: the sentence that says most about the question, with the better of its neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

import msgspec

from bot.answers.analysis import stems
from bot.answers.sentences import is_code, sentences

LIMIT = 350  # characters
NEIGHBOURS = 1
ELLIPSIS = "…"


class _Unit(msgspec.Struct, frozen=True):
    """A sentence, in which line it stands, and its stems."""

    text: str
    line: int
    stems: frozenset[str]


def extract(text: str, question: str, limit: int = LIMIT) -> str:
    """What of the text answers the question best, at most `limit` characters.

    `question`: as it was understood, so with its words repaired. What is too long is cut between words, with an
    ellipsis; a line of code and an address are shown whole or not at all.
    """
    units = _units(text)
    if not units:
        return ""
    weights = _weights(question, units)
    scores = [_score(unit, weights) for unit in units]
    best = max(range(len(units)), key=lambda at: (not _too_long(units[at], limit), scores[at], -at))
    if len(units[best].text) > limit:
        return _cut(units[best].text, weights, limit)
    return _joined(_with_neighbours(units, scores, best, limit))


def _units(text: str) -> list[_Unit]:
    return [
        _Unit(one, number, frozenset(stems(one)))
        for number, line in enumerate(text.splitlines())
        for one in sentences(line)
    ]


def _weights(question: str, units: Sequence[_Unit]) -> Mapping[str, float]:
    """How much each stem of the question tells about a sentence: what stands in many of them tells little."""
    found = Counter(stem for unit in units for stem in unit.stems)
    return {stem: log(1 + len(units) / found[stem]) for stem in dict.fromkeys(stems(question)) if stem in found}


def _score(unit: _Unit, weights: Mapping[str, float]) -> float:
    return sum(weights[stem] for stem in unit.stems & weights.keys())


def _too_long(unit: _Unit, limit: int) -> bool:
    """Whether nothing of it can be shown."""
    return len(unit.text) > limit and (is_code(unit.text) or not any(len(word) < limit for word in unit.text.split()))


def _with_neighbours(units: Sequence[_Unit], scores: Sequence[float], best: int, limit: int) -> Sequence[_Unit]:
    first, last = best, best + 1
    for _ in range(NEIGHBOURS):
        grown = [(first, last + 1)] if last < len(units) else []
        grown += [(first - 1, last)] if first else []
        fitting = [(begin, end) for begin, end in grown if len(_joined(units[begin:end])) <= limit]
        if not fitting:
            break
        first, last = max(fitting, key=lambda part: sum(scores[part[0] : part[1]]))
    return units[first:last]


def _joined(units: Sequence[_Unit]) -> str:
    parts = [units[0].text.strip()]
    for before, unit in pairwise(units):
        parts += [" " if unit.line == before.line else "\n", unit.text.rstrip()]
    return "".join(parts)


def _cut(text: str, weights: Mapping[str, float], limit: int) -> str:
    """The part of a sentence that is too long, with as many of the words that were asked for as fit; an ellipsis
    alone where nothing of it may be cut."""
    words = text.split()
    if is_code(text) or all(len(word) > limit - 2 for word in words):
        return ELLIPSIS[:limit]
    gains = [sum(weights.get(stem, 0.0) for stem in set(stems(word))) for word in words]
    windows = [(begin, _until(words, begin, limit - 2 * len(ELLIPSIS))) for begin in range(len(words))]
    begin, end = max(windows, key=lambda window: (sum(gains[slice(*window)]), window[0] == 0, window[1] - window[0]))
    before, after = ELLIPSIS if begin else "", ELLIPSIS if end < len(words) else ""
    return f"{before}{' '.join(words[begin:end])}{after}"


def _until(words: Sequence[str], begin: int, limit: int) -> int:
    size = -1
    for at in range(begin, len(words)):
        size += 1 + len(words[at])
        if size > limit:
            return at
    return len(words)
