"""Memory of a bot that does nothing, and what a journey takes in the store."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.folder_lock import read_holder
from adapters.store.redis_store import RedisStore
from tests.bench.children import child
from tests.bench.company import Sample, begin, encode, scenario, somebody, typical
from tests.bench.events import SECRET
from tests.bench.figures import Figure, Section, Tell
from tests.bench.linked import TRACKED, link, linked
from tests.bench.machine import resident_mb

JOURNEYS, JOURNEYS_QUICK = 10_000, 3_000
IDLE_SECONDS = 3.0
MB = 2**20
Fill = Callable[[RedisStore, Sample, range], Awaitable[None]]
"""Puts journeys of these numbers into a store."""
OWN = ("SLACK_", "JIRA_", "REDIS_", "SANDBOX", "PEOPLE_FILE", "PUBLIC_URL")


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    figures: list[Figure] = []
    async with child("-m", "tests.bench.silent_slack") as slack:
        real = {"SANDBOX": "off", "SLACK_API_URL": f"http://127.0.0.1:{slack.said}/api/"}
        real |= {"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET}
        for name, settings in (("Slack, sandbox off", real), ("sandbox on", {"SANDBOX": "on"})):
            bot, store = await _idle(folder / name.replace(" ", "-"), settings)
            tell(f"  {name}: bot {bot:.0f} MB, store {store:.0f} MB")
            figures.append(Figure(name=f"idle bot, {name}: resident", value=bot, unit="MB"))
            figures.append(Figure(name=f"its embedded store, {name}: resident", value=store, unit="MB"))
    journeys = JOURNEYS_QUICK if quick else JOURNEYS
    sample, issues = typical(), linked()
    figures += await _of_a_journey(folder / "journeys", "a journey", sample, journeys, begin)
    name = f"a journey with {len(TRACKED)} linked issues"
    figures += await _of_a_journey(folder / "linked", name, issues, journeys, partial(link, owner=somebody))
    return [Section("Memory", tuple(figures))]


async def _idle(data_dir: Path, settings: dict[str, str]) -> tuple[float, float]:
    """Resident MB of `app.py run` and of its embedded store, some seconds after it was ready."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    environment = inherited | settings | {"PORT": "0", "HOST": "127.0.0.1", "DATA_DIR": str(data_dir)}
    async with child("app.py", "run", ready="is ready", environment=environment, by_signal=True) as bot:
        await asyncio.sleep(IDLE_SECONDS)
        holder = read_holder(data_dir)
        store = holder.server_pid if holder else None
        return resident_mb(bot.pid), 0.0 if store is None else resident_mb(store)


async def _of_a_journey(folder: Path, name: str, sample: Sample, journeys: int, fill: Fill) -> list[Figure]:
    """Whole journeys: document, log of events, lookups, indexes, wake-up."""
    steps = f"{len(sample.state.steps)} of {len(scenario().steps)} steps begun, {len(sample.events)} events"
    async with EmbeddedServer(folder, "everysec") as server, connect(server.url) as client:
        store, used = RedisStore(client, "bench"), []
        for numbers in (range(100), range(100, 100 + journeys)):
            await fill(store, sample, numbers)
            used.append(int((await client.info("memory"))["used_memory"]))
    log = sum(len(encode(event)) for event in sample.events)
    return [
        Figure(name=f"{name} in the store", value=(used[1] - used[0]) / journeys, unit="bytes", note=f"({steps})"),
        Figure(name="of it: the document", value=len(encode(sample.state)), unit="bytes"),
        Figure(name="of it: the log of its events", value=log, unit="bytes"),
    ]
