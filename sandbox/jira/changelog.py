"""What a write changed, in the words of Jira's history: ids for programs, texts for people."""

from collections.abc import Callable
from datetime import date

from sandbox.jira.issue import ChangeItem, Issue
from sandbox.jira.people import People
from sandbox.jira.site import Site, named

Value = tuple[str | None, str | None]  # the id and the text of one side of a change
NOTHING: Value = (None, None)


def _text(value: str | None) -> Value:
    return (None, value)


def _day(value: date | None) -> Value:
    return (value.isoformat(), f"{value} 00:00:00.0") if value else NOTHING


class _Reader:
    """Turns the fields of an issue into both sides of a change."""

    def __init__(self, site: Site, people: People) -> None:
        self._site = site
        self._people = people

    def person(self, name: str | None) -> Value:
        if name is None:
            return NOTHING
        user = self._people.named(name)
        return (user.account if self._site.is_cloud else user.name, user.display_name)

    def status(self, wanted: str) -> Value:
        found = named(self._site.statuses, wanted)
        return (wanted, found.name if found else wanted)

    def issue_type(self, wanted: str) -> Value:
        found = named(self._site.issue_types, wanted)
        return (wanted, found.name if found else wanted)

    def priority(self, wanted: str) -> Value:
        found = named(self._site.priorities, wanted)
        return (wanted, found.name if found else wanted)

    def resolution(self, wanted: str | None) -> Value:
        found = named(self._site.resolutions, wanted) if wanted else None
        return (found.id, found.name) if found else NOTHING


def _parent_field(issue: Issue, site: Site) -> str:
    """What the history calls the place of an issue below another."""
    if site.is_cloud:
        return "IssueParentAssociation"
    kind = named(site.issue_types, issue.issuetype)
    return "Parent" if kind is not None and kind.subtask else "Epic Link"


def differences(old: Issue, new: Issue, site: Site, people: People) -> tuple[ChangeItem, ...]:
    """One item for every field that differs; empty when the write changed nothing."""
    read = _Reader(site, people)
    rows: tuple[tuple[str, Callable[[Issue], Value]], ...] = (
        ("summary", lambda issue: _text(issue.summary)),
        ("description", lambda issue: _text(issue.description)),
        ("issuetype", lambda issue: read.issue_type(issue.issuetype)),
        ("priority", lambda issue: read.priority(issue.priority)),
        ("duedate", lambda issue: _day(issue.duedate)),
        ("labels", lambda issue: _text(" ".join(issue.labels))),
        ("assignee", lambda issue: read.person(issue.assignee)),
        ("reporter", lambda issue: read.person(issue.reporter)),
        (_parent_field(new, site), lambda issue: _text(issue.parent)),
        ("Epic Name", lambda issue: _text(issue.epic_name)),
        ("status", lambda issue: read.status(issue.status)),
        ("resolution", lambda issue: read.resolution(issue.resolution)),
    )
    pairs = ((field, side(old), side(new)) for field, side in rows)
    return tuple(ChangeItem(field, *before, *after) for field, before, after in pairs if before != after)
