"""Reconciliation of all linked issues, with the real tracker, over HTTP with the stand-in: seconds, and requests.

Nothing holds a run up here: on a real site each page takes as long as Jira does, and all issues together may take 110
requests. A run meets first issues that are all as agreed, then some that have changed unheard, then some deleted.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
from pydantic import SecretStr

from adapters.jira.settings import JiraSettings
from adapters.store.connect import connect
from adapters.store.embedded import EmbeddedServer
from adapters.store.redis_store import RedisStore
from bot.people import Policy
from bot.scenario_file import load_scenarios
from bot.tracker.drift import Summary, summary_of
from bot.tracker.runs import ASKED, asked_run
from bot.work import Work
from sandbox.jira import Deployment
from tests.bench.children import child
from tests.bench.company import SCENARIOS, move_in
from tests.bench.figures import Figure, Section, Tell
from tests.bench.jira_door import PAT
from tests.bench.jira_news import TOKEN, USER
from tests.bench.lanes import IdleChannel, NoKnowledge, working
from tests.bench.linked import PROJECT, TRACKED, link, linked
from wiring.jira import wire_jira
from wiring.parts import Bot, Wired, assemble, company
from wiring.run import TRACKER_MARGIN, spare_the_collector

JOURNEYS, JOURNEYS_QUICK = 2_500, 500
MOST_REQUESTS = {JOURNEYS: 110, JOURNEYS_QUICK: 30}
DRIFT_EVERY = 100
DELETED = 5
PATIENCE = 120.0
NAMES = {Deployment.CLOUD: "Cloud", Deployment.SERVER: "Data Center"}


class Run(msgspec.Struct, frozen=True):
    """What a run took: seconds by the clock and of this process's CPU; `asked` is every request that Jira got."""

    seconds: float
    cpu: float
    asked: dict[str, int]
    summary: Summary

    @property
    def requests(self) -> int:
        return sum(self.asked.values())


class Site(msgspec.Struct, frozen=True):
    """A bot at work beside its Jira."""

    bot: Bot
    store: RedisStore
    http: aiohttp.ClientSession
    jira: str

    async def asked(self) -> dict[str, int]:
        """How often Jira was asked for each address since it was last looked at."""
        async with self.http.get(f"{self.jira}/bench/asked") as answer:
            return msgspec.json.decode(await answer.read(), type=dict[str, int])

    async def happens(self, what: str) -> None:
        async with self.http.get(f"{self.jira}/bench/{what}") as answer:
            answer.raise_for_status()

    async def reconciles(self, name: str, repaired: int) -> Run:
        """A run of everything, as somebody asks for it. Raises RuntimeError when it has not repaired what there was."""

        async def decision(work: Work) -> None:
            work.add(asked_run("jira", name, work.now, None))

        await self.asked()
        start, cpu = time.perf_counter(), time.process_time()
        await self.bot.runner.run("bench", decision)
        summary = await self._ended(name)
        took, used = time.perf_counter() - start, time.process_time() - cpu
        if summary.repaired != repaired:
            raise RuntimeError(f"{name}: {summary.repaired} issues repaired, not {repaired}")
        return Run(took, used, await self.asked(), summary)

    async def _ended(self, name: str) -> Summary:
        async with asyncio.timeout(PATIENCE):
            while True:
                (loaded,) = await self.store.load([ASKED])
                summary = summary_of(loaded.state)
                if summary is not None and summary.run == name:
                    return summary
                await asyncio.sleep(0.01)


def settings(url: str, deployment: Deployment) -> JiraSettings:
    cloud = deployment is Deployment.CLOUD
    return JiraSettings(
        url=url,
        user=USER if cloud else None,
        token=SecretStr(TOKEN) if cloud else None,
        pat=None if cloud else SecretStr(PAT),
        project=PROJECT,
        _env_file=None,
    )


@asynccontextmanager
async def _site(folder: Path, journeys: int, deployment: Deployment) -> AsyncIterator[Site]:
    """Issues and journeys that agree, and a bot that has been at work long enough to know who it is in Jira."""
    async with AsyncExitStack() as stack:
        jira = await stack.enter_async_context(child("-m", "tests.bench.jira_door", str(journeys), deployment.value))
        server = await stack.enter_async_context(EmbeddedServer(folder, "everysec"))
        client = await stack.enter_async_context(connect(server.url))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        store, channel = RedisStore(client, "bench"), IdleChannel()
        await move_in(store)
        await link(store, linked(), range(journeys))
        url = f"http://127.0.0.1:{jira.said}"
        given = settings(url, deployment)
        wired = wire_jira(stack, given)
        of = company(store, load_scenarios(SCENARIOS), Policy(), (channel.name,), wired.tracker.name, quiet_hours=False)
        bot = assemble(
            of,
            lambda _: (Wired(channel),),
            wired.tracker,
            NoKnowledge(),
            tracker_slots=given.slots,
            tracker_timeout=given.timeout + TRACKER_MARGIN,
        )
        await bot.company.library.keep()
        await stack.enter_async_context(working(bot))
        async with asyncio.timeout(PATIENCE):
            while wired.identity.known.me is None:  # noqa: ASYNC110  -- nothing tells of it
                await asyncio.sleep(0.01)
        spare_the_collector()
        yield Site(bot, store, http, url)


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    journeys = JOURNEYS_QUICK if quick else JOURNEYS
    figures: list[Figure] = []
    for deployment, name in NAMES.items():
        async with _site(folder / deployment.value, journeys, deployment) as site:
            for what, run in (await _runs(site, journeys)).items():
                tell(f"  {name}, {what}: {run.seconds:.1f} s, {run.cpu:.1f} s of CPU, {run.requests} requests")
                figures += _figures(f"{name}, {what}", run, MOST_REQUESTS[journeys])
    issues = f"{journeys * len(TRACKED):,}"
    return [
        Section(f"Reconciliation of {issues} linked issues: a full run through lanes, tracker and HTTP", tuple(figures))
    ]


async def _runs(site: Site, journeys: int) -> dict[str, Run]:
    drifted = journeys * len(TRACKED) // DRIFT_EVERY
    runs = {"all as agreed": await site.reconciles("equal", 0)}
    await site.happens(f"drift/{DRIFT_EVERY}")
    runs["1 % drifted"] = await site.reconciles("drift", drifted)
    await site.happens(f"delete/{DELETED}")
    runs[f"{DELETED} deleted"] = await site.reconciles("deleted", DELETED)
    return runs


def _figures(name: str, run: Run, most: int) -> list[Figure]:
    return [
        Figure(name=f"{name}: requests", value=run.requests, at_most=most),
        Figure(name=f"{name}: CPU of the bot", value=run.cpu, unit="s"),
        Figure(name=f"{name}: wall", value=run.seconds, unit="s", shaky=True),
    ]
