"""When a journey next has something to do: the one place that computes moments."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from bot.calendar import REMINDS, Calendar
from bot.journey.links import renewal
from bot.journey.state import Journey, StepState
from bot.journey.world import World
from bot.rules import Rule
from bot.scenario import Step

Moment = datetime.datetime


def opening_day(journey: Journey, step: Step, calendar: Calendar) -> datetime.date | None:
    """The working day from which the step may open; None when it opens as soon as the steps before it are settled.

    Days count from the first one on which people work: whoever starts on a Saturday has day 0 on Monday.
    """
    return None if step.opens_on is None else calendar.shift(calendar.on_or_after(journey.start), step.opens_on)


def opening(journey: Journey, step: Step, calendar: Calendar) -> Moment | None:
    """The moment at which a waiting step opens by time alone; None while other steps hold it up, or for "at once"."""
    if not journey.is_ready(step):
        return None
    day = opening_day(journey, step, calendar)
    return None if day is None else calendar.opens(day)


def reminder(due: datetime.date, offset: int, calendar: Calendar) -> Moment:
    return calendar.moment(calendar.shift(due, offset), REMINDS)


def pending_offsets(step: Step, state: StepState, calendar: Calendar) -> list[int]:
    """Reminder offsets not dealt with yet, in order. Of days before the step opened there is nothing to remind."""
    if state.due is None or state.opened is None:
        return []
    fresh = sorted(offset for offset in step.remind if state.reminded is None or offset > state.reminded)
    return [offset for offset in fresh if calendar.shift(state.due, offset) >= state.opened]


def pending_tickets(journey: Journey, step: Step, calendar: Calendar, world: World) -> list[tuple[Rule, Moment]]:
    """The rules that would raise a ticket about an open step with a due day, each with its moment."""
    state = journey.step(step.id)
    if state.due is None or world.tracker is None or not world.rules.rules:
        return []
    rules = world.rules.overdue(world.scenario.id, step.id, world.people[journey.person].department)
    fresh = (rule for rule in rules if rule.id not in state.tickets)
    return [(rule, reminder(state.due, rule.when.days or 1, calendar)) for rule in fresh]


def _moments(journey: Journey, step: Step, calendar: Calendar, world: World) -> Iterator[Moment]:
    state = journey.step(step.id)
    if state.status == "waiting":
        moment = opening(journey, step, calendar)
        if moment is not None:
            yield moment
    elif state.status == "open" and state.due is not None:
        for offset in pending_offsets(step, state, calendar)[:1]:
            yield reminder(state.due, offset, calendar)
        if step.escalate is not None and not state.escalated:
            yield reminder(state.due, step.escalate, calendar)
        yield from (moment for _, moment in pending_tickets(journey, step, calendar, world))


def next_wake(journey: Journey, world: World) -> Moment | None:
    """The earliest moment at which Wake would decide something; None when only people can move the journey."""
    if journey.status != "active":
        return None
    calendar = world.calendar(journey.person)
    steps = [step for step in world.covering(journey).scenario.steps if not journey.step(step.id).settled]
    moments = [moment for step in steps for moment in _moments(journey, step, calendar, world)]
    renewed = renewal(journey, world)
    return min(moments if renewed is None else (*moments, renewed), default=None)
