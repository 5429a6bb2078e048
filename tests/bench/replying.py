"""An activity of Teams, from the socket to its reply: our bot beside an echo on the stock CloudAdapter.

Both verify the same tokens, under the same load, and reply to the same connector, which takes a message of nobody whose
token it has not issued. The echo has replied when it acknowledges. Ours has committed, and replies over a lane, which
the same process works; its CPU time is taken until the last reply is there and settled. Every activity must be
committed, and have one reply. In a round everybody writes once, so that no conversation has to rest.

What is promised is small talk, which comes nearest to an echo: one activity, one reply. Measured too, and promised
nothing: the same where no token comes twice, so that every signature is verified (see `activities`), questions, and the
way in alone, without lanes.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

import msgspec
from aiohttp import ClientSession

from adapters.store.redis_store import RedisStore
from adapters.teams.reference import Conversation
from bot import vouching
from bot.people import Person
from tests.bench.acknowledging import (
    DRAIN_SECONDS,
    ORGANISATION,
    OURS,
    WAY_IN,
    Server,
    all_committed,
    middle,
    ours,
    rounds_of,
)
from tests.bench.activities import PEOPLE, SMALL_TALK, TOKENS, Signed, conversation, mark, user
from tests.bench.children import child
from tests.bench.company import person
from tests.bench.echo_door import ECHO
from tests.bench.events import QUESTIONS
from tests.bench.figures import Figure, Section, Tell
from tests.bench.load import Loaded, Order, put_load
from tests.bench.machine import cpu_seconds

STOCK = "stock echo"
PROMISED = 8.0
WITH_REPLY = "activity -> durable commit -> ack -> reply at the connector"
LOOK_SECONDS = 0.02
MILLION = 1_000_000  # each load has numbers of its own
OWN_TOKENS = 2_000  # more than are ever remembered


class Size(msgspec.Struct, frozen=True):
    """`conversations` in a round, and so many activities where nothing is replied."""

    rounds: int
    conversations: int
    activities: int


FULL = Size(rounds=7, conversations=PEOPLE, activities=3000)
QUICK = Size(rounds=3, conversations=PEOPLE // 2, activities=1000)


class Progress(msgspec.Struct, frozen=True):
    """Replies since the start, and when the last of them came, on the clock that all processes of a machine share."""

    replies: int
    last: float


class SilentTeams:
    """What the process behind `silent_teams` tells the bench."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url, self._session = url, session

    async def signed(self, texts: Sequence[str], tokens: int = TOKENS) -> Signed:
        given = msgspec.json.decode(await self._told(f"tokens/{tokens}"), type=tuple[str, ...])
        return Signed(self.url, given, tuple(texts))

    async def progress(self) -> Progress:
        return msgspec.json.decode(await self._told("progress"), type=Progress)

    async def replies(self) -> dict[str, list[str]]:
        """What was said in each conversation since this was last asked."""
        return msgspec.json.decode(await self._told("replies"), type=dict[str, list[str]])

    async def _told(self, what: str) -> bytes:
        async with self._session.get(f"{self.url}/bench/{what}", raise_for_status=True) as answer:
            return await answer.read()


class Load:
    """What people write, in activities from number `first` on. `write` and `converse` are acts of `rounds_of`."""

    def __init__(self, teams: SilentTeams, signed: Signed, first: int = 0) -> None:
        self._teams, self._signed, self._first = teams, signed, first

    async def write(self, server: Server, first: int, count: int) -> Loaded:
        """The way in alone."""
        process, numbers = server.process, self._numbers(first, count)
        order = Order(port=int(process.said), pid=process.pid, first=numbers[0], count=count, signed=self._signed)
        loaded = await put_load(order)
        await all_committed(server, [mark(number) for number in numbers])
        return loaded

    async def converse(self, server: Server, first: int, count: int) -> Loaded:
        """The CPU time and the wall time are those until every reply is there."""
        before, store_before = await self._teams.progress(), await _store_cpu(server)
        loaded = await self.write(server, first, count)
        async with asyncio.timeout(DRAIN_SECONDS):
            while not await self._is_done(server, before.replies + count):  # noqa: ASYNC110 -- it is another process
                await asyncio.sleep(LOOK_SECONDS)
        last = (await self._teams.progress()).last
        await self._all_replied(server, self._numbers(first, count))
        cpu = cpu_seconds(server.process.pid) - loaded.cpu_before
        store_cpu = await _store_cpu(server) - store_before
        return msgspec.structs.replace(loaded, cpu=cpu, store_cpu=store_cpu, seconds=last - loaded.began)

    async def nothing_more(self) -> None:
        """Nobody has had a reply since every reply was there."""
        if await self._teams.replies():
            raise RuntimeError("a reply came twice")

    def _numbers(self, first: int, count: int) -> range:
        return range(self._first + first, self._first + first + count)

    async def _is_done(self, server: Server, replies: int) -> bool:
        """Every reply has come, and our bot knows it."""
        there = (await self._teams.progress()).replies >= replies
        if not there or server.client is None:
            return there
        return await RedisStore(server.client, ORGANISATION).waiting() in ({}, {vouching.LANE.destination: 1})

    async def _all_replied(self, server: Server, numbers: range) -> None:
        """A reply that is missing, came twice or says nothing would make the figure a lie."""
        replies = await self._teams.replies()
        wrong = [number for number in numbers if not self._is_reply(server, number, replies.get(conversation(number)))]
        if wrong or len(replies) != len(numbers):
            raise RuntimeError(f"{server.name}: of {len(numbers)} activities {len(wrong)} without one reply each")

    def _is_reply(self, server: Server, number: int, replies: list[str] | None) -> bool:
        if server.name == STOCK:
            return replies == [f"{ECHO}{self._signed.text(number)}"]
        return replies is not None and len(replies) == 1 and replies[0] != ""


