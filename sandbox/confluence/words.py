"""A page as plain words: what a search for text looks through, and excerpts."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_PARAMETER = re.compile(r"<ac:parameter\b[^>]*>[^<]*</ac:parameter>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"[\w.@-]+")


@lru_cache(maxsize=50_000)
def plain(body: str) -> str:
    """The text of a body without its markup, on one line."""
    opened = _CDATA.sub(lambda found: html.escape(found[1]), body)
    return " ".join(html.unescape(_TAG.sub(" ", _PARAMETER.sub(" ", opened))).split())


def words(text: str) -> list[str]:
    return [word.casefold().strip(".-") for word in _WORD.findall(text)]


@lru_cache(maxsize=50_000)
def words_of(body: str) -> frozenset[str]:
    return frozenset(words(plain(body)))


def has_words(known: frozenset[str], wanted: list[str]) -> bool:
    return all(word in known for word in wanted)


def has_beginning(known: frozenset[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in known)
