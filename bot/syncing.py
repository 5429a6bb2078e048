"""Bringing one issue up to date: read it, merge it with the step, write what only we have changed, read it again.

The second read makes the result one more look at the issue, at a time after our write: late news from before the write
is older than that, and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.effects import LinkIssue, SyncIssue
from bot.journey.merge import Fields, merge
from bot.journey.state import Journey, fields_of, is_person
from bot.ports import Clock, Tracker
from bot.results import Gone, Nothing, Result, Synced
from bot.snapshot import Change
from bot.work import Company, Work

JourneyUrl = Callable[[str], str]
"""The address of the page of a journey."""


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
        person, scenario = await work.person(journey.person), await work.scenario(journey)
        title = scenario.title.ru if person is None else f"{scenario.title.ru}: {person.name}"
        name = f"butterboard:{journey.id}:{act.step}"
        await self._tracker.link(issue.key, name, self._page(journey.id), title)
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
        pushed = await self._to_push(work, journey, act.step, theirs)
        if not pushed:
            return Synced(found)
        change, email = await self._change(work, journey, act.step, pushed)
        changed = await self._tracker.change(issue.key, change)
        after = await self._tracker.read(issue.key)
        if after is None:
            return Gone(issue.key)
        refused = {**_not_kept(change, theirs, await work.fields(after)), **changed.refused}
        return Synced(after, refused, changed.assignee, None if changed.assignee is None else email)

    async def _to_push(self, work: Work, journey: Journey, step_id: str, theirs: Fields) -> tuple[str, ...]:
        """Fields that only we have changed, or where ours stands; without those that it refuses to take."""
        issue = journey.issue_of(step_id)
        if issue is None:
            return ()
        step = (await work.scenario(journey)).step(step_id)
        rule = step.jira.conflict if step is not None and step.jira is not None else "onboarding"
        ours = fields_of(journey, step_id)
        merged = merge(issue.agreed, ours, theirs, rule, issue.overtaken)
        return tuple(name for name in merged.push if issue.stuck.get(name) != str(getattr(ours, name)))

    async def _change(
        self, work: Work, journey: Journey, step_id: str, fields: tuple[str, ...]
    ) -> tuple[Change, str | None]:
        ours = fields_of(journey, step_id)
        person = await work.person(ours.assignee) if is_person(ours.assignee) else None
        email = None if person is None else person.email
        change = Change(
            fields=fields,
            status=ours.status,
            declined=journey.status == "stopped" or journey.step(step_id).status == "skipped",
            priority=ours.priority,
            assignee=email,
            due=ours.due,
        )
        return change, email

    def _work(self) -> Work:
        return Work(self._company, self._clock())


def _not_kept(change: Change, before: Fields, after: Fields) -> dict[str, str]:
    """What we wrote and what stands there as if we had not: an automation of the tracker has undone it. To write it
    again would go on for ever."""
    undone = (name for name in change.fields if name != "assignee" and getattr(after, name) == getattr(before, name))
    return {name: "not-kept" for name in undone if getattr(after, name) != getattr(change, name)}
