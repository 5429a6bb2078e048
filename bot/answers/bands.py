"""How sure one must be to answer, and to offer something to choose from.

Of questions with an answer 95 % come above MAYBE, of questions about something else 4 to 20 % by words alone and 1 to
9 % with vectors; above ANSWER nine first hits of ten are right.
"""

from __future__ import annotations

from bot.knowledge import Band

ANSWER, MAYBE = 0.55, 0.2


def band_of(confidence: float) -> Band:
    """The band of a confidence between 0 and 1."""
    if confidence >= ANSWER:
        return "answer"
    return "maybe" if confidence >= MAYBE else "unknown"
