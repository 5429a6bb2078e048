"""What a start and a stop mean for people: who is told, how many steps, which days. Facts for whoever decides."""

from __future__ import annotations

from collections.abc import Iterable

from bot.journey.outlook import next_reminder, outlook
from bot.journey.saying import heads
from bot.journey.state import OWN_ISSUE, IssueRef, Journey, fields_of, unsynced
from bot.journey.world import World
from bot.message import Arg, Button, Day, Fact, Message, Phrase, Text
from bot.people import Person

MOST_KEYS = 10  # of issues in a row


# --- a start


def started(journey: Journey, world: World) -> Message:
    """For whoever started it, and for the manager."""
    args: dict[str, Arg] = {
        "name": world.people[journey.person].name,
        "scenario": world.scenario.title,
        "start": Day(journey.start),
    }
    facts = (*_plan(journey, world), *_told_at_start(journey, world))
    button = Button("progress", journey.person, Phrase("button-progress"))
    return Message(Phrase("started", args), facts=facts, buttons=(button,))


def _plan(journey: Journey, world: World) -> Iterable[Fact]:
    steps = world.scenario.steps
    of_others = sum(step.who == "manager" for step in steps)
    yield Fact(Phrase("fact-steps"), Phrase("plan-steps", {"count": len(steps), "others": of_others}))
    soon = outlook(journey, world)
    if soon.open_now:
        yield Fact(Phrase("fact-open-now"), Phrase("steps-count", {"count": soon.open_now}))
    if soon.opens is not None:
        count = Phrase("steps-count", {"count": soon.opening})
        yield Fact(Phrase("fact-opens"), Phrase("plan-opens", {"day": Day(soon.opens), "steps": count}))
    step = world.scenario.step(soon.due_step)
    if soon.due is not None and step is not None:
        yield Fact(Phrase("fact-first-due"), Phrase("plan-due", {"day": Day(soon.due), "step": step.title}))


def _told_at_start(journey: Journey, world: World) -> Iterable[Fact]:
    """The newcomer hears most, and may be the one who cannot be written to yet."""
    person, others = world.people[journey.person], heads(journey, world)
    reach = world.reach(person)
    names = [one.name for one in others if world.reach(one) != "nowhere"]
    told: list[Text] = [] if reach == "nowhere" else [_told_newcomer(person, world)]
    told += [Phrase("told-this", {"names": ", ".join(names)})] if names else []
    if told:
        yield Fact(Phrase("fact-informed"), _together(told))
    if reach == "sought":
        yield Fact(Phrase("fact-sought"), Phrase("sought", {"name": person.name}))
    yield from _unreached([one for one in (person, *others) if world.reach(one) == "nowhere"])


def _told_newcomer(person: Person, world: World) -> Text:
    morning = world.hears_on(person)
    if morning is None:
        return Phrase("told-newcomer", {"name": person.name})
    return Phrase("told-newcomer-later", {"name": person.name, "day": Day(morning)})


def _together(parts: list[Text]) -> Text:
    first, *rest = parts
    for part in rest:
        first = Phrase("together", {"first": first, "second": part})
    return first


def _unreached(people: list[Person]) -> Iterable[Fact]:
    if people:
        names = ", ".join(one.name for one in people)
        yield Fact(Phrase("fact-unreached"), Phrase("unreached", {"names": names}))


# --- a stop


def stop_facts(
    before: Journey, after: Journey, told: list[Person], tickets: list[str], world: World
) -> tuple[Fact, ...]:
    """What stopping comes to. `after`: the journey once it is stopped; `told`: who hears of that; `tickets`: keys of
    issues that rules have made about it."""
    reached = ", ".join(one.name for one in told if world.reach(one) != "nowhere")
    return (
        _open_steps(before, world),
        *([Fact(Phrase("fact-to-inform"), reached)] if reached else ()),
        *_unreached([one for one in told if world.reach(one) == "nowhere"]),
        *_issues(after, tickets, world),
        _reminders(before, world),
    )


def _open_steps(journey: Journey, world: World) -> Fact:
    steps = world.scenario.steps
    left = sum(not journey.step(step.id).settled for step in steps)
    now = sum(journey.step(step.id).status == "open" for step in steps)
    return Fact(Phrase("fact-unfinished"), Phrase("stop-steps", {"left": left, "total": len(steps), "open": now}))


def _issues(after: Journey, tickets: list[str], world: World) -> Iterable[Fact]:
    if world.tracker is None:
        return
    closing, staying = [], []
    for step_id in (OWN_ISSUE, *after.steps):
        issue = after.issue_of(step_id)
        if issue is None:
            continue
        if "status" in unsynced(after, step_id):
            closing.append(issue.key)
        elif _is_open(issue, after, step_id):
            staying.append(issue.key)
    if closing:
        yield Fact(Phrase("fact-closing"), _keys(closing))
    if staying or tickets:
        yield Fact(Phrase("fact-staying"), _keys([*staying, *tickets]))


def _is_open(issue: IssueRef, after: Journey, step_id: str) -> bool:
    """The tracker has it otherwise than we do, and will not take it from us."""
    return issue.agreed.status != fields_of(after, step_id).status


def _keys(keys: list[str]) -> Text:
    shown = ", ".join(keys[:MOST_KEYS])
    return shown if len(keys) <= MOST_KEYS else Phrase("keys-cut", {"keys": shown, "more": len(keys) - MOST_KEYS})


def _reminders(journey: Journey, world: World) -> Fact:
    day = next_reminder(journey, world)
    ends = Phrase("reminders-none") if day is None else Phrase("reminders-end", {"day": Day(day)})
    return Fact(Phrase("fact-reminders"), ends)
