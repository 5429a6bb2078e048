"""How often a reconciliation asks Jira: in pages as large as it gives; for a single issue only when it is missing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from adapters.jira.tracker import JiraTracker
from adapters.store.redis_store import RedisStore
from bot.effects import Reconcile
from bot.people import Policy
from bot.runner import Runner
from bot.tracker.drift import Summary, summary_of
from bot.tracker.reconcile import Reconciler
from bot.tracker.runs import ASKED
from handlers.routes import ROUTES
from sandbox.jira import STATE, Deployment, State, serving
from tests.adapters.jira.kit import speaks
from tests.bench.company import move_in, scenario
from tests.bench.jira_door import COUNTED, door
from tests.bench.linked import DUE, HEAD, jira_with, link, linked, ref
from tests.bench.reconciling import settings
from wiring.parts import company, utc_now

JOURNEYS = 250  # of four issues each


@dataclass(frozen=True)
class Site:
    """A thousand linked issues that are as agreed, and who compares them with their journeys."""

    state: State
    store: RedisStore
    reconciler: Reconciler
    counted: dict[str, int]

    async def requests(self) -> int:
        """Of a run of everything."""
        self.counted.clear()
        act: Reconcile | None = Reconcile(run="run", began=utc_now(), full=True)
        while act is not None:
            act = (await self.reconciler.page(act)).following
        return sum(self.counted.values())

    async def repaired(self) -> int:
        (loaded,) = await self.store.load([ASKED])
        summary = summary_of(loaded.state)
        assert isinstance(summary, Summary)
        return summary.repaired


@asynccontextmanager
async def _site(client: Redis, organisation: str, deployment: Deployment) -> AsyncIterator[Site]:
    app, store = door(jira_with(JOURNEYS, deployment)), RedisStore(client, organisation)
    await move_in(store)
    await link(store, linked(), range(JOURNEYS))
    async with serving(app) as url:
        tracker = JiraTracker(settings(url, deployment), speaks)
        of = company(store, {scenario().id: scenario()}, Policy(), ("slack",), tracker.name)
        reconciler = Reconciler(tracker, Runner(of, ROUTES, {}, utc_now))
        yield Site(app[STATE], store, reconciler, app[COUNTED])
        await tracker.close()


@pytest.mark.parametrize(("deployment", "pages", "others"), [(Deployment.CLOUD, 10, 1), (Deployment.SERVER, 5, 2)])
async def test_a_thousand_issues_take_so_many_requests_however_many_of_them_differ(
    redis_client: Redis, organisation: str, deployment: Deployment, pages: int, others: int
) -> None:
    """Beside its pages it counts them once; on Data Center it asks for the zone of its times, too."""
    async with _site(redis_client, organisation, deployment) as site:
        await site.requests()  # who we are, and what kind of Jira this is, is asked once
        assert await site.requests() == pages + others
        for number in range(10):
            site.state.edit(ref(number, 0)[1], {"duedate": DUE + timedelta(days=1)}, HEAD.name)
        assert await site.requests() == pages + others
        assert await site.repaired() == 10
        for number in range(5):
            site.state.delete(ref(number, 1)[1], HEAD.name)
        names, each, who = 1, 5, 1  # a walk through all names, and a look at each that is missing
        assert await site.requests() <= pages + others + names + each + who
        assert await site.repaired() == 5
        assert await site.requests() <= pages + others
