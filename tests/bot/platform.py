"""The other side of the ports: a messenger, a tracker and a handbook that keep what they are given, and fail when told.

They stand for platforms. Everything of ours is the real thing.
"""

import asyncio
import datetime
import itertools
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.effects import CreateIssue, IssueDraft, RaiseTicket
from bot.errors import Refused, Unknown
from bot.incoming import Account, Place
from bot.knowledge import Answer, Found
from bot.message import Home, Message
from bot.people import Person
from bot.ports import OwnIssues, Post, Say
from bot.results import Issue, Posted, Profile
from bot.tracker.labels import DUPLICATE, OURS, IssueLabels, label_of
from bot.tracker.snapshot import Change, Changed, Keys, Page, Snapshot, TrackerUser


class Trouble(msgspec.Struct, frozen=True):
    """What the next call meets: an error, or no answer at all; `lands`: what was asked for happens all the same."""

    error: Exception | None = None
    lands: bool = False


FINE = None
HANGS = Trouble()
LOST = Trouble(Unknown("the answer was lost"), lands=True)
NOT_SENT = Trouble(Unknown("the request was lost"))


class Shown(msgspec.Struct, kw_only=True):
    """A message as it stands on the platform. `to` is a person's id or a conversation; `at`: when it came, if the
    messenger has a clock."""

    ref: str
    effect: str
    to: str
    text: str
    message: Message
    updates: int = 0
    at: datetime.datetime | None = None

    @property
    def lines(self) -> dict[str, str]:
        """Item by item, how it is marked."""
        return {line.id: line.mark for line in self.message.items}


class Platform:
    """What every platform can be told to do wrong."""

    def __init__(self) -> None:
        self.troubles: deque[Trouble | None] = deque()
        self.calls: list[str] = []

    def meets(self, *troubles: Trouble | Exception | None) -> None:
        """The next calls meet these, in order; None: nothing."""
        self.troubles.extend(Trouble(one) if isinstance(one, Exception) else one for one in troubles)

    async def _answers(self, call: str, do: Callable[[], None]) -> None:
        self.calls.append(call)
        trouble = self.troubles.popleft() if self.troubles else None
        if trouble is None or trouble.lands:
            do()
        if trouble is None:
            return
        if trouble.error is None:
            await asyncio.Event().wait()
        else:
            raise trouble.error


class Messenger(Platform):
    """A channel. Everybody of the directory has an account there: their handle in capitals."""

    def __init__(self, name: str = "chat", *, can_look: bool = True) -> None:
        super().__init__()
        self.name = name
        self.can_look = can_look
        self.shown: list[Shown] = []
        self.clock: Callable[[], datetime.datetime] | None = None
        self.homes: dict[str, tuple[str, ...]] = {}
        self.at_home: dict[str, Home] = {}
        self.profiles: dict[str, Profile] = {}
        self.refuses: dict[str, Refused] = {}  # messages to these people, by id
        self.locales: dict[str, str | None] = {}  # what it tells about accounts
        self.places: list[Place] = []  # where it was said that is no person's conversation itself

    def to(self, reader: Person | str) -> list[Shown]:
        key = reader if isinstance(reader, str) else reader.id
        return [one for one in self.shown if one.to == key]

    def texts(self, reader: Person | str) -> list[str]:
        return [one.text for one in self.to(reader)]

    async def post(self, post: Post) -> Posted:
        if post.person is not None and post.person.id in self.refuses:
            raise self.refuses[post.person.id]
        account = None if post.person is None else post.person.accounts.get(self.name, post.person.handle.upper())
        told = self.locales.get(account or "")
        post = post.said_in(told)
        shown = Shown(
            ref=f"{self.name}-{len(self.shown) + len(self.calls)}",
            effect=post.effect,
            to=post.person.id if post.person else _place(post),
            text=post.say(post.message.text),
            message=post.message,
            at=self.clock and self.clock(),
        )
        await self._answers("post", lambda: self._show(shown, post))
        return Posted(shown.ref, self._found(post.person), locale=None if post.speaker is None else told)

    def _show(self, shown: Shown, post: Post) -> None:
        self.shown.append(shown)
        if post.place is not None and post.place.thread is not None:
            self.places.append(post.place)

    async def update(self, post: Post, ref: str) -> Posted:
        standing = next((one for one in self.shown if one.ref == ref), None)
        if standing is None:
            raise Refused("gone", "no such message")

        def change() -> None:
            standing.message, standing.text = post.message, post.say(post.message.text)
            standing.updates += 1

        await self._answers("update", change)
        return Posted(ref)

    async def look(self, post: Post, age: float) -> Posted | None:
        assert self.can_look
        assert age >= 0
        await self._answers("look", lambda: None)
        return next((Posted(one.ref) for one in self.shown if one.effect == post.effect), None)

    async def show_home(self, person: Person, home: Home, say: Say) -> None:
        texts = tuple(say(section.text) for section in home.sections)
        self.at_home[person.id] = home
        await self._answers("home", lambda: self.homes.update({person.id: texts}))

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:  # noqa: ARG002
        await self._answers("whose", lambda: None)
        return self.profiles.get(account.id, Profile(account))

    def _found(self, person: Person | None) -> Account | None:
        """Who was reached by e-mail is known by account from then on."""
        if person is None or self.name in person.accounts:
            return None
        return Account(self.name, person.handle.upper())


