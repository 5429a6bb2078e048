"""What follows from the tracker: an issue that was made, seen, commented, deleted. Parts of `decide`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from bot import commands, events
from bot.errors import Misunderstood
from bot.journey.merge import Fields, Merged, merge
from bot.journey.state import OWN_ISSUE, IssueRef, Journey, fields_of
from bot.journey.world import World
from bot.message import Phrase
from bot.scenario import IssueTemplate, Step

Events = Iterator[events.JourneyEvent]


def _template(world: World, step_id: str) -> IssueTemplate | None:
    step = world.scenario.step(step_id)
    return None if step is None else step.jira


def own_due(step: Step | None) -> bool:
    """Is the issue due at another time than its step? Where both have the same, who moves one moves the other."""
    return step is not None and step.jira is not None and step.jira.due not in (None, step.due)


def record_issue(journey: Journey, command: commands.RecordIssue, world: World) -> Events:
    """An issue that is known already keeps what was agreed on about it."""
    issue = journey.issue_of(command.step)
    known = issue is not None and issue.key == command.key
    if known and issue is not None and (issue.id or not command.id):
        return
    template = _template(world, command.step)
    approves = template is not None and template.approves
    yield events.IssueRecorded(
        at=world.now,
        step=command.step,
        key=command.key,
        url=command.url,
        id=command.id,
        agreed=command.agreed,
        account=command.account,
        approves=approves,
        own_due=approves or own_due(world.scenario.step(command.step)),
        known=known,
    )


def observe_issue(journey: Journey, command: commands.ObserveIssue, world: World) -> Events:
    """Merge what was seen with what we have. Of what is over only the tracker's side is noted."""
    issue = journey.issue_of(command.step)
    if issue is None or not _is_same(issue, command) or _is_older(issue, command):
        return
    template = _template(world, command.step)
    ours = fields_of(journey, command.step)
    rule = template.conflict if template else "onboarding"
    unsure = _still_unsure(issue, command)
    theirs = command.fields
    if unsure is not None:  # neither taken over nor written: it may be whom we asked for, or somebody's change
        theirs = msgspec.structs.replace(theirs, assignee=issue.agreed.assignee)
    merged = merge(issue.base(ours, theirs, command.account), ours, theirs, rule, issue.overtaken)
    if issue.key != command.key:
        yield events.IssueMoved(at=world.now, step=command.step, key=command.key, url=command.url)
    if journey.status != "stopped" and command.step != OWN_ISSUE:
        yield from _pull(journey, command, merged, world)
    stuck = _stuck(issue, command, merged, ours)
    if _is_over(journey, command.step):
        # Whoever goes on with the issue there has it to themselves: it is not to be closed again and again.
        stuck |= {name: str(getattr(ours, name)) for name in merged.pull}
    overtaken = _still_overtaken(issue, command)
    seen = events.IssueSeen(
        at=world.now,
        step=command.step,
        agreed=merged.agreed,
        seen=command.updated,
        stuck=stuck,
        overtaken=overtaken,
        unsure=unsure,
    )
    if any(getattr(seen, name) != getattr(issue, name) for name in ("agreed", "seen", "stuck", "overtaken", "unsure")):
        yield seen


def _is_over(journey: Journey, step_id: str) -> bool:
    """Nothing that happens to the issue can change the journey any more."""
    return journey.status == "stopped" or (step_id == OWN_ISSUE and journey.status == "finished")


def _is_same(issue: IssueRef, command: commands.ObserveIssue) -> bool:
    return issue.key == command.key or (issue.id != "" and issue.id == command.id)


def _is_older(issue: IssueRef, command: commands.ObserveIssue) -> bool:
    return issue.seen is not None and command.updated < issue.seen


def _stuck(issue: IssueRef, command: commands.ObserveIssue, merged: Merged, ours: Fields) -> dict[str, str]:
    """What was refused stays so until either side changes: then it is worth another try."""
    kept = {name: value for name, value in issue.stuck.items() if name in merged.push}
    refused = {name: str(getattr(ours, name)) for name in command.refused if name in merged.push}
    return {**kept, **refused}


def _still_overtaken(issue: IssueRef, command: commands.ObserveIssue) -> dict[str, tuple[str, ...]]:
    """What has arrived is on its way no longer."""
    if command.settled:
        return {}
    return {
        name: values for name, values in issue.overtaken.items() if str(getattr(command.fields, name)) not in values
    }


def _still_unsure(issue: IssueRef, command: commands.ObserveIssue) -> str | None:
    """Only a look after the create's answer says whose account it is; if not even that does, it is a stranger's."""
    return None if command.settled or command.fields.assignee != issue.unsure else issue.unsure


def _pull(journey: Journey, command: commands.ObserveIssue, merged: Merged, world: World) -> Events:
    """What the tracker has changed happens here too."""
    if "status" in merged.pull:
        yield from _status(journey, command, world)
    changes = {name: getattr(command.fields, name) if name in merged.pull else UNSET for name in ("priority", "due")}
    assignee = command.fields.assignee if "assignee" in merged.pull else UNSET
    if assignee is not UNSET or any(value is not UNSET for value in changes.values()):
        yield events.StepChanged(
            at=world.now,
            step=command.step,
            by=command.by,
            via=command.via,
            assignee=assignee,
            **changes,
        )


def _status(journey: Journey, command: commands.ObserveIssue, world: World) -> Events:
    step, by, via = command.step, command.by, command.via
    state = journey.step(step)
    approves = state.issue is not None and state.issue.approves
    at = world.now
    match command.fields.status:
        case "done":
            if not state.settled:
                yield events.StepCompleted(at=at, step=step, by=by, via=via)
            if approves:
                yield events.StepApproved(at=at, step=step, by=by, via=via)
        case status:
            was_done = state.approved or state.status == "skipped" if approves else state.settled
            if was_done:
                yield events.StepReopened(at=at, step=step, by=by, via=via)
            if state.underway != (status == "underway") or was_done:
                yield events.StepUnderway(at=at, step=step, underway=status == "underway", by=by, via=via)


def unstick_issue(journey: Journey, command: commands.UnstickIssue, world: World) -> Events:
    issue = journey.issue_of(command.step)
    if issue is not None and issue.stuck and not _is_over(journey, command.step):
        yield events.IssueUnstuck(at=world.now, step=command.step)


def hear_comments(journey: Journey, command: commands.HearComments, world: World) -> Events:
    issue = journey.issue_of(command.step)
    if issue is None:
        return
    fresh = tuple(one for one in command.comments if one not in issue.heard)
    if fresh:
        yield events.CommentsHeard(at=world.now, step=command.step, comments=fresh)


def lose_issue(journey: Journey, command: commands.LoseIssue, world: World) -> Events:
    issue = journey.issue_of(command.step)
    if issue is not None and issue.key == command.key:
        yield events.IssueLost(at=world.now, step=command.step, key=command.key)


def remake_issue(journey: Journey, command: commands.RemakeIssue, world: World) -> Events:
    if not _may_have_issue(command.step, world) or journey.issue_of(command.step) is not None:
        raise Misunderstood(Phrase("outdated"))
    if journey.status == "stopped":
        raise Misunderstood(Phrase("journey-over", {"scenario": world.scenario.title}))
    yield events.IssueWanted(at=world.now, step=command.step, by=command.by)


def _may_have_issue(step_id: str, world: World) -> bool:
    if step_id == OWN_ISSUE:
        return world.scenario.parent is not None
    return _template(world, step_id) is not None
