"""What a journey asks of the tracker: issues of its steps and of itself, changes to them, tickets. Parts of `plan`."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from bot import events
from bot.calendar import Calendar
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, LinkIssue, RaiseTicket, SyncIssue
from bot.journey.issue_language import issue_language
from bot.journey.links import with_issues
from bot.journey.observe import own_due
from bot.journey.saying import Effects, step_of
from bot.journey.state import OWN_ISSUE, Journey, unsynced
from bot.journey.world import World
from bot.locales import Language
from bot.people import Person, person_id
from bot.priority import normal
from bot.rules import Rule
from bot.scenario import IssueTemplate, Scenario, Step, fill


def _lane(journey: Journey, tracker: str) -> Lane:
    return Lane(tracker, journey.id)


def parent_id(journey: Journey) -> str:
    """The id of the effect that makes the journey's own issue."""
    return _numbered(f"{journey.id}:parent", journey.remade)


def issue_id(journey: Journey, step_id: str) -> str:
    """The id of the effect that makes the issue of a step; one that was deleted and asked for again has another."""
    return _numbered(f"{journey.id}:issue:{step_id}", journey.step(step_id).remade)


def _numbered(effect: str, remade: int) -> str:
    return f"{effect}:{remade}" if remade else effect


def made_by(journey: Journey, step_id: str) -> str:
    """The id of the effect that makes the issue of a step, or of the journey itself."""
    return parent_id(journey) if step_id == OWN_ISSUE else issue_id(journey, step_id)


def create_parent(journey: Journey, world: World) -> Effects:
    template = world.scenario.parent
    if template is None or world.tracker is None:
        return
    language = language_of_issue(journey, OWN_ISSUE, world.scenario, world.people)
    values = _values(journey, world, language)
    draft = IssueDraft(
        summary=fill(template.summary.in_language(language), values),
        description=template.description.in_language(language) if template.description else "",
        type=template.type,
        project=template.project,
        labels=template.labels,
        values=values if template.description else {},
        language=language,
    )
    act = CreateIssue(journey.id, OWN_ISSUE, draft)
    yield Effect(id=parent_id(journey), lane=_lane(journey, world.tracker), act=act, subject=journey.id)


def create_issue(journey: Journey, step: Step, world: World) -> Effects:
    """One issue for a step, however often it is done: an issue that is there is moved."""
    template = step.jira
    if template is None or world.tracker is None or journey.step(step.id).issue is not None:
        return
    under = world.scenario.parent is not None
    yield Effect(
        id=issue_id(journey, step.id),
        lane=_lane(journey, world.tracker),
        act=CreateIssue(journey.id, step.id, draft(journey, step, template, world), under_parent=under),
        subject=journey.id,
        needs=parent_id(journey) if under and journey.issue is None else None,
    )


def _create_issue_on(moment: Literal["open", "done"], journey: Journey, step_id: str, world: World) -> Effects:
    step = step_of(world, step_id)
    if step.jira is not None and step.jira.on == moment:
        yield from create_issue(journey, step, world)


def link_issue(journey: Journey, step_id: str, world: World, *, bulk: bool = False) -> Effects:
    """`bulk`: nobody waits for it, and of all journeys together these may be very many."""
    issue = journey.issue_of(step_id)
    if issue is None or world.tracker is None or not world.links:
        return
    yield Effect(
        id=f"{journey.id}:link:{step_id}:{issue.key}",
        lane=Lane(world.tracker, journey.id, bulk=bulk),
        act=LinkIssue(journey.id, step_id),
        replaces=True,
    )


def link_again(journey: Journey, world: World, *, bulk: bool) -> Effects:
    """The tracker replaces a link of the same name, so however often this is done each issue has one."""
    for step_id in with_issues(journey):
        yield from link_issue(journey, step_id, world, bulk=bulk)


