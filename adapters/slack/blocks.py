"""The few blocks and elements of Block Kit that we use, each within its limits, and the room that a surface has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from adapters.slack.mrkdwn import ELLIPSIS, clipped, escaped, pieces

Json = dict[str, Any]

SECTION_TEXT = 3000
FIELD_TEXT = 2000
FIELDS = 10
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
ID = 255
BUTTONS_IN_A_ROW = 5  # 25 are allowed; five are a row that people take in


@dataclass
class Room:
    """What still fits. `chars` counts every string of a block, so also those that Slack may not count."""

    blocks: int
    chars: int

    def fits(self, blocks: list[Json], spare_blocks: int = 0, spare_chars: int = 0) -> bool:
        """Whether all of them fit and so much is left."""
        fits = len(blocks) + spare_blocks <= self.blocks
        return fits and sum(map(weight_of, blocks)) + spare_chars <= self.chars

    def take(self, blocks: Iterable[Json]) -> list[Json]:
        """Those that fit, as long as they fit."""
        taken: list[Json] = []
        for block in blocks:
            weight = weight_of(block)
            if self.blocks < 1 or weight > self.chars:
                break
            self.blocks -= 1
            self.chars -= weight
            taken.append(block)
        return taken


def message_room() -> Room:
    """50 blocks; about 13,200 characters over all of them, which Slack does not document."""
    return Room(blocks=50, chars=13_000)


def view_room() -> Room:
    """100 blocks; 250 kB as JSON, in which a character can take twelve bytes."""
    return Room(blocks=100, chars=20_000)


def weight_of(value: object) -> int:
    match value:
        case str():
            return len(value)
        case dict():
            return sum(weight_of(part) for part in value.values())
        case list():
            return sum(weight_of(part) for part in value)
        case _:
            return 0


def plain(text: str, most: int) -> Json:
    """A plain_text object; Slack takes none that is empty."""
    return {"type": "plain_text", "text": clipped(escaped(text.strip()), most) or ELLIPSIS}


def mrkdwn(text: str, most: int = SECTION_TEXT) -> Json:
    return {"type": "mrkdwn", "text": clipped(text, most)}


def section(text: str, accessory: Json | None = None) -> Json:
    block: Json = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else {**block, "accessory": accessory}


def sections(text: str, most: int) -> list[Json]:
    """A text in at most so many sections; none when there is nothing to read."""
    text = text.strip()
    return [section(piece) for piece in pieces(text, SECTION_TEXT, most)] if text else []


def fields(texts: list[str]) -> list[Json]:
    """Short texts in two columns."""
    rows = [texts[start : start + FIELDS] for start in range(0, len(texts), FIELDS)]
    return [{"type": "section", "fields": [mrkdwn(text, FIELD_TEXT) for text in row]} for row in rows]


def context(text: str) -> Json:
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Json:
    return {"type": "divider"}


def button(action_id: str, label: str, value: str, style: str) -> Json | None:
    """None when Slack would not take its ids: a button that comes back as something else is worse than none."""
    if not 0 < len(action_id) <= ID - 3 or len(value) > BUTTON_VALUE:
        return None
    shown = {"type": "button", "action_id": action_id, "text": plain(label, BUTTON_TEXT), "value": value}
    return shown if style == "plain" else {**shown, "style": style}


def rows(buttons: list[Json]) -> list[Json]:
    """Buttons in rows. Within a row the action ids differ: the second `done` is `done:2`."""
    cut = (buttons[start : start + BUTTONS_IN_A_ROW] for start in range(0, len(buttons), BUTTONS_IN_A_ROW))
    return [{"type": "actions", "elements": _told_apart(row)} for row in cut]


def _told_apart(row: list[Json]) -> list[Json]:
    used: dict[str, int] = {}
    for element in row:
        name = element["action_id"]
        used[name] = used.get(name, 0) + 1
        if used[name] > 1:
            element["action_id"] = f"{name}:{used[name]}"
    return row
