"""wanted(effect, journey, calendar, now): asked just before sending, is the effect still wanted, and now?"""

from __future__ import annotations

import datetime

import msgspec

from bot.calendar import Calendar
from bot.effects import CreateIssue, Effect
from bot.journey.state import Journey
from bot.quiet_hours import has_lapsed, waited_since


class Send(msgspec.Struct, frozen=True):
    """Yes, now."""


class Defer(msgspec.Struct, frozen=True):
    """Yes, but not before this moment."""

    until: datetime.datetime


class Hold(msgspec.Struct, frozen=True):
    """Yes, but not before this moment, when the reader's working hours begin."""

    until: datetime.datetime


class Drop(msgspec.Struct, frozen=True):
    """No longer; `why` is a stable word."""

    why: str


Verdict = Send | Defer | Hold | Drop


def wanted(effect: Effect, journey: Journey | None, calendar: Calendar | None, now: datetime.datetime) -> Verdict:
    """`journey` is the effect's subject as it is now, `calendar` that of the person who would read it, whose
    hours it keeps."""
    if effect.expires is not None and effect.expires <= now:
        return Drop("expired")
    if effect.subject is not None and _settled(effect, journey):
        return Drop("settled")
    if effect.not_before is not None and effect.not_before > now:
        return Defer(effect.not_before)
    if effect.quiet and calendar is not None:
        waking = calendar.waking(now)
        if waking > now:
            return Hold(waking)
        if waited_since(effect, calendar) is not None and has_lapsed(effect, journey):
            return Drop("lapsed")
    return Send()


def _settled(effect: Effect, journey: Journey | None) -> bool:
    """The journey is forgotten, or all that the effect speaks of is done. An effect without steps stays true, but a
    journey that was stopped gets no more issues, and no step a second one."""
    if journey is None:
        return True
    if isinstance(effect.act, CreateIssue):
        return journey.status == "stopped" or journey.issue_of(effect.act.step) is not None
    if not effect.steps:
        return False
    return journey.status != "active" or all(journey.step(step).settled for step in effect.steps)
