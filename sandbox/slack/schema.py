"""Checks that a JSON value has a shape: each appends a sentence with a JSON pointer for what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

Problems = list[str]
Check = Callable[[Any, str, Problems], None]


def blame(problems: Problems, pointer: str, sentence: str) -> None:
    problems.append(f"{sentence} [json-pointer:{pointer}]")


def string(most: int, least: int = 0) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, str):
            blame(problems, pointer, "must be a string")
        elif len(value) > most:
            blame(problems, pointer, f"must be less than {most + 1} characters")
        elif len(value) < least:
            blame(problems, pointer, f"must be more than {least - 1} characters")

    return check


def one_of(*values: object) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if value not in values:
            blame(problems, pointer, f"must be one of: {', '.join(map(str, values))}")

    return check


def boolean(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, bool):
        blame(problems, pointer, "must be a boolean")


def integer(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        blame(problems, pointer, "must be an integer")


def mapping(value: Any, pointer: str, problems: Problems) -> None:
    if not isinstance(value, dict):
        blame(problems, pointer, "must provide an object")


def items(check_item: Check, most: int, least: int = 1) -> Check:
    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, list):
            blame(problems, pointer, "must provide an array")
            return
        if len(value) > most:
            blame(problems, pointer, f"no more than {most} items allowed")
        if len(value) < least:
            blame(problems, pointer, f"no fewer than {least} items required")
        for index, item in enumerate(value):
            check_item(item, f"{pointer}/{index}", problems)

    return check


def shape(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *rules: Check) -> Check:
    """An object with these fields and no others; `rules` look at the whole of it."""
    fields = {**required, **(optional or {})}

    def check(value: Any, pointer: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            blame(problems, pointer, "must provide an object")
            return
        for name in required:
            if value.get(name) is None:
                blame(problems, pointer, f"missing required field: {name}")
        for name, field in value.items():
            if name not in fields:
                blame(problems, pointer, f"invalid additional property: {name}")
            elif field is not None:
                fields[name](field, f"{pointer}/{name}", problems)
        for rule in rules:
            rule(value, pointer, problems)

    return check


def by_type(table: Mapping[str, Check]) -> Check:
    """An object whose `type` names the check that applies to it."""

    def check(value: Any, pointer: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            blame(problems, pointer, f"unsupported type: {kind}")
        else:
            table[kind](value, pointer, problems)

    return check


def just(kind: str) -> Mapping[str, Check]:
    """The field `type` of an object that `by_type` has already told apart."""
    return {"type": one_of(kind)}
