"""What the fields of a CQL query mean: which pages a clause finds, and what they are sorted by."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from sandbox.confluence.cql import And, Call, Clause, Condition, CqlError, Not, Or, Order, Value
from sandbox.confluence.page import Page
from sandbox.confluence.people import User
from sandbox.confluence.state import State
from sandbox.confluence.words import has_beginning, has_words, plain, spaced, words, words_of

Test = Callable[[Page], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NEGATED = {"!=": "=", "!~": "~", "not in": "in"}
_UNITS = {"y": 365 * 86_400, "w": 7 * 86_400, "d": 86_400, "h": 3_600, "m": 60}
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d")
_TYPES = frozenset({"page", "blogpost", "comment", "attachment", "space", "user"})


class Asker(Struct, frozen=True):
    """Who asks and when: what now() and a time without its zone mean."""

    state: State
    user: User
    now: datetime


def _text(field: str, value: Value) -> str:
    if isinstance(value, Call):
        raise CqlError(f"Could not parse cql : the function {value.name}() is not supported by the field '{field}'")
    return value


def _moment(field: str, value: Value, asker: Asker) -> datetime:
    """A time as whoever asks means it: in their time zone, to the minute."""
    zone = ZoneInfo(asker.user.time_zone)
    if isinstance(value, Call):
        return _called(value, asker.now, zone)
    for form in _FORMS:
        try:
            return datetime.strptime(value.replace("/", "-"), form).replace(tzinfo=zone)
        except ValueError:
            continue
    raise CqlError(
        f"Could not parse cql : '{value}' is no date for the field '{field}'. Valid are: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd' or a function like now()"
    )


def _called(call: Call, now: datetime, zone: ZoneInfo) -> datetime:
    shift = _shift(call.arguments[0]) if call.arguments else timedelta()
    if call.name == "now":
        return now + shift
    if call.name == "startofday":
        return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0) + shift
    raise CqlError(f"Could not parse cql : there is no function {call.name}()")


def _shift(text: str) -> timedelta:
    found = re.fullmatch(r"([+-]?)(\d{1,6})([ywdhm])", text.strip())
    if found is None:
        raise CqlError(f"Could not parse cql : '{text}' is no increment, like \"-7d\"")
    seconds = int(found[2]) * _UNITS[found[3]]
    return timedelta(seconds=-seconds if found[1] == "-" else seconds)


def _time(read: Callable[[Page], datetime]) -> Callable[[Clause, Asker], Test]:
    def test(clause: Clause, asker: Asker) -> Test:
        compare = _COMPARE.get(clause.operator)
        if compare is None:
            raise _unsupported(clause)
        wanted = _moment(clause.field, clause.values[0], asker)
        return lambda page: compare(read(page), wanted)

    return test


def _same(read: Callable[[Page], str]) -> Callable[[Clause, Asker], Test]:
    def test(clause: Clause, _: Asker) -> Test:
        if clause.operator not in ("=", "in"):
            raise _unsupported(clause)
        wanted = frozenset(_text(clause.field, value).casefold() for value in clause.values)
        return lambda page: read(page).casefold() in wanted

    return test


def _type(clause: Clause, asker: Asker) -> Test:
    for value in clause.values:
        if _text(clause.field, value).casefold() not in _TYPES:
            raise CqlError(f"Could not parse cql : unsupported content type '{value}'")
    return _same(lambda _: "page")(clause, asker)


def _space(clause: Clause, asker: Asker) -> Test:
    """A space that is not there finds nothing on Data Center, and is refused on Cloud."""
    known = {key.casefold() for key in asker.state.spaces}
    for value in clause.values:
        if asker.state.is_cloud and _text(clause.field, value).casefold() not in known:
            raise CqlError(f"Could not parse cql : the space '{value}' does not exist or you cannot see it")
    return _same(lambda page: page.space)(clause, asker)


def _label(clause: Clause, _: Asker) -> Test:
    if clause.operator not in ("=", "in"):
        raise _unsupported(clause)
    wanted = {_text(clause.field, value).casefold() for value in clause.values}
    return lambda page: not wanted.isdisjoint(label.casefold() for label in page.labels)


def _ancestor(clause: Clause, asker: Asker) -> Test:
    if clause.operator not in ("=", "in"):
        raise _unsupported(clause)
    wanted = {_text(clause.field, value) for value in clause.values}
    return lambda page: any(above.id in wanted for above in asker.state.ancestors(page))


def _found(known: Callable[[Page], str], whole: Callable[[Page], str]) -> Callable[[Clause], Test]:
    """All words; a phrase where the value is quoted once more; what begins so where it ends with a star."""

    def test(clause: Clause) -> Test:
        text = _text(clause.field, clause.values[0]).strip()
        if len(text) > 1 and text[0] == text[-1] == '"':
            phrase = text[1:-1].casefold()
            return lambda page: phrase in whole(page).casefold()
        if text.endswith("*"):
            beginning = text[:-1].casefold()
            return lambda page: has_beginning(known(page), beginning)
        wanted = words(text)
        return lambda page: has_words(known(page), wanted)

    return test


def _words_of_all(page: Page) -> str:
    return words_of(page.body) + spaced(page.title)


_TEXT = _found(_words_of_all, lambda page: f"{page.title} {plain(page.body)}")
_WORDS_OF_TITLE = _found(lambda page: spaced(page.title), lambda page: page.title)


def _any_text(clause: Clause, _: Asker) -> Test:
    if clause.operator != "~":
        raise _unsupported(clause)
    return _TEXT(clause)


def _title(clause: Clause, asker: Asker) -> Test:
    return _WORDS_OF_TITLE(clause) if clause.operator == "~" else _same(lambda page: page.title)(clause, asker)


_MODIFIED = _time(lambda page: page.modified)
_CREATED = _time(lambda page: page.created)
_ID = _same(lambda page: page.id)
FIELDS: dict[str, Callable[[Clause, Asker], Test]] = {
    "type": _type,
    "space": _space,
    "space.key": _space,
    "lastmodified": _MODIFIED,
    "created": _CREATED,
    "text": _any_text,
    "sitesearch": _any_text,
    "title": _title,
    "id": _ID,
    "content": _ID,
    "parent": _same(lambda page: page.parent or ""),
    "ancestor": _ancestor,
    "label": _label,
}
_RANKS: dict[str, Callable[[Page], Any]] = {
    "lastmodified": lambda page: page.modified,
    "created": lambda page: page.created,
    "title": lambda page: page.title.casefold(),
    "id": lambda page: int(page.id),
}


def _unsupported(clause: Clause) -> CqlError:
    return CqlError(
        f"Could not parse cql : the operator '{clause.operator}' is not supported by the field '{clause.field}'"
    )


def test_of(condition: Condition, asker: Asker) -> Test:
    """Everything is looked up here, once, so that a wrong name is found even where there is no page."""
    match condition:
        case And(parts):
            both = [test_of(part, asker) for part in parts]
            return lambda page: all(test(page) for test in both)
        case Or(parts):
            either = [test_of(part, asker) for part in parts]
            return lambda page: any(test(page) for test in either)
        case Not(inner):
            unwanted = test_of(inner, asker)
            return lambda page: not unwanted(page)
        case Clause():
            return _clause(condition, asker)


def _clause(clause: Clause, asker: Asker) -> Test:
    field = FIELDS.get(clause.field)
    if field is None:
        raise CqlError(f"Could not parse cql : no field exists with name '{clause.field}'")
    if clause.operator in _NEGATED and field not in (_MODIFIED, _CREATED):
        wanted = field(Clause(clause.field, _NEGATED[clause.operator], clause.values), asker)
        return lambda page: not wanted(page)
    return field(clause, asker)


class Backwards(Struct, frozen=True):
    """Sorts the other way round."""

    value: Any

    def __lt__(self, other: Backwards) -> bool:
        return bool(other.value < self.value)


def rank_of(orders: tuple[Order, ...]) -> Callable[[Page], tuple[Any, ...]]:
    """What pages are sorted by; those that are alike in it stand by their id, as do all where nothing is asked for."""
    ranks = [_rank(order) for order in orders]
    return lambda page: (*(rank(page) for rank in ranks), int(page.id))


def _rank(order: Order) -> Callable[[Page], Any]:
    rank = _RANKS.get(order.field)
    if rank is None:
        raise CqlError(f"Could not parse cql : the results cannot be ordered by '{order.field}'")
    return (lambda page: Backwards(rank(page))) if order.descending else rank
