"""What people hear of what others did to their steps, with us or in the tracker. Parts of `plan`."""

from __future__ import annotations

import datetime

import msgspec
from msgspec import UNSET

from bot import events
from bot.effects import Effect
from bot.journey import views
from bot.journey.saying import Effects, lapsing, quiet, say, step_of
from bot.journey.state import LEFT, Journey, is_person
from bot.journey.world import World
from bot.message import Arg, Button, Day, Fact, Link, Message, Phrase
from bot.people import Person
from bot.scenario import Step

CALM = datetime.timedelta(seconds=5)  # who moves a day once, often moves it again at once
ASKING = ("task-given", "task-for-you", "step-reopened")  # with what the step asks of its reader
OF_ISSUES = ("task-given", "due-changed")  # what an issue that approves has for itself: its day, its priority


def of_event(journey: Journey, event: events.JourneyEvent, world: World) -> Effects:
    match event:
        case events.StepCompleted(step=step_id, by=by, via=via) if via is not None:
            yield from _told_executor(journey, event, step_of(world, step_id), "tracker-done", by, world)
        case events.StepApproved(step=step_id, by=by):
            if by != journey.person:
                yield from _told(journey, event, step_of(world, step_id), "step-approved", journey.person, world)
        case events.StepReopened(step=step_id, by=by):
            yield from _told_executor(journey, event, step_of(world, step_id), "step-reopened", by, world)
        case events.StepChanged():
            yield from _changed(journey, event, step_of(world, event.step), world)
        case events.TaskAdded(task=task, assignee=assignee, by=by):
            if assignee != by:
                yield from _told(journey, event, task, _given(journey, assignee), assignee, world)
        case events.IssueLost(step=step_id, key=key):
            yield from _lost(journey, step_id, key, world)
        case _:
            return


def _told_executor(
    journey: Journey, event: events.JourneyEvent, step: Step, key: str, by: str, world: World
) -> Effects:
    executor = journey.executor(step)
    if executor != by:
        yield from _told(journey, event, step, key, executor, world)


def _given(journey: Journey, assignee: str | None) -> str:
    return "task-for-you" if assignee == journey.person else "task-given"


def _changed(journey: Journey, event: events.StepChanged, step: Step, world: World) -> Effects:
    """Whoever gets the step hears of it with its day; whoever has it hears of another day."""
    state = journey.step(step.id)
    holder = state.assignee if is_person(state.assignee) else journey.executor(step)
    if event.by == LEFT:
        return  # whoever has it now is told of everything together
    if event.assignee is not UNSET and is_person(event.assignee):
        if event.assignee != event.by:
            yield from _told(journey, event, step, _given(journey, event.assignee), event.assignee, world)
    elif event.due is not UNSET and event.due is not None and holder != event.by:
        yield from _told(journey, event, step, "due-changed", holder, world)


def _lost(journey: Journey, step_id: str, key: str, world: World) -> Effects:
    """Of a journey that has ended nobody misses its own issue."""
    manager = world.people.get(journey.manager or "")
    step = world.scenario.step(step_id)
    if manager is None or (step is None and journey.status != "active"):
        return
    args: dict[str, Arg] = {"key": key, "name": world.people[journey.person].name}
    if step is None:
        said = Phrase("parent-lost", {**args, "scenario": world.scenario.title})
    else:
        said = Phrase("issue-lost", {**args, "step": step.title})
    button = Button("remake", f"{journey.id} {step_id}".strip(), Phrase("button-remake"), "primary")
    yield say(journey, f"lost:{key}", manager, Message(said, buttons=(button,)), world)


def _told(
    journey: Journey, event: events.JourneyEvent, step: Step, key: str, reader_id: str | None, world: World
) -> Effects:
    """`occurrence`: the same may happen to a step again. What comes from the tracker keeps working hours; a day that is
    moved there several times in a row is said once, as it is in the end."""
    reader = world.people.get(reader_id or "")
    if reader is None:
        return
    message, occurrence = _message(journey, step, key, reader, world), f"{event.at:%Y%m%dT%H%M%S.%f}"
    effect = _lapsing(say(journey, f"{key}:{step.id}:{occurrence}", reader, message, world), key, step)
    if getattr(event, "via", None) is None:
        yield effect
    elif key == "due-changed":
        last = _lapsing(say(journey, f"{key}:{step.id}", reader, message, world), key, step)
        yield quiet(msgspec.structs.replace(last, replaces=True, not_before=event.at + CALM), ())
    else:
        yield quiet(effect, ())


def _lapsing(effect: Effect, key: str, step: Step) -> Effect:
    """That a step is done is no news when it has been opened again in the night, and the other way round."""
    return (
        lapsing(effect, settled=step.id) if key in ("tracker-done", "step-approved") else lapsing(effect, until=step.id)
    )


def _message(journey: Journey, step: Step, key: str, reader: Person, world: World) -> Message:
    state = journey.step(step.id)
    whose = "own" if reader.id == journey.person else "other"
    args: dict[str, Arg] = {"step": step.title, "name": world.people[journey.person].name, "whose": whose}
    approves = state.issue is not None and state.issue.approves
    about_issue = key in OF_ISSUES or not approves
    over = state.approved if about_issue and approves else state.settled
    due = state.issue.due if about_issue and state.issue is not None and state.issue.own_due else state.due
    facts = [] if due is None or over else [Fact(Phrase("fact-due"), Day(due))]
    if about_issue and state.priority is not None and not over:
        facts.append(Fact(Phrase("fact-priority"), views.priority_name(state.priority)))
    links = () if state.issue is None else (Link(state.issue.key, state.issue.url),)
    theirs = not state.settled and state.status == "open" and journey.executor(step) == reader.id
    asks = key in ASKING and not state.settled and journey.executor(step) == reader.id
    return Message(
        Phrase(key, args),
        facts=tuple(facts),
        items=views.what_to_do(step) if asks else (),
        links=(*links, *(views.step_links(step) if asks else ())),
        buttons=(views.done_button(journey, step),) if theirs else (),
    )