def _place(post: Post) -> str:
    assert post.place is not None
    return post.place.conversation


class Kept(Struct, kw_only=True):
    """An issue of the tracker. `label` is the effect that it was made for."""

    label: str
    act: CreateIssue | RaiseTicket
    snapshot: Snapshot
    parent: str | None = None
    links: dict[str, str] = {}
    comments: list[IssueDraft] = []
    gone: bool = False


class Tracker(Platform):
    """Where issues live. Its own clock goes on by a second with every write; `writes` are all that were applied."""

    name = "tracker"

    def __init__(self, settle_seconds: float = 30.0) -> None:
        super().__init__()
        self.settle_seconds = settle_seconds
        self.made: list[tuple[str, CreateIssue | RaiseTicket]] = []
        self.closed: list[str] = []
        self.kept: dict[str, Kept] = {}
        self.users: dict[str, TrackerUser] = {}
        self.writes: list[tuple[str, str]] = []
        self.refuses: dict[str, str] = {}
        self.told: Callable[[Snapshot], None] = lambda _: None
        self._ticks = itertools.count()
        self.page_size = 100
        self.labels: IssueLabels | None = None  # of the company, for what is made here by hand
        self.default_priority: str | None = None  # what it gives an issue that asks for none

    def keys_of(self, effect: str) -> list[str]:
        """The live issues that carry the effect's label."""
        found = [f"ONB-{number}" for number, (label, _) in enumerate(self.made, 1) if label == effect]
        return [key for key in found if key not in self.closed]

    def knows(self, *people: Person) -> None:
        """These have an account here; their e-mails are hidden, as on Cloud."""
        self.users |= {one.email: TrackerUser(f"acc-{one.handle}", one.name) for one in people}

    def issue(self, key: str) -> Snapshot:
        return self.kept[key].snapshot

    def edit(self, key: str, **changes: Any) -> Snapshot:
        """What somebody does there; whoever listens is told."""
        kept = self.kept[key]
        kept.snapshot = replace(kept.snapshot, updated=self._now(), **changes)
        self.told(kept.snapshot)
        return kept.snapshot

    def delete(self, key: str) -> None:
        self.kept[key].gone = True

    async def create(self, effect: str, act: CreateIssue | RaiseTicket, parent: str | None = None) -> Issue:
        await self._answers("create", lambda: self._make(effect, act, parent))
        user = self.users.get(act.draft.assignee or "")
        key = f"ONB-{len(self.made)}"
        given = self.default_priority if act.draft.priority is None else None
        made = replace(_issue(key), priority=given)
        return replace(made, assignee=user, unassigned=act.draft.assignee is not None and user is None)

    def _make(self, effect: str, act: CreateIssue | RaiseTicket, parent: str | None) -> None:
        self.made.append((effect, act))
        number = len(self.made)
        draft = act.draft
        snapshot = Snapshot(
            id=str(10000 + number),
            key=f"ONB-{number}",
            url=_issue(f"ONB-{number}").url,
            updated=self._now(),
            status="new",
            priority=draft.priority or self.default_priority,
            assignee=self.users.get(draft.assignee or ""),
            due=draft.due,
            labels=(OURS, self._label(effect, act), *draft.labels),
            made_by_us=True,
        )
        self.kept[snapshot.key] = Kept(label=effect, act=act, snapshot=snapshot, parent=parent)
        self.told(snapshot)

    def _label(self, effect: str, act: CreateIssue | RaiseTicket) -> str:
        return label_of(effect, act) if self.labels is None else self.labels.of(effect)

    def _now(self) -> datetime.datetime:
        start = datetime.datetime(2026, 12, 1, 9, tzinfo=datetime.UTC)
        return start + datetime.timedelta(seconds=next(self._ticks))

    async def look(self, label: str, own: OwnIssues) -> Issue | None:
        await self._answers("look", lambda: None)
        found = [one.snapshot for one in self.kept.values() if not one.gone and label in one.snapshot.labels]
        mine = await own(found)
        keys = [one.key for one in found if one.id in mine and one.key not in self.closed]
        if not keys:
            return None
        for key in keys[1:]:
            self._close(key)
        return replace(_issue(keys[0]), twins=tuple(keys[1:]), snapshot=self.kept[keys[0]].snapshot)

    def _close(self, key: str) -> None:
        """As another's duplicate."""
        self.closed.append(key)
        if key in self.kept:
            labels = (*self.kept[key].snapshot.labels, DUPLICATE)
            self.edit(key, labels=labels, status="done", twin=True)

    async def read(self, key: str) -> Snapshot | None:
        await self._answers("read", lambda: None)
        found = [one for one in self.kept.values() if key in (one.snapshot.key, one.snapshot.id)]
        return None if not found or found[0].gone else found[0].snapshot

    async def read_each(self, keys: Sequence[str]) -> dict[str, Snapshot | None]:
        return {key: await self.read(key) for key in keys}

    async def change(self, key: str, change: Change) -> Changed:
        taken = [name for name in change.fields if name not in self.refuses]
        user = self.users.get(change.assignee or "")
        values = {"status": change.status, "priority": change.priority, "assignee": user, "due": change.due}

        def write() -> None:
            self.writes += [(key, name) for name in taken]
            if taken:
                self.edit(key, **{name: values[name] for name in taken})

        await self._answers("change", write)
        return Changed({name: self.refuses[name] for name in change.fields if name in self.refuses}, user)

    async def link(self, key: str, name: str, url: str, title: str) -> None:
        await self._answers("link", lambda: self.kept[key].links.update({name: f"{title} {url}"}))

    async def comment(self, key: str, draft: IssueDraft) -> None:
        comments = self.kept[key].comments

        def write() -> None:
            if draft not in comments:
                comments.append(draft)

        await self._answers("comment", write)

    async def relabel(self, key: str, labels: Sequence[str]) -> None:
        kept = self.kept[key]
        more = tuple(label for label in labels if label not in kept.snapshot.labels)

        def write() -> None:
            self.edit(key, labels=(*kept.snapshot.labels, *more))

        await self._answers("relabel", write)

    def _ours(self) -> list[Snapshot]:
        live = [one.snapshot for one in self.kept.values() if not one.gone and OURS in one.snapshot.labels]
        return sorted(live, key=lambda one: (one.updated, int(one.id)))

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> Page:
        del since  # the moments of a test and the clock of this tracker have nothing to do with each other
        await self._answers("changed", lambda: None)
        found, start = self._ours(), int(cursor or 0)
        end = start + self.page_size
        return Page(tuple(found[start:end]), str(end) if end < len(found) else None)

    async def count(self) -> int:
        await self._answers("count", lambda: None)
        return len(self._ours())

    async def keys(self, cursor: str | None) -> Keys:
        assert cursor is None
        await self._answers("keys", lambda: None)
        return Keys({one.id: one.key for one in self._ours()})


