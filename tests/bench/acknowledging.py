"""An event of Slack, from the socket to the acknowledgement: our bot beside bolt with a listener that does nothing.

The promise is about the way in: event, durable commit, acknowledgement. What follows (looking for an answer, posting
it) is work that bolt's listener does not do; it is measured too, and promised nothing. Every round puts the same load
on each server in turn, and a ratio is taken within a round, so that whatever else this machine does hits both.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

import msgspec
from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.embedded import AppendFsync, EmbeddedServer
from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot import vouching
from bot.people import Person
from tests.bench.children import Child, child
from tests.bench.company import EVERYBODY, begin, completable, employee, fresh, move_in
from tests.bench.figures import Figure, Section, Tell
from tests.bench.load import Loaded, Order, put_load
from tests.bench.machine import cpu_seconds

ORGANISATION = "bench"
BOLT, BOLT_BEFORE = "bolt", "bolt, process_before_response"
OURS: dict[str, AppendFsync] = {"ours, everysec": "everysec", "ours, always": "always"}
PROMISED = {"ours, everysec": 0.75, "ours, always": 0.65}
DRAIN_SECONDS = 120.0
WAY_IN = "event -> durable commit -> ack, lanes not worked in this process"


class Server(msgspec.Struct, frozen=True):
    """A server under load, and its store if it has one."""

    name: str
    process: Child
    client: Redis | None = None


class Size(msgspec.Struct, frozen=True):
    rounds: int
    questions: int
    presses: int
    worked: int


FULL = Size(rounds=9, questions=5000, presses=1320, worked=1200)
QUICK = Size(rounds=3, questions=1500, presses=440, worked=300)


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    size = QUICK if quick else FULL
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(child("-m", "tests.bench.silent_slack"))
        api = f"http://127.0.0.1:{slack.said}/api/"
        servers = [await stack.enter_async_context(_bolt(name, api)) for name in (BOLT, BOLT_BEFORE)]
        for name, appendfsync in OURS.items():
            servers.append(await stack.enter_async_context(ours(folder / name, name, appendfsync, "ack", slack=api)))
        questions = await rounds_of(servers, size.rounds, size.questions, _ask, tell)
        presses = await rounds_of(servers, size.rounds, size.presses, press, tell)
        worker = await stack.enter_async_context(ours(folder / "worked", "all", "everysec", "all", slack=api))
        worked = await rounds_of([worker], 2, size.worked, _ask_and_work, tell)
    return [
        _section(f"A question: {WAY_IN}; this is what is promised", questions, PROMISED),
        _section(f'The button "Done" of a step: {WAY_IN}', presses, {}),
        _worked(questions[BOLT], worked["all"]),
    ]


@asynccontextmanager
async def _bolt(name: str, api: str) -> AsyncIterator[Server]:
    async with child("-m", "tests.bench.bolt_door", api, "before" if name == BOLT_BEFORE else "after") as process:
        yield Server(name, process)


@asynccontextmanager
async def ours(
    folder: Path,
    name: str,
    appendfsync: AppendFsync,
    mode: str,
    people: Sequence[Person] = EVERYBODY,
    **urls: str,
) -> AsyncIterator[Server]:
    """Our bot on a store of its own, with its company in it. `urls`: where its platforms are, slack, teams and jira."""
    async with EmbeddedServer(folder, appendfsync) as store, connect(store.url) as client:
        await move_in(RedisStore(client, ORGANISATION), people)
        elsewhere = (f"{platform}={url}" for platform, url in urls.items())
        async with child("-m", "tests.bench.bot_door", mode, store.url, ORGANISATION, *elsewhere) as process:
            yield Server(name, process, client)


# --- rounds

Act = Callable[[Server, int, int], Awaitable[Loaded]]
"""Puts so many events from this number on to a server."""


async def rounds_of(servers: list[Server], rounds: int, events: int, act: Act, tell: Tell) -> dict[str, list[Loaded]]:
    found: dict[str, list[Loaded]] = {server.name: [] for server in servers}
    for number in range(rounds + 1):
        for server in servers if number % 2 else reversed(servers):
            loaded = await act(server, number * events, events)
            if number:  # the first round warms up
                found[server.name].append(loaded)
                tell(f"  {act.__name__.strip('_'):12} {number}/{rounds} {server.name:30} {said(loaded)}")
    return found


async def _ask(server: Server, first: int, events: int) -> Loaded:
    loaded = await put_load(_order(server, first, events))
    await all_committed(server, [f"slack:Ev{number:012d}" for number in range(first, first + events)])
    return loaded


async def press(server: Server, first: int, events: int) -> Loaded:
    steps = completable()
    if server.client is not None:
        journeys = range(first // len(steps), (first + events) // len(steps))
        await begin(RedisStore(server.client, ORGANISATION), fresh(), journeys, employee)
    loaded = await put_load(_order(server, first, events, steps))
    await all_committed(server, [f"slack:act:{number}.1111.aa11" for number in range(first, first + events)])
    return loaded


async def _ask_and_work(server: Server, first: int, events: int) -> Loaded:
    """The CPU time is that until every answer has been posted."""
    loaded = await _ask(server, first, events)
    if server.client is None:
        raise ValueError("only our own bot works lanes")
    store = RedisStore(server.client, ORGANISATION)
    async with asyncio.timeout(DRAIN_SECONDS):
        while await store.waiting() not in ({}, {vouching.LANE.destination: 1}):  # noqa: ASYNC110 -- it is another process that works them
            await asyncio.sleep(0.05)
    return msgspec.structs.replace(loaded, cpu=cpu_seconds(server.process.pid) - loaded.cpu_before)


def _order(server: Server, first: int, events: int, steps: tuple[str, ...] = ()) -> Order:
    return Order(port=int(server.process.said), pid=server.process.pid, first=first, count=events, steps=steps)


async def all_committed(server: Server, marks: list[str]) -> None:
    """An event that was acknowledged and not committed, or not understood, would make the figure a lie."""
    if server.client is None:
        return
    prefix = Keys(ORGANISATION).prefix
    kept = await server.client.exists(*(f"{prefix}m:{mark}" for mark in marks))
    letters = await RedisStore(server.client, ORGANISATION).dead()
    if kept != len(marks) or letters:
        raise RuntimeError(f"{server.name}: {kept} of {len(marks)} events committed, {len(letters)} dead letters")


# --- figures


def said(loaded: Loaded) -> str:
    return f"{loaded.per_cpu_second:7,.0f} / CPU-s {loaded.per_second:7,.0f} / s   p50 {loaded.p50:5.1f} ms"


def middle(found: list[Loaded], of: Callable[[Loaded], float]) -> float:
    return median(map(of, found))


def _section(title: str, found: dict[str, list[Loaded]], promised: dict[str, float]) -> Section:
    bolt = found[BOLT]
    figures: list[Figure] = []
    for name, mine in found.items():
        figures.append(
            Figure(name=f"{name}: events per CPU-second", value=middle(mine, lambda one: one.per_cpu_second))
        )
        if name != BOLT:
            ratio = median(one.per_cpu_second / other.per_cpu_second for one, other in zip(mine, bolt, strict=True))
            figures.append(Figure(name=f"{name}: ratio to bolt by CPU", value=ratio, at_least=promised.get(name)))
            wall = median(one.per_second / other.per_second for one, other in zip(mine, bolt, strict=True))
            figures.append(Figure(name=f"{name}: ratio to bolt by wall", value=wall, shaky=True))
        figures.append(Figure(name=f"{name}: p50", value=middle(mine, lambda one: one.p50), unit="ms", shaky=True))
        figures.append(Figure(name=f"{name}: p99", value=middle(mine, lambda one: one.p99), unit="ms", shaky=True))
    return Section(title, tuple(figures))


def _worked(bolt: list[Loaded], worked: list[Loaded]) -> Section:
    mine = middle(worked, lambda one: one.per_cpu_second)
    ratio = mine / middle(bolt, lambda one: one.per_cpu_second)
    note = "(FAQ searched, answer composed and posted)"
    return Section(
        "The same question with all that follows it, lanes worked in this process",
        (
            Figure(name="ours, everysec, lanes worked: events per CPU-second", value=mine, note=note),
            Figure(name="ours, everysec, lanes worked: ratio to bolt by CPU", value=ratio),
        ),
    )
