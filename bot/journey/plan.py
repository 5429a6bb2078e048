"""plan(journey, events, world) -> effects: what must happen outside, because of what has happened."""

from __future__ import annotations

import msgspec

from bot import events
from bot.effects import Effect, Lane, Remind, Say, ShowChecklist, ShowHome
from bot.journey import announcing, tidings, tracking, views
from bot.journey.saying import (
    Effects,
    about,
    heads,
    lapsing,
    personal_lane,
    quiet,
    say,
    step_of,
    to_manager,
    urgent,
)
from bot.journey.state import OWN_ISSUE, Journey, unsynced
from bot.journey.world import World
from bot.message import Arg, Button, Day, Fact, Item, Link, Message, Phrase
from bot.people import Person
from bot.scenario import Step


def plan(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> tuple[Effect, ...]:
    """The effects of `happened`, in the order in which people should see them; `journey` is the state after it.

    Of a journey that was stopped nobody hears any more, whatever still comes back from outside.
    """
    if journey.status == "stopped":
        happened = tuple(event for event in happened if isinstance(event, events.JourneyStopped))
    if not happened:
        return ()
    world = world.covering(journey)
    by_time = not _by_an_act(happened)
    effects = [
        _pressing(event, effect, world)
        for event in happened
        for effects_of in (_of(journey, event, world, by_time), tracking.of_event(journey, event, world))
        for effect in effects_of
    ]
    effects += [
        _pressing(event, effect, world) for event in happened for effect in tidings.of_event(journey, event, world)
    ]
    effects += _news(journey, happened, world)
    effects += _reminders(journey, happened, world)
    effects += tracking.syncs(journey, world)
    if not all(isinstance(event, _UNSEEN) for event in happened):
        effects += boards(journey, world)
    if not world.people[journey.person].is_active:
        return tuple(effect for effect in effects if getattr(effect.act, "person", None) != journey.person)
    return tuple(effects)


# Nothing of them stands on any page.
_UNSEEN = (
    events.IssueSeen,
    events.IssueUnstuck,
    events.CommentsHeard,
    events.TicketRaised,
    events.IssueRefused,
    events.LinksRenewed,
    events.LinksWithdrawn,
)


def _pressing(event: events.JourneyEvent, effect: Effect, world: World) -> Effect:
    """What is said about a step that the scenario calls urgent is."""
    step = world.scenario.step(getattr(event, "step", ""))
    return urgent(effect) if step is not None and step.urgent and isinstance(effect.act, Say) else effect


def _by_an_act(happened: tuple[events.JourneyEvent, ...]) -> bool:
    """Somebody did it here, and sees what follows; what happened in the tracker comes to people like time does."""
    acts = (events.JourneyStarted, events.StepCompleted, events.StepSkipped, events.StepReopened, events.TaskAdded)
    return any(isinstance(event, acts) and getattr(event, "via", None) is None for event in happened)


def boards(journey: Journey, world: World) -> Effects:
    """Everywhere the journey stands on a page: the checklist where the person is, and wherever else it was shown to
    them, and home pages."""
    person = world.people[journey.person]
    main = world.channel(person)
    for channel in world.channels:
        if channel == main or (channel in person.accounts and channel not in person.blocked):
            yield checklist(journey, person, channel, standing=channel != main)
    for reader in _at_home(journey, world):
        for channel in reader.homes:
            if channel in world.channels:
                yield home(reader, channel)


def _at_home(journey: Journey, world: World) -> list[Person]:
    """On whose home page it stands: that of the person, of the manager, and of whoever has a step of it or had one
    until now. Who has only begun it sees it the next time."""
    has = {journey.person, journey.manager, *(journey.executor(step) for step in world.scenario.steps)}
    return [one for one in world.people.values() if one.id in has or one.id != journey.by]


def checklist(journey: Journey, person: Person, channel: str, *, standing: bool = False) -> Effect:
    return Effect(
        id=f"{journey.id}:checklist:{channel}",
        lane=Lane(channel, person.id),
        act=ShowChecklist(journey.id, person.id, standing=standing),
        replaces=True,
    )


def home(person: Person, channel: str) -> Effect:
    return Effect(
        id=f"home:{person.id}:{channel}",
        lane=Lane(channel, f"home:{person.id}"),
        act=ShowHome(person.id),
        replaces=True,
    )


def _of(journey: Journey, event: events.JourneyEvent, world: World, by_time: bool) -> Effects:
    match event:
        case events.JourneyStarted():
            yield from _started(journey, world)
        case events.StepOpened(step=step):
            yield from _opened(journey, step_of(world, step), world, by_time)
        case events.StepCompleted(step=step):
            yield from _completed(journey, event, step_of(world, step), world)
        case events.StepEscalated(step=step):
            yield from _escalated(journey, step_of(world, step), world)
        case events.IssueRecorded(step=step, known=False) if step != OWN_ISSUE:
            yield from _issue_made(journey, step_of(world, step), world)
        case events.IssueRefused(step=step):
            yield from to_manager(journey, f"refused:{step}", about("issue-refused", journey, step, world), world)
        case events.JourneyFinished():
            for effect in _finished(journey, world):
                yield quiet(effect, ()) if by_time else effect
        case events.JourneyStopped():
            yield from _stopped(journey, event, world)
        case _:
            return


def _started(journey: Journey, world: World) -> Effects:
    person = world.people[journey.person]
    manager = world.people.get(journey.manager or "")
    facts = [Fact(Phrase("fact-start"), Day(journey.start))]
    if manager is not None:
        facts.append(Fact(Phrase("fact-manager"), manager.name))
    welcome = Phrase("welcome", {"name": person.first_name, "scenario": world.scenario.title})
    yield say(journey, "welcome", person, Message(welcome, facts=tuple(facts)), world)
    confirmation = announcing.started(journey, world)
    for reader in heads(journey, world):
        yield say(journey, "started", reader, confirmation, world)


def _opened(journey: Journey, step: Step, world: World, by_time: bool) -> Effects:
    if step.who == "manager" and step not in journey.tasks:
        message = about("step-for-manager", journey, step.id, world)
        due = journey.step(step.id).due
        facts = () if due is None else (Fact(Phrase("fact-due"), Day(due)),)
        told = Message(
            message.text,
            facts=facts,
            items=views.what_to_do(step),
            links=views.step_links(step),
            buttons=(views.done_button(journey, step),),
        )
        executor = world.people.get(_executor(journey, step, world) or "")
        if executor is not None:
            effect = lapsing(say(journey, f"opened:{step.id}", executor, told, world), until=step.id)
            yield quiet(effect, (step.id,)) if by_time else effect


def _executor(journey: Journey, step: Step, world: World) -> str | None:
    """Whoever does the step; the manager in the place of somebody who has left."""
    executor = journey.executor(step)
    return executor if executor in world.people else journey.manager


def _completed(journey: Journey, event: events.StepCompleted, step: Step, world: World) -> Effects:
    """The manager hears of it from the issue that is made; one that is there already is to be looked at again."""
    if step.jira is None or step.jira.on != "done":
        return
    issue = journey.step(step.id).issue
    if world.tracker is None:
        said = about("step-done-by", journey, step.id, world)
        for effect in to_manager(journey, f"done:{step.id}", said, world):
            yield lapsing(effect, settled=step.id)
    elif issue is not None and issue.approves and event.via is None and event.by != journey.manager:
        said = about("step-done-again", journey, step.id, world)
        message = Message(said.text, links=(Link(issue.key, issue.url),))
        for effect in to_manager(journey, f"done:{step.id}:{event.at:%Y%m%dT%H%M%S.%f}", message, world):
            yield lapsing(effect, settled=step.id)


def _issue_made(journey: Journey, step: Step, world: World) -> Effects:
    issue = journey.step(step.id).issue
    if issue is None:
        return
    to_check = issue.approves and journey.step(step.id).status == "done"
    key = "step-done-issue" if to_check else "task-issue" if step in journey.tasks else "step-issue"
    said = about(key, journey, step.id, world)
    message = Message(said.text, links=(Link(issue.key, issue.url),))
    effects = list(to_manager(journey, f"issue:{step.id}:{issue.key}", message, world))
    executor = world.people.get(journey.executor(step) or "")
    if executor is not None and executor.id not in (journey.person, journey.manager):  # they have no plan to see it in
        effects.append(say(journey, f"issue:{step.id}:{issue.key}", executor, message, world))
    for effect in effects:
        yield lapsing(effect, settled=step.id) if to_check else lapsing(effect, until=step.id)


def _escalated(journey: Journey, step: Step, world: World) -> Effects:
    due = journey.step(step.id).due
    said = about("overdue", journey, step.id, world)
    facts = () if due is None else (Fact(Phrase("fact-due"), Day(due)),)
    links, buttons = views.issue_links(journey, step), [Button("progress", journey.person, Phrase("button-progress"))]
    items: tuple[Item, ...] = ()
    if step.who == "manager" and journey.executor(step) == journey.manager:  # who hears of it is who has to do it
        items, links = views.what_to_do(step), (*links, *views.step_links(step))
        buttons.insert(0, views.done_button(journey, step))
    message = Message(said.text, facts=facts, items=items, links=links, buttons=tuple(buttons))
    for effect in to_manager(journey, f"overdue:{step.id}", message, world):
        yield quiet(effect, (step.id,))


def _reminders(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> Effects:
    """One message for all reminders of a moment, to whoever does the steps; late ones of policy "send" go alone."""
    due = [event for event in happened if isinstance(event, events.RemindersDue) and event.how != "skipped"]
    executors = {event.step: _executor(journey, step_of(world, event.step), world) for event in due}
    for person_id in dict.fromkeys((journey.person, journey.manager, *executors.values())):
        person = world.people.get(person_id or "")
        mine = [event for event in due if executors[event.step] == person_id]
        if person is None:
            continue
        on_time = [event for event in mine if event.how != "sent_late"]
        together = [[event for event in on_time if _is_urgent(event, world) is one] for one in (True, False)]
        alone = [[event] for event in mine if event.how == "sent_late"]
        for group in filter(None, (*together, *alone)):
            yield _remind(journey, person, group, world)


def _is_urgent(event: events.RemindersDue, world: World) -> bool:
    return step_of(world, event.step).urgent


def _remind(journey: Journey, person: Person, group: list[events.RemindersDue], world: World) -> Effect:
    steps = tuple(event.step for event in group)
    reminder = Effect(
        id=f"{journey.id}:remind:{group[0].step}:{group[0].offset}",
        lane=personal_lane(person, world),
        act=Remind(journey.id, person.id, steps),
        subject=journey.id,
    )
    if _is_urgent(group[0], world):
        return urgent(msgspec.structs.replace(reminder, steps=steps))
    return quiet(reminder, steps)


def _news(journey: Journey, happened: tuple[events.JourneyEvent, ...], world: World) -> Effects:
    """Steps that time alone has opened are announced; after an act of a person the checklist shows them at once."""
    opened = [step_of(world, event.step) for event in happened if isinstance(event, events.StepOpened)]
    mine = [step for step in opened if step.who == "newcomer"]
    if not mine or _by_an_act(happened):
        return
    person = world.people[journey.person]
    text = Phrase("steps-opened", {"count": len(mine)})
    items = tuple(views.item(journey, world.scenario, step, world.calendar(person.id), world.now) for step in mine)
    effect = say(journey, f"opened:{mine[0].id}", person, Message(text, items=items), world)
    steps = tuple(step.id for step in mine)
    if any(step.urgent for step in mine):
        yield urgent(msgspec.structs.replace(effect, steps=steps))
    else:
        yield quiet(effect, steps)


def _finished(journey: Journey, world: World) -> Effects:
    person = world.people[journey.person]
    done = Phrase("finished", {"name": person.first_name, "scenario": world.scenario.title})
    yield lapsing(say(journey, "finished", person, Message(done), world), ("finished",))
    told = Phrase("finished-by", {"name": person.name, "scenario": world.scenario.title})
    for effect in to_manager(journey, "finished-by", Message(told), world):
        yield lapsing(effect, ("finished",))


def _stopped(journey: Journey, event: events.JourneyStopped, world: World) -> Effects:
    person = world.people[journey.person]
    closing = sum("status" in unsynced(journey, step) for step in journey.steps)
    args: dict[str, Arg] = {"name": person.name, "scenario": world.scenario.title, "closing": closing}
    yield lapsing(say(journey, "stopped", person, Message(Phrase("stopped", args)), world), ("stopped",))
    for reader in heads(journey, world):
        effect = say(journey, "stopped-by", reader, Message(Phrase("stopped-by", args)), world)
        yield lapsing(effect, ("stopped",))
    yield from _stopped_of_others(journey, event.by, args, world)


def _stopped_of_others(journey: Journey, by: str, args: dict[str, Arg], world: World) -> Effects:
    """Whoever else has an open step of it need not do it any more."""
    know = {journey.person, by, *(one.id for one in heads(journey, world))}
    waiting = [step for step in world.scenario.steps if journey.step(step.id).status == "open"]
    for executor in dict.fromkeys(journey.executor(step) for step in waiting):
        reader = world.people.get(executor or "")
        if reader is not None and reader.id not in know:
            steps = [step for step in waiting if journey.executor(step) == executor]
            items = tuple(Item(step.id, step.title, "skipped") for step in steps)
            told = Message(Phrase("stopped-given", args), items=items)
            yield lapsing(say(journey, "stopped-given", reader, told, world), ("stopped",))
