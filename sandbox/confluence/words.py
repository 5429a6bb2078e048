"""A page as plain words: what a search for text looks through, and excerpts."""

from __future__ import annotations

import html
import re
from functools import lru_cache

_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_PARAMETER = re.compile(r"<ac:parameter\b[^>]*>[^<]*</ac:parameter>")
_TAG = re.compile(r"<[^>]*>")
_WORD = re.compile(r"\w+(?:[.@-]\w+)*")


def plain(body: str) -> str:
    """The text of a body without its markup, on one line."""
    opened = _CDATA.sub(lambda found: html.escape(found[1]), body)
    return " ".join(html.unescape(_TAG.sub(" ", _PARAMETER.sub(" ", opened))).split())


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=30_000)
def words_of(body: str) -> str:
    """The words of a body, each between two spaces: a string, because a set of each of thousands would fill memory."""
    return spaced(plain(body))


def spaced(text: str) -> str:
    return f" {' '.join(words(text))} "


def has_words(known: str, wanted: list[str]) -> bool:
    return all(f" {word} " in known for word in wanted)


def has_beginning(known: str, beginning: str) -> bool:
    return f" {beginning}" in known
