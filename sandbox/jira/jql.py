"""Reads JQL: fields, operators, lists, AND / OR / NOT, parentheses and ORDER BY.

Only the grammar is here; what a field means, and which there are, is in `terms.py`.
"""

from msgspec import Struct

from sandbox.query_tokens import END, Reader, Unreadable


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


_RESERVED = frozenset({"and", "or", "not", "in", "is", "order", "by", "empty", "null"})


class _Parser(Reader):
    """Recursive descent; every method reads what its name says and stands behind it afterwards."""

    def _wrong(self, expected: str) -> JqlError:
        token = self.next
        got = "the end of the query" if token.kind == END else f"'{token.text}'"
        return JqlError(f"Error in the JQL Query: Expecting {expected} but got {got}. (line 1, character {token.at})")

    def query(self) -> Query:
        where = None
        if self.next.kind != END and not self.is_word("order"):
            where = self.any_of()
        order = self.order() if self.skip_word("order") else ()
        if self.next.kind != END:
            raise self._wrong("either 'OR' or 'AND'")
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
        if self.skip_word("not"):
            return Not(self.one())
        if self.skip_mark("("):
            inner = self.any_of()
            if not self.skip_mark(")"):
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
        if self.skip_word("is"):
            return "is not" if self.skip_word("not") else "is"
        if self.skip_word("not") and self.skip_word("in"):
            return "not in"
        raise self._wrong("an operator: '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS', 'IS NOT'")

    def emptiness(self) -> str:
        if not self.is_word("empty", "null"):
            raise self._wrong("'EMPTY' or 'NULL'")
        return self.take().text.casefold()

    def list_of_values(self) -> list[str]:
        if not self.skip_mark("("):
            raise self._wrong("'('")
        values = [self.value()]
        while self.skip_mark(","):
            values.append(self.value())
        if not self.skip_mark(")"):
            raise self._wrong("',' or ')'")
        return values

    def value(self) -> str:
        text = self.name("a value, list or function")
        if not self.skip_mark("("):
            return text
        if not self.skip_mark(")"):
            raise self._wrong("')'")
        return f"{text.casefold()}()"

    def order(self) -> tuple[Order, ...]:
        if not self.skip_word("by"):
            raise self._wrong("'BY'")
        orders = [self.one_order()]
        while self.skip_mark(","):
            orders.append(self.one_order())
        return tuple(orders)

    def one_order(self) -> Order:
        field = self.name("a field name")
        descending = self.skip_word("desc")
        if not descending:
            self.skip_word("asc")
        return Order(field, descending)


def parse(text: str) -> Query:
    """Raises JqlError with the place where it went wrong."""
    try:
        return _Parser(text).query()
    except Unreadable as wrong:
        raise JqlError(
            f"Error in the JQL Query: The character '{wrong.character}' cannot be read. (line 1, character {wrong.at})"
        ) from wrong
