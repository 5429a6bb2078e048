"""Bringing one issue up to date: read it, merge it with the step, write what only we have changed, read it again.

The second read makes the result one more look at the issue, at a time after our write: late news from before the write
is older than that, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.effects import LinkIssue, SyncIssue
from bot.errors import Refused
from bot.journey.links import Permit, permit
from bot.journey.merge import Fields, merge
from bot.journey.state import IssueRef, Journey, fields_of, is_person
from bot.journey.tracking import language_of_issue
from bot.ports import Clock, Tracker
from bot.results import Gone, Nothing, Result, Synced
from bot.tracker.snapshot import Change
from bot.work import Company, Work

JourneyUrl = Callable[[Permit], str]
"""The address of the page of a journey, for whoever may read it."""


class Syncing:
    """What the tracker's destination does with the issues of journeys that are there already."""

    def __init__(self, tracker: Tracker, company: Company, clock: Clock, page: JourneyUrl | None = None) -> None:
        self._tracker, self._company, self._clock, self._page = tracker, company, clock, page

    async def parent(self, journey_id: str) -> str | None:
        """The key of the journey's own issue."""
        journey = await self._work().journey(journey_id)
        return None if journey is None or journey.issue is None else journey.issue.key

    async def link(self, act: LinkIssue) -> Result:
        work = self._work()
        journey = await work.journey(act.journey)
        issue = None if journey is None else journey.issue_of(act.step)
        if journey is None or issue is None or self._page is None:
            return Nothing()
        scenario = await work.scenario(journey)
        known = await work.people([journey.person, journey.manager, journey.step(act.step).assignee])
        people = {one.id: one for one in known}
        name_of_plan = scenario.title.in_language(language_of_issue(journey, act.step, scenario, people))
        person = people.get(journey.person)
        title = name_of_plan if person is None else f"{name_of_plan}: {person.name}"
        name = f"butterboard:{journey.id}:{act.step}"
        try:
            await self._tracker.link(issue.key, name, self._page(permit(journey, work.now)), title)
        except Refused as error:
            return await self._unless_there(issue, error)
        return Nothing()

    async def sync(self, act: SyncIssue) -> Result:
        work = self._work()
        journey = await work.journey(act.journey)
        issue = None if journey is None else journey.issue_of(act.step)
        if journey is None or issue is None:
            return Nothing()
        found = await self._tracker.read(issue.key)
        if found is None:
            return Gone(issue.key)
        theirs = await work.fields(found)
        pushed = await self._to_push(work, journey, act.step, theirs, work.account_key(found))
        if not pushed:
            return Synced(found)
        change, email = await self._change(work, journey, act.step, pushed)
        try:
            changed = await self._tracker.change(issue.key, change)
        except Refused as error:
            return await self._unless_there(issue, error)
        after = await self._tracker.read(issue.key)
        if after is None:
            return Gone(issue.key)
        refused = {**_not_kept(change, theirs, await work.fields(after)), **changed.refused}
        return Synced(after, refused, changed.assignee, None if changed.assignee is None else email)

    async def _unless_there(self, issue: IssueRef, refused: Refused) -> Gone:
        """Deleted while we were at it. Raises what was refused for any other reason."""
        if refused.code == "not-found" and await self._tracker.read(issue.key) is None:
            return Gone(issue.key)
        raise refused

    async def _to_push(
        self, work: Work, journey: Journey, step_id: str, theirs: Fields, account: str | None
    ) -> tuple[str, ...]:
        """Fields that only we have changed, or where ours stands; without those that it refuses to take, and without an
        assignee whom we have no address of: nobody is not who was meant."""
        issue = journey.issue_of(step_id)
        if issue is None:
            return ()
        step = (await work.scenario(journey)).step(step_id)
        rule = step.jira.conflict if step is not None and step.jira is not None else "onboarding"
        ours = fields_of(journey, step_id)
        merged = merge(issue.base(ours, theirs, account), ours, theirs, rule, issue.overtaken)
        nameless = ours.assignee is not None and await self._email(work, ours.assignee) is None
        return tuple(
            name
            for name in merged.push
            if issue.stuck.get(name) != str(getattr(ours, name)) and not (name == "assignee" and nameless)
        )

    async def _change(
        self, work: Work, journey: Journey, step_id: str, fields: tuple[str, ...]
    ) -> tuple[Change, str | None]:
        ours = fields_of(journey, step_id)
        email = await self._email(work, ours.assignee)
        change = Change(
            fields=fields,
            status=ours.status,
            declined=journey.status == "stopped" or journey.step(step_id).status == "skipped",
            priority=ours.priority,
            assignee=email,
            due=ours.due,
        )
        return change, email

    async def _email(self, work: Work, assignee: str | None) -> str | None:
        person = await work.person(assignee) if is_person(assignee) else None
        return None if person is None else person.email

    def _work(self) -> Work:
        return Work(self._company, self._clock())


def _not_kept(change: Change, before: Fields, after: Fields) -> dict[str, str]:
    """What we wrote and what stands there as if we had not: an automation of the tracker has undone it. To write it
    again would go on for ever."""
    undone = (name for name in change.fields if name != "assignee" and getattr(after, name) == getattr(before, name))
    return {name: "not-kept" for name in undone if getattr(after, name) != getattr(change, name)}
