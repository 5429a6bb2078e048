"""The drift report: what differed between issues and steps, whose value stood, and how people read it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import msgspec

from bot.journey.state import is_person
from bot.journey.views import priority_name
from bot.message import Arg, Button, Day, Fact, Message, Phrase, Text

DRIFT = "drift"  # the aggregate whose log is the drift report
NOTHING = "—"  # in the place of a value


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """One field in which an issue and its step differed. `won`: whose value stands; `why`: who had changed it."""

    at: datetime.datetime
    run: str
    key: str
    journey: str
    step: str
    field: str
    ours: str
    theirs: str
    won: str
    why: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The last run that came to its end. `invisible`: so many issues could not be seen; nothing was done about them."""

    run: str
    began: datetime.datetime
    ended: datetime.datetime
    checked: int
    repaired: int
    invisible: int = 0


def summary_of(state: bytes | None) -> Summary | None:
    return None if state is None else msgspec.json.decode(state, type=Summary)


def drifts_of(entries: Sequence[bytes]) -> list[Drift]:
    return [msgspec.json.decode(entry, type=Drift) for entry in entries]


def people_in(drifts: Sequence[Drift]) -> list[str]:
    """The ids of all who stand in the drifts as values."""
    values = (value for drift in drifts if drift.field == "assignee" for value in (drift.ours, drift.theirs))
    return sorted({value for value in values if value != NOTHING and is_person(value)})


def report(summary: Summary | None, drifts: Sequence[Drift], names: Mapping[str, str] | None = None) -> Message:
    """What the last run found, in a few lines; and what has differed lately, the newest first.

    `names`: how the people are called whose ids `people_in` found.
    """
    if summary is None:
        return Message(Phrase("sync-none"))
    counts: dict[str, Arg] = {
        "checked": summary.checked,
        "repaired": summary.repaired,
        "invisible": summary.invisible,
    }
    facts = tuple(_line(drift, names or {}) for drift in reversed(drifts))
    button = () if drifts or not summary.repaired else (Button("drift", "", Phrase("button-drift")),)
    return Message(Phrase("sync-done", counts), facts=facts, buttons=button)


def _line(drift: Drift, names: Mapping[str, str]) -> Fact:
    if drift.field == "gone":
        return Fact(drift.key, Phrase("drift-gone"))
    if drift.field == "issue":
        return Fact(drift.key, Phrase("drift-adopted"))
    args: dict[str, Arg] = {
        "field": Phrase(f"field-{drift.field}"),
        "ours": _shown(drift.field, drift.ours, names),
        "theirs": _shown(drift.field, drift.theirs, names),
        "won": Phrase(f"drift-{drift.won}"),
    }
    return Fact(drift.key, Phrase("drift-line", args))


def _shown(field: str, value: str, names: Mapping[str, str]) -> Text:
    """A value as people say it."""
    if value == NOTHING:
        return Phrase("drift-empty")
    match field:
        case "status":
            return Phrase(f"stage-{value}")
        case "priority":
            return priority_name(value)
        case "due":
            return Day(datetime.date.fromisoformat(value))
        case _:
            return names.get(value, Phrase("drift-stranger"))
