"""What came back from outside when an effect was delivered; it enters as a command, the same way in."""

from __future__ import annotations

import msgspec

from bot.effects import Crawl, Reconcile
from bot.incoming import Account
from bot.knowledge import Found
from bot.tracker.snapshot import Snapshot, TrackerUser


class Nothing(msgspec.Struct, frozen=True):
    """Done, and there is nothing to know about it."""


class Posted(msgspec.Struct, frozen=True):
    """`ref` names the message on its platform; `account` is set when it had to be looked up to send there, `address`
    when a private conversation had to be opened. The conversation must rest `rest` seconds before the next message.
    `to` is the account that the person was known by when it was sent; the core keeps it, no channel tells it. `locale`:
    what the platform told about somebody whose language nobody knew.
    """

    ref: str
    account: Account | None = None
    address: str | None = None
    rest: float = 0.0
    to: str | None = None
    locale: str | None = None


class Profile(msgspec.Struct, frozen=True):
    """Whose account it is, as far as the platform vouches: `email` is None when it does not vouch for one.

    `account` is the main name of the account, where it was asked for by another. `outside`: it surely is that of nobody
    in the company: a guest, somebody of another one, a bot, one that was closed or never was. `closed`: it was one of
    the company, and has been deactivated.
    """

    account: Account
    email: str | None = None
    name: str = ""
    timezone: str | None = None
    locale: str | None = None
    outside: bool = False
    closed: bool = False


class Answered(msgspec.Struct, frozen=True):
    """What is known about a question; of a search, `others` are the hits."""

    found: Found


class Issue(msgspec.Struct, frozen=True):
    """`id` never changes. `twins` are the keys of newer issues with the same label that were closed as duplicates.

    `assignee` is the account that the draft's e-mail turned out to be; `unassigned`: there is none, so nobody has it.
    `without`: fields that the tracker would not take. `snapshot` is there when the issue was found, not made. `noted`:
    it was there, and what was to be said stands in a comment. `priority`: what the tracker has filled in by itself, as
    in a Snapshot, where the draft asked for none.
    """

    key: str
    url: str
    id: str = ""
    twins: tuple[str, ...] = ()
    doubted: bool = False
    assignee: TrackerUser | None = None
    unassigned: bool = False
    without: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    noted: bool = False
    priority: str | None = None


class Abandoned(msgspec.Struct, frozen=True):
    """What may have been done is wanted no longer."""


class Synced(msgspec.Struct, frozen=True):
    """An issue after we have written to it, if we had to. `refused`: what it did not take, by field, with the reason.

    `user` is the account that the assignee turned out to be, `email` theirs.
    """

    snapshot: Snapshot
    refused: dict[str, str] = {}
    user: TrackerUser | None = None
    email: str | None = None


class Gone(msgspec.Struct, frozen=True):
    """The issue that something was to be done to no longer exists."""

    key: str


class Reconciled(msgspec.Struct, frozen=True):
    """One page is done; `following` is the next one, None: that was the last of its run."""

    following: Reconcile | None = None


class Crawled(msgspec.Struct, frozen=True):
    """One page of a crawl is done; `following` is the next one, None: that was the last of its run, `done`."""

    done: Crawl
    following: Crawl | None = None


class Due(msgspec.Struct, frozen=True):
    """A page of work of our own is to be done, in the commit that settles it."""


Result = Nothing | Posted | Profile | Answered | Issue | Abandoned | Synced | Gone | Reconciled | Crawled | Due
