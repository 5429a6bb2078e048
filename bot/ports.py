"""What the core needs from outside. Adapters implement these; the core imports no adapter."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from bot.effects import CreateIssue, Effect, IssueDraft, Lane, RaiseTicket
from bot.incoming import Account, Incoming, Place
from bot.message import Home, Message, Reply, Text
from bot.people import Person
from bot.results import Issue, Posted, Profile, Result
from bot.tracker.snapshot import Change, Changed, Keys, Observed, Page, Snapshot

Say = Callable[[Text], str]
"""Says a text in the reader's language."""

Speaker = Callable[[str], Say]
"""The voice of a locale."""

Clock = Callable[[], datetime.datetime]
"""The present moment, aware, in UTC."""


# --- the store -------------------------------------------------------------------------------------------------


class Loaded(msgspec.Struct, frozen=True):
    """An aggregate as it was read; version 0 and no state: it does not exist."""

    id: str
    version: int
    state: bytes | None


class Write(msgspec.Struct, frozen=True):
    """New state (None: forget it) of an aggregate that was read at `version`."""

    id: str
    version: int
    state: bytes | None


class Lookup(msgspec.Struct, frozen=True):
    """Set `name` to `value` (None: remove it). With `vacant`, a name that is taken is a conflict."""

    name: str
    value: str | None
    vacant: bool = False


class Membership(msgspec.Struct, frozen=True):
    """Add `member` to the set `index`, or take it out."""

    index: str
    member: str
    present: bool = True


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a claimed effect.

    done / dropped: it leaves the lane, which rests `pace` seconds. later: it stays, to be tried in `after` seconds
    (`doubt`: it may have happened; `counts`: as one more attempt). dead: it leaves for the dead letters with all
    that needs it; `code` and `detail` say why.
    """

    lane: str
    destination: str
    token: str
    outcome: Literal["done", "dropped", "later", "dead"]
    pace: float = 0.0
    after: float = 0.0
    doubt: bool = False
    counts: bool = True
    code: str = ""
    detail: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A lane that is ours until the lease ends, and its head. So many `attempts` have failed before this one; those of
    workers that were lost are not counted.

    `doubt`: an earlier attempt was left in flight or ended Unknown; the first such began `doubt_age` seconds ago, the
    last was over `doubt_over` seconds ago.
    """

    lane: str
    destination: str
    token: str
    attempts: int
    doubt: bool
    doubt_age: float
    doubt_over: float
    effect: Effect


class Waiting(msgspec.Struct, frozen=True):
    """An effect of a lane, and a digest of how it lies there: another one when it has been replaced meanwhile."""

    effect: Effect
    digest: str


class Claims(msgspec.Struct, frozen=True):
    """`wait`: in so many seconds there may be more to claim."""

    claims: tuple[Claim, ...]
    wait: float


