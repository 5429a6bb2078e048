"""Lanes through the real delivery, in one process, to a channel that does nothing."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles

import msgspec

from adapters.store.connect import connect
from adapters.store.embedded import AppendFsync, EmbeddedServer
from adapters.store.redis_store import RedisStore
from bot.effects import Effect, Lane, Say
from bot.incoming import Account, Place
from bot.knowledge import Answer, Found
from bot.message import Home, Message
from bot.people import Person, Policy
from bot.ports import Commit, Post
from bot.ports import Say as Voice
from bot.results import Posted, Profile
from bot.runner import Decision
from bot.work import Work
from tests.bench.company import move_in, person
from tests.bench.events import PEOPLE
from tests.bench.figures import Figure, Section, Tell
from wiring.parts import Bot, Wired, assemble, company
from wiring.run import spare_the_collector

LANES, LANES_QUICK = 20_000, 10_000
ROUNDS = 3
SINGLE, SINGLE_QUICK = 400, 150
EVERY = 0.02  # seconds between two single effects: nothing else is under way then
AT_ONCE = 500
PATIENCE = 120.0
PROMISED: dict[AppendFsync, float | None] = {"everysec": 3.0, "always": None}


class NoKnowledge:
    async def find(self, question: str, locale: str, before: str = "", *, private: bool = False) -> Found:  # noqa: ARG002
        return Found(band="unknown", language="ru")

    async def read(self, answer: str, question: str, locale: str) -> None:  # noqa: ARG002
        return None

    async def search(self, words: str, locale: str, limit: int = 8) -> tuple[Answer, ...]:  # noqa: ARG002
        return ()


class IdleChannel:
    """`bot.ports.Channel` that does nothing; `posted` notes when each effect came."""

    name = "slack"
    can_look = True

    def __init__(self) -> None:
        self.posted: dict[str, float] = {}
        self.awaited = 0
        self.all_here = asyncio.Event()

    async def post(self, post: Post) -> Posted:
        self.posted[post.effect] = time.perf_counter()
        if len(self.posted) >= self.awaited:
            self.all_here.set()
        return Posted("D1:1")

    async def update(self, post: Post, ref: str) -> Posted:  # noqa: ARG002
        return Posted(ref)

    async def look(self, post: Post, age: float) -> Posted | None:  # noqa: ARG002
        return None

    async def show_home(self, person: Person, home: Home, say: Voice) -> None:  # noqa: ARG002
        return None

    async def whose(self, account: Account, place: Place | None = None, *, anew: bool = False) -> Profile:  # noqa: ARG002
        return Profile(account)

    async def receive(self, effects: int) -> None:
        """Wait until so many have come."""
        self.awaited = effects
        async with asyncio.timeout(PATIENCE):
            await self.all_here.wait()


class Stage(msgspec.Struct, frozen=True):
    store: RedisStore
    bot: Bot
    channel: IdleChannel


@asynccontextmanager
async def _stage(folder: Path, appendfsync: AppendFsync) -> AsyncIterator[Stage]:
    """A bot with one channel, not yet working."""
    async with EmbeddedServer(folder, appendfsync) as server, connect(server.url) as client:
        store, channel = RedisStore(client, "bench"), IdleChannel()
        await move_in(store)
        of = company(store, {}, Policy(), (channel.name,), None, quiet_hours=False)
        yield Stage(store, assemble(of, lambda _: (Wired(channel),), None, NoKnowledge()), channel)


@asynccontextmanager
async def working(bot: Bot) -> AsyncIterator[None]:
    working = asyncio.create_task(bot.run())
    try:
        yield
    finally:
        bot.stop()
        await working


class Drained(msgspec.Struct, frozen=True):
    per_second: float
    per_cpu_second: float


async def _drain(folder: Path, lanes: int) -> Drained:
    """From the first claim to the last settlement."""
    async with _stage(folder, "everysec") as stage:
        for first in range(0, lanes, AT_ONCE):
            await stage.store.commit(Commit(effects=tuple(map(_effect, range(first, min(first + AT_ONCE, lanes))))))
        start, cpu = time.perf_counter(), time.process_time()
        async with working(stage.bot):
            await stage.channel.receive(lanes)
            async with asyncio.timeout(PATIENCE):
                while await stage.store.waiting():  # noqa: ASYNC110 -- a lane leaves with its settlement only
                    await asyncio.sleep(0.002)
            return Drained(lanes / (time.perf_counter() - start), lanes / (time.process_time() - cpu))


def _effect(number: int) -> Effect:
    act = Say(Message("Welcome aboard! " * 8), person=person(number % PEOPLE).id)
    return Effect(id=f"say:{number}", lane=Lane("slack", f"p{number}"), act=act)


async def _latencies(folder: Path, appendfsync: AppendFsync, times: int) -> list[float]:
    """Milliseconds from the end of a commit to the call of the channel, one effect at a time."""
    async with _stage(folder, appendfsync) as stage, working(stage.bot):
        committed = []
        for number in range(times):
            await stage.bot.runner.run("bench", _adding(_effect(number)))
            committed.append(time.perf_counter())
            await asyncio.sleep(EVERY)
        await stage.channel.receive(times)
        posted = stage.channel.posted
        return [(posted[f"say:{number}"] - at) * 1000 for number, at in enumerate(committed)]


def _adding(effect: Effect) -> Decision:
    async def decision(work: Work) -> None:
        work.add(effect)

    return decision


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    spare_the_collector()
    drained = []
    for number in range(ROUNDS):
        drained.append(await _drain(folder / f"drain{number}", LANES_QUICK if quick else LANES))
        tell(f"  drained {drained[-1].per_second:,.0f}/s, {drained[-1].per_cpu_second:,.0f} / CPU-s")
    figures = [
        Figure(
            name="drained, one effect a lane: the best of three",
            value=max(one.per_second for one in drained),
            unit="/s",
            at_least=15_000,
            shaky=True,
        ),
        Figure(name="drained: effects per CPU-second of the bot", value=median(one.per_cpu_second for one in drained)),
    ]
    for appendfsync, promise in PROMISED.items():
        found = await _latencies(folder / appendfsync, appendfsync, SINGLE_QUICK if quick else SINGLE)
        cuts = quantiles(found, n=100)
        figures.append(
            Figure(
                name=f"commit to delivery, {appendfsync}: p50", value=cuts[49], unit="ms", at_most=promise, shaky=True
            )
        )
        figures.append(Figure(name=f"commit to delivery, {appendfsync}: p99", value=cuts[98], unit="ms", shaky=True))
    return [Section("Lanes, through the real delivery to a channel that does nothing", tuple(figures))]
