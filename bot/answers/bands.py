"""What a confidence is worth: an answer, a guess to choose from, or an honest no."""

from __future__ import annotations

from bot.knowledge import Band

ANSWER = 0.55  # more often right than wrong
MAYBE = 0.2


def band_of(confidence: float) -> Band:
    if confidence >= ANSWER:
        return "answer"
    return "maybe" if confidence >= MAYBE else "unknown"
