"""A journey as people see it: checklist, reminder, progress, home. Pure, and in nobody's language yet."""

from __future__ import annotations

import datetime

from bot.calendar import Calendar
from bot.journey.schedule import opening_day
from bot.journey.state import Journey
from bot.message import Button, Day, Fact, Home, Item, Link, Message, Phrase, Progress, StepMark, Text
from bot.people import Person
from bot.priority import PRIORITIES
from bot.scenario import Scenario, Step


def mark(journey: Journey, step: Step, today: datetime.date) -> StepMark:
    state = journey.step(step.id)
    if state.status == "open" and state.due is not None and state.due < today:
        return "overdue"
    return state.status


def may_complete(journey: Journey, step: Step) -> bool:
    """Nothing stands before it: whoever works ahead of the plan may."""
    return journey.status == "active" and not journey.step(step.id).settled and journey.is_ready(step)


def offered(journey: Journey, step: Step) -> bool:
    """Does the person get a button for it? For what is open and theirs, and ahead of the first day for what that day
    opens."""
    if not may_complete(journey, step):
        return False
    if step.who != "newcomer":
        return _given(journey, step) and journey.step(step.id).status == "open"
    first_day = step.opens_on is not None and step.opens_on <= 0
    return journey.step(step.id).status == "open" or first_day


def _given(journey: Journey, step: Step) -> bool:
    """A step of somebody else's that was given to the person of the journey."""
    return step.who != "newcomer" and journey.executor(step) == journey.person


def numbered(scenario: Scenario, step: Step) -> Text:
    """The title with the number by which the step can be named, too."""
    return Phrase("step-numbered", {"number": scenario.steps.index(step) + 1, "step": step.title})


def item(journey: Journey, scenario: Scenario, step: Step, calendar: Calendar, now: datetime.datetime) -> Item:
    """One step, with its button when it may be completed now."""
    live = offered(journey, step)  # what the manager does, and what is over, needs no explanation here
    return Item(
        id=step.id,
        title=numbered(scenario, step),
        mark=mark(journey, step, calendar.today(now)),
        note=_note(journey, step, calendar),
        text=step.text if live else None,
        links=(*issue_links(journey, step), *(step_links(step) if live else ())),
        button=done_button(journey, step) if live else None,
    )


def issue_links(journey: Journey, step: Step) -> tuple[Link, ...]:
    """The key of the issue stands wherever the step does."""
    issue = journey.step(step.id).issue
    return () if issue is None else (Link(issue.key, issue.url),)


def step_links(step: Step) -> tuple[Link, ...]:
    """The pages that belong to it."""
    return tuple(Link(link.title, link.url) for link in step.links)


def what_to_do(step: Step) -> tuple[Item, ...]:
    """What a step asks of whoever it waits for, in a message that is about this step alone."""
    return () if step.text is None else (Item(id=step.id, title=Phrase("what-to-do"), mark="open", text=step.text),)


def priority_name(priority: str) -> Text:
    return Phrase(f"priority-{priority}") if priority in PRIORITIES else priority


def done_button(journey: Journey, step: Step) -> Button:
    return Button("done", f"{journey.id} {step.id}", Phrase("button-done"), "primary")


def _note(journey: Journey, step: Step, calendar: Calendar) -> Text | None:
    state = journey.step(step.id)
    if state.status == "done" and state.issue is not None and state.issue.approves:
        return Phrase("note-approved" if state.approved else "note-to-approve")
    if journey.status != "active":
        return None
    if state.status == "open" and step.who == "manager" and not _given(journey, step):
        return _note_of_others(journey, step)
    if state.status == "open" and state.due is not None:
        return Phrase("note-due", {"due": Day(state.due)})
    if state.status == "waiting":
        day = opening_day(journey, step, calendar)
        return Phrase("note-after") if day is None or journey.unmet(step) else Phrase("note-opens", {"day": Day(day)})
    return None


def _note_of_others(journey: Journey, step: Step) -> Text:
    """Who does it is named by what they are to the newcomer; a task may be anybody's."""
    if journey.step(step.id).underway:
        return Phrase("note-underway")
    return Phrase("note-manager" if journey.executor(step) == journey.manager else "note-colleague")


def progress(journey: Journey, scenario: Scenario) -> Progress:
    settled = sum(journey.step(step.id).settled for step in scenario.steps)
    return Progress(settled, len(scenario.steps))


