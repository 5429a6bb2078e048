"""The core behind a door: a real runner on the real store, which notes what came in and what was committed."""

from __future__ import annotations

import asyncio
import datetime

import msgspec
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from bot.errors import StoreUnavailable
from bot.incoming import Incoming
from bot.library import Library
from bot.message import Reply
from bot.people import Person, Policy
from bot.ports import Commit, Verdict
from bot.router import Routes
from bot.runner import Runner
from bot.turn import Turn
from bot.work import Company, Work
from tests.hurry import LONG

LOG_CAP = 12


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Store(RedisStore):
    """`away`: nothing can be committed. `lost`: commits stand, but their answers are lost. `held`: commits wait."""

    def __init__(self, client: Redis, organisation: str) -> None:
        super().__init__(client, organisation, log_cap=LOG_CAP)
        self.away = self.lost = self.held = False
        self.asked = 0

    async def commit(self, commit: Commit) -> Verdict:
        self.asked += 1
        if self.held:
            await asyncio.Event().wait()
        if self.away:
            raise StoreUnavailable("away")
        verdict = await super().commit(commit)
        if self.lost:
            raise StoreUnavailable("the answer was lost")
        return verdict


async def _taken(_: Turn) -> Reply | None:
    return None


ROUTES = Routes(
    verbs=(),
    actions={"done": _taken, "reopen": _taken},
    forms={},
    opened=_taken,
    installed=_taken,
    removed=_taken,
    ask=_taken,
    help=_taken,
)


class Core:
    """`bot.ports.Inbox`. `received` is everything that has come through the door, `acts` what was committed of it.

    While `shut`, an act waits before it is decided. `call_seconds`: how long a call of the platform may take.
    """

    def __init__(self, store: Store, call_seconds: float = LONG) -> None:
        self.store = store
        self.call_seconds = call_seconds
        self.received: list[Incoming] = []
        self.acts: list[Commit] = []
        self._open = asyncio.Event()
        self._open.set()

    async def start(self, channel: str, *people: Person) -> None:
        """Begin to work for a company of these people."""
        company = Company(
            store=self.store, library=Library(self.store, {}), policy=Policy(), channels=(channel,), tracker=None
        )
        self._runner = Runner(company, ROUTES, {}, now, committed=self._note)
        work = Work(company, now())
        for person in people:
            work.put_person(person)
        await self.store.commit(work.commit())

    async def receive(self, incoming: Incoming) -> Reply | None:
        self.received.append(incoming)
        await self._open.wait()
        return await self._runner.receive(incoming)

    def shut(self) -> None:
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    def forget(self) -> None:
        """What has come in so far is not what a test is about."""
        self.received.clear()
        self.acts.clear()

    async def kept(self, person: Person) -> Person:
        """The person as the store has them now."""
        (loaded,) = await self.store.load([f"person:{person.id}"])
        return msgspec.json.decode(loaded.state or b"", type=Person)

    def _note(self, commit: Commit) -> None:
        self.acts.append(commit)
