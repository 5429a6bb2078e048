"""What the tests of the web chat share: people, an inbox that remembers, a store that can go away."""

from __future__ import annotations

import asyncio
import datetime
import uuid
from collections.abc import Sequence

import msgspec
from aiohttp import web
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from bot.errors import StoreUnavailable
from bot.incoming import Incoming
from bot.message import Message, Reply
from bot.people import Person, Role
from bot.ports import Commit, Post, Verdict, Write
from bot.texts import speaker

NOW = datetime.datetime(2026, 11, 24, 9, 0, tzinfo=datetime.UTC)
SECRET = b"a secret of the tests"

ANNA = Person(
    id="a1", email="newcomer@butterboard.example", name="Анна Новикова", department="Разработка", manager="p1"
)
PAVEL = Person(
    id="p1",
    email="manager@butterboard.example",
    name="Павел Орлов",
    department="Разработка",
    roles=frozenset({Role.MANAGER}),
)
EMMA = Person(id="e1", email="emma@butterboard.example", name="Emma Clarke", locale="en", manager="p1")
EVERYBODY = (ANNA, PAVEL, EMMA)

Client = TestClient[web.Request, web.Application]


class Ticking:
    """A clock that moves one second with each look."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime.datetime:
        self.now += datetime.timedelta(seconds=1)
        return self.now


class RememberingInbox:
    """Keeps what came in, each id once, as the real one decides each id once."""

    def __init__(self) -> None:
        self.received: dict[str, Incoming] = {}
        self.away = False

    async def receive(self, incoming: Incoming) -> Reply | None:
        if self.away:
            raise StoreUnavailable("away")
        self.received.setdefault(incoming.id, incoming)
        return None


class FlakyStore(RedisStore):
    """`away`: nothing can be committed. `lost`: the next commit stands, but its answer is lost.

    `mute`: nothing is told about news; `asked` is then set by whoever wanted to know.
    """

    away = False
    mute = False

    def __init__(self, client: Redis, organisation: str, *, log_cap: int) -> None:
        super().__init__(client, organisation, log_cap=log_cap)
        self.asked = asyncio.Event()

    lost = False

    async def lookup(self, names: Sequence[str]) -> list[str | None]:
        if self.mute:
            self.asked.set()
            raise StoreUnavailable("mute")
        return await super().lookup(names)

    async def commit(self, commit: Commit) -> Verdict:
        if self.away:
            raise StoreUnavailable("away")
        verdict = await super().commit(commit)
        if self.lost:
            self.lost = False
            raise StoreUnavailable("the answer was lost")
        return verdict


async def keep_people(store: RedisStore, people: Sequence[Person] = EVERYBODY) -> None:
    writes = tuple(Write(f"person:{one.id}", 0, msgspec.json.encode(one)) for one in people)
    await store.commit(Commit(writes=writes))


def post_of(message: Message, effect: str = "J:welcome:a1", person: Person = ANNA) -> Post:
    return Post(effect=effect, message=message, say=speaker(person.locale), person=person)


def new_id() -> str:
    return str(uuid.uuid4())


async def pick(client: Client, person: Person) -> None:
    answer = await client.post("/chat/session", json={"id": new_id(), "person": person.id})
    assert answer.status == 200, await answer.text()
