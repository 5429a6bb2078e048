"""What of a journey waits for whom: open steps, and what is done and to be checked. Pure, as `views`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from bot.journey import views
from bot.journey.state import Journey, is_person
from bot.message import Button, Day, Item, Phrase, Text
from bot.people import Person
from bot.scenario import Scenario, Step, with_tasks

READABLE = 5000  # characters of texts and links that every channel shows in one message, beside their steps
NO_DAY = "9999-99-99"


class Todo(msgspec.Struct, frozen=True):
    """A step that waits for somebody: to be done, or (check) to be looked at by whoever its issue was given to."""

    journey: Journey
    scenario: Scenario
    step: Step
    kind: Literal["do", "check"] = "do"

    @property
    def due(self) -> datetime.date | None:
        state = self.journey.step(self.step.id)
        if self.kind == "check":
            return state.issue.due if state.issue is not None and state.issue.own_due else None
        return state.due

    @property
    def value(self) -> str:
        """Of a button of the step."""
        return f"{self.journey.id} {self.step.id}"


def todos(journey: Journey, scenario: Scenario) -> Iterator[tuple[str, Todo]]:
    """Everything of the journey that waits for somebody, each with the id of the person."""
    if journey.status == "stopped":
        return
    scenario = with_tasks(scenario, journey.tasks)
    for step in scenario.steps:
        state = journey.step(step.id)
        if state.status == "open" and journey.status == "active":
            executor = journey.executor(step)
            if executor is not None:
                yield executor, Todo(journey, scenario, step)
        elif state.status == "done" and state.issue is not None and state.issue.approves and not state.approved:
            checker = state.assignee if is_person(state.assignee) else journey.manager
            if checker is not None:
                yield checker, Todo(journey, scenario, step, "check")


def others_of(journey: Journey | None, scenario: Scenario) -> frozenset[str]:
    """The ids of those who have something to do in the onboarding of somebody else."""
    if journey is None:
        return frozenset()
    return frozenset(one for one, _ in todos(journey, scenario)) - {journey.person}


def rank(todo: Todo, today: datetime.date) -> str:
    """By which the list of a person is sorted: what is overdue, what is due, what has no day, what is to be checked."""
    if todo.kind == "check":
        group = "4"
    elif todo.due is None:
        group = "3"
    else:
        group = "0" if todo.due < today else "1"
    day = NO_DAY if todo.due is None else todo.due.isoformat()
    return f"{group}:{day}:{todo.journey.id}:{todo.step.id}"


def in_order(found: Iterable[Todo], today: datetime.date) -> list[Todo]:
    return sorted(found, key=lambda one: rank(one, today))


def item(todo: Todo, whose: Person | None, today: datetime.date, action: str = "done", more: str = "") -> Item:
    """The step for whoever it waits for, with what it asks of them. `whose`: the employee, where that is somebody else.
    `more` goes with the value of its button."""
    doing = todo.kind == "do"
    links = views.step_links(todo.step) if doing else ()
    value = " ".join(filter(None, (todo.value, more)))
    return Item(
        id=f"{todo.journey.id}:{todo.step.id}",
        title=views.numbered(todo.scenario, todo.step),
        mark="overdue" if todo.due is not None and todo.due < today else "open",
        note=_note(todo, whose),
        text=todo.step.text if doing else None,
        links=(*views.issue_links(todo.journey, todo.step), *links),
        button=Button(action, value, Phrase("button-done"), "primary") if doing else None,
    )


def _note(todo: Todo, whose: Person | None) -> Text | None:
    if todo.kind == "check":
        return Phrase("note-check" if whose is None else "note-check-of", {} if whose is None else {"name": whose.name})
    if whose is None:
        return None if todo.due is None else Phrase("note-due", {"due": Day(todo.due)})
    if todo.due is None:
        return Phrase("note-of", {"name": whose.name})
    return Phrase("note-of-due", {"name": whose.name, "due": Day(todo.due)})


def readable(items: Sequence[Item], most: int) -> tuple[Item, ...]:
    """The first of them, at most so many, with texts and links that fit into one message; one at least."""
    room, count = READABLE, 0
    for one in items[:most]:
        room -= _length(one)
        if room < 0 and count:
            break
        count += 1
    return tuple(items[:count])


def _length(item: Item) -> int:
    texts = (item.text, *(link.label for link in item.links))
    return sum(map(_longest, texts)) + sum(len(link.url) for link in item.links)


def _longest(text: Text | None) -> int:
    """Characters in the language in which it is longer."""
    if text is None or isinstance(text, str):
        return len(text or "")
    return max(len(getattr(text, "ru", "")), len(getattr(text, "en", "")))