async def _store_cpu(server: Server) -> float:
    """What the store of a server has used so far, in seconds."""
    if server.client is None:
        return 0.0
    told = await server.client.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    size = QUICK if quick else FULL
    async with AsyncExitStack() as stack:
        teams = await stack.enter_async_context(_silent_teams())
        talk = Load(teams, await teams.signed(SMALL_TALK))
        singly = Load(teams, await teams.signed(SMALL_TALK, OWN_TOKENS), MILLION)
        questions = Load(teams, await teams.signed(QUESTIONS), 2 * MILLION)
        stock = await stack.enter_async_context(_stock(teams.url))
        bots = [await stack.enter_async_context(one) for one in _ours(folder, "all", teams.url)]
        replied = await rounds_of([stock, *bots], size.rounds, size.conversations, talk.converse, tell)
        verified = await rounds_of(bots, size.rounds, size.conversations, singly.converse, tell)
        asked = await rounds_of(bots, size.rounds, size.conversations, questions.converse, tell)
        doors = [await stack.enter_async_context(one) for one in _ours(folder, "ack", teams.url)]
        taken = await rounds_of(doors, size.rounds, size.activities, talk.write, tell)
        await talk.nothing_more()
    echo = replied[STOCK]
    return [
        section(f"Small talk in Teams: {WITH_REPLY}; this is what is promised", replied, echo, PROMISED),
        section("The same, every activity under a token of its own, which Teams does not do", verified, echo),
        section("A question in Teams: the same as small talk, and the FAQ searched", asked, echo),
        section(f"Small talk in Teams: {WAY_IN}", taken, echo),
    ]


@asynccontextmanager
async def _silent_teams() -> AsyncIterator[SilentTeams]:
    async with child("-m", "tests.bench.silent_teams") as process, ClientSession() as session:
        yield SilentTeams(f"http://127.0.0.1:{process.said}", session)


@asynccontextmanager
async def _stock(url: str) -> AsyncIterator[Server]:
    async with child("-m", "tests.bench.echo_door", url) as process:
        yield Server(STOCK, process)


def _ours(folder: Path, mode: str, url: str) -> list[AbstractAsyncContextManager[Server]]:
    people = [employee(number, url) for number in range(PEOPLE)]
    return [ours(folder / mode / name, name, fsync, mode, people, teams=url) for name, fsync in OURS.items()]


def employee(number: int, service_url: str) -> Person:
    """Somebody who has written to us in Teams before."""
    chat = Conversation(service_url, conversation(number)).text
    accounts, addresses = {"teams": user(number)}, {"teams": chat}
    return msgspec.structs.replace(person(number), accounts=accounts, addresses=addresses, reach="teams")


# --- figures


def section(title: str, found: dict[str, list[Loaded]], echo: list[Loaded], promised: float | None = None) -> Section:
    figures: list[Figure] = []
    for name, mine in found.items():
        rate = middle(mine, lambda one: one.per_cpu_second)
        figures.append(Figure(name=f"{name}: activities per CPU-second", value=rate))
        if name != STOCK:
            ratio = median(one.per_cpu_second / other.per_cpu_second for one, other in zip(mine, echo, strict=True))
            figures.append(Figure(name=f"{name}: ratio to {STOCK} by CPU", value=ratio, at_least=promised))
        if any(one.store_cpu for one in mine):
            with_store = middle(mine, lambda one: one.events / (one.cpu + one.store_cpu))
            figures.append(Figure(name=f"{name}: the same with those of its store", value=with_store))
        figures += [
            Figure(name=f"{name}: by wall", value=middle(mine, lambda one: one.per_second), unit="/s", shaky=True),
            Figure(name=f"{name}: p50 of the ack", value=middle(mine, lambda one: one.p50), unit="ms", shaky=True),
            Figure(name=f"{name}: p99 of the ack", value=middle(mine, lambda one: one.p99), unit="ms", shaky=True),
        ]
    return Section(title, tuple(figures))