def syncs(journey: Journey, world: World) -> Effects:
    """Every issue that the tracker does not have as we do, in one place: no decision has to think of it."""
    tracked = [step_id for step_id, state in journey.steps.items() if state.issue is not None]
    for step_id in (OWN_ISSUE, *tracked):
        if world.tracker is not None and unsynced(journey, step_id):
            yield sync_issue(journey, step_id, world.tracker)


def sync_issue(journey: Journey, step_id: str, tracker: str) -> Effect:
    """Look at the issue, and write what only we have changed."""
    act = SyncIssue(journey.id, step_id)
    return Effect(id=f"{journey.id}:sync:{step_id}", lane=_lane(journey, tracker), act=act, replaces=True)


def ticket(journey: Journey, event: events.TicketRaised, world: World) -> Effects:
    """What a rule wants when a step is overdue."""
    rule = world.rules.rule(event.rule)
    if rule is None or world.tracker is None:
        return
    step = step_of(world, event.step)
    manager = world.people.get(journey.manager or "")
    reader = manager if rule.issue.assignee == "manager" else _by_email(rule.issue.assignee, world)
    language = issue_language(rule.issue, (reader, manager))
    values = {
        **_values(journey, world, language),
        "step": step.title.in_language(language),
        "days": str(rule.when.days or 1),
    }
    wanted = ticket_draft(rule, values, language, world.calendar(journey.person), world.now, manager)
    yield raise_ticket(world.tracker, rule, f"{journey.id} {step.id}", wanted, journey.person, journey.id)


def raise_ticket(
    tracker: str, rule: Rule, cause: str, draft: IssueDraft, person: str | None = None, journey: str | None = None
) -> Effect:
    """Only tickets of the same rule about the same person wait for one another: the later is added to the earlier."""
    effect = f"ticket:{rule.id}:{cause}"
    lane = Lane(tracker, effect if person is None else f"tickets:{rule.id}:{person}")
    return Effect(id=effect, lane=lane, act=RaiseTicket(rule.id, cause, draft, journey, person=person))


def ticket_draft(
    rule: Rule,
    values: Mapping[str, str],
    language: Language,
    calendar: Calendar,
    now: datetime.datetime,
    manager: Person | None,
) -> IssueDraft:
    """The issue of a rule; `values` are in the `language` it is written in."""
    due = _due(rule.issue, calendar, now)
    return _assigned(_draft(rule.issue, values, language, due), rule.issue.assignee, {"manager": manager})


def draft(journey: Journey, step: Step, template: IssueTemplate, world: World) -> IssueDraft:
    """The issue exactly as the scenario file says, but for what people have changed about the step since."""
    state = journey.step(step.id)
    people = {"manager": world.people.get(journey.manager or ""), "newcomer": world.people[journey.person]}
    assignee = template.assignee
    given = world.people.get(state.assignee or "")
    if given is not None:
        people["given"], assignee = given, "given"
    language = language_of_issue(journey, step.id, world.scenario, world.people)
    values = {**_values(journey, world, language), "step": step.title.in_language(language)}
    made = _draft(template, values, language, _due(template, world.calendar(journey.person), world.now))
    return msgspec.structs.replace(
        _assigned(made, assignee, people),
        due=made.due if template.approves or own_due(step) else state.due,
        priority=state.priority or made.priority,
        project=project_of(journey, step.id, world.scenario),
    )


def language_of_issue(journey: Journey, step_id: str, scenario: Scenario, people: Mapping[str, Person]) -> Language:
    """What the issue of a step, or of the journey itself, is written in, with the people that are known by id."""
    manager = people.get(journey.manager or "")
    step = scenario.step(step_id)
    if step is None or step.jira is None:
        return issue_language(scenario.parent, (manager,))
    return issue_language(step.jira, (_reader(journey, step.id, step.jira, people), manager))


