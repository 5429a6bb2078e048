"""A webhook of Jira, from the socket to the 200: signed, over HTTP into the real routes, acknowledged after the commit.

Three kinds: news (a due day moved, and people hear of it), an echo (all that changes is when we last looked), and an
issue that is none of ours. Beside them in each round, on the same bot, a press of "Done", to which they are compared.
"""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import msgspec

from adapters.store.keys import Keys
from adapters.store.redis_store import RedisStore
from bot.journey.state import Journey, fields_of, unsynced
from tests.bench.acknowledging import ORGANISATION, OURS, WAY_IN, Server, middle, ours, press, said
from tests.bench.children import child
from tests.bench.figures import Figure, Section, Tell
from tests.bench.jira_news import ISSUES, JOURNEYS, KINDS, due_in, identifier
from tests.bench.linked import TRACKED, journey_id, link, linked
from tests.bench.load import Loaded, Order, put_loads

PRESSES = 440
ROUNDS, ROUNDS_QUICK = 2, 1
PRESS = "a press"
NAMES = {"news": "news", "echo": "an echo", "strange": "none of ours"}


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(child("-m", "tests.bench.silent_slack"))
        jira = await stack.enter_async_context(child("-m", "tests.bench.jira_door", "0", "Cloud"))
        api, site = f"http://127.0.0.1:{slack.said}/api/", f"http://127.0.0.1:{jira.said}"
        sections = []
        for name, appendfsync in OURS.items():
            server = await stack.enter_async_context(
                ours(folder / name, name, appendfsync, "ack", slack=api, jira=site)
            )
            await link(_store(server), linked(), range(JOURNEYS))
            rounds = [await _round(server, number, tell) for number in range((ROUNDS_QUICK if quick else ROUNDS) + 1)]
            sections.append(_section(name, rounds[1:]))  # the first round warms up
        return sections


def _store(server: Server) -> RedisStore:
    if server.client is None:
        raise ValueError("a bot without a store")
    return RedisStore(server.client, ORGANISATION)


async def _round(server: Server, number: int, tell: Tell) -> dict[str, Loaded]:
    found, began = {PRESS: await press(server, number * PRESSES, PRESSES)}, datetime.now(UTC)
    told = await put_loads([_order(server, kind, number) for kind in KINDS])
    found |= dict(zip(KINDS, told, strict=True))
    await _all_taken(server, number, began)
    for name, loaded in found.items():
        tell(f"  {number} {server.name:15} {NAMES.get(name, name):14} {said(loaded)}")
    return found


def _order(server: Server, kind: str, number: int) -> Order:
    process = server.process
    return Order(port=int(process.said), pid=process.pid, first=number * ISSUES, count=ISSUES, news=kind)


async def _all_taken(server: Server, number: int, began: datetime) -> None:
    """What was acknowledged and not committed, or committed and not understood, would make the figure a lie."""
    store, client = _store(server), server.client
    prefix = f"{Keys(ORGANISATION).prefix}m:jira:127.0.0.1:"
    numbers = range(number * ISSUES, (number + 1) * ISSUES)
    names = (f"{prefix}{identifier(kind, one)}" for kind in KINDS for one in numbers)
    kept, expected = await client.exists(*names) if client else 0, (len(KINDS) - 1) * ISSUES
    if kept != expected:
        raise RuntimeError(f"{server.name}: {kept} of {expected} committed")
    loaded = await store.load([f"journey:{journey_id(one)}" for one in range(JOURNEYS)])
    journeys = [msgspec.json.decode(one.state or b"", type=Journey) for one in loaded]
    if not all(_is_taken(one, step.id, number, began) for one in journeys for step in TRACKED):
        raise RuntimeError(f"{server.name}: not every issue is as Jira has told")


def _is_taken(journey: Journey, step: str, number: int, began: datetime) -> bool:
    issue = journey.issue_of(step)
    seen = None if issue is None else issue.seen
    fresh = seen is not None and seen.timestamp() >= began.timestamp() - 0.001  # Jira writes milliseconds
    return fresh and fields_of(journey, step).due == due_in(number) and not unsynced(journey, step)


def _section(server: str, rounds: list[dict[str, Loaded]]) -> Section:
    figures: list[Figure] = []
    for kind, name in NAMES.items():
        mine = [loaded[kind] for loaded in rounds]
        ratio = median(loaded[kind].per_cpu_second / loaded[PRESS].per_cpu_second for loaded in rounds)
        figures += [
            Figure(name=f"{name}: webhooks per CPU-second", value=middle(mine, lambda one: one.per_cpu_second)),
            Figure(name=f'{name}: ratio to a press of "Done" by CPU', value=ratio),
            Figure(
                name=f"{name}: webhooks by wall", value=middle(mine, lambda one: one.per_second), unit="/s", shaky=True
            ),
            Figure(name=f"{name}: p50", value=middle(mine, lambda one: one.p50), unit="ms", shaky=True),
            Figure(name=f"{name}: p95", value=middle(mine, lambda one: one.p95), unit="ms", shaky=True),
        ]
    return Section(f"A webhook of Jira, {ISSUES:,} linked issues, {server}: {WAY_IN}", tuple(figures))
