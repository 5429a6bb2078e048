"""Who has changed what: what one side alone has changed stands in the end, and nobody writes what nobody asked for."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from msgspec import UNSET

from bot import events
from bot.journey.merge import FIELDS, Fields, Stage
from bot.people import person_id
from bot.priority import normal
from tests.chaos.company import COMPANY

Json = dict[str, Any]
BOT = f"bot@{COMPANY}"
STAGES: dict[str, Stage] = {"To Do": "new", "In Progress": "underway", "Done": "done", "Declined": "done"}
DEFAULT_PRIORITY = "medium"
IN_DOUBT = 2  # writes of one issue that a kill or a silence may have doubled


class Touched(NamedTuple):
    """By field: the values that people gave it with us, those that people gave it in Jira, how often the bot wrote it
    there, and the values that we have taken over from there."""

    ours: dict[str, list[object]]
    theirs: dict[str, list[object]]
    written: Counter[str]
    taken: dict[str, list[object]]


def touched(happened: Sequence[events.JourneyEvent], issue: Json, step: str, *, approves: bool) -> Touched:
    ours: dict[str, list[object]] = defaultdict(list)
    taken: dict[str, list[object]] = defaultdict(list)
    for event in happened:
        if getattr(event, "step", None) == step:
            side = ours if getattr(event, "via", None) is None else taken
            for field, value in _given(event, approves=approves and side is ours):
                side[field].append(value)
            if isinstance(event, events.IssueRecorded) and event.own_due:
                ours.pop("due", None)  # what was said before is about the step's own day
    theirs: dict[str, list[object]] = defaultdict(list)
    written: Counter[str] = Counter()
    for change in issue["changelog"]["histories"]:
        for field, value in filter(None, map(_changed, change["items"])):
            if change["author"].get("emailAddress") == BOT:
                written[field] += 1
            else:
                theirs[field].append(value)
    return Touched(ours, theirs, written, taken)


def _given(event: events.JourneyEvent, *, approves: bool) -> Iterator[tuple[str, object]]:
    match event:
        case events.StepChanged():
            values = ((field, getattr(event, field)) for field in ("priority", "assignee", "due"))
            yield from ((field, value) for field, value in values if value is not UNSET)
        case events.StepCompleted() if not approves:
            yield "status", "done"
        case events.StepSkipped() | events.StepApproved():
            yield "status", "done"
        case events.StepReopened() if event.via is None:
            yield "status", "new"
        case events.StepUnderway(underway=underway):
            yield "status", "underway" if underway else "new"
        case _:
            return


def _changed(item: Json) -> tuple[str, object] | None:
    to, name = item["to"], item["toString"]
    match item["field"]:
        case "status":
            return "status", STAGES[name]
        case "priority":
            return "priority", normal(name)
        case "assignee":
            return "assignee", None if to is None else person_id(f"{name}@{COMPANY}")
        case "duedate":
            return "due", None if to is None else datetime.date.fromisoformat(to)
        case _:
            return None


def wrongs(of: Touched, final: Fields) -> Iterator[str]:
    """What is not as it should be about one issue, in words."""
    for field in FIELDS:
        ours, theirs, value = of.ours.get(field, []), of.theirs.get(field, []), getattr(final, field)
        if ours and not theirs and value != ours[-1] and not _landed_late(of, field, value):
            yield f"{field} is {value}, and only we have changed it: {_words(ours)}, written {of.written[field]} times"
        filled_again = not ours and None in theirs and of.written[field] == 1
        if filled_again:
            continue  # first seen empty, it may never have taken what it was asked for with: that was written once more
        if theirs and not ours and value != theirs[-1]:
            yield f"{field} is {value}, and only Jira has changed it: {_words(theirs)}"
        if of.written[field] and not ours:
            yield f"{field} was written {of.written[field]} times, and nobody has changed it with us"
        made_up = [one for one in of.taken.get(field, []) if not _stood_there(of, field, one)]
        if made_up:
            yield f"{field} was taken over as {_words(made_up)}, and nobody has made it that in Jira: {_words(theirs)}"
    asked = sum(map(len, of.ours.values())) + len(of.theirs.get("status", []))
    if of.written.total() > asked + IN_DOUBT:
        yield f"{of.written.total()} writes ({dict(of.written)}), where people did {asked} things"


def _stood_there(of: Touched, field: str, value: object) -> bool:
    """Somebody gave it that value in Jira, or a write of ours landed late, or it is what Jira gives to a new issue. Of
    an account only Jira knows whose it is, as long as no e-mail was seen."""
    by_default = field == "priority" and value == DEFAULT_PRIORITY
    stranger = field == "assignee" and ":" in str(value)
    theirs = of.theirs.get(field, [])
    crossed = bool(theirs and of.written[field]) and value in of.ours.get(field, [])  # ours was on its way
    return by_default or stranger or value in theirs or crossed or _landed_late(of, field, value)


def _landed_late(of: Touched, field: str, value: object) -> bool:
    """A write that hung, was repeated, and came into force after a newer one: Jira's history does not tell it apart
    from a change of somebody's."""
    return of.written[field] > 1 and value in of.ours.get(field, [])


def _words(values: Sequence[object]) -> list[str]:
    return [str(value) for value in values]
