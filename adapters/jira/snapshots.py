"""An issue of Jira as a `Snapshot` of the core. Pure, and strict: bodies of webhooks come in here, too.

msgspec.ValidationError is the one error for whatever has another shape than Jira gives it.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from adapters.jira.issues import Named, Status, is_twin
from adapters.jira.people import JiraUser, Short
from adapters.jira.plain import plain
from adapters.jira.priorities import Priorities
from bot.tracker.snapshot import Comment, Snapshot, TrackerUser

FIELDS = "status,priority,assignee,creator,duedate,labels,updated,resolution,comment"
"""What an issue must be read with."""

MOST_COMMENTS = 20
LONGEST_COMMENT = 3000

Id = Annotated[str, Meta(pattern=r"^[0-9]{1,20}\Z")]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,254}-[0-9]{1,20}\Z")]
NOBODY = TrackerUser("")  # who wrote anonymously, or whose account is gone


class _Priority(msgspec.Struct, frozen=True):
    name: Short


class _Comment(msgspec.Struct, frozen=True):
    id: Id
    body: str
    created: str
    author: JiraUser | None = None
    visibility: dict[str, Any] | None = None
    jsd_public: bool = msgspec.field(name="jsdPublic", default=True)

    @property
    def is_for_all(self) -> bool:
        """Neither for one role or group nor an internal note: not all people of a step may read those."""
        return self.visibility is None and self.jsd_public


class _Comments(msgspec.Struct, frozen=True):
    comments: tuple[_Comment, ...] = ()


class _Fields(msgspec.Struct, frozen=True):
    status: Status
    updated: str
    priority: _Priority | None = None
    assignee: JiraUser | None = None
    creator: JiraUser | UnsetType | None = UNSET
    duedate: datetime.date | None = None
    labels: tuple[str, ...] = ()
    resolution: Named | None = None
    comment: _Comments = _Comments()


class _Issue(msgspec.Struct, frozen=True):
    id: Id
    key: Key
    fields: _Fields


def snapshot_of(raw: Any, base: str, priorities: Priorities, us: Collection[str]) -> Snapshot:
    """The issue as the JSON of REST or of a webhook's `issue` says. `us`: identities of our accounts, none while it is
    unknown who we are.

    Raises msgspec.ValidationError.
    """
    issue = msgspec.convert(raw, _Issue)
    fields = issue.fields
    return Snapshot(
        id=issue.id,
        key=issue.key,
        url=f"{base}/browse/{issue.key}",
        updated=moment(fields.updated),
        status=fields.status.stage,
        priority=None if fields.priority is None else priorities.ours(fields.priority.name),
        assignee=None if fields.assignee is None else fields.assignee.person,
        due=fields.duedate,
        labels=fields.labels,
        comments=_latest(fields.comment.comments, us),
        twin=is_twin(fields.labels, fields.status, fields.resolution),
        made_by_us=_made_by_us(fields.creator, us),
    )


def _made_by_us(creator: JiraUser | UnsetType | None, us: Collection[str]) -> bool | None:
    """What nobody has created, an anonymous stranger has."""
    if creator is UNSET or not us:
        return None
    return isinstance(creator, JiraUser) and creator.identity in us


def comment_of(raw: Any, us: Collection[str]) -> Comment:
    """A comment by itself. Raises msgspec.ValidationError."""
    return _comment(msgspec.convert(raw, _Comment), us)


def is_for_all(raw: Any) -> bool:
    """Whether all who see the issue see this comment; a snapshot has no others. Raises msgspec.ValidationError."""
    return msgspec.convert(raw, _Comment).is_for_all


def user_of(raw: Any) -> TrackerUser:
    """Raises msgspec.ValidationError, also for a user without any name to be known by."""
    return msgspec.convert(raw, JiraUser).person


def _latest(comments: tuple[_Comment, ...], us: Collection[str]) -> tuple[Comment, ...]:
    """Those for everybody, the oldest first, whatever the order they came in."""
    found = sorted((_comment(one, us) for one in comments if one.is_for_all), key=lambda one: (one.at, int(one.id)))
    return tuple(found[-MOST_COMMENTS:])


def _comment(comment: _Comment, us: Collection[str]) -> Comment:
    author = NOBODY if comment.author is None else comment.author.person
    return Comment(
        id=comment.id,
        author=author,
        text=plain(comment.body[:LONGEST_COMMENT]),
        at=moment(comment.created),
        ours=author.identity in us,
    )


def moment(text: str) -> datetime.datetime:
    """A time as Jira writes it, in UTC. Raises msgspec.ValidationError.

    The offset has no colon, which only the standard library reads.
    """
    try:
        at = datetime.datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(datetime.UTC)
    except (ValueError, OverflowError) as error:
        raise msgspec.ValidationError("a moment that is none") from error
    raise msgspec.ValidationError("a moment without a zone")