def _reader(journey: Journey, step_id: str, template: IssueTemplate, people: Mapping[str, Person]) -> Person | None:
    """Whom the issue of a step is for: whoever it was given to, else the one that the template names."""
    given = people.get(journey.step(step_id).assignee or "")
    named = {"manager": journey.manager, "newcomer": journey.person}
    by_template = named[template.assignee] if template.assignee in named else person_id(template.assignee or "")
    return given or people.get(by_template or "")


def project_of(journey: Journey, step_id: str, scenario: Scenario) -> str | None:
    """The project that the issue of a step, or of the journey itself, is asked for in; None: the tracker's default."""
    if step_id == OWN_ISSUE:
        return None if scenario.parent is None else scenario.parent.project
    step = scenario.step(step_id)
    named = None if step is None or step.jira is None else step.jira.project
    return named or (_usual_project(scenario) if step in journey.tasks else None)


def _usual_project(scenario: Scenario) -> str | None:
    """Where a task that somebody adds belongs: with the issues of the scenario's own steps."""
    named = (step.jira.project for step in scenario.steps if step.jira is not None)
    return next(filter(None, named), None)


def _values(journey: Journey, world: World, language: Language) -> dict[str, str]:
    person = world.people[journey.person]
    manager = world.people.get(journey.manager or "")
    today = world.calendar(journey.person).today(world.now)
    return {
        "name": person.name,
        "scenario": world.scenario.title.in_language(language),
        "manager": manager.name if manager else "",
        "date": written(today, language),
        "department": person.department,
    }


def written(day: datetime.date, language: Language) -> str:
    return day.strftime("%d.%m.%Y") if language == "ru" else day.isoformat()


def _draft(
    template: IssueTemplate, values: Mapping[str, str], language: Language, due: datetime.date | None
) -> IssueDraft:
    """Nobody's yet."""
    return IssueDraft(
        summary=fill(template.summary.in_language(language), values),
        description=template.description.in_language(language) if template.description else "",
        type=template.type,
        project=template.project,
        priority=normal(template.priority),
        due=due,
        labels=template.labels,
        values=dict(values) if template.description else {},
        language=language,
    )


def _due(template: IssueTemplate, calendar: Calendar, now: datetime.datetime) -> datetime.date | None:
    return None if template.due is None else calendar.shift(calendar.today(now), template.due)


def _assigned(draft: IssueDraft, assignee: str | None, people: Mapping[str, Person | None]) -> IssueDraft:
    """`assignee` is a key of `people`, or an e-mail."""
    if assignee is None or assignee not in people:
        return msgspec.structs.replace(draft, assignee=assignee)
    person = people[assignee]
    return msgspec.structs.replace(
        draft, assignee=person.email if person else None, assignee_name=person.name if person else ""
    )


def _by_email(assignee: str | None, world: World) -> Person | None:
    """Whoever a template names by their e-mail."""
    return None if assignee is None else world.people.get(person_id(assignee))


def of_event(journey: Journey, event: events.JourneyEvent, world: World) -> Iterator[Effect]:
    """What follows for the tracker from one event, beside the changes that `syncs` finds."""
    match event:
        case events.JourneyStarted():
            yield from create_parent(journey, world)
        case events.StepOpened(step=step_id):
            yield from _create_issue_on("open", journey, step_id, world)
        case events.StepCompleted(step=step_id):
            yield from _create_issue_on("done", journey, step_id, world)
        case events.IssueWanted(step=step_id) if step_id == OWN_ISSUE:
            yield from create_parent(journey, world)
        case events.IssueWanted(step=step_id):
            yield from create_issue(journey, step_of(world, step_id), world)
        case events.IssueRecorded(step=step_id):
            yield from link_issue(journey, step_id, world)
        case events.LinksRenewed() | events.LinksWithdrawn():
            yield from link_again(journey, world, bulk=isinstance(event, events.LinksRenewed))
        case events.TicketRaised():
            yield from ticket(journey, event, world)
        case _:
            return
