"""plan(journey, events, world) -> effects: what must happen outside, because of what has happened."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from bot import events
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, Remind, Say, ShowChecklist, ShowHome
from bot.journey import views
from bot.journey.state import Journey
from bot.journey.world import World
from bot.message import Arg, Button, Day, Fact, Link, Message, Phrase
from bot.people import Person
from bot.scenario import IssueTemplate, Step, fill

Effects = Iterator[Effect]


def plan(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> tuple[Effect, ...]:
    """The effects of `happened`, in the order in which people should see them; `journey` is the state after it.

    Of a journey that was stopped nobody hears any more, whatever still comes back from outside.
    """
    if journey.status == "stopped":
        happened = tuple(event for event in happened if isinstance(event, events.JourneyStopped))
    if not happened:
        return ()
    by_time = not _by_an_act(happened)
    effects = [effect for event in happened for effect in _of(journey, event, world, by_time)]
    effects += _news(journey, happened, world)
    effects += _reminders(journey, happened, world)
    effects += boards(journey, world)
    return tuple(effects)


def personal_lane(person: Person, world: World) -> Lane:
    """What follows from an act goes to a person in order, through one lane together with our answers."""
    return Lane(person.channel(world.channels), person.id)


def _quiet(effect: Effect, steps: tuple[str, ...]) -> Effect:
    """What time has brought keeps working hours, and waits for them beside the answers, not in front of them."""
    lane = msgspec.structs.replace(effect.lane, bulk=True)
    return msgspec.structs.replace(effect, lane=lane, steps=steps, quiet=True)


def _by_an_act(happened: tuple[events.JourneyEvent, ...]) -> bool:
    acts = (events.JourneyStarted, events.StepCompleted, events.StepSkipped)
    return any(isinstance(event, acts) for event in happened)


def boards(journey: Journey, world: World) -> Effects:
    """Everywhere the journey stands on a page: the checklist in each of the person's conversations, and home pages."""
    person = world.people[journey.person]
    main = person.channel(world.channels)
    for channel in world.channels:
        if channel == main or channel in person.accounts:
            yield checklist(journey, person, channel)
    manager = world.people.get(journey.manager or "")
    for reader in filter(None, (person, manager)):
        for channel in reader.homes:
            if channel in world.channels:
                yield home(reader, channel)


def checklist(journey: Journey, person: Person, channel: str) -> Effect:
    return Effect(
        id=f"{journey.id}:checklist:{channel}",
        lane=Lane(channel, person.id),
        act=ShowChecklist(journey.id, person.id),
        replaces=True,
    )


def home(person: Person, channel: str) -> Effect:
    return Effect(
        id=f"home:{person.id}:{channel}",
        lane=Lane(channel, f"home:{person.id}"),
        act=ShowHome(person.id),
        replaces=True,
    )


def _say(journey: Journey, purpose: str, to: Person, message: Message, world: World) -> Effect:
    return Effect(
        id=f"{journey.id}:{purpose}:{to.id}",
        lane=personal_lane(to, world),
        act=Say(message, person=to.id),
        subject=journey.id,
    )


def _of(journey: Journey, event: events.JourneyEvent, world: World, by_time: bool) -> Effects:
    match event:
        case events.JourneyStarted():
            yield from _started(journey, world)
        case events.StepOpened(step=step):
            yield from _opened(journey, _step(world, step), world, by_time)
        case events.StepCompleted(step=step):
            yield from _completed(journey, _step(world, step), world)
        case events.StepEscalated(step=step):
            yield from _escalated(journey, _step(world, step), world)
        case events.IssueRecorded(step=step):
            yield from _issue_made(journey, _step(world, step), world)
        case events.IssueRefused(step=step):
            yield from _to_manager(journey, f"refused:{step}", _about("issue-refused", journey, step, world), world)
        case events.JourneyFinished():
            yield from _finished(journey, world)
        case events.JourneyStopped():
            yield from _stopped(journey, world)
        case _:
            return


