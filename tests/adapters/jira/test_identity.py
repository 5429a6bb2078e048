"""Who we are in Jira is learned beside everything else, as soon as Jira answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.jira import identity
from adapters.jira.client import JiraClient
from adapters.jira.identity import JiraIdentity
from bot.errors import DeliveryError
from sandbox.faults import Kind
from sandbox.jira import Deployment
from tests.adapters.jira.kit import Stand, settings_for, standing, until


@asynccontextmanager
async def learner(stand: Stand) -> AsyncIterator[JiraIdentity]:
    client = JiraClient(settings_for(stand.url, cloud=stand.cloud))
    try:
        yield JiraIdentity(client, stand.url, {})
    finally:
        await client.close()


@asynccontextmanager
async def learning(learner: JiraIdentity) -> AsyncIterator[None]:
    task = asyncio.create_task(learner.keep_learning())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("deployment", Deployment)
async def test_jira_says_who_we_are_and_what_its_priorities_are(deployment: Deployment) -> None:
    async with standing(deployment) as stand, learner(stand) as one:
        assert one.known.me is None
        assert one.known.priorities.ours("High") == "high"
        known = await one.learn()
        assert known is one.known
        assert known.base == stand.url
        assert known.me
        assert len(known.priorities.levels) == len(stand.state.site.priorities)


async def test_it_asks_until_jira_answers(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(identity, "FIRST_PAUSE", 0.01)
    async with standing() as stand, learner(stand) as one:
        stand.fail(Kind.ERROR, "GET /rest/api/2/myself", times=2)
        stand.fail(Kind.ERROR, "GET /rest/api/2/priority", times=1)
        async with learning(one):
            await until(lambda: one.known.me is not None)
    assert [record.getMessage() for record in caplog.records] == ["jira has not said who we are"] * 3


async def test_it_asks_again_and_keeps_what_it_knows_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "AGAIN", 0.01)
    async with standing() as stand, learner(stand) as one:
        known = await one.learn()
        stand.fail(Kind.ERROR, "GET /rest/api/2/myself")
        with pytest.raises(DeliveryError):
            await one.learn()
        assert one.known is known
        async with learning(one):
            await until(lambda: one.known is not known)
        assert one.known == known
