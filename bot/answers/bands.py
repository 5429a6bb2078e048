"""How sure one must be to answer, and to offer something to choose from.

Measured on questions with known answers: 94 to 98 % of them come above MAYBE (by words alone 84 % of an FAQ's in other
words), of questions about something else 5 to 21 % by words alone and 1 to 7 % with vectors. Above ANSWER more than
nine first hits of ten are the right passage (of a handbook that says things in several places, six or seven), and of
questions about something else there are 0 to 4 %.
"""

from __future__ import annotations

from bot.knowledge import Band

ANSWER, MAYBE = 0.55, 0.2


def band_of(confidence: float) -> Band:
    """The band of a confidence between 0 and 1."""
    if confidence >= ANSWER:
        return "answer"
    return "maybe" if confidence >= MAYBE else "unknown"