def _step(world: World, step_id: str) -> Step:
    step = world.scenario.step(step_id)
    if step is None:  # the version is pinned: a journey knows only steps of its own scenario
        raise ValueError(f"scenario {world.scenario.version} has no step {step_id}")
    return step


def _about(key: str, journey: Journey, step_id: str, world: World) -> Message:
    person = world.people[journey.person]
    args: dict[str, Arg] = {"name": person.name, "step": _step(world, step_id).title, "scenario": world.scenario.title}
    return Message(Phrase(key, args))


def _to_manager(journey: Journey, purpose: str, message: Message, world: World) -> Effects:
    manager = world.people.get(journey.manager or "")
    if manager is not None:
        yield _say(journey, purpose, manager, message, world)


def _heads(journey: Journey, world: World) -> list[Person]:
    """Whoever started the journey, and the manager, each once; never the person of the journey."""
    ids = dict.fromkeys((journey.by, journey.manager or ""))
    return [world.people[one] for one in ids if one in world.people and one != journey.person]


def _started(journey: Journey, world: World) -> Effects:
    person = world.people[journey.person]
    manager = world.people.get(journey.manager or "")
    facts = [Fact(Phrase("fact-start"), Day(journey.start))]
    if manager is not None:
        facts.append(Fact(Phrase("fact-manager"), manager.name))
    welcome = Phrase("welcome", {"name": person.first_name, "scenario": world.scenario.title})
    yield _say(journey, "welcome", person, Message(welcome, facts=tuple(facts)), world)
    about: dict[str, Arg] = {"name": person.name, "scenario": world.scenario.title, "start": Day(journey.start)}
    confirmation = Message(
        Phrase("started", about), buttons=(Button("progress", journey.person, Phrase("button-progress")),)
    )
    for reader in _heads(journey, world):
        yield _say(journey, "started", reader, confirmation, world)


def _opened(journey: Journey, step: Step, world: World, by_time: bool) -> Effects:
    if step.jira is not None and step.jira.on == "open":
        yield from _issue(journey, step, step.jira, world)
    if step.who == "manager":
        message = _about("step-for-manager", journey, step.id, world)
        button = Button("done", f"{journey.id} {step.id}", Phrase("button-done"), "primary")
        due = journey.step(step.id).due
        facts = () if due is None else (Fact(Phrase("fact-due"), Day(due)),)
        told = Message(message.text, facts=facts, buttons=(button,))
        for effect in _to_manager(journey, f"opened:{step.id}", told, world):
            yield _quiet(effect, (step.id,)) if by_time else effect


def _completed(journey: Journey, step: Step, world: World) -> Effects:
    if step.jira is None or step.jira.on != "done":
        return
    if world.tracker is None:
        yield from _to_manager(journey, f"done:{step.id}", _about("step-done-by", journey, step.id, world), world)
    else:
        yield from _issue(journey, step, step.jira, world)


def _issue(journey: Journey, step: Step, template: IssueTemplate, world: World) -> Effects:
    if world.tracker is None:
        return
    yield Effect(
        id=f"{journey.id}:issue:{step.id}",
        lane=Lane(world.tracker, journey.id),
        act=CreateIssue(journey.id, step.id, draft(journey, step, template, world)),
        subject=journey.id,
    )


def draft(journey: Journey, step: Step, template: IssueTemplate, world: World) -> IssueDraft:
    """The issue exactly as the scenario file says, its placeholders filled in the language it is written in."""
    person = world.people[journey.person]
    manager = world.people.get(journey.manager or "")
    calendar = world.calendar(journey.person)
    today = calendar.today(world.now)
    language = template.language
    values = {
        "name": person.name,
        "step": step.title.in_language(language),
        "scenario": world.scenario.title.in_language(language),
        "manager": manager.name if manager else "",
        "date": today.strftime("%d.%m.%Y") if language == "ru" else today.isoformat(),
        "department": person.department,
    }
    assignees = {"manager": manager.email if manager else None, "newcomer": person.email}
    return IssueDraft(
        summary=fill(template.summary.in_language(language), values),
        description=fill(template.description.in_language(language), values) if template.description else "",
        type=template.type,
        project=template.project,
        priority=template.priority,
        due=None if template.due is None else calendar.shift(today, template.due),
        labels=template.labels,
        assignee=assignees.get(template.assignee or "", template.assignee),
    )


