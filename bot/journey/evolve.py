"""evolve(state, event) -> state: the only way in which a journey changes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

import msgspec
from msgspec import UNSET

from bot import events
from bot.journey.merge import FIELDS
from bot.journey.state import HEARD, OVERTAKEN, OWN_ISSUE, IssueRef, Journey, fields_of, is_person


def evolve(journey: Journey | None, event: events.JourneyEvent) -> Journey:
    """The state after `event`. Every journey begins with JourneyStarted; any other first event is a broken log."""
    if isinstance(event, events.JourneyStarted):
        return Journey(
            id=event.journey,
            person=event.person,
            manager=event.manager,
            by=event.by,
            scenario=event.scenario,
            version=event.version,
            start=event.start,
            started_at=event.at,
            linked=event.linked,
        )
    if journey is None:
        raise ValueError(f"a journey cannot begin with {type(event).__name__}")
    return _overtaken(journey, _unstuck(_evolve_step(journey, event), event), event)


_ANEW = (events.StepCompleted, events.StepSkipped, events.StepReopened, events.StepChanged)


def _unstuck(journey: Journey, event: events.JourneyEvent) -> Journey:
    """What the tracker did not take may fit it now that the step has changed."""
    if not isinstance(event, _ANEW):
        return journey
    issue = journey.step(event.step).issue
    if issue is None or not issue.stuck:
        return journey
    return journey.with_issue(event.step, msgspec.structs.replace(issue, stuck={}))


def _overtaken(before: Journey, journey: Journey, event: events.JourneyEvent) -> Journey:
    """What was to be written when the step changed again may be on its way: when it arrives it is our own."""
    if not isinstance(event, _ANEW):
        return journey
    issue = journey.step(event.step).issue
    if issue is None:
        return journey
    was, now = fields_of(before, event.step), fields_of(journey, event.step)
    passed = {name: str(getattr(was, name)) for name in FIELDS if getattr(was, name) != getattr(now, name)}
    added = {
        name: (*issue.overtaken.get(name, ()), value)[-OVERTAKEN:]
        for name, value in passed.items()
        if value != str(getattr(issue.agreed, name))
    }
    if not added:
        return journey
    return journey.with_issue(event.step, msgspec.structs.replace(issue, overtaken={**issue.overtaken, **added}))


def _evolve_step(journey: Journey, event: events.JourneyEvent) -> Journey:
    match event:
        case events.StepOpened(step=step, opened=opened, due=due):
            return journey.with_step(step, status="open", opened=opened, due=due)
        case events.StepCompleted(step=step, by=by, at=at):
            mirrored = not _approves(journey, step)
            underway = journey.step(step).underway and not mirrored
            return journey.with_step(step, status="done", done_at=at, done_by=by, underway=underway)
        case events.StepSkipped(step=step, by=by, at=at):
            return journey.with_step(step, status="skipped", done_at=at, done_by=by, underway=False)
        case events.StepReopened(step=step):
            return _reopened(journey, step)
        case events.StepApproved(step=step):
            return journey.with_step(step, approved=True, underway=False)
        case events.StepUnderway(step=step, underway=underway):
            return journey.with_step(step, underway=underway)
        case _:
            return _evolve_plan(journey, event)


def _evolve_plan(journey: Journey, event: events.JourneyEvent) -> Journey:
    match event:
        case events.StepChanged():
            return _changed(journey, event)
        case events.TaskAdded(task=task, assignee=assignee, priority=priority):
            grown = msgspec.structs.replace(journey, tasks=(*journey.tasks, task))
            return grown.with_step(task.id, assignee=assignee, priority=priority)
        case events.RemindersDue(step=step, offset=offset):
            return journey.with_step(step, reminded=offset)
        case events.StepEscalated(step=step):
            return journey.with_step(step, escalated=True)
        case events.TicketRaised(step=step, rule=rule):
            return journey.with_step(step, tickets=(*journey.step(step).tickets, rule))
        case _:
            return _evolve_whole(journey, event)


def _evolve_whole(journey: Journey, event: events.JourneyEvent) -> Journey:
    match event:
        case events.ManagerChanged(manager=manager):
            return msgspec.structs.replace(journey, manager=manager)
        case events.LinksRenewed(linked=linked):
            return msgspec.structs.replace(journey, linked=linked)
        case events.LinksWithdrawn():
            return msgspec.structs.replace(journey, withdrawn=journey.withdrawn + 1)
        case events.JourneyFinished(at=at):
            return msgspec.structs.replace(journey, status="finished", ended_at=at)
        case events.JourneyStopped(at=at):
            return msgspec.structs.replace(journey, status="stopped", ended_at=at)
        case _:
            return _evolve_issue(journey, event)


def _approves(journey: Journey, step_id: str) -> bool:
    issue = journey.step(step_id).issue
    return issue is not None and issue.approves


def _reopened(journey: Journey, step_id: str) -> Journey:
    """Whoever has finished goes on, and so does the issue of the journey. What was said about a day that has passed is
    said anew for the next one."""
    issue = None if journey.issue is None else msgspec.structs.replace(journey.issue, stuck={})
    going_on = msgspec.structs.replace(journey, status="active", ended_at=None, issue=issue)
    status = "waiting" if journey.step(step_id).opened is None else "open"
    return going_on.with_step(
        step_id, status=status, done_at=None, done_by=None, approved=False, underway=False, escalated=False
    )


def _changed(journey: Journey, event: events.StepChanged) -> Journey:
    if event.priority is not UNSET:
        journey = journey.with_step(event.step, priority=event.priority)
    if event.assignee is not UNSET:
        journey = journey.with_step(event.step, assignee=event.assignee)
    if event.due is UNSET:
        return journey
    issue = journey.step(event.step).issue
    if issue is not None and issue.own_due:
        return journey.with_issue(event.step, msgspec.structs.replace(issue, due=event.due))
    return journey.with_step(event.step, due=event.due, reminded=None, escalated=False)


def _evolve_issue(journey: Journey, event: events.JourneyEvent) -> Journey:
    match event:
        case events.IssueRecorded():
            return _recorded(journey, event)
        case events.IssueSeen(step=step):
            names = ("agreed", "seen", "stuck", "overtaken", "unsure")
            changes: dict[str, object] = {name: getattr(event, name) for name in names}
        case events.IssueUnstuck(step=step):
            changes = {"stuck": {}}
        case events.IssueMoved(step=step, key=key, url=url):
            changes = {"key": key, "url": url}
        case events.CommentsHeard(step=step, comments=comments):
            issue = journey.issue_of(step)
            changes = {"heard": () if issue is None else (*issue.heard, *comments)[-HEARD:]}
        case events.IssueLost(step=step):
            return journey.with_issue(step, None)
        case events.IssueWanted(step=step) if step == OWN_ISSUE:
            return msgspec.structs.replace(journey, remade=journey.remade + 1)
        case events.IssueWanted(step=step):
            return journey.with_step(step, remade=journey.step(step).remade + 1)
        case _:
            return journey
    issue = journey.issue_of(step)
    return journey if issue is None else journey.with_issue(step, msgspec.structs.replace(issue, **changes))


def _recorded(journey: Journey, event: events.IssueRecorded) -> Journey:
    """What nobody of us has chosen is as the issue was made: a stranger who had the last one does not get this one."""
    agreed = event.agreed
    issue = IssueRef(
        key=event.key, url=event.url, id=event.id, approves=event.approves, own_due=event.own_due, agreed=agreed
    )
    if event.own_due:
        issue = msgspec.structs.replace(issue, due=agreed.due)
    issue = msgspec.structs.replace(issue, unsure=event.account)
    if event.step == OWN_ISSUE:
        return journey.with_issue(event.step, issue)
    state = journey.step(event.step)
    return journey.with_step(
        event.step,
        issue=issue,
        priority=state.priority or agreed.priority,
        assignee=state.assignee if is_person(state.assignee) else agreed.assignee,
    )


def fold(journey: Journey | None, happened: Iterable[events.JourneyEvent]) -> Journey | None:
    return reduce(evolve, happened, journey)
