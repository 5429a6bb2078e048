"""Who is believed, and what happens to what has been said already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from sandbox.slack.delivery import Kind, encode, signed_headers
from tests.chaos.inside import CHANNEL, Inside, inside

NEWCOMER = "U0NEW001"
EVENT = {
    "type": "event_callback",
    "event_id": "EvFORGED",
    "event": {
        "type": "message",
        "channel_type": "im",
        "channel": "D0NEW001",
        "user": NEWCOMER,
        "text": "status",
        "ts": "1760000000.000100",
    },
}
COMMAND = {"command": "/onboarding", "text": "status", "user_id": NEWCOMER, "trigger_id": "1.FORGED"}
PRESS = {
    "type": "block_actions",
    "user": {"id": NEWCOMER},
    "trigger_id": "2.FORGED",
    "actions": [{"type": "button", "action_id": "status", "value": ""}],
}
PAYLOADS = ((Kind.EVENT, EVENT), (Kind.COMMAND, COMMAND), (Kind.INTERACTION, PRESS))
SECRET = "sandbox-signing-secret"
STALE = 6 * 60.0

Sign = Callable[[bytes, float], tuple[bytes, dict[str, str]]]
FORGERIES: dict[str, Sign] = {
    "unsigned": lambda body, _: (body, {}),
    "only a time": lambda body, now: (body, {"X-Slack-Request-Timestamp": str(int(now))}),
    "only a signature": lambda body, now: (
        body,
        {"X-Slack-Signature": signed_headers(SECRET, body, now)["X-Slack-Signature"]},
    ),
    "another secret": lambda body, now: (body, signed_headers("somebody-elses-secret", body, now)),
    "an empty secret": lambda body, now: (body, signed_headers("", body, now)),
    "another body": lambda body, now: (body + b" ", signed_headers(SECRET, body, now)),
    "stale": lambda body, now: (body, signed_headers(SECRET, body, now - STALE)),
    "from the future": lambda body, now: (body, signed_headers(SECRET, body, now + STALE)),
    "a time that is no number": lambda body, now: (
        body,
        {**signed_headers(SECRET, body, now), "X-Slack-Request-Timestamp": "soon"},
    ),
    "an older version": lambda body, now: (
        body,
        {**signed_headers(SECRET, body, now), "X-Slack-Signature": "v1=" + "0" * 64},
    ),
}


@pytest.fixture
async def bot(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path, store_url, organisation) as it:
        yield it


async def test_what_is_not_signed_rightly_gets_401_and_leaves_nothing(bot: Inside) -> None:
    await bot.rest()  # it begins with a comparison with Jira
    before = await bot.all_that_is_kept()
    for name, sign in FORGERIES.items():
        for kind, payload in PAYLOADS:
            body, content_type = encode(kind, payload)
            sent, headers = sign(body, bot.workspace.now())
            status, answer = await bot.post(sent, {"Content-Type": content_type, **headers})
            assert (name, kind, status) == (name, kind, 401)
            assert "Traceback" not in answer
    assert await bot.all_that_is_kept() == before
    assert bot.workspace.posts == []


async def test_the_same_requests_signed_rightly_are_taken(bot: Inside) -> None:
    """Else the test above would prove nothing."""
    before = await bot.all_that_is_kept()
    for kind, payload in PAYLOADS:
        assert (await bot.send(kind, payload))[0] == 200
    await bot.rest()
    assert await bot.all_that_is_kept() != before
    assert bot.workspace.posts != []


async def test_events_that_are_sent_again_change_nothing(bot: Inside) -> None:
    boss, newcomer = bot.user("U0BOSS000"), bot.user(NEWCOMER)
    replies = [
        await boss.say(f"start <@{NEWCOMER}> chaos"),
        await newcomer.say("done read"),
        await newcomer.say("Как подключить VPN?"),
        await newcomer.open_home(),
        *await newcomer.mention_twice(CHANNEL, "status"),
    ]
    assert all(reply.ok for reply in replies)
    await bot.rest()
    before, shown = await bot.all_that_is_kept(), len(bot.workspace.posts)
    for _ in range(3):
        for reply in replies:
            assert (await boss.replay(reply)).ok
    await bot.rest()
    assert await bot.all_that_is_kept() == before
    assert len(bot.workspace.posts) == shown
