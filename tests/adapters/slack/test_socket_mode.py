"""The same app over Socket Mode: an envelope is acknowledged after its commit, and not before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from adapters.slack.socket_mode import socket_mode
from bot.errors import StoreUnavailable
from bot.incoming import Commanded, Wrote
from bot.message import Message, Reply
from sandbox.slack import SlackUser
from tests.adapters.slack.kit import Slack, payload, slack


@asynccontextmanager
async def listening() -> AsyncIterator[Slack]:
    async with slack() as made, socket_mode(made.settings, made.app, made.client):
        await until(lambda: bool(made.workspace.sockets.connections))
        yield made


async def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait for a state of the stand-in that nothing tells us of."""
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


async def test_what_a_person_does_comes_in_and_is_answered() -> None:
    async with listening() as made:
        anna = made.user("U0ANNA", None)
        assert (await anna.say("hello")).status == 200
        made.inbox.reply = Reply("en", Message("Your plan"))
        assert (await anna.command("/onboarding", "status")).json()["text"] == "Your plan"
        assert [one.said for one in made.inbox.received] == [Wrote("hello"), Commanded("status")]


async def test_what_could_not_be_committed_is_not_acknowledged() -> None:
    async with listening() as made:
        made.inbox.error = StoreUnavailable("down")
        impatient = SlackUser(made.workspace, "U0ANNA", None, timeout=0.3)
        assert (await impatient.say("hello")).reasons == ("timeout",)
        made.inbox.error = None
        assert (await made.user("U0ANNA", None).say("hello again")).ok


async def test_what_is_not_for_us_is_acknowledged_whatever_its_shape() -> None:
    async with listening() as made:
        for odd in (payload("ignored_own_message"), {"type": "event_callback", "event": 7, "authorizations": 3}):
            envelope = {"envelope_id": "e", "type": "events_api", "payload": odd, "accepts_response_payload": False}
            async with asyncio.timeout(60):
                assert (await made.workspace.sockets.send(envelope))["envelope_id"] == "e"
        assert made.inbox.received == []


async def test_a_refreshed_connection_goes_on_listening() -> None:
    async with listening() as made:
        sockets = made.workspace.sockets
        before = set(sockets.connections)
        await sockets.disconnect()
        await until(lambda: bool(sockets.connections) and not before & set(sockets.connections))
        assert (await made.user("U0ANNA", None).say("hello")).ok


async def test_it_begins_though_slack_cannot_be_reached() -> None:
    async with slack() as made:
        made.client.base_url = "http://127.0.0.1:9/api/"
        async with socket_mode(made.settings, made.app, made.client):
            await asyncio.sleep(0.05)
        assert made.workspace.sockets.connections == []


async def test_it_needs_an_app_token() -> None:
    async with slack() as made:
        bare = made.settings.model_copy(update={"app_token": None})
        with pytest.raises(ValueError, match="SLACK_APP_TOKEN"):
            async with socket_mode(bare, made.app, made.client):
                pass