class DueWake(msgspec.Struct, frozen=True):
    """A journey whose moment has come; `failures` came before."""

    journey: str
    due: int
    token: str
    failures: int


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be done (`kind` effect), decided (quarantine) or woken (wake). `payload` is JSON."""

    id: str
    kind: Literal["effect", "quarantine", "wake"]
    at: datetime.datetime
    code: str
    detail: str
    payload: bytes
    parked: int = 0


class Score(msgspec.Struct, frozen=True):
    """Where a member stands in an ordered index, the lowest first; None: in it no longer."""

    index: str
    member: str
    value: int | None


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one decision changes, all or nothing.

    `marks` are dedupe keys; the first time they are kept with `reply`. `wakes` in epoch milliseconds, None: never.
    `logs` are appended to the capped log of their aggregate. `settle` / `woken` end the claim that led here.
    `quarantined` keeps an act that broke its handler.
    """

    marks: tuple[str, ...] = ()
    reply: bytes = b""
    writes: tuple[Write, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    memberships: tuple[Membership, ...] = ()
    scores: tuple[Score, ...] = ()
    effects: tuple[Effect, ...] = ()
    wakes: Mapping[str, int | None] = {}
    logs: Mapping[str, tuple[bytes, ...]] = {}
    settle: Settlement | None = None
    woken: DueWake | None = None
    quarantined: DeadLetter | None = None


class Verdict(msgspec.Struct, frozen=True):
    """done; duplicate (nothing written, `reply` is the kept one); conflict; stale (the claim is no longer ours)."""

    what: Literal["done", "duplicate", "conflict", "stale"]
    reply: bytes = b""


class Store(Protocol):
    """One organisation's state. Every method raises StoreUnavailable when the store cannot answer now."""

    async def load(self, ids: Sequence[str]) -> list[Loaded]:
        """The aggregates, in the order of `ids`."""

    async def load_by_account(self, account: str, beside: Sequence[str] = ()) -> tuple[Loaded | None, list[Loaded]]:
        """The aggregate that the lookup `account:<account>` names; None when the account is not joined to anybody. With
        it, in the same round trip, those that are named `beside` it."""

    async def lookup(self, names: Sequence[str]) -> list[str | None]: ...

    async def members(self, index: str) -> list[str]: ...

    async def ranked(self, index: str, first: int, count: int) -> tuple[list[str], int]:
        """At most `count` members of an ordered index, from place `first` (0: the lowest) on; and how many it has."""

    def pages(self, index: str) -> AsyncIterator[list[str]]:
        """As `members`, some hundreds at a time, so that nobody waits for a large index. Whoever is in it all the while
        comes at least once; twice, when it changes meanwhile."""

    async def log(self, aggregate: str) -> list[bytes]:
        """The kept log entries of an aggregate, oldest first."""

    async def commit(self, commit: Commit) -> Verdict: ...

    async def claim(self, destination: str, limit: int, lease: float) -> Claims:
        """At most `limit` lanes whose time has come, expired leases first, within the destination's rate."""

    async def settle(self, settlement: Settlement) -> bool:
        """Settle without anything else to commit; False: stale, nothing was written."""

    async def is_waiting(self, lane: Lane) -> bool:
        """Is there anything in the lane?"""

    async def following(self, claim: Claim, limit: int) -> list[Waiting]:
        """At most `limit` effects of a claimed lane, its head first."""

    async def bundle(self, claim: Claim, waiting: Sequence[Waiting], effect: Effect) -> bool:
        """Put `effect` in the place of the head and those behind it, and end the claim. False: nothing was written, for
        the claim is no longer ours, or something else stands there by now."""

    async def wakes(self, limit: int, lease: float) -> tuple[list[DueWake], float]:
        """Journeys whose moment has come, leased; and the seconds until the next one."""

    async def wake_failed(self, wake: DueWake, after: float | None, detail: str) -> None:
        """Try again in `after` seconds; None: to the dead letters."""

    async def pause(self, destination: str, seconds: float) -> None:
        """Nothing of a destination is claimed for so long."""

    async def dead(self) -> list[DeadLetter]:
        """Every dead letter, oldest first."""

    async def dead_retry(self, letter_id: str) -> bool:
        """Put it back at the head of its lane, with what was parked, in order. False: there is no such letter."""

    async def dead_drop(self, letter_id: str) -> bool: ...

    async def keep_version(self, kind: str, version: str, content: bytes) -> None:
        """Keep an immutable version (a scenario's) for as long as it is in use."""

    async def version(self, kind: str, version: str) -> bytes | None: ...

    async def waiting(self) -> dict[str, int]:
        """How many lanes wait or are leased, by destination."""


# --- the world outside -------------------------------------------------------------------------------------------


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A message on its way: to a person in private (`person`), or into a place.

    `effect` is the id under which the platform can be looked at. `speaker` is there when nobody knows the language of
    the person: it is then said in the one that the platform tells (`said_in`), if it tells one.
    """

    effect: str
    message: Message
    say: Say
    person: Person | None = None
    place: Place | None = None
    speaker: Speaker | None = None

    def said_in(self, locale: str | None) -> Post:
        if self.speaker is None or not locale:
            return self
        return msgspec.structs.replace(self, say=self.speaker(locale))


class Channel(Protocol):
    """A messenger. Every method raises only the DeliveryErrors of `bot.errors`.

    Refused("blocked"): the person wants to hear nothing from us here; Refused("person-unreachable"): there is no way to
    them here; Refused("left"): their account here is closed. All are then told on another channel.
    """

    name: str
    can_look: bool

    async def post(self, post: Post) -> Posted:
        """A new message."""

    async def update(self, post: Post, ref: str) -> Posted:
        """Replace the message `ref` in place. Refused("gone"): it is no longer there."""

    async def look(self, post: Post, age: float) -> Posted | None:
        """The message that carries `post.effect`, if an attempt in the last `age` seconds has left one."""

    async def show_home(self, person: Person, home: Home, say: Say) -> None:
        """The person's standing page; nothing where the channel has none."""

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:
        """What the platform vouches for about an account, which was met at `place`. `anew`: something about it has just
        changed, so that only the platform itself can tell."""


OwnIssues = Callable[[Sequence[Snapshot]], Awaitable[Collection[str]]]
"""Of issues that carry one label, the ids of those that are ours and may stand for what the label was made for."""


class Tracker(Protocol):
    """Where issues live. Every method raises only the DeliveryErrors of `bot.errors`."""

    name: str
    settle_seconds: float

    async def create(self, effect: str, act: CreateIssue | RaiseTicket, parent: str | None = None) -> Issue:
        """Make the issue, under the label of the act and as ours; `parent` is the key of the issue above it.

        An assignee that the tracker does not know is no error: the issue is made for nobody, with the name in its text.
        """

    async def look(self, label: str, own: OwnIssues) -> Issue | None:
        """The oldest live issue under a label that is an own one. Other own ones are closed as its duplicates, and
        named; what is not our own is left alone."""

    async def read(self, key: str) -> Snapshot | None:
        """The issue as it is now, with its latest comments; None: it no longer exists."""

    async def read_each(self, keys: Sequence[str]) -> dict[str, Snapshot | None]:
        """As `read`, for several issues at once. Those that the tracker refuses for another reason are left out."""

    async def change(self, key: str, change: Change) -> Changed:
        """Write the fields that `change` names, each once. What the tracker will never take is named, not raised."""

    async def link(self, key: str, name: str, url: str, title: str) -> None:
        """Give the issue a link to a page; one of the same `name` is replaced."""

    async def comment(self, key: str, draft: IssueDraft) -> None:
        """Write as a comment what would stand in a new issue, unless it stands in one already: whoever is in doubt may
        ask again."""

    async def relabel(self, key: str, labels: Sequence[str]) -> None:
        """Put back labels by which the issue is known to be ours."""

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> Page:
        """Issues of ours that were updated at `since` or later, a page at a time, with their latest comments.

        Times of a search have minutes, and it lags: `since` is taken back a little, so some come twice.
        """

    async def count(self) -> int:
        """About how many issues of ours there are."""

    async def keys(self, cursor: str | None) -> Keys:
        """The keys of all issues of ours, a page at a time."""


class TrackerInbox(Protocol):
    """Where the tracker's adapter brings what happens there."""

    async def observe(self, observed: Observed) -> None:
        """Decide and commit. When it returns, the delivery may be acknowledged. Raises StoreError, and nothing else."""


class Inbox(Protocol):
    """Where adapters bring what people do."""

    async def receive(self, incoming: Incoming) -> Reply | None:
        """Decide and commit. When it returns, the event may be acknowledged, with the Reply where there is one.

        Raises StoreError: nothing is committed, the platform must hear 503. Nothing else.
        """


class Destination(Protocol):
    """What a lane leads to, as the delivery sees it. `timeout` and `lease` are seconds; timeout < lease."""

    name: str
    slots: int
    timeout: float
    can_look: bool
    look_after: float
    pace: float

    async def deliver(self, effect: Effect) -> Result: ...

    async def look(self, effect: Effect, age: float) -> Result | None: ...
