"""Requests that never end are given up before they are believed or kept."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.slack import app
from tests.adapters.slack.kit import door, slack


async def test_a_body_of_slack_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "BODY_SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"payload="
        await asyncio.Event().wait()

    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
    async with asyncio.timeout(60), slack() as made, door(made) as url, aiohttp.ClientSession() as session:
        async with session.post(f"{url}/slack/events", data=trickle(), headers=headers) as answer:
            assert answer.status == 408
        assert made.inbox.received == []
