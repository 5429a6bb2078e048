"""decide(state, command, world) -> events. Nothing is changed here; what cannot be followed is said in plain words."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from msgspec import UNSET

from bot import commands, events
from bot.calendar import Calendar
from bot.errors import Misunderstood
from bot.journey import observe
from bot.journey.evolve import fold
from bot.journey.links import edition, edition_due
from bot.journey.schedule import opening_day, pending_offsets, pending_tickets, reminder
from bot.journey.state import LEFT, Journey, StepState, fields_of, held_by
from bot.journey.world import World
from bot.message import Phrase
from bot.scenario import Step

Events = Iterator[events.JourneyEvent]
MOST_TASKS = 50  # that people add to one journey: what somebody has to do must fit on a page


def decide(journey: Journey | None, command: commands.Command, world: World) -> tuple[events.JourneyEvent, ...]:
    """The events that `command` causes, with what follows from them (steps that open, the end of the journey).

    Raises:
        Misunderstood: the command makes no sense for this journey as it is.
    """
    if isinstance(command, commands.StartJourney):
        if journey is not None:
            return ()
        decided = tuple(_start(command, world))
    elif journey is None:
        raise Misunderstood(Phrase("journey-none"))
    else:
        decided = tuple(_DECISIONS[type(command)](journey, command, world))
    after = fold(journey, decided)
    if after is None or after.status != "active":
        return decided
    return decided + tuple(_follow(after, world.covering(after)))


def _start(command: commands.StartJourney, world: World) -> Events:
    yield events.JourneyStarted(
        at=world.now,
        journey=command.journey,
        person=command.person,
        manager=command.manager,
        by=command.by,
        scenario=world.scenario.id,
        version=world.scenario.version,
        start=command.start,
        linked=edition(world.links),
    )


def _step(journey: Journey, step_id: str, world: World) -> Step:
    """The step that a person means, if it may be touched now."""
    step = world.scenario.step(step_id)
    if step is None:
        raise Misunderstood(Phrase("step-unknown", {"step": step_id}))
    if journey.status != "active":
        raise Misunderstood(Phrase("journey-over", {"scenario": world.scenario.title}))
    return step


def _complete(journey: Journey, command: commands.CompleteStep, world: World) -> Events:
    step = _step(journey, command.step, world)
    if journey.step(step.id).settled:
        return
    _demand_own(journey, step, command.by)
    unmet = journey.unmet(step)
    if unmet:
        first = world.scenario.step(unmet[0])
        raise Misunderstood(Phrase("step-not-yet", {"step": step.title, "before": first.title if first else unmet[0]}))
    yield events.StepCompleted(at=world.now, step=step.id, by=command.by)


def _demand_own(journey: Journey, step: Step, by: str) -> None:
    if journey.is_closed_to(step, by):
        raise Misunderstood(Phrase("step-of-manager", {"step": step.title}))


def _skip(journey: Journey, command: commands.SkipStep, world: World) -> Events:
    step = _step(journey, command.step, world)
    if not journey.step(step.id).settled:
        yield events.StepSkipped(at=world.now, step=step.id, by=command.by)


def _reopen(journey: Journey, command: commands.ReopenStep, world: World) -> Events:
    """Also of a journey that is finished: it goes on then."""
    step = world.scenario.step(command.step)
    if step is None:
        raise Misunderstood(Phrase("step-unknown", {"step": command.step}))
    if journey.status == "stopped":
        raise Misunderstood(Phrase("journey-over", {"scenario": world.scenario.title}))
    if not journey.step(step.id).settled:
        raise Misunderstood(Phrase("step-not-done", {"step": step.title}))
    _demand_own(journey, step, command.by)
    yield events.StepReopened(at=world.now, step=step.id, by=command.by)


def _change(journey: Journey, command: commands.ChangeStep, world: World) -> Events:
    step = _step(journey, command.step, world)
    ours = fields_of(journey, step.id)
    wanted = {"priority": command.priority, "assignee": command.assignee, "due": command.due}
    changes = {name: value for name, value in wanted.items() if value not in (UNSET, getattr(ours, name))}
    if step.who == "newcomer" and "assignee" in changes and journey.step(step.id).issue is None:
        raise Misunderstood(Phrase("change-not-assignable", {"step": step.title}))
    if changes:
        yield events.StepChanged(at=world.now, step=step.id, by=command.by, **changes)  # type: ignore[arg-type]


def _hand_over(journey: Journey, command: commands.HandOver, world: World) -> Events:
    """Nothing of it is a choice of somebody's; whoever gets it is told of everything together."""
    if journey.status != "active":
        return
    if journey.manager == command.leaver:
        yield events.ManagerChanged(at=world.now, manager=command.manager, by=LEFT)
    for step_id in held_by(journey, command.leaver):
        yield events.StepChanged(at=world.now, step=step_id, by=LEFT, assignee=command.manager)