def _issue_made(journey: Journey, step: Step, world: World) -> Effects:
    issue = journey.step(step.id).issue
    if issue is None:
        return
    key = "step-done-issue" if journey.step(step.id).status == "done" else "step-issue"
    said = _about(key, journey, step.id, world)
    message = Message(said.text, links=(Link(issue.key, issue.url),))
    yield from _to_manager(journey, f"issue:{step.id}:{issue.key}", message, world)


def _escalated(journey: Journey, step: Step, world: World) -> Effects:
    due = journey.step(step.id).due
    said = _about("overdue", journey, step.id, world)
    facts = () if due is None else (Fact(Phrase("fact-due"), Day(due)),)
    button = Button("progress", journey.person, Phrase("button-progress"))
    for effect in _to_manager(journey, f"overdue:{step.id}", Message(said.text, facts=facts, buttons=(button,)), world):
        yield _quiet(effect, (step.id,))


def _reminders(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> Effects:
    """One message for all reminders of a moment, to whoever does the steps; late ones of policy "send" go alone."""
    due = [event for event in happened if isinstance(event, events.RemindersDue) and event.how != "skipped"]
    for who, person_id in (("newcomer", journey.person), ("manager", journey.manager)):
        person = world.people.get(person_id or "")
        mine = [event for event in due if _step(world, event.step).who == who]
        if person is None:
            continue
        together = [event for event in mine if event.how != "sent_late"]
        alone = [[event] for event in mine if event.how == "sent_late"]
        for group in filter(None, (together, *alone)):
            yield _remind(journey, person, group, world)


def _remind(journey: Journey, person: Person, group: list[events.RemindersDue], world: World) -> Effect:
    steps = tuple(event.step for event in group)
    reminder = Effect(
        id=f"{journey.id}:remind:{group[0].step}:{group[0].offset}",
        lane=personal_lane(person, world),
        act=Remind(journey.id, person.id, steps),
        subject=journey.id,
    )
    return _quiet(reminder, steps)


def _news(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> Effects:
    """Steps that time alone has opened are announced; after an act of a person the checklist shows them at once."""
    opened = [_step(world, event.step) for event in happened if isinstance(event, events.StepOpened)]
    mine = [step for step in opened if step.who == "newcomer"]
    if not mine or _by_an_act(happened):
        return
    person = world.people[journey.person]
    text = Phrase("steps-opened", {"count": len(mine)})
    items = tuple(views.item(journey, world.scenario, step, world.calendar(person.id), world.now) for step in mine)
    effect = _say(journey, f"opened:{mine[0].id}", person, Message(text, items=items), world)
    yield _quiet(effect, tuple(step.id for step in mine))


def _finished(journey: Journey, world: World) -> Effects:
    person = world.people[journey.person]
    done = Phrase("finished", {"name": person.first_name, "scenario": world.scenario.title})
    yield _say(journey, "finished", person, Message(done), world)
    told = Phrase("finished-by", {"name": person.name, "scenario": world.scenario.title})
    yield from _to_manager(journey, "finished-by", Message(told), world)


def _stopped(journey: Journey, world: World) -> Effects:
    person = world.people[journey.person]
    about: dict[str, Arg] = {"name": person.name, "scenario": world.scenario.title}
    yield _say(journey, "stopped", person, Message(Phrase("stopped", about)), world)
    for reader in _heads(journey, world):
        yield _say(journey, "stopped-by", reader, Message(Phrase("stopped-by", about)), world)
