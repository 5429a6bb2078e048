"""What the tracker says: an issue as it stands there, who did something to it, and what it took of a change."""

from __future__ import annotations

import datetime

import msgspec

from bot.journey.merge import Stage


class TrackerUser(msgspec.Struct, frozen=True):
    """Somebody with an account there. `identity` stays the same when they are renamed; an e-mail may be hidden."""

    identity: str
    name: str = ""
    email: str | None = None


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is as people read it, without markup. `ours`: we have written it ourselves."""

    id: str
    author: TrackerUser
    text: str
    at: datetime.datetime
    ours: bool = False


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """An issue at the moment `updated`, by the tracker's clock.

    `id` never changes, `key` does when the issue moves to another project. `priority` is one of `bot.priority` where
    the tracker's own is known to mean one of them, else its name there. `twin`: it was closed as another's duplicate.
    `made_by_us`: our own account has created it; None: that is not known.
    """

    id: str
    key: str
    url: str
    updated: datetime.datetime
    status: Stage
    priority: str | None = None
    assignee: TrackerUser | None = None
    due: datetime.date | None = None
    labels: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    twin: bool = False
    made_by_us: bool | None = None

    @property
    def project(self) -> str:
        """The key of the project that it is in."""
        return self.key.rpartition("-")[0]


class Observed(msgspec.Struct, frozen=True, kw_only=True):
    """What the tracker tells us by itself. `mark` is the delivery's own name, the same when it is repeated.

    `issue` is its unchanging id. Without `snapshot` only a comment is known, or that the issue was `deleted`.
    """

    mark: str
    issue: str
    actor: TrackerUser | None = None
    snapshot: Snapshot | None = None
    comment: Comment | None = None
    deleted: bool = False


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What to write into an issue: the fields that `fields` names (of `bot.journey.merge.FIELDS`), and no other.

    `assignee` is an e-mail, None takes the issue from whoever has it. `declined`: it is done without having been done.
    """

    fields: tuple[str, ...]
    status: Stage = "new"
    declined: bool = False
    priority: str | None = None
    assignee: str | None = None
    due: datetime.date | None = None


class Changed(msgspec.Struct, frozen=True):
    """What the tracker would not take, by field, with a stable word; and whose account an e-mail turned out to be."""

    refused: dict[str, str] = {}
    assignee: TrackerUser | None = None


class Page(msgspec.Struct, frozen=True):
    """Issues of ours, the longest unchanged first. `cursor` leads to the next page; None: this was the last."""

    snapshots: tuple[Snapshot, ...]
    cursor: str | None = None


class Keys(msgspec.Struct, frozen=True):
    """Keys of issues of ours by their id. `cursor` as for Page."""

    keys: dict[str, str]
    cursor: str | None = None
