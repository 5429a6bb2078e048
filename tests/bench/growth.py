"""What one commit costs, as the store grows from a thousand journeys to a million.

Two servers: one keeps a thousand journeys, the other grows. At each size both are measured in turn, several times, and
the ratio is taken between neighbours in time. Promised is how long a commit takes. Beside it stands what a commit costs
when 64 come at once and there is next to no waiting in it, and what a plain SET of the same document costs: both grow
where the caches of the machine end, and more so under the embedded server, which has the allocator of libc, than under
a Redis or Valkey with jemalloc. Nothing in the script looks at more than it writes.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import msgspec
from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot.effects import Effect, Lane, Say
from bot.message import Message
from bot.ports import Commit, Lookup, Membership, Write
from tests.bench.events import journey
from tests.bench.figures import Figure, Section, Tell
from tests.bench.machine import cpu_seconds
from tests.bench.store_bench import CALLERS, DOCUMENT

SMALL = 1_000
FULL = (10_000, 100_000, 1_000_000)
QUICK = (10_000, 100_000)
COMMITS, ALONE, PLAIN = 3_000, 1_000, 10_000
ROUNDS = 7
FLAT = 1.3
AT_ONCE = 250
WAKE = 4_000_000_000_000
SIXTY_DAYS = 60 * 24 * 3600 * 1000


class Cost(msgspec.Struct, frozen=True):
    """Of one commit, in microseconds: CPU of the server, and wall time."""

    cpu: float
    wall: float


class Costs(msgspec.Struct, frozen=True):
    """Of a commit by itself, of one when 64 come at once, and of a plain SET of the same document."""

    alone: Cost
    together: Cost
    plain: Cost


class Grown:
    """A store with so many journeys in it, each of them written as often as `versions` says."""

    def __init__(self, client: Redis, pid: int) -> None:
        self._client, self._pid = client, pid
        self._store, self._keys = RedisStore(client, "bench"), Keys("bench")
        self._versions: list[int] = []
        self._number = 0

    async def grow(self, journeys: int) -> float:
        """To so many journeys, with what each of them has in the store; the seconds it took."""
        start, first = time.perf_counter(), len(self._versions)
        chunks = iter(range(first, journeys, AT_ONCE))

        async def fill() -> None:
            for chunk in chunks:
                await self._store.commit(_beginnings(range(chunk, min(chunk + AT_ONCE, journeys))))

        await asyncio.gather(*(fill() for _ in range(8)))
        self._versions += [1] * (journeys - first)
        return time.perf_counter() - start

    async def costs(self) -> Costs:
        """Of commits to journeys drawn by lot."""
        alone = await self._spent(lambda: self._commits(ALONE, 1), ALONE)
        together = await self._spent(lambda: self._commits(COMMITS, CALLERS), COMMITS)
        return Costs(alone, together, await self._spent(self._plain_sets, PLAIN))

    async def _spent(self, act: Callable[[], Awaitable[None]], times: int) -> Cost:
        cpu, start = cpu_seconds(self._pid), time.perf_counter()
        await act()
        used, took = cpu_seconds(self._pid) - cpu, time.perf_counter() - start
        return Cost(used / times * 1e6, took / times * 1e6)

    async def _commits(self, times: int, callers: int) -> None:
        drawn = iter(random.choices(range(len(self._versions)), k=times))

        async def call() -> None:
            for number in drawn:
                self._versions[number] += 1
                await self._commit(number, self._versions[number] - 1)

        await asyncio.gather(*(call() for _ in range(callers)))

    async def _plain_sets(self) -> None:
        drawn = random.choices(range(len(self._versions)), k=PLAIN)
        for first in range(0, PLAIN, AT_ONCE):
            async with self._client.pipeline(transaction=False) as pipeline:
                for number in drawn[first : first + AT_ONCE]:
                    key = self._keys.aggregate(f"journey:{journey(number)}")
                    pipeline.set(key, b"%d %b" % (self._versions[number], DOCUMENT))
                await pipeline.execute()

    async def _commit(self, number: int, version: int) -> None:
        """A dedupe mark, a version check, a document of 2 KB, a wake-up, two effects in lanes of their own."""
        self._number += 1
        one = f"{self._number:08x}"
        commit = Commit(
            marks=(f"slack:Ev{one}",),
            writes=(Write(f"journey:{journey(number)}", version, DOCUMENT),),
            wakes={journey(number): _moment()},
            effects=(_effect("slack", one), _effect("jira", one)),
        )
        if (await self._store.commit(commit)).what != "done":
            raise RuntimeError("a commit that nothing stands in the way of was refused")

    async def bytes_used(self) -> int:
        return int((await self._client.info("memory"))["used_memory"])


def _moment() -> int:
    return WAKE + random.randrange(SIXTY_DAYS)


def _effect(destination: str, one: str) -> Effect:
    act = Say(Message("Welcome aboard! " * 8), person="p")
    return Effect(id=f"say:{destination}:{one}", lane=Lane(destination, one), act=act)


def _beginnings(numbers: range) -> Commit:
    ids = [journey(number) for number in numbers]
    return Commit(
        writes=tuple(Write(f"journey:{one}", 0, DOCUMENT) for one in ids),
        lookups=tuple(Lookup(f"active:{one}:newcomer", one) for one in ids),
        memberships=tuple(Membership(f"journeys:{one}", one) for one in ids),
        wakes={one: _moment() for one in ids},
    )


@asynccontextmanager
async def _grown(folder: Path) -> AsyncIterator[Grown]:
    """An empty store that never rewrites its append-only file: a fork in the middle would be measured, too."""
    async with EmbeddedServer(folder, "everysec") as server, connect(server.url) as client:
        await client.config_set("auto-aof-rewrite-percentage", 0)
        yield Grown(client, int((await client.info("server"))["process_id"]))


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    figures: list[Figure] = []
    async with _grown(folder / "small") as small, _grown(folder / "large") as large:
        await small.grow(SMALL)
        for journeys in QUICK if quick else FULL:
            took = await large.grow(journeys)
            tell(f"  {journeys:,} journeys filled in {took:.0f} s, {await large.bytes_used() / 2**20:,.0f} MB")
            rounds = [(await small.costs(), await large.costs()) for _ in range(ROUNDS + 1)][1:]
            if not figures:
                figures += _absolute(SMALL, [of for of, _ in rounds])
            figures += [*_absolute(journeys, [of for _, of in rounds]), *_ratios(journeys, rounds)]
    title = "A commit (mark, version, 2 KB, wake-up, two effects), everysec, by number of journeys"
    return [Section(title, tuple(figures))]


def _absolute(journeys: int, costs: list[Costs]) -> list[Figure]:
    wall = median(cost.alone.wall for cost in costs)
    cpu = median(cost.together.cpu for cost in costs)
    return [
        Figure(name=f"{journeys:,}: a commit by itself, wall", value=wall, unit="us", shaky=True),
        Figure(name=f"{journeys:,}: one of 64 at once, CPU of the server", value=cpu, unit="us"),
    ]


def _ratios(journeys: int, rounds: list[tuple[Costs, Costs]]) -> list[Figure]:
    def ratio(of: Callable[[Costs], float]) -> float:
        return median(of(large) / of(small) for small, large in rounds)

    name = f"{journeys:,} : {SMALL:,}"
    alone = ratio(lambda of: of.alone.wall)
    return [
        Figure(name=f"{name}, a commit by itself, wall", value=alone, at_most=FLAT, shaky=True),
        Figure(name=f"{name}, one of 64 at once, wall", value=ratio(lambda of: of.together.wall), shaky=True),
        Figure(name=f"{name}, one of 64 at once, CPU of the server", value=ratio(lambda of: of.together.cpu)),
        Figure(name=f"{name}, a plain SET, CPU of the server", value=ratio(lambda of: of.plain.cpu)),
    ]
