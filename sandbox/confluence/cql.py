"""Reads CQL: fields, operators, lists, functions with arguments, AND / OR / NOT, parentheses and ORDER BY.

Only the grammar is here; what a field means, and which there are, is in `terms.py`.
"""

from __future__ import annotations

from msgspec import Struct

from sandbox.query_tokens import END, Reader, Unreadable


class CqlError(ValueError):
    """A query that Confluence would answer with 400."""


class Call(Struct, frozen=True):
    """A function like now("-7d"); `name` is in small letters."""

    name: str
    arguments: tuple[str, ...]


Value = str | Call


class Clause(Struct, frozen=True):
    """`operator` is one of = != < <= > >= ~ !~ in, not in."""

    field: str
    operator: str
    values: tuple[Value, ...]


class Not(Struct, frozen=True):
    inner: Condition


class And(Struct, frozen=True):
    parts: tuple[Condition, ...]


class Or(Struct, frozen=True):
    parts: tuple[Condition, ...]


Condition = Clause | Not | And | Or


class Order(Struct, frozen=True):
    field: str
    descending: bool


class Query(Struct, frozen=True):
    where: Condition
    order: tuple[Order, ...]


_RESERVED = frozenset({"and", "or", "not", "in", "order", "by", "asc", "desc"})
_DEEPEST = 50


class _Parser(Reader):
    """Recursive descent; every method reads what its name says and stands behind it afterwards."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def _wrong(self, expected: str) -> CqlError:
        token = self.next
        got = "<EOF>" if token.kind == END else f"'{token.text}'"
        return CqlError(f"Could not parse cql : expecting {expected}, got {got} at line 1 character {token.at}")

    def _expect(self, mark: str) -> None:
        if not self.skip_mark(mark):
            raise self._wrong(f"'{mark}'")

    def query(self) -> Query:
        where = self.any_of()
        order = self.order() if self.skip_word("order") else ()
        if self.next.kind != END:
            raise self._wrong("'and' or 'or'")
        return Query(where, order)

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self.skip_word("or"):
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self) -> Condition:
        parts = [self.one()]
        while self.skip_word("and"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def one(self) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise CqlError("Could not parse cql : too deep")
        try:
            return self._one()
        finally:
            self._depth -= 1

    def _one(self) -> Condition:
        if self.skip_word("not"):
            return Not(self.one())
        if self.skip_mark("("):
            inner = self.any_of()
            self._expect(")")
            return inner
        return self.clause()

    def clause(self) -> Clause:
        field, operator = self.name("a field name"), self.operator()
        values = self.list_of_values() if operator in ("in", "not in") else (self.value(),)
        return Clause(field.casefold(), operator, values)

    def name(self, expected: str) -> str:
        token = self.next
        reserved = token.kind == "word" and token.text.casefold() in _RESERVED
        if token.kind not in ("word", "quoted") or reserved:
            raise self._wrong(expected)
        return self.take().text

    def operator(self) -> str:
        if self.next.kind == "operator":
            return self.take().text
        if self.skip_word("in"):
            return "in"
        if self.skip_word("not") and self.skip_word("in"):
            return "not in"
        raise self._wrong("one of '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'in', 'not in'")

    def list_of_values(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self.value()]
        while self.skip_mark(","):
            values.append(self.value())
        self._expect(")")
        return tuple(values)

    def value(self) -> Value:
        is_word = self.next.kind == "word"
        text = self.name("a value")
        if not (is_word and self.skip_mark("(")):
            return text
        arguments: list[str] = []
        while not self.skip_mark(")"):
            arguments.append(self.name("an argument"))
            self.skip_mark(",")
        return Call(text.casefold(), tuple(arguments))

    def order(self) -> tuple[Order, ...]:
        if not self.skip_word("by"):
            raise self._wrong("'by'")
        orders = [self.one_order()]
        while self.skip_mark(","):
            orders.append(self.one_order())
        return tuple(orders)

    def one_order(self) -> Order:
        field = self.name("a field name").casefold()
        descending = self.skip_word("desc")
        if not descending:
            self.skip_word("asc")
        return Order(field, descending)


def _first(condition: Condition) -> Condition:
    while isinstance(condition, And | Or):
        condition = condition.parts[0]
    return condition


def parse(text: str) -> Query:
    """Raises CqlError with the place where it went wrong; as in Confluence the first clause may not be a negation."""
    try:
        query = _Parser(text).query()
    except Unreadable as wrong:
        raise CqlError(f"Could not parse cql : unexpected character at line 1 character {wrong.at}") from wrong
    first = _first(query.where)
    if isinstance(first, Not) or (isinstance(first, Clause) and first.operator in ("!=", "!~", "not in")):
        raise CqlError("Could not parse cql : the first clause of a query cannot be negated")
    return query
