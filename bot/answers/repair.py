"""Questions that were written by mistake: slips of the finger, the wrong keyboard layout, Russian in Latin letters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from bot.answers.analysis import stem

# How much a word counts when it is only near to what was written.
ONE_SLIP, TWO_SLIPS = 0.8, 0.5
SHORTEST, LONG = 4, 8  # letters: below the one nothing is repaired, from the other on two slips are

# Key by key. A capital of the one may be a sign of the other, and the other way round.
_ENGLISH = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`" + 'QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>~'
_RUSSIAN = "йцукенгшщзхъфывапролджэячсмитьбюё" + "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_TO_RUSSIAN = str.maketrans(_ENGLISH + "/?&", _RUSSIAN + ".,?")
_TO_ENGLISH = str.maketrans(_RUSSIAN + ".,", _ENGLISH + "/?")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def nearest(written: str, known: Iterable[tuple[int, str]]) -> dict[int, float]:
    """Terms (number, stem) that differ from the written word by slips of the finger, and how much each counts.

    Only the nearest are given: two slips away means nothing while something is one slip away.
    """
    own = stem(written)
    if len(own) < SHORTEST:
        return {}
    allowed = 2 if len(written) >= LONG else 1
    slips = {number: _slips(written, own, term, allowed) for number, term in known}
    least = min(slips.values(), default=allowed + 1)
    weight = ONE_SLIP if least <= 1 else TWO_SLIPS
    return {number: weight for number, count in slips.items() if count == least <= allowed}


def _slips(written: str, own: str, term: str, allowed: int) -> int:
    """A slip in an ending keeps a stemmer from taking it off: so the beginning of the word is compared, too."""
    if len(term) < SHORTEST - 1:
        return allowed + 1
    between = OSA.distance(own, term, score_cutoff=allowed)
    if len(term) >= SHORTEST and between > 1 and len(own) > len(term):
        between = min(between, 1 + OSA.distance(written[: len(term)], term, score_cutoff=allowed))
    return int(between)


def other_layout(text: str) -> str:
    """The text as the same keys give it on the other keyboard: `ghbdtn` is `привет`."""
    return text.translate(_TO_ENGLISH if _CYRILLIC.search(text) else _TO_RUSSIAN)
