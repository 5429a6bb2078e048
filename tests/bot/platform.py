"""The other side of the ports: a messenger, a tracker and a handbook that keep what they are given, and fail when told.

They stand for platforms. Everything of ours is the real thing.
"""

import asyncio
from collections import deque
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from bot.effects import CreateIssue, VerifyIssue
from bot.errors import Refused, Unknown
from bot.incoming import Account
from bot.knowledge import Answer
from bot.message import Home, Message
from bot.people import Person
from bot.ports import Post, Say
from bot.results import Issue, Posted, Profile


class Trouble(msgspec.Struct, frozen=True):
    """What the next call meets: an error, or no answer at all; `lands`: what was asked for happens all the same."""

    error: Exception | None = None
    lands: bool = False


FINE = None
HANGS = Trouble()
LOST = Trouble(Unknown("the answer was lost"), lands=True)
NOT_SENT = Trouble(Unknown("the request was lost"))


class Shown(msgspec.Struct, kw_only=True):
    """A message as it stands on the platform. `to` is a person's id or a conversation."""

    ref: str
    effect: str
    to: str
    text: str
    message: Message
    updates: int = 0

    @property
    def lines(self) -> dict[str, str]:
        """Item by item, how it is marked."""
        return {line.id: line.mark for line in self.message.items}


class _Platform:
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


class Messenger(_Platform):
    """A channel. Everybody of the directory has an account there: their handle in capitals."""

    def __init__(self, name: str = "chat", *, can_look: bool = True) -> None:
        super().__init__()
        self.name = name
        self.can_look = can_look
        self.shown: list[Shown] = []
        self.homes: dict[str, tuple[str, ...]] = {}
        self.profiles: dict[str, Profile] = {}

    def to(self, reader: Person | str) -> list[Shown]:
        key = reader if isinstance(reader, str) else reader.id
        return [one for one in self.shown if one.to == key]

    def texts(self, reader: Person | str) -> list[str]:
        return [one.text for one in self.to(reader)]

    async def post(self, post: Post) -> Posted:
        shown = Shown(
            ref=f"{self.name}-{len(self.shown) + len(self.calls)}",
            effect=post.effect,
            to=post.person.id if post.person else _place(post),
            text=post.say(post.message.text),
            message=post.message,
        )
        await self._answers("post", lambda: self.shown.append(shown))
        return Posted(shown.ref, self._found(post.person))

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
        await self._answers("home", lambda: self.homes.update({person.id: texts}))

    async def whose(self, account: Account) -> Profile:
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


class Tracker(_Platform):
    """Where issues live."""

    name = "tracker"

    def __init__(self, settle_seconds: float = 30.0) -> None:
        super().__init__()
        self.settle_seconds = settle_seconds
        self.made: list[tuple[str, CreateIssue]] = []
        self.closed: list[str] = []

    def keys(self, effect: str) -> list[str]:
        """The live issues that carry the effect's label."""
        found = [f"ONB-{number}" for number, (label, _) in enumerate(self.made, 1) if label == effect]
        return [key for key in found if key not in self.closed]

    async def create(self, effect: str, act: CreateIssue) -> Issue:
        await self._answers("create", lambda: self.made.append((effect, act)))
        return _issue(f"ONB-{len(self.made)}")

    async def look(self, effect: str) -> Issue | None:
        await self._answers("look", lambda: None)
        return self._live(effect)

    async def verify(self, act: VerifyIssue) -> Issue | None:
        await self._answers("verify", lambda: None)
        return self._live(act.of)

    def _live(self, effect: str) -> Issue | None:
        keys = self.keys(effect)
        self.closed += keys[1:]
        return replace(_issue(keys[0]), twins=tuple(keys[1:])) if keys else None


def _issue(key: str) -> Issue:
    return Issue(key, f"https://tracker.example/{key}")


class Handbook:
    """Knowledge that knows one thing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def find(self, question: str, locale: str) -> Answer | None:
        self.asked.append(question)
        if "vpn" not in question.casefold():
            return None
        text = "Start the client." if locale == "en" else "Запустите клиент."
        return Answer(text=text, source_title="IT", source_url="https://it.example/vpn", entry_id="vpn", score=0.9)