def _issue(key: str) -> Issue:
    return Issue(key, f"https://tracker.example/{key}", id=str(10000 + int(key.partition("-")[2])))


class Handbook:
    """Knowledge that knows one thing, and what a test tells it: `known` by question, `pages` by id."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.before: list[str] = []
        self.known: dict[str, Found] = {}
        self.confidential: tuple[Answer, ...] = ()
        self.pages: dict[str, Answer] = {}

    def learns(self, question: str, found: Found) -> None:
        """The question is known from now on, and every answer that it may have can be read."""
        self.known[question] = found
        answers = found.others if found.best is None else (found.best, *found.others)
        self.pages |= {one.id: one for one in answers}

    async def find(self, question: str, locale: str, before: str = "", *, private: bool = False) -> Found:
        found = await self._find(question, locale, before)
        return replace(found, confidential=self.confidential) if private else found

    async def _find(self, question: str, locale: str, before: str) -> Found:
        self.asked.append(question)
        self.before.append(before)
        if question in self.known:
            return self.known[question]
        language: Literal["ru", "en"] = "en" if locale == "en" else "ru"
        if "vpn" not in question.casefold():
            return Found(band="unknown", language=language)
        return Found(band="answer", language=language, best=await self.read("vpn", question, locale))

    async def read(self, answer: str, question: str, locale: str) -> Answer | None:  # noqa: ARG002
        if answer != "vpn":
            return self.pages.get(answer)
        text = "Start the client." if locale == "en" else "Запустите клиент."
        return Answer(id="vpn", label="VPN", text=text, source="IT", url="https://it.example/vpn", confidence=0.9)

    async def search(self, words: str, locale: str, limit: int = 8) -> tuple[Answer, ...]:
        found = await self.read("vpn", words, locale) if "vpn" in words.casefold() else None
        return (*self.pages.values(), found)[:limit] if found is not None else ()
