"""The words, operators and quoted texts that JQL and CQL are made of; the grammar of each is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

END = "end"
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator>!=|!~|<=|>=|[=<>~])
    | (?P<mark>[(),])
    | (?P<word>[^\s"'!=<>~(),]+)
    )""",
    re.VERBOSE,
)


class Unreadable(ValueError):
    """No token begins with this character; `at` counts from 1 and includes the space before it."""

    def __init__(self, character: str, at: int) -> None:
        super().__init__(character, at)
        self.character, self.at = character, at


class Token(Struct, frozen=True):
    """`kind` is quoted, operator, mark, word or END; `text` is without quotes and escapes, `at` counts from 1."""

    kind: str
    text: str
    at: int


class Reader:
    """What recursive descent is made of: the token that comes next, taken or skipped. Raises Unreadable."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._at]

    def take(self) -> Token:
        token = self.next
        self._at += 1
        return token

    def is_word(self, *words: str) -> bool:
        return self.next.kind == "word" and self.next.text.casefold() in words

    def skip_word(self, word: str) -> bool:
        found = self.is_word(word)
        self._at += found
        return found

    def skip_mark(self, mark: str) -> bool:
        found = self.next.kind == "mark" and self.next.text == mark
        self._at += found
        return found


def _tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable(text[at:].lstrip()[0], at + 1)
        kind = str(found.lastgroup)
        plain = re.sub(r"\\(.)", r"\1", found[kind][1:-1]) if kind == "quoted" else found[kind]
        yield Token(kind, plain, found.start(kind) + 1)
        at = found.end()
    yield Token(END, "", end + 1)
