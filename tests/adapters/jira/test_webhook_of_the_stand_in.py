"""What the practice Jira tells our door, from a real change there to what the core is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.identity import JiraIdentity
from bot.errors import StoreUnavailable
from sandbox.jira import Deployment, People, State, WebhookFaults, Webhooks, default_site, make_app, serving
from tests.adapters.jira.kit import ACCESS, ANNA, BORIS, settings_for
from tests.adapters.jira.webhook_kit import SIGNING, TOKEN, Door, door


@asynccontextmanager
async def told(deployment: Deployment) -> AsyncIterator[tuple[Door, State, Webhooks, JiraClient]]:
    """A door, the Jira that tells it what happens (Cloud signs, Data Center knows the token), and our way into it."""
    state = State(default_site(("ONB",), deployment=deployment), People([ANNA, BORIS]))
    cloud = state.site.is_cloud
    hooks = Webhooks(state, faults=WebhookFaults(retry_delay=0.0))
    async with serving(make_app(state, access=ACCESS, webhooks=hooks)) as url, door(SIGNING if cloud else None) as made:
        hooks.add(f"{made.url}/jira/webhook" if cloud else f"{made.url}/jira/webhook/{TOKEN}", SIGNING)
        client = JiraClient(settings_for(url, cloud=cloud))
        made.known = await JiraIdentity(client, url, {}).learn()
        try:
            yield made, state, hooks, client
        finally:
            await client.close()


def new(state: State) -> str:
    values = {"project": "ONB", "issuetype": "10001", "summary": "Выдать ноутбук", "labels": ("bb-1",)}
    return state.create({**values, "assignee": ANNA.name}, BORIS.name).key


@pytest.mark.parametrize("deployment", Deployment)
async def test_what_happens_there_is_told_here(deployment: Deployment) -> None:
    async with told(deployment) as (made, state, hooks, _):
        key = new(state)
        state.move(key, "11", ANNA.name)
        state.add_comment(key, "Готово", ANNA.name)
        state.delete(key, BORIS.name)
        await hooks.settled()
        created, moved, commented, deleted = made.seen
        assert created.snapshot is not None
        assert (created.snapshot.key, created.snapshot.labels, created.snapshot.status) == (key, ("bb-1",), "new")
        assert created.snapshot.url == f"{hooks.base_url}/browse/{key}"
        assert created.snapshot.assignee is not None
        assert moved.snapshot is not None
        assert moved.snapshot.status == "underway"
        assert moved.actor == created.snapshot.assignee
        assert commented.comment is not None
        assert (commented.comment.text, commented.comment.author, commented.comment.ours) == (
            "Готово",
            moved.actor,
            False,
        )
        assert deleted.deleted
        assert {one.issue for one in made.seen} == {created.snapshot.id}
        assert len({one.mark for one in made.seen}) == 4


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("deployment", Deployment)
async def test_our_own_comment_comes_back_as_ours(deployment: Deployment, bare: bool) -> None:
    async with told(deployment) as (made, state, hooks, client):
        key = new(state)
        hooks.faults = WebhookFaults(bare_comments=bare)
        await client.write(JIRA.add_comment, key, "Сделано")
        await hooks.settled()
        created, commented = made.seen
        assert commented.comment is not None
        assert commented.comment.ours
        assert commented.issue == created.issue
        assert commented.actor is not None
        assert commented.actor.identity == made.known.me


async def test_a_delivery_that_comes_twice_keeps_its_name() -> None:
    async with told(Deployment.CLOUD) as (made, state, hooks, _):
        hooks.faults = WebhookFaults(double=1.0)
        new(state)
        await hooks.settled()
        first, second = made.seen
        assert first == second


async def test_what_could_not_be_committed_comes_again() -> None:
    async with told(Deployment.CLOUD) as (made, state, hooks, _):
        made.inbox.error = StoreUnavailable("down")
        new(state)
        await hooks.settled()
        assert (hooks.counts.gave_up, hooks.counts.retried) == (1, 5)
        made.inbox.error = None
        new(state)
        await hooks.settled()
        assert len(made.seen) == 1