def checklist(journey: Journey, scenario: Scenario, calendar: Calendar, now: datetime.datetime) -> Message:
    """The whole plan, each step with its state; what may be done now carries its text, links and button."""
    items = tuple(item(journey, scenario, step, calendar, now) for step in scenario.steps)
    key = {"active": "checklist", "finished": "checklist-finished", "stopped": "checklist-stopped"}[journey.status]
    return Message(Phrase(key, {"scenario": scenario.title}), progress=progress(journey, scenario), items=items)


def reminder(
    journey: Journey,
    steps: tuple[str, ...],
    scenario: Scenario,
    calendar: Calendar,
    now: datetime.datetime,
    whose: Person | None = None,
) -> Message | None:
    """The named steps that are still open; None when there is nothing left to remind of.

    `whose`: the employee, where somebody else is reminded of a step in their onboarding, who has no plan
    to read it in.
    """
    today = calendar.today(now)
    due = [
        (step, state.due)
        for step in scenario.steps
        if step.id in steps and (state := journey.step(step.id)).status == "open" and state.due is not None
    ]
    if not due:
        return None
    items = tuple(
        Item(
            id=step.id,
            title=numbered(scenario, step),
            mark=mark(journey, step, today),
            note=Phrase("note-due", {"due": Day(day)}),
            text=None if whose is None else step.text,
            links=(*issue_links(journey, step), *(() if whose is None else step_links(step))),
            button=done_button(journey, step),
        )
        for step, day in due
    )
    first = min(day for _, day in due)
    overdue = "remind-overdue" if whose is None else "remind-overdue-of"
    key = "remind-today" if first == today else overdue if first < today else "remind-soon"
    facts = () if whose is None else (Fact(Phrase("fact-employee"), whose.name),)
    return Message(Phrase(key, {"count": len(due), "due": Day(first)}), facts=facts, items=items)


def standing(
    journey: Journey,
    person: Person,
    scenario: Scenario,
    calendar: Calendar,
    now: datetime.datetime,
    head: str | None = None,
) -> Message:
    """Where a person stands, in a few lines: for their manager, and for themselves in a status. `head`: the id of
    whoever steers the journey and reads this; they see the open steps of others, too, and have a button for their own.
    """
    today = calendar.today(now)
    going_on = journey.status == "active"
    open_steps = [step for step in scenario.steps if going_on and journey.step(step.id).status == "open"]
    overdue = sum(mark(journey, step, today) == "overdue" for step in open_steps)
    facts = [Fact(Phrase("fact-start"), Day(journey.start))]
    if open_steps:
        facts.append(Fact(Phrase("fact-now"), open_steps[0].title))
    if overdue:
        facts.append(Fact(Phrase("fact-overdue"), Phrase("steps-count", {"count": overdue})))
    done = progress(journey, scenario)
    text = Phrase(
        f"standing-{journey.status}",
        {"name": person.name, "scenario": scenario.title, "done": done.done, "total": done.total},
    )
    links = tuple(Link(state.issue.key, state.issue.url) for state in journey.steps.values() if state.issue is not None)
    of_others = [step for step in open_steps if head is not None and journey.executor(step) != journey.person]
    items = tuple(_of_others(journey, scenario, step, today, head) for step in of_others)
    return Message(text, facts=tuple(facts), progress=done, items=items, links=links)


def _of_others(journey: Journey, scenario: Scenario, step: Step, today: datetime.date, head: str | None) -> Item:
    """A step that somebody has to do for the newcomer, for whoever steers the journey."""
    due, own = journey.step(step.id).due, journey.executor(step) == head
    note: Text | None = None if due is None else Phrase("note-due", {"due": Day(due)})
    if not own:
        who = _note_of_others(journey, step)
        note = who if due is None else Phrase("note-and-due", {"note": who, "due": Day(due)})
    return Item(
        id=step.id,
        title=numbered(scenario, step),
        mark=mark(journey, step, today),
        note=note,
        text=step.text,
        links=step_links(step),
        button=done_button(journey, step) if own else None,
    )


def home(own: tuple[Message, ...], team: tuple[Message, ...], waiting: tuple[Message, ...] = ()) -> Home:
    """The person's own plans, what waits for them in those of others, then the plans of their people."""
    empty = (Message(Phrase("home-empty")),) if not (own or team or waiting) else ()
    first = "home-tasks" if waiting else "home-hello"
    hello = () if team and not own and not waiting else (Message(Phrase("home-hello" if own else first)),)
    heading = (Message(Phrase("home-team")),) if team else ()
    return Home(sections=(*hello, *own, *empty, *waiting, *heading, *team))
