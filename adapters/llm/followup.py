"""Whether a question that the model has rewritten may be looked up in place of the one that was asked; pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from adapters.llm.errors import Unfit
from adapters.llm.plain import plain
from adapters.llm.statements import addresses
from bot.answers.language import language_of

LONGEST = 300

_SMALL_WORDS = Path(__file__).with_name("small_words.txt")
_WORD = re.compile(r"[^\W_]{2,}")
_QUOTES = "\"'«»“”„"
# What is left of most words without their endings.
_ROOT = 5


def read_rewrite(said: str, question: str, before: str) -> str:
    """The rewritten question. Raises Unfit: empty, lines (more than one), long, language (another one than that of the
    question), address (one that nobody has named), stray (it has no word in common with what was asked)."""
    text = plain(said).strip(_QUOTES + " ")
    asked = f"{question}\n{before}"
    flaws = {
        "empty": not text,
        "lines": "\n" in text,
        "long": len(text) > LONGEST,
        "language": language_of(text, "ru") != language_of(question, "ru"),
        "address": not addresses(text) <= addresses(asked),
        "stray": not content(text) & content(asked),
    }
    for code, has in flaws.items():
        if has:
            raise Unfit(code)
    return text


def content(text: str) -> frozenset[str]:
    """The beginnings of the words that are about something."""
    return frozenset(word[:_ROOT] for word in _words(text) if word not in _small_words())


def _words(text: str) -> list[str]:
    """In small letters without marks on them: many people write the Russian yo without its dots."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(one for one in letters if not unicodedata.combining(one)))


@cache
def _small_words() -> frozenset[str]:
    return frozenset(_words(_SMALL_WORDS.read_text(encoding="utf-8")))