def _add_task(journey: Journey, command: commands.AddTask, world: World) -> Events:
    if journey.status != "active":
        raise Misunderstood(Phrase("journey-over", {"scenario": world.scenario.title}))
    if len(journey.tasks) >= MOST_TASKS:
        raise Misunderstood(Phrase("tasks-too-many", {"count": MOST_TASKS}))
    if world.scenario.step(command.task.id) is not None:
        return
    yield events.TaskAdded(
        at=world.now, task=command.task, by=command.by, assignee=command.assignee, priority=command.priority
    )
    today = world.calendar(journey.person).today(world.now)
    yield events.StepOpened(at=world.now, step=command.task.id, opened=today, due=command.due)


def _stop(journey: Journey, command: commands.StopJourney, world: World) -> Events:
    if journey.status == "active":
        yield events.JourneyStopped(at=world.now, by=command.by)


def _wake(journey: Journey, _: commands.Wake, world: World) -> Events:
    if journey.status != "active":
        return
    calendar = world.calendar(journey.person)
    for step in world.scenario.steps:
        state = journey.step(step.id)
        if state.status == "open" and state.due is not None:
            yield from _reminders(step, state, calendar, world)
            yield from _escalation(step, state, calendar, world)
            yield from _tickets(journey, step, calendar, world)
    linked = edition_due(journey, world)
    if linked is not None:
        yield events.LinksRenewed(at=world.now, linked=linked)


def _reminders(step: Step, state: StepState, calendar: Calendar, world: World) -> Events:
    """Of several reminders that have come due only the last is worth saying; lateness is by the local day."""
    if state.due is None:
        return
    pending = pending_offsets(step, state, calendar)
    passed = [offset for offset in pending if reminder(state.due, offset, calendar) <= world.now]
    if not passed:
        return
    on_time = calendar.today(reminder(state.due, passed[-1], calendar)) == calendar.today(world.now)
    late = {"send": "sent_late", "skip": "skipped", "digest": "digested"}[step.late]
    how = "said" if on_time else late
    yield events.RemindersDue(at=world.now, step=step.id, offset=passed[-1], how=how)  # type: ignore[arg-type]


def _escalation(step: Step, state: StepState, calendar: Calendar, world: World) -> Events:
    if state.due is None or step.escalate is None or state.escalated:
        return
    if reminder(state.due, step.escalate, calendar) <= world.now:
        yield events.StepEscalated(at=world.now, step=step.id)


def _tickets(journey: Journey, step: Step, calendar: Calendar, world: World) -> Events:
    for rule, moment in pending_tickets(journey, step, calendar, world):
        if moment <= world.now:
            yield events.TicketRaised(at=world.now, step=step.id, rule=rule.id)


def _withdraw_links(_: Journey, command: commands.WithdrawLinks, world: World) -> Events:
    yield events.LinksWithdrawn(at=world.now, by=command.by)


def _record_refusal(_: Journey, command: commands.RecordRefusal, world: World) -> Events:
    yield events.IssueRefused(at=world.now, step=command.step, code=command.code)


_DECISIONS: dict[type[commands.Command], Callable[..., Events]] = {
    commands.CompleteStep: _complete,
    commands.SkipStep: _skip,
    commands.ReopenStep: _reopen,
    commands.ChangeStep: _change,
    commands.HandOver: _hand_over,
    commands.AddTask: _add_task,
    commands.StopJourney: _stop,
    commands.Wake: _wake,
    commands.RecordIssue: observe.record_issue,
    commands.ObserveIssue: observe.observe_issue,
    commands.UnstickIssue: observe.unstick_issue,
    commands.HearComments: observe.hear_comments,
    commands.LoseIssue: observe.lose_issue,
    commands.RemakeIssue: observe.remake_issue,
    commands.WithdrawLinks: _withdraw_links,
    commands.RecordRefusal: _record_refusal,
}


def _follow(journey: Journey, world: World) -> Events:
    """What follows by itself: steps whose turn has come open; with every step settled the journey is finished."""
    calendar = world.calendar(journey.person)
    for step in world.scenario.steps:
        if journey.step(step.id).status == "waiting" and _may_open(journey, step, calendar, world):
            opened = calendar.on_or_after(_counted_from(journey, step, calendar.today(world.now)))
            due = None if step.due is None else calendar.shift(opened, step.due)
            yield events.StepOpened(at=world.now, step=step.id, opened=opened, due=due)
    if all(journey.step(step.id).settled for step in world.scenario.steps):
        yield events.JourneyFinished(at=world.now)


def _counted_from(journey: Journey, step: Step, today: datetime.date) -> datetime.date:
    """Whoever works ahead before the first day is not hurried: due dates count from the start at the earliest."""
    return max(today, journey.start) if step.opens_on is None else today


def _may_open(journey: Journey, step: Step, calendar: Calendar, world: World) -> bool:
    if not journey.is_ready(step):
        return False
    day = opening_day(journey, step, calendar)
    return day is None or calendar.opens(day) <= world.now
