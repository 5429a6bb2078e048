"""The faults of the shared plan on the stand-in, and its control paths."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Kind, Rule
from tests.sandbox.slack_kit import ANN, Stage, listening, stage

POST = "/api/chat.postMessage"


@pytest.fixture
async def slack() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def post(slack: Stage, text: str = "hi") -> None:
    await slack.client.chat_postMessage(channel=ANN.id, text=text)


async def give_up_on_post(slack: Stage) -> None:
    """Post, and stop waiting for the answer once the request has arrived."""
    waiting = asyncio.create_task(post(slack))
    await slack.workspace.until(lambda: slack.workspace.calls)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_told_rate_limit_writes_nothing_and_names_the_seconds(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.RATE_LIMIT, match=POST, times=1, retry_after=7))
    with pytest.raises(SlackApiError) as failure:
        await post(slack)
    assert failure.value.response.headers["Retry-After"] == "7"
    assert slack.workspace.posts == []
    assert (slack.workspace.calls[0].fault, slack.workspace.calls[0].applied) == ("rate_limit", False)


async def test_the_retry_handler_of_slack_sdk_gets_over_a_rate_limit(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.RATE_LIMIT, match=POST, times=1, retry_after=0))
    slack.client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    await post(slack)
    assert [call.applied for call in slack.workspace.calls] == [False, True]


async def test_a_told_error_is_a_500(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.ERROR, match=POST, times=1))
    with pytest.raises(SlackApiError) as failure:
        await post(slack)
    assert failure.value.response.status_code == 500
    assert slack.workspace.posts == []


async def test_a_hanging_request_is_never_applied(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.HANG, match=POST, times=1, seconds=30))
    await give_up_on_post(slack)
    await post(slack, "second")
    assert [p.message["text"] for p in slack.workspace.posts] == ["second"]
    assert [call.fault for call in slack.workspace.calls] == ["hang", None]


async def test_a_late_request_is_applied_after_its_caller_has_gone(
    slack: Stage, session: aiohttp.ClientSession
) -> None:
    slack.faults.add(Rule(kind=Kind.LATE, match=POST, times=1, seconds=0.1))
    await give_up_on_post(slack)
    assert slack.workspace.posts == []
    await slack.workspace.posted(1)
    assert slack.workspace.posts[0].fault == "late"
    async with session.get(f"{slack.url}/_sandbox/messages") as response:
        assert (await response.json())["applied_late"] == {"chat.postMessage": 1}


async def test_a_lost_answer_leaves_its_message_behind(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.LOST, match=POST, times=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(slack)
    assert [(p.message["text"], p.fault) for p in slack.workspace.posts] == [("hi", "lost")]


async def test_a_connection_that_breaks_at_once_leaves_nothing_behind(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.CUT, match=POST, times=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await post(slack)
    assert slack.workspace.posts == []


async def test_slack_sdk_repeats_a_lost_post_by_itself(slack: Stage) -> None:
    slack.faults.add(Rule(kind=Kind.LOST, match=POST, times=1))
    default = AsyncWebClient(slack.workspace.token, base_url=slack.client.base_url)
    await default.chat_postMessage(channel=ANN.id, text="hi")
    assert len(slack.workspace.posts) == 2  # why a bot must look for its metadata before it posts again


async def test_faults_are_set_from_another_process(slack: Stage, session: aiohttp.ClientSession) -> None:
    rules = [{"kind": "error", "match": POST, "times": 1}]
    async with session.post(f"{slack.url}/_sandbox/faults", json=rules) as response:
        assert response.status == 200
    with pytest.raises(SlackApiError):
        await post(slack)
    await post(slack)


async def test_messages_and_homes_are_reported(slack: Stage, session: aiohttp.ClientSession) -> None:
    metadata = {"event_type": "step", "event_payload": {"n": 1}}
    await slack.client.chat_postMessage(channel=ANN.id, text="one", metadata=metadata)
    await slack.client.views_publish(user_id=ANN.id, view={"type": "home", "blocks": []})
    async with session.get(f"{slack.url}/_sandbox/messages?at_least=1") as response:
        report = await response.json()
    assert report["posts"][0]["message"]["metadata"] == metadata
    assert [message["text"] for message in report["channels"]["D0ANN"]] == ["one"]
    assert report["calls"] == {"chat.postMessage": 1, "views.publish": 1}
    async with session.get(f"{slack.url}/_sandbox/homes") as response:
        assert list((await response.json())["homes"]) == [ANN.id]
    async with session.get(f"{slack.url}/_sandbox/messages?at_least=9&timeout=0.01") as response:
        assert response.status == 408


async def test_settings_change_limits_scopes_and_clock(slack: Stage, session: aiohttp.ClientSession) -> None:
    settings: dict[str, Any] = {"posts_per_second": 1, "scopes": ["chat:write"], "advance_clock": 100}
    before = slack.workspace.now()
    async with session.post(f"{slack.url}/_sandbox/settings", json=settings) as response:
        assert response.status == 200
    assert slack.workspace.now() >= before + 100
    assert slack.workspace.scopes == ("chat:write",)
    await post(slack)
    with pytest.raises(SlackApiError, match="ratelimited"):
        await post(slack)
    async with session.post(f"{slack.url}/_sandbox/settings", json={"nonsense": 1}) as response:
        assert response.status == 400


async def test_a_hint_to_reconnect_can_be_sent_from_another_process(
    slack: Stage, session: aiohttp.ClientSession
) -> None:
    web_client = AsyncWebClient(base_url=slack.client.base_url)
    url = (await web_client.apps_connections_open(app_token=slack.workspace.app_token))["url"]
    async with session.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        await session.post(f"{slack.url}/_sandbox/disconnect?reason=warning")
        assert (await socket.receive_json())["reason"] == "warning"


async def test_people_act_from_another_process(slack: Stage, session: aiohttp.ClientSession) -> None:
    async def answer(request: web.Request) -> web.Response:
        form = await request.post()
        return web.Response(text="opened" if "command" in form else "")

    bot = web.Application()
    bot.router.add_post("/slack/events", answer)
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "action_id": "go"}
    row = {"type": "actions", "elements": [button]}
    home = await slack.client.views_publish(user_id=ANN.id, view={"type": "home", "blocks": [row]})
    sent = await slack.client.chat_postMessage(channel=ANN.id, text="hi", blocks=[row])
    note = await slack.client.chat_postEphemeral(channel="C0ALL", user=ANN.id, text="hi", blocks=[row])
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Form"}, "blocks": [row]}
    trigger = slack.workspace.tickets.mint_trigger(ANN.id)
    modal = (await slack.client.views_open(trigger_id=trigger, view=view))["view"]
    acts: list[tuple[str, dict[str, Any], int]] = [
        ("say", {"text": "hello"}, 200),
        ("mention", {"channel": "C0ALL", "text": "hello"}, 200),
        ("command", {"command": "/onboarding"}, 200),
        ("press", {"ts": sent["ts"], "action_id": "go"}, 200),
        ("press", {"ts": note["message_ts"], "channel": "C0ALL", "action_id": "go"}, 200),
        ("press", {"home": True, "action_id": "go"}, 200),
        ("press", {"view_id": modal["id"], "action_id": "go"}, 200),
        ("submit", {"view_id": modal["id"]}, 200),
        ("open_home", {}, 200),
        ("join_team", {}, 200),
        ("press", {"ts": "1.0", "action_id": "go"}, 400),
        ("say", {}, 400),
        ("sing", {}, 404),
    ]
    async with listening(bot) as bot_url:
        slack.workspace.bot_url = bot_url
        for act, arguments, status in acts:
            url = f"{slack.url}/_sandbox/people/{ANN.id}/{act}"
            async with session.post(url, json=arguments) as response:
                assert response.status == status, (act, await response.text())
    assert home["view"]["id"] in str(slack.workspace.views.homes)
    assert slack.workspace.posts[-1].message["text"] == "opened"
