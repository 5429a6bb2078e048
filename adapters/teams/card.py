"""The few elements and actions of Adaptive Cards 1.5 that we use, and the room that an activity has.

Sizes are bytes of the JSON in UTF-16, which is how Teams counts: two for every code unit, four for an emoji.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from adapters.teams.markup import ELLIPSIS, blocks, clipped, literal, one_line, unmarked, whole

Json = dict[str, Any]

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"

ACTIVITY = 80_000  # Teams refuses at about 100 KB and advises 80
ENVELOPE = 4_000  # kept for what stands around the content: conversation, sender, ids
COMMA = 2
ACTIONS = 6  # more of one set are not shown on desktops
BUTTON_TITLE = 80
TOOLTIP = 100
VALUE = 3000
FALLBACK_TEXT = 500
PARAGRAPHS = 30


@dataclass
class Room:
    """What still fits, in bytes."""

    size: int

    def fits(self, elements: list[Json], spare: int = 0) -> bool:
        """Whether all of them fit and so much is left."""
        return sum(map(size_of, elements)) + spare <= self.size

    def take(self, elements: Iterable[Json]) -> list[Json]:
        """Those that fit, as long as they fit."""
        taken: list[Json] = []
        for element in elements:
            size = size_of(element)
            if size > self.size:
                break
            self.size -= size
            taken.append(element)
        return taken


def size_of(value: object) -> int:
    """The bytes that a value takes inside of an activity."""
    return COMMA + len(msgspec.json.encode(value).decode().encode("utf-16-le"))


def fitting(text: str, most: int) -> str:
    """As much of a text as is written in so many bytes, with an ellipsis when something is left out."""
    if size_of(text) <= most:
        return text
    fits, over = 0, len(text)
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if size_of(clipped(text, middle)) <= most else (fits, middle)
    return clipped(text, max(fits, 1))


def card(body: Sequence[Json], fallback: str) -> Json:
    """A card as wide as the conversation; `fallback` is read where cards of this version are not known."""
    return {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "msteams": {"width": "Full"},
        "fallbackText": clipped(unmarked(fallback), FALLBACK_TEXT) or ELLIPSIS,
        "body": list(body),
    }


def card_room(fallback: str) -> Room:
    return Room(ACTIVITY - ENVELOPE - size_of(card((), fallback)))


# --- text


def run(text: str, **look: object) -> Json:
    """A stretch of plain text. `look`: weight, size, color, isSubtle."""
    return {"type": "TextRun", "text": literal(text), **look}


def line(*runs: Json, spacing: str = "default") -> Json:
    return _spaced({"type": "RichTextBlock", "inlines": list(runs)}, spacing)


def paragraphs(text: str, spacing: str = "default", *, linked: bool = True, **look: object) -> list[Json]:
    """A text, a block for each paragraph up to many; none when there is nothing to read. `linked`: with addresses as
    links, which takes some more room."""
    parts = filter(None, (part.strip() for part in whole(text).strip().split("\n\n", PARAGRAPHS - 1)))
    return [
        element
        for number, part in enumerate(parts)
        for element in (lines if linked else _line)(part, spacing if number == 0 else "small", **look)
    ]


def _line(text: str, spacing: str, **look: object) -> list[Json]:
    return [line(run(text, **look), spacing=spacing)]


def lines(text: str, spacing: str = "default", **look: object) -> list[Json]:
    """A text close together, its addresses as links."""
    cut = [(marked, part) for marked, part in blocks(text) if part.strip()]
    return [
        _spaced({**markdown(part), **look} if marked else line(run(part, **look)), spacing if number == 0 else "none")
        for number, (marked, part) in enumerate(cut)
    ]


def markdown(text: str, spacing: str = "default") -> Json:
    """Markdown, on which nothing may stand that is not ours (see `markup.link` and `markup.blocks`)."""
    return _spaced({"type": "TextBlock", "text": text, "wrap": True}, spacing)


def _spaced(element: Json, spacing: str) -> Json:
    return element if spacing == "default" else {**element, "spacing": spacing}


# --- boxes


def beside(
    left: list[Json], right: list[Json], spacing: str = "default", widths: tuple[object, object] = ("stretch", "auto")
) -> Json:
    """Two columns; by their default `widths` the right one is as narrow as it can be. Numbers are weights."""
    wide = {"type": "Column", "width": widths[0], "items": left}
    narrow = {"type": "Column", "width": widths[1], "items": right, "verticalContentAlignment": "center"}
    return _spaced({"type": "ColumnSet", "columns": [wide, narrow]}, spacing)


def container(items: list[Json], spacing: str = "default") -> Json:
    return _spaced({"type": "Container", "items": items}, spacing)


# --- actions


def button(action: str, value: str, title: str, style: str = "default", tooltip: str = "") -> Json | None:
    """None when it could not come back as what it is: such a button is worse than none."""
    if not action or len(action) > VALUE or len(value) > VALUE:
        return None
    made = {**pressed("press", {"action": action, "value": whole(value)}, title, style), "associatedInputs": "none"}
    return {**made, "tooltip": clipped(one_line(tooltip), TOOLTIP)} if tooltip else made


def pressed(verb: str, data: Json, title: str, style: str = "default") -> Json:
    """An action that changes the card in place, and for old clients one that comes as a message."""
    shown: Json = {"title": clipped(one_line(title), BUTTON_TITLE) or ELLIPSIS, "data": data}
    if style != "default":
        shown["style"] = style
    return {"type": "Action.Execute", "verb": verb, **shown, "fallback": {"type": "Action.Submit", **shown}}


def rows(actions: list[Json], spacing: str = "default") -> list[Json]:
    """Buttons in as few sets as show them all."""
    cut = [actions[start : start + ACTIONS] for start in range(0, len(actions), ACTIONS)]
    return [_spaced({"type": "ActionSet", "actions": part}, spacing) for part in cut]
