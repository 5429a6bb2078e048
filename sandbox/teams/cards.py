"""Adaptive Cards: whether one is well formed, and what a person can press and fill in on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sandbox.teams.errors import Json

CARD = "application/vnd.microsoft.card.adaptive"
VERSIONS = ("1.0", "1.1", "1.2", "1.3", "1.4", "1.5")
PRESSABLE = ("Action.Execute", "Action.Submit")

# What each element must have, by its type; lists hold elements (or, in what is named so, plain objects).
NEEDED: dict[str, dict[str, type]] = {
    "ActionSet": {"actions": list},
    "Column": {},
    "ColumnSet": {},
    "Container": {"items": list},
    "FactSet": {"facts": list},
    "Image": {"url": str},
    "ImageSet": {"images": list},
    "Input.ChoiceSet": {"id": str},
    "Input.Date": {"id": str},
    "Input.Number": {"id": str},
    "Input.Text": {"id": str},
    "Input.Time": {"id": str},
    "Input.Toggle": {"id": str, "title": str},
    "Media": {"sources": list},
    "RichTextBlock": {"inlines": list},
    "Table": {},
    "TableCell": {"items": list},
    "TableRow": {},
    "TextBlock": {"text": str},
    "Action.Execute": {},
    "Action.OpenUrl": {"url": str},
    "Action.ShowCard": {"card": dict},
    "Action.Submit": {},
    "Action.ToggleVisibility": {"targetElements": list},
}
WITHIN = ("body", "items", "columns", "images", "actions", "rows", "cells")
PAIRS = {"facts": "value", "choices": "value"}  # lists of {"title": …, "value": …}


class Action(msgspec.Struct):
    """Something to press, and the inputs that are sent along: those of its card and of the cards around it."""

    element: Json
    inputs: list[Json]

    @property
    def data(self) -> Json:
        found = self.element.get("data", {})
        return found if isinstance(found, dict) else {}

    def is_called(self, name: str) -> bool:
        return name in (self.element.get("title"), self.element.get("verb"), self.data.get("action"))


def card_problems(card: Any) -> list[str]:
    """Why Teams does not take this card; none: it does."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        return ["not an AdaptiveCard"]
    problems = [] if card.get("version") in VERSIONS else [f"version {card.get('version')!r}"]
    problems += _problems_within(card, "card")
    ids = [element["id"] for element in _inputs_everywhere(card)]
    return problems + [f"two inputs with the id {one!r}" for one in sorted({i for i in ids if ids.count(i) > 1})]


def _problems_within(element: Json, where: str) -> list[str]:
    problems: list[str] = []
    for field in WITHIN:
        if field in element:
            problems += _problems_in_list(element[field], f"{where}.{field}")
    for field, needed in PAIRS.items():
        if field in element:
            problems += _problems_in_pairs(element[field], needed, f"{where}.{field}")
    for field in ("selectAction", "fallback"):
        if isinstance(element.get(field), dict):
            problems += _problems_of(element[field], f"{where}.{field}")
    if isinstance(element.get("card"), dict):
        problems += card_problems({"version": "1.5", **element["card"]})
    return problems


def _problems_in_list(value: Any, where: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{where} is no list"]
    return [problem for n, element in enumerate(value) for problem in _problems_of(element, f"{where}[{n}]")]


def _problems_in_pairs(value: Any, needed: str, where: str) -> list[str]:
    def is_pair(one: Any) -> bool:
        return isinstance(one, dict) and isinstance(one.get("title"), str) and isinstance(one.get(needed), str)

    return [] if isinstance(value, list) and all(map(is_pair, value)) else [f"{where} are no pairs of texts"]


def _problems_of(element: Any, where: str) -> list[str]:
    if not isinstance(element, dict):
        return [f"{where} is no element"]
    kind = element.get("type", "Column" if ".columns[" in where else "TableRow" if ".rows[" in where else None)
    needed = NEEDED.get(str(kind))
    if needed is None:
        return [f"{where} has the unknown type {kind!r}"]
    missing = [name for name, type_ in needed.items() if not isinstance(element.get(name), type_)]
    return [f"{where} ({kind}) lacks {name}" for name in missing] + _problems_within(element, where)


def actions_of(card: Json, around: tuple[Json, ...] = ()) -> Iterator[Action]:
    """Everything that can be pressed and tells the bot, in the order in which it stands on the card."""
    inputs = [*around, *_inputs(card)]
    for element in _elements(card):
        for one in (element, element.get("selectAction")):
            if isinstance(one, dict) and one.get("type") in PRESSABLE:
                yield Action(one, inputs)
        if element.get("type") == "Action.ShowCard":
            yield from actions_of(element["card"], tuple(inputs))


def _elements(element: Json) -> Iterator[Json]:
    """The elements of one card, without those of the cards that it can show."""
    for field in WITHIN:
        for child in element.get(field, ()):
            if isinstance(child, dict):
                yield child
                yield from _elements(child)


def _inputs(card: Json) -> list[Json]:
    return [element for element in _elements(card) if str(element.get("type")).startswith("Input.")]


def _inputs_everywhere(card: Json) -> list[Json]:
    shown = [element["card"] for element in _elements(card) if isinstance(element.get("card"), dict)]
    own = [element for element in _inputs(card) if isinstance(element.get("id"), str)]
    return own + [element for inner in shown for element in _inputs_everywhere(inner)]


def filled(action: Action, values: Json) -> Json:
    """What the inputs send when a person has filled in `values` by input id; the rest keeps its presets.

    ValueError when a required input is empty, there is no such input, or a choice is not offered: a client sends none
    of these.
    """
    unknown = set(values) - {element["id"] for element in action.inputs}
    if unknown:
        raise ValueError(f"no such inputs: {sorted(unknown)}")
    if action.element.get("associatedInputs") == "none":
        return {}
    sent = {element["id"]: _text(element, values) for element in action.inputs}
    for element in action.inputs:
        _check(element, sent[element["id"]])
    return {name: value for name, value in sent.items() if value is not None}


def _text(element: Json, values: Json) -> str | None:
    value = values.get(element["id"], element.get("value"))
    if element["type"] == "Input.Toggle" and not isinstance(value, str):
        return str(element.get("valueOn", "true") if value else element.get("valueOff", "false"))
    return None if value is None else str(value)


def _check(element: Json, value: str | None) -> None:
    name = element["id"]
    if element.get("isRequired") and not value:
        raise ValueError(f"the input {name!r} is required")
    if element["type"] == "Input.ChoiceSet" and value and element.get("style") != "filtered":
        offered = {choice["value"] for choice in element.get("choices", ())}
        chosen = value.split(",") if element.get("isMultiSelect") else [value]
        if not offered.issuperset(chosen):
            raise ValueError(f"the input {name!r} does not offer {value!r}")
    longest = element.get("maxLength")
    if longest is not None and value and len(value) > longest:
        raise ValueError(f"the input {name!r} takes {longest} characters")
