"""The living state of the stand-in: issues, their history, and the lag with which a search sees them.

All writes are synchronous and happen in the event loop, so each is atomic. Listeners are told of every write
after it is kept; whoever delivers webhooks only has to `listen`.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sandbox.jira import store
from sandbox.jira.changelog import differences
from sandbox.jira.history import History
from sandbox.jira.issue import Change, Comment, Event, Happened, Issue, Link, RemoteLink
from sandbox.jira.people import People
from sandbox.jira.site import Site, Transition, default_site

Clock = Callable[[], datetime]
Listener = Callable[[Happened], None]


def utc_now() -> datetime:
    return datetime.now(UTC)


class UnknownIssueError(LookupError):
    """There is no issue, comment or link with this key or id."""


class IllegalMoveError(ValueError):
    """The workflow has no such transition from the status the issue is in."""


class State:
    """`clock` gives aware UTC times, `file` keeps issues over restarts, `search_lag` is in seconds.

    Raises msgspec.DecodeError when `file` is broken.
    """

    def __init__(
        self,
        site: Site | None = None,
        people: People | None = None,
        *,
        clock: Clock = utc_now,
        file: Path | None = None,
        search_lag: float = 0.0,
    ) -> None:
        self.site = site or default_site()
        self.people = people or People()
        self.clock = clock
        self.search_lag = search_lag
        self.revision = int(clock().timestamp() * 1000)  # grows with every write, and over restarts too
        self._file = file
        self._listeners: list[Listener] = []
        kept = store.read(file) if file else store.Kept()
        self._issues = {issue.key: issue for issue in kept.issues}
        self._keys = {issue.id: issue.key for issue in kept.issues}
        self._links: dict[str, Link] = {}
        self._links_by_key: dict[str, dict[str, Link]] = {}
        for link in kept.links:
            self._tie(link)
        self._last_id, self._numbers = kept.last_id, dict(kept.numbers)
        self._history = History(kept.issues)

    # reading

    def issues(self) -> list[Issue]:
        """Every issue as it is now, oldest first."""
        return list(self._issues.values())

    def find(self, key_or_id: str) -> Issue | None:
        return self._issues.get(self._keys.get(key_or_id) or key_or_id.upper())

    def issue(self, key_or_id: str) -> Issue:
        """The issue as it is now. Raises UnknownIssueError."""
        found = self.find(key_or_id)
        if found is None:
            raise UnknownIssueError(key_or_id)
        return found

    def searchable(self, fresh: frozenset[str] = frozenset()) -> list[Issue]:
        """The issues as a search sees them: `search_lag` seconds old, those with an id in `fresh` current."""
        if self.search_lag <= 0:
            return self.issues()
        seen = self._history.as_of(self.clock() - timedelta(seconds=self.search_lag))
        current = {issue.key: issue for issue in self.issues() if issue.id in fresh}
        return list({**seen, **current}.values())

    def links_of(self, key: str) -> list[Link]:
        return list(self._links_by_key.get(key, {}).values())

    def link(self, link_id: str) -> Link:
        """Raises UnknownIssueError."""
        if link_id not in self._links:
            raise UnknownIssueError(link_id)
        return self._links[link_id]

    def comment_of(self, issue: Issue, comment_id: str) -> Comment:
        """Raises UnknownIssueError."""
        for comment in issue.comments:
            if comment.id == comment_id:
                return comment
        raise UnknownIssueError(comment_id)

    # writing; `actor` is the name of the user who does it, `values` maps attributes of Issue to new values

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def create(self, values: Mapping[str, Any], actor: str) -> Issue:
        """A new issue in the first status; `values` must hold project, issuetype and summary."""
        now = self.clock()
        defaults = {"priority": self.site.default_priority, "reporter": actor}
        issue = Issue(
            **{**defaults, **values},
            id=self._next_id(),
            key=self._next_key(values["project"]),
            creator=actor,
            status=self.site.workflow(values["project"], values["issuetype"]).statuses[0].id,
            created=now,
            updated=now,
        )
        return self._put(issue, Happened(event=Event.CREATED, issue=issue, actor=actor, at=now))

    def edit(self, key: str, values: Mapping[str, Any], actor: str) -> Issue:
        """The issue with these values; a write that changes nothing leaves no trace.

        Raises UnknownIssueError.
        """
        old = self.issue(key)
        new = replace(old, **values)
        items = differences(old, new, self.site, self.people)
        if not items:
            return old
        now = self.clock()
        change = Change(id=self._next_id(), author=actor, created=now, items=items)
        new = replace(new, updated=now, changelog=(*old.changelog, change))
        return self._put(new, Happened(event=Event.UPDATED, issue=new, actor=actor, at=now, change=change))

    def transitions_of(self, issue: Issue) -> tuple[Transition, ...]:
        """The steps that the issue can take now."""
        return self.site.workflow(issue.project, issue.issuetype).transitions_from(issue.status)

    def transition(self, key: str, transition_id: str) -> Transition:
        """The step with this id, if the issue can take it now. Raises UnknownIssueError, IllegalMoveError."""
        for step in self.transitions_of(self.issue(key)):
            if step.id == transition_id:
                return step
        raise IllegalMoveError(transition_id)

    def move(self, key: str, transition_id: str, actor: str, values: Mapping[str, Any] | None = None) -> Issue:
        """Take a step of the workflow, setting `values` on the way.

        Raises UnknownIssueError, IllegalMoveError.
        """
        step, given = self.transition(key, transition_id), dict(values or {})
        resolution = given.pop("resolution", step.resolution)
        moved = {
            "status": step.target,
            "resolution": resolution,
            "resolutiondate": self.clock() if resolution else None,
        }
        return self.edit(key, {**given, **moved}, actor)

    def delete(self, key: str, actor: str) -> None:
        """Raises UnknownIssueError."""
        gone, now = self.issue(key), self.clock()
        for link in self.links_of(gone.key):
            self._untie(link)
        del self._issues[gone.key], self._keys[gone.id]
        self._history.remember(gone.key, now, None)
        self._tell(Happened(event=Event.DELETED, issue=gone, actor=actor, at=now))

    def add_comment(self, key: str, body: str, actor: str) -> Comment:
        """Raises UnknownIssueError."""
        old, now = self.issue(key), self.clock()
        comment = Comment(id=self._next_id(), author=actor, body=body, created=now, updated=now)
        self._discuss(old, (*old.comments, comment), Event.COMMENTED, comment, actor)
        return comment

    def edit_comment(self, key: str, comment_id: str, body: str, actor: str) -> Comment:
        """Raises UnknownIssueError."""
        old = self.issue(key)
        edited = replace(self.comment_of(old, comment_id), body=body, updated=self.clock())
        comments = tuple(edited if comment.id == comment_id else comment for comment in old.comments)
        self._discuss(old, comments, Event.COMMENT_EDITED, edited, actor)
        return edited

    def delete_comment(self, key: str, comment_id: str, actor: str) -> None:
        """Raises UnknownIssueError."""
        old = self.issue(key)
        gone = self.comment_of(old, comment_id)
        rest = tuple(comment for comment in old.comments if comment.id != comment_id)
        self._discuss(old, rest, Event.COMMENT_DELETED, gone, actor)

    def set_property(self, key: str, name: str, value: object) -> None:
        """Raises UnknownIssueError."""
        self._quietly(self.issue(key), properties={**self.issue(key).properties, name: value})

    def drop_property(self, key: str, name: str) -> None:
        """Raises UnknownIssueError."""
        kept = {known: value for known, value in self.issue(key).properties.items() if known != name}
        self._quietly(self.issue(key), properties=kept)

    def set_remote_links(self, key: str, links: tuple[RemoteLink, ...]) -> None:
        """Raises UnknownIssueError."""
        self._quietly(self.issue(key), remote_links=links)

    def add_link(self, type_id: str, inward: str, outward: str, actor: str) -> Link:
        """Raises UnknownIssueError when either issue is not there."""
        source, target = self.issue(inward), self.issue(outward)
        link = Link(id=self._next_id(), type=type_id, inward=source.key, outward=target.key)
        self._tie(link)
        self._tell(Happened(event=Event.LINKED, issue=source, actor=actor, at=self.clock(), link=link))
        return link

    def delete_link(self, link_id: str, actor: str) -> None:
        """Raises UnknownIssueError."""
        gone = self.link(link_id)
        self._untie(gone)
        source = self.issue(gone.inward)
        self._tell(Happened(event=Event.UNLINKED, issue=source, actor=actor, at=self.clock(), link=gone))

    def next_remote_id(self) -> int:
        return int(self._next_id())

    # what every write ends in

    def _discuss(self, old: Issue, comments: tuple[Comment, ...], event: Event, comment: Comment, actor: str) -> None:
        now = self.clock()
        new = replace(old, comments=comments, updated=now)
        self._put(new, Happened(event=event, issue=new, actor=actor, at=now, comment=comment))

    def _put(self, issue: Issue, happened: Happened) -> Issue:
        self._remember(issue, happened.at)
        self._tell(happened)
        return issue

    def _quietly(self, old: Issue, **values: Any) -> None:
        """Properties and remote links touch neither `updated` nor the history, and Jira sends no webhook."""
        self._remember(replace(old, **values), self.clock())
        self._keep()

    def _tie(self, link: Link) -> None:
        self._links[link.id] = link
        for key in (link.inward, link.outward):
            self._links_by_key.setdefault(key, {})[link.id] = link

    def _untie(self, link: Link) -> None:
        del self._links[link.id]
        for key in (link.inward, link.outward):
            self._links_by_key[key].pop(link.id, None)

    def _remember(self, issue: Issue, since: datetime) -> None:
        self._issues[issue.key] = issue
        self._keys[issue.id] = issue.key
        self._history.remember(issue.key, since, issue)

    def _tell(self, happened: Happened) -> None:
        self._keep()
        for listener in self._listeners:
            listener(happened)

    def _keep(self) -> None:
        self.revision += 1
        if self._file is not None:
            kept = store.Kept(self.issues(), list(self._links.values()), self._last_id, self._numbers)
            store.write(self._file, kept)

    def _next_id(self) -> str:
        self._last_id += 1
        return str(self._last_id)

    def _next_key(self, project: str) -> str:
        self._numbers[project] = self._numbers.get(project, 0) + 1
        return f"{project}-{self._numbers[project]}"
