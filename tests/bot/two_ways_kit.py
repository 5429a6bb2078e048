"""What the tests of both ways share: steps with issues, an onboarding that has begun, a machine that acts on it."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from hypothesis.stateful import RuleBasedStateMachine
from redis.asyncio import Redis

from adapters.store.connect import connect
from bot import commands
from bot.errors import Misunderstood
from bot.journey.state import StepState
from bot.message import Local
from bot.scenario import IssueTemplate, Scenario
from bot.tracker.snapshot import Snapshot
from bot.work import Work
from tests.bot.kit import ANNA, BORIS, step
from tests.bot.office import Office, open_office
from tests.store_server import new_organisation

SUMMARY = Local(ru="Сделать: {name}", en="Do: {name}")
READING = step("reading", due=2, jira=IssueTemplate(on="done", summary=SUMMARY, assignee="manager", due=3))
LAPTOP = step("laptop", who="manager", due=1, jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager"))
FRIDAY = datetime.date(2026, 12, 4)


@asynccontextmanager
async def begun(client: Redis, organisation: str, of: Scenario) -> AsyncIterator[Office]:
    """An office where Boris has begun Anna's onboarding."""
    async with open_office(client, organisation, (of,)) as office:
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")
        yield office


async def state(office: Office, step_id: str) -> StepState:
    return (await office.journey_of(ANNA)).step(step_id)


async def key_of(office: Office, step_id: str) -> str:
    issue = (await state(office, step_id)).issue
    assert issue is not None
    return issue.key


class TwoWays(RuleBasedStateMachine):
    """News of the tracker lie in `news` until they are told: in any order, twice, or never."""

    url: str
    scenario: Scenario

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.news: list[Snapshot] = []
        self.office = self.loop.run(self._open())

    async def _open(self) -> Office:
        client = await self.stack.enter_async_context(connect(self.url))
        office = await self.stack.enter_async_context(open_office(client, new_organisation(), (self.scenario,)))
        await self.begin(office)
        return office

    async def begin(self, office: Office) -> None:
        office.tracker.told = self.news.append
        await office.writes(BORIS, "start @anna newcomer 2026-11-30")

    async def judge(self) -> None:
        """What must hold in the end."""

    def teardown(self) -> None:
        try:
            self.loop.run(self.judge())
        finally:
            self.loop.run(self.stack.aclose())
            self.loop.close()

    async def decide(self, command: commands.Command) -> None:
        async def decision(work: Work) -> None:
            (journey,) = await work.journeys_of(ANNA.id)
            try:
                await work.decide(journey, command, await work.scenario(journey))
            except Misunderstood:
                return

        await self.office.bot.runner.run(ANNA.id, decision)
        await self.office.idle()
