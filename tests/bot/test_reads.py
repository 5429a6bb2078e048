"""What news of the tracker costs at the store: each read is a wait, and nothing is written that has not changed."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from adapters.store.keys import Keys
from bot.message import Local
from bot.scenario import IssueTemplate
from bot.tracker.snapshot import Snapshot
from tests.bot.kit import ANNA, BORIS, scenario, step
from tests.bot.office import Office, open_office

SUMMARY = Local(ru="Сделать: {name}", en="Do: {name}")
BADGE = step("badge", due=2, remind=(0,), jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager"))


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, (scenario(BADGE),)) as opened:
        await opened.writes(BORIS, "start @anna newcomer 2026-11-30")
        yield opened


async def _reads(client: Redis) -> int:
    """How often a store has been asked for values so far."""
    return int((await client.info("commandstats"))["cmdstat_mget"]["calls"])


async def _echo(office: Office) -> Snapshot:
    """An issue in which nothing has changed that we know of."""
    issue = (await office.journey_of(ANNA)).step("badge").issue
    assert issue is not None
    return office.tracker.edit(issue.key)


async def test_three_reads_tell_whose_an_issue_is_how_its_journey_stands_and_who_is_part_of_it(
    office: Office, redis_client: Redis
) -> None:
    snapshot, before = await _echo(office), await _reads(redis_client)
    await office.hears(snapshot, BORIS)
    assert await _reads(redis_client) - before == 3


async def test_an_echo_leaves_the_next_moment_of_a_journey_alone(
    office: Office, redis_client: Redis, organisation: str
) -> None:
    journey, wakes = await office.journey_of(ANNA), f"{Keys(organisation).prefix}wake"
    planned = await redis_client.zscore(wakes, journey.id)
    assert planned is not None
    await redis_client.zadd(wakes, {journey.id: planned + 1})
    await office.hears(await _echo(office), BORIS)
    assert await redis_client.zscore(wakes, journey.id) == planned + 1
