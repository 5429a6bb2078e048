"""Quiet hours: what somebody has not just asked for waits for their working hours, and says so when it comes. Pure."""

from __future__ import annotations

import datetime

import msgspec

from bot.calendar import Calendar
from bot.effects import Digest, Effect, Remind, Say, ShowChecklist
from bot.journey.state import Journey
from bot.journey.world import Present
from bot.message import Arg, Day, Fact, Item, Message, Phrase, Text

GOES_ON = ("active", "finished")  # the states of a journey in which most of what is said about it stays true
MOST_AT_ONCE = 10  # pieces of news in one message
LONGEST_PIECE = 200  # characters of names and words in one of them
FEW_FACTS = 2


def keeping_hours(effect: Effect, present: Present | None, now: datetime.datetime) -> Effect:
    """What rings at somebody's who has not just asked for it is quiet from now on; everything else stays as it is."""
    reader = rings_at(effect)
    if reader is None or effect.urgent or (present is not None and present.person == reader):
        return effect
    return msgspec.structs.replace(effect, quiet=True, at=effect.at or now)


def rings_at(effect: Effect) -> str | None:
    """Who may hear a new message in private because of the effect; None: nobody. What is said at a place answers what
    was said there, and what changes in place makes no sound."""
    match effect.act:
        case Say(person=person, place=None, on=None) | Remind(person=person) | Digest(person=person):
            return person
        case ShowChecklist(person=person, standing=False):
            return person
    return None


def waited_since(effect: Effect, calendar: Calendar) -> datetime.datetime | None:
    """When it was decided, if that was outside the reader's hours."""
    if not effect.quiet or effect.at is None or calendar.waking(effect.at) == effect.at:
        return None
    return effect.at


def has_lapsed(effect: Effect, journey: Journey | None) -> bool:
    """Is it no longer worth saying, after it has waited? `journey` is its subject as it is now."""
    lapses = effect.lapses
    if lapses is None or journey is None:
        return False
    if lapses.only_in and journey.status not in lapses.only_in:
        return True
    if lapses.until and all(journey.step(step).settled for step in lapses.until):
        return True
    return any(not journey.step(step).settled for step in lapses.settled)


# --- how it says that it has waited


def moment(at: datetime.datetime, calendar: Calendar, now: datetime.datetime) -> Text:
    """By the reader's clock; with its day, if that is not today."""
    local = at.astimezone(calendar.zone)
    time = f"{local:%H:%M}"
    return time if local.date() == calendar.today(now) else Phrase("moment", {"day": Day(local.date()), "time": time})


def noted(message: Message, at: datetime.datetime, calendar: Calendar, now: datetime.datetime) -> Message:
    """The message, which has waited since `at`."""
    waited = Fact(Phrase("fact-waited"), Phrase("waited-since", {"moment": _arg(moment(at, calendar, now))}))
    return msgspec.structs.replace(message, facts=(*message.facts, waited))


# --- several of them in one message


def fits_beside_others(effect: Effect) -> bool:
    """May it be a line in a message with others? What has a list, a form, a choice or many words stands alone."""
    act = effect.act
    if not effect.quiet or effect.needs is not None or not isinstance(act, Say) or rings_at(effect) is None:
        return False
    said = act.message
    plain = not said.items and said.form is None and said.progress is None and said.prompt is None
    few = len(said.buttons) <= 1 and len(said.facts) <= FEW_FACTS
    return plain and few and said.language is None and _length(said.text) <= LONGEST_PIECE


def together(pieces: list[tuple[Message, datetime.datetime]], calendar: Calendar, now: datetime.datetime) -> Message:
    """One message of two or more that have waited, each with its moment, in order."""
    items = tuple(_item(number, *piece, calendar, now) for number, piece in enumerate(pieces))
    return Message(Phrase("waited-together", {"count": len(pieces)}), items=items)


def _item(number: int, message: Message, at: datetime.datetime, calendar: Calendar, now: datetime.datetime) -> Item:
    note: Text = moment(at, calendar, now)
    for fact in message.facts:
        told = Phrase("waited-fact", {"name": _arg(fact.name), "value": _arg(fact.value)})
        note = Phrase("waited-note", {"first": _arg(note), "then": told})
    return Item(
        id=f"news-{number}",
        title=message.text,
        mark="waiting",
        note=note,
        links=message.links,
        button=next(iter(message.buttons), None),
    )


def _arg(text: Text) -> Arg:
    return text


def _length(text: Arg) -> int:
    match text:
        case str():
            return len(text)
        case Phrase(args=args):
            return sum(map(_length, args.values()))
        case Day() | int():
            return 0
    return max(len(text.ru), len(text.en))
