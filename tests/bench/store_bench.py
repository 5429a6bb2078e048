"""What the store can do, in figures: `python -m tests.bench.store_bench`.

Every figure under `appendfsync always` hangs on the disk, so the time of one fsync is measured in the same run.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import msgspec

from adapters.store.connect import connect
from adapters.store.embedded import AppendFsync, EmbeddedServer
from adapters.store.redis_store import RedisStore
from bot.effects import Effect, Lane, Say
from bot.message import Message
from bot.ports import Claim, Commit, Lookup, Settlement, Write

DOCUMENT = b"x" * 2048
TEXT = "Welcome aboard! " * 8
CALLERS = 64
DESTINATION = "slack"
CLAIM = 256
LEASE = 30.0


class Spent(msgspec.Struct, frozen=True):
    """`each` of a number of things: how many a second, and how much time of this process's CPU, in microseconds."""

    per_second: float
    cpu: float


def fsync_milliseconds(folder: Path, times: int = 50) -> float:
    """The median time of an fsync after a small write."""
    taken = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(DOCUMENT)
            start = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - start)
    return median(taken) * 1000


@asynccontextmanager
async def fresh_store(appendfsync: AppendFsync) -> AsyncIterator[RedisStore]:
    """A store on an embedded server of its own, with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        async with EmbeddedServer(Path(folder), appendfsync) as server, connect(server.url) as client:
            yield RedisStore(client, "bench")


async def drain(store: RedisStore, lanes: int = 20_000) -> Spent:
    """Claim and settle one effect in each of so many lanes."""
    await fill(store, lanes)
    return await _measure(lanes, lambda: _drain_all(store))


async def fill(store: RedisStore, lanes: int) -> None:
    """Enqueue one effect in each of so many lanes."""
    for first in range(0, lanes, 500):
        await store.commit(Commit(effects=tuple(_effect(number) for number in range(first, min(first + 500, lanes)))))


async def commit(store: RedisStore, commits: int = 8_000, callers: int = CALLERS) -> Spent:
    """Commits of a dedupe mark, a version check, a document of 2 KB, a wake-up and two effects."""
    return await _measure(commits, lambda: _each(commits, callers, lambda number: _commit(store, number)))


async def event(store: RedisStore, events: int = 8_000, callers: int = CALLERS) -> Spent:
    """What a message costs that comes in: load the person by account, and commit."""
    await store.commit(
        Commit(writes=(Write("person:p", 0, DOCUMENT),), lookups=(Lookup("account:slack:U1", "person:p"),))
    )

    async def handle(number: int) -> None:
        await store.load_by_account("slack:U1")
        await _commit(store, number)

    return await _measure(events, lambda: _each(events, callers, handle))


async def _drain_all(store: RedisStore) -> None:
    while claims := (await store.claim(DESTINATION, CLAIM, LEASE)).claims:
        await asyncio.gather(*(store.settle(_done(claim)) for claim in claims))


async def _commit(store: RedisStore, number: int) -> None:
    await store.commit(
        Commit(
            marks=(f"slack:Ev{number}",),
            writes=(Write(f"journey:{number}", 0, DOCUMENT),),
            wakes={f"journey:{number}": 4_000_000_000_000},
            effects=(_effect(number), _effect(number, "jira")),
        )
    )


def _effect(number: int, destination: str = DESTINATION) -> Effect:
    act = Say(Message(TEXT), person="p")
    return Effect(id=f"say:{destination}:{number}", lane=Lane(destination, f"p{number}"), act=act)


def _done(claim: Claim) -> Settlement:
    return Settlement(lane=claim.lane, destination=claim.destination, token=claim.token, outcome="done")


async def _each(times: int, callers: int, act: Callable[[int], Awaitable[None]]) -> None:
    numbers = iter(range(times))

    async def caller() -> None:
        for number in numbers:
            await act(number)

    await asyncio.gather(*(caller() for _ in range(callers)))


async def _measure(times: int, act: Callable[[], Awaitable[None]]) -> Spent:
    start, cpu = time.perf_counter(), time.process_time()
    await act()
    took, used = time.perf_counter() - start, time.process_time() - cpu
    return Spent(times / took, used / times * 1e6)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"fsync of this disk: {fsync_milliseconds(Path(folder)):.2f} ms")  # noqa: T201
    acts: dict[str, Callable[[RedisStore], Awaitable[Spent]]]
    acts = {"lanes drained": drain, "commits": commit, "events": event}
    settings: tuple[AppendFsync, ...] = ("everysec", "always")
    for appendfsync in settings:
        for name, act in acts.items():
            async with fresh_store(appendfsync) as store:
                spent = await act(store)
            print(f"{appendfsync:9} {name:14} {spent.per_second:8,.0f}/s {spent.cpu:6.1f} us of CPU each")  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
