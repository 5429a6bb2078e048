"""Reads JQL: fields, operators, lists, AND / OR / NOT, parentheses and ORDER BY.

Only the grammar is here; what a field means, and which there are, is in `terms.py`.
"""

import re
from collections.abc import Iterator

from msgspec import Struct


class JqlError(ValueError):
    """A query that Jira would answer with 400; the text is for `errorMessages`."""


class Clause(Struct, frozen=True):
    """`operator` is one of = != < <= > >= ~ !~ in, not in, is, is not; a call is a value like "now()"."""

    field: str
    operator: str
    values: tuple[str, ...]


class Not(Struct, frozen=True):
    inner: "Condition"


class And(Struct, frozen=True):
    parts: tuple["Condition", ...]


class Or(Struct, frozen=True):
    parts: tuple["Condition", ...]


Condition = Clause | Not | And | Or


class Order(Struct, frozen=True):
    field: str
    descending: bool


class Query(Struct, frozen=True):
    """`where` None matches every issue."""

    where: Condition | None
    order: tuple[Order, ...]


class _Token(Struct, frozen=True):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<operator>!=|!~|<=|>=|[=<>~])
    | (?P<mark>[(),])
    | (?P<word>[^\s"'!=<>~(),]+)
    )""",
    re.VERBOSE,
)
_RESERVED = frozenset({"and", "or", "not", "in", "is", "order", "by", "empty", "null"})
_END = "end"


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            raise JqlError(
                f"Error in the JQL Query: The character '{text[at:].lstrip()[0]}' cannot be read. "
                f"(line 1, character {at + 1})"
            )
        kind = str(found.lastgroup)
        yield _Token(kind, _plain(kind, found[kind]), found.start(kind) + 1)
        at = found.end()
    yield _Token(_END, "", end + 1)


def _plain(kind: str, text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "quoted" else text


class _Parser:
    """Recursive descent; every method reads what its name says and stands behind it afterwards."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _is_word(self, *words: str) -> bool:
        return self._next.kind == "word" and self._next.text.casefold() in words

    def _skip_word(self, word: str) -> bool:
        found = self._is_word(word)
        self._at += found
        return found

    def _skip_mark(self, mark: str) -> bool:
        found = self._next.kind == "mark" and self._next.text == mark
        self._at += found
        return found

    def _wrong(self, expected: str) -> JqlError:
        token = self._next
        got = "the end of the query" if token.kind == _END else f"'{token.text}'"
        return JqlError(f"Error in the JQL Query: Expecting {expected} but got {got}. (line 1, character {token.at})")

    def query(self) -> Query:
        where = None
        if self._next.kind != _END and not self._is_word("order"):
            where = self.any_of()
        order = self.order() if self._skip_word("order") else ()
        if self._next.kind != _END:
            raise self._wrong("either 'OR' or 'AND'")
        return Query(where, order)

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self._skip_word("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Condition:
        parts = [self.one()]
        while self._skip_word("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self) -> Condition:
        if self._skip_word("not"):
            return Not(self.one())
        if self._skip_mark("("):
            inner = self.any_of()
            if not self._skip_mark(")"):
                raise self._wrong("')'")
            return inner
        return self.clause()

    def clause(self) -> Clause:
        field, operator = self.name("a field name"), self.operator()
        if operator in ("is", "is not"):
            return Clause(field, operator, (self.emptiness(),))
        operands = self.list_of_values() if operator in ("in", "not in") else [self.value()]
        return Clause(field, operator, tuple(operands))

    def name(self, expected: str) -> str:
        token = self._next
        reserved = token.kind == "word" and token.text.casefold() in _RESERVED
        if token.kind not in ("word", "quoted") or reserved:
            raise self._wrong(expected)
        return self._take().text

    def operator(self) -> str:
        if self._next.kind == "operator":
            return self._take().text
        if self._skip_word("in"):
            return "in"
        if self._skip_word("is"):
            return "is not" if self._skip_word("not") else "is"
        if self._skip_word("not") and self._skip_word("in"):
            return "not in"
        raise self._wrong("an operator: '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS', 'IS NOT'")

    def emptiness(self) -> str:
        if not self._is_word("empty", "null"):
            raise self._wrong("'EMPTY' or 'NULL'")
        return self._take().text.casefold()

    def list_of_values(self) -> list[str]:
        if not self._skip_mark("("):
            raise self._wrong("'('")
        values = [self.value()]
        while self._skip_mark(","):
            values.append(self.value())
        if not self._skip_mark(")"):
            raise self._wrong("',' or ')'")
        return values

    def value(self) -> str:
        text = self.name("a value, list or function")
        if not self._skip_mark("("):
            return text
        if not self._skip_mark(")"):
            raise self._wrong("')'")
        return f"{text.casefold()}()"

    def order(self) -> tuple[Order, ...]:
        if not self._skip_word("by"):
            raise self._wrong("'BY'")
        orders = [self.one_order()]
        while self._skip_mark(","):
            orders.append(self.one_order())
        return tuple(orders)

    def one_order(self) -> Order:
        field = self.name("a field name")
        descending = self._skip_word("desc")
        if not descending:
            self._skip_word("asc")
        return Order(field, descending)


def parse(text: str) -> Query:
    """Raises JqlError with the place where it went wrong."""
    return _Parser(text).query()
