"""What time will bring if nobody does anything: the core is asked ahead, on a copy of which nothing is kept."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import msgspec

from bot import commands, events
from bot.journey.decide import decide
from bot.journey.evolve import fold
from bot.journey.schedule import next_wake
from bot.journey.state import Journey
from bot.journey.world import World

MOMENTS = 40  # looked ahead at most: of a plan of 60 steps the first dates are among them


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """Days are those of the person of the journey. `open_now`: so many steps are; `opens`: when the next ones do, so
    many; `due`: the first due day that is known, that of `due_step`."""

    open_now: int
    opens: datetime.date | None = None
    opening: int = 0
    due: datetime.date | None = None
    due_step: str = ""


def ahead(journey: Journey, world: World) -> Iterator[tuple[datetime.datetime, tuple[events.JourneyEvent, ...]]]:
    """The moments to come, with what each brings."""
    for _ in range(MOMENTS):
        moment = next_wake(journey, world)
        if moment is None:
            return
        world = msgspec.structs.replace(world, now=max(moment, world.now))
        happened = decide(journey, commands.Wake(), world)
        after = fold(journey, happened)
        if not happened or after is None:
            return
        journey = after
        yield world.now, happened


def outlook(journey: Journey, world: World) -> Outlook:
    """What is open, what opens next, and what is due first."""
    opened = [state for state in journey.steps.values() if state.status == "open"]
    dues = [(state.due, step) for step, state in journey.steps.items() if state.status == "open" and state.due]
    opens, opening = None, 0
    calendar = world.calendar(journey.person)
    for at, happened in ahead(journey, world):
        if dues and opens is not None and calendar.today(at) > min(dues)[0]:
            break
        news = [event for event in happened if isinstance(event, events.StepOpened)]
        dues += [(event.due, event.step) for event in news if event.due is not None]
        if news and opens is None:
            opens, opening = calendar.today(at), len(news)
    due, due_step = min(dues, default=(None, ""))
    return Outlook(open_now=len(opened), opens=opens, opening=opening, due=due, due_step=due_step)


def next_reminder(journey: Journey, world: World) -> datetime.date | None:
    """The day of the next reminder that the plan has for anybody."""
    reminders = (events.RemindersDue, events.StepEscalated)
    for at, happened in ahead(journey, world):
        if any(isinstance(event, reminders) for event in happened):
            return world.calendar(journey.person).today(at)
    return None
