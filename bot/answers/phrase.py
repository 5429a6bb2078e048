"""A phrase as people write it in a file: words, and groups of words of which any will do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from bot.answers.analysis import stem, words

GROUP = re.compile(r"\{([^{}]*)\}")
_PART = re.compile(r"\{[^{}]*\}|[^\s{}]+")


class Phrase(msgspec.Struct, frozen=True):
    """What is found by it, and for each of its words the stems of which any will do."""

    of: str
    words: tuple[frozenset[str], ...]


def phrases_of(written: Mapping[str, Iterable[str]], groups: Mapping[str, Sequence[str]]) -> Iterable[Phrase]:
    """The phrases of each topic as people write them: words, and `{group}` for any of that group."""
    for of, every in written.items():
        for text in every:
            parts = _PART.findall(text)
            found = (_stems_of(part, groups) for part in parts)
            yield Phrase(of, tuple(one for many in found for one in many))


def _stems_of(part: str, groups: Mapping[str, Sequence[str]]) -> list[frozenset[str]]:
    if part.startswith("{"):
        return [frozenset(stem(one) for member in groups[part[1:-1]] for one in words(member))]
    return [frozenset({stem(one)}) for one in words(part)]
