"""An issue and what hangs on it. All of it is frozen: an older state stays readable for a lagging search."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct


class Comment(Struct, frozen=True, kw_only=True):
    id: str
    author: str
    body: str
    created: datetime
    updated: datetime


class RemoteLink(Struct, frozen=True, kw_only=True):
    """A link to a page outside Jira; a second one with the same `global_id` replaces the first."""

    id: int
    global_id: str | None
    object: dict[str, Any]
    application: dict[str, Any]
    relationship: str | None


class ChangeItem(Struct, frozen=True):
    field: str
    old_id: str | None
    old_text: str | None
    new_id: str | None
    new_text: str | None


class Change(Struct, frozen=True, kw_only=True):
    """One entry of the history: everything that one write changed."""

    id: str
    author: str
    created: datetime
    items: tuple[ChangeItem, ...]


class Issue(Struct, frozen=True, kw_only=True):
    """`project` and `parent` are keys, people are user names, all else that refers to the site is an id."""

    id: str
    key: str
    project: str
    issuetype: str
    summary: str
    description: str | None = None
    priority: str
    duedate: date | None = None
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    reporter: str
    creator: str
    parent: str | None = None  # of a sub-task; of another issue its epic
    epic_name: str | None = None
    status: str
    resolution: str | None = None
    resolutiondate: datetime | None = None
    created: datetime
    updated: datetime
    comments: tuple[Comment, ...] = ()
    remote_links: tuple[RemoteLink, ...] = ()
    properties: dict[str, Any] = {}
    changelog: tuple[Change, ...] = ()


class Link(Struct, frozen=True, kw_only=True):
    """As in Jira's API, a "Blocks" link says: `inward` blocks `outward`. Both are keys.

    So the issue in `inward` shows the other as its outwardIssue, and the other way round.
    """

    id: str
    type: str
    inward: str
    outward: str


class Event(StrEnum):
    """What can happen, in the words of Jira's webhooks."""

    CREATED = "jira:issue_created"
    UPDATED = "jira:issue_updated"
    DELETED = "jira:issue_deleted"
    COMMENTED = "comment_created"
    COMMENT_EDITED = "comment_updated"
    COMMENT_DELETED = "comment_deleted"
    LINKED = "issuelink_created"
    UNLINKED = "issuelink_deleted"


class Happened(Struct, frozen=True, kw_only=True):
    """Told to every listener after the write is kept. `actor` is a user name, `issue` the state after it."""

    event: Event
    issue: Issue
    actor: str
    at: datetime
    change: Change | None = None
    comment: Comment | None = None
    link: Link | None = None
