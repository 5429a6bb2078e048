"""Finds and sorts the issues that a parsed JQL query asks for."""

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.jira.issue import Issue
from sandbox.jira.jql import And, Clause, Condition, JqlError, Not, Or, Order, Query
from sandbox.jira.terms import Asker, Field, field_named

Test = Callable[[Issue], bool]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def find(query: Query, issues: Iterable[Issue], asker: Asker) -> list[Issue]:
    """The issues that match, in the order asked for, else newest first. Raises JqlError."""
    test = _test(query.where, asker) if query.where is not None else _everything
    found = sorted((issue for issue in issues if test(issue)), key=lambda issue: int(issue.id), reverse=True)
    for order in reversed(query.order):
        found = _sorted(found, order, asker)
    return found


def _everything(_: Issue) -> bool:
    return True


def _test(condition: Condition, asker: Asker) -> Test:
    """Everything is looked up here, once, so that a wrong name is found even where there is no issue."""
    match condition:
        case And(parts):
            both = [_test(part, asker) for part in parts]
            return lambda issue: all(test(issue) for test in both)
        case Or(parts):
            either = [_test(part, asker) for part in parts]
            return lambda issue: any(test(issue) for test in either)
        case Not(inner):
            unwanted = _test(inner, asker)
            return lambda issue: not unwanted(issue)
        case Clause():
            return _clause(condition, asker)


def _clause(clause: Clause, asker: Asker) -> Test:
    field = field_named(clause.field)
    if clause.operator not in field.operators:
        raise JqlError(f"The operator '{clause.operator.upper()}' is not supported by the '{clause.field}' field.")
    if clause.operator == "is":
        return lambda issue: not field.read(issue, asker.state)
    if clause.operator == "is not":
        return lambda issue: bool(field.read(issue, asker.state))
    wanted = list(_resolved(clause, field, asker))
    return _compared(field, clause.operator, wanted, asker) if wanted else _nothing


def _nothing(_: Issue) -> bool:
    return False


def _resolved(clause: Clause, field: Field, asker: Asker) -> Iterator[Any]:
    for text in clause.values:
        try:
            yield field.resolve(clause.field, text, asker)
        except JqlError:
            if asker.strict:
                raise


def _compared(field: Field, sign: str, wanted: list[Any], asker: Asker) -> Test:
    """As in Jira, an issue whose field is empty matches no comparison, not even a negated one."""

    def values(issue: Issue) -> tuple[Any, ...]:
        return field.read(issue, asker.state)

    same = frozenset(wanted)
    match sign:
        case "=" | "in":
            return lambda issue: not same.isdisjoint(values(issue))
        case "!=" | "not in":
            return lambda issue: bool(values(issue)) and same.isdisjoint(values(issue))
        case "~":
            return lambda issue: any(wanted[0] in value for value in values(issue))
        case "!~":
            return lambda issue: all(wanted[0] not in value for value in values(issue))
    compare = _COMPARE[sign]
    return lambda issue: any(compare(value, wanted[0]) for value in values(issue))


def _sorted(issues: list[Issue], order: Order, asker: Asker) -> list[Issue]:
    """Sorted and stable; issues whose field is empty come last, whatever the direction."""
    field = field_named(order.field)
    rank = field.rank or field.read
    ranked = [(rank(issue, asker.state), issue) for issue in issues]
    full = sorted((pair for pair in ranked if pair[0]), key=lambda pair: pair[0], reverse=order.descending)
    return [issue for _, issue in full] + [issue for values, issue in ranked if not values]
