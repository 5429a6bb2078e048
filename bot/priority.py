"""Priorities: our five words, whatever the tracker calls them, and how people write them."""

from __future__ import annotations

from bot.speech_priority import WRITTEN

PRIORITIES = ("highest", "high", "medium", "low", "lowest")

_WORDS = {word: priority for priority, written in WRITTEN.items() for word in written}


def priority(written: str) -> str | None:
    """Ours for what somebody wrote, whatever its case; None: not one that everybody knows."""
    return _WORDS.get(" ".join(written.casefold().split()))


def normal(written: str | None) -> str | None:
    """Ours where it is known, else the name as it stands: a company may have priorities of its own."""
    return None if written is None else priority(written) or written
