"""chat.*, response URLs and the rate limits of the stand-in, used by slack_sdk."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.models.metadata import Metadata
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.sandbox.slack_kit import ANN, BOB, Clock, Stage, error_of, stage

SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[Stage]:
    async with stage(clock) as ready:
        yield ready


async def refused(slack: Stage, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.api_call(method, json=arguments)
    return error_of(failure.value)


async def test_a_post_is_kept_with_author_blocks_and_a_growing_ts(slack: Stage) -> None:
    first = await slack.client.chat_postMessage(channel="C0ALL", text="one", blocks=[SECTION])
    second = await slack.client.chat_postMessage(channel="C0ALL", text="two")
    message = first["message"]
    assert message["bot_id"] == slack.workspace.bot_id
    assert message["user"] == slack.workspace.bot_user
    assert message["blocks"][0]["block_id"]
    assert second["ts"] > first["ts"]  # although the clock stands still


async def test_a_post_to_a_person_goes_to_the_dm_even_when_deactivated(slack: Stage) -> None:
    assert (await slack.client.chat_postMessage(channel=ANN.id, text="hi"))["channel"] == "D0ANN"
    assert (await slack.client.chat_postMessage(channel=BOB.id, text="hi"))["channel"] == "D0BOB"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C0NONE", "text": "hi"}, "channel_not_found"),
        ({"channel": "C0OLD", "text": "hi"}, "is_archived"),
        ({"channel": "C0OPEN", "text": "hi"}, "not_in_channel"),
        ({"channel": "C0ALL"}, "no_text"),
        ({"channel": "C0ALL", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0ALL", "markdown_text": "x" * 12_001}, "msg_too_long"),
        ({"channel": "C0ALL", "text": "a", "markdown_text": "b"}, "markdown_text_conflict"),
        ({"channel": "C0ALL", "text": "hi", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": "C0ALL", "blocks": "[{"}, "invalid_blocks_format"),
        ({"channel": "C0ALL", "blocks": [{"type": "dancer"}]}, "invalid_blocks"),
        ({"channel": "C0ALL", "text": "hi", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "hi"}, "invalid_arguments"),
    ],
)
async def test_a_post_that_slack_would_refuse_is_refused(slack: Stage, arguments: dict[str, Any], code: str) -> None:
    assert await refused(slack, "chat.postMessage", **arguments) == code
    assert slack.workspace.posts == []


async def test_broken_blocks_are_explained_with_a_pointer(slack: Stage) -> None:
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    with pytest.raises(SlackApiError) as failure:
        await slack.client.chat_postMessage(channel="C0ALL", text="hi", blocks=[long])
    messages = failure.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]


async def test_metadata_find_a_message_again(slack: Stage) -> None:
    for n in range(3):
        metadata = Metadata(event_type="step", event_payload={"effect": f"e{n}"})
        await slack.client.chat_postMessage(channel=ANN.id, text=f"step {n}", metadata=metadata)
    hidden = await slack.client.conversations_history(channel="D0ANN")
    shown = await slack.client.conversations_history(channel="D0ANN", include_all_metadata=True)
    assert "metadata" not in hidden["messages"][0]
    found = [m for m in shown["messages"] if m["metadata"]["event_payload"] == {"effect": "e1"}]
    assert [m["text"] for m in found] == ["step 1"]


async def test_an_update_changes_text_and_keeps_metadata_until_they_are_emptied(slack: Stage) -> None:
    metadata: dict[str, Any] = {"event_type": "step", "event_payload": {}}
    posted = await slack.client.chat_postMessage(channel="C0ALL", text="one", blocks=[SECTION], metadata=metadata)
    place = {"channel": "C0ALL", "ts": posted["ts"]}
    updated = await slack.client.chat_update(**place, text="two")
    assert updated["text"] == "two"
    assert "blocks" not in updated["message"]
    assert updated["message"]["metadata"] == metadata
    assert updated["message"]["edited"]["user"] == slack.workspace.bot_user
    emptied = await slack.client.chat_update(**place, text="three", metadata={})
    assert "metadata" not in emptied["message"]
    assert [post.message["text"] for post in slack.workspace.posts] == ["one", "two", "three"]


async def test_only_own_messages_can_be_changed_or_deleted(slack: Stage) -> None:
    ours = (await slack.client.chat_postMessage(channel=ANN.id, text="ours"))["ts"]
    theirs = slack.workspace.messages.add("D0ANN", {"user": ANN.id, "text": "theirs"})["ts"]
    place = {"channel": "D0ANN", "ts": theirs}
    assert await refused(slack, "chat.update", **place, text="x") == "cant_update_message"
    assert await refused(slack, "chat.delete", **place) == "cant_delete_message"
    assert await refused(slack, "chat.update", channel="D0ANN", ts="1.0", text="x") == "message_not_found"
    await slack.client.chat_delete(channel="D0ANN", ts=ours)
    assert await refused(slack, "chat.delete", channel="D0ANN", ts=ours) == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_person_and_in_no_history(slack: Stage) -> None:
    answer = await slack.client.chat_postEphemeral(channel="C0ALL", user=ANN.id, text="psst")
    post = slack.workspace.posts[-1]
    assert (post.to, post.message["ts"]) == (ANN.id, answer["message_ts"])
    assert (await slack.client.conversations_history(channel="C0ALL"))["messages"] == []
    code = await refused(slack, "chat.postEphemeral", channel="C0ALL", user="U0EVE", text="psst")
    assert code == "user_not_in_channel"


async def test_a_response_url_works_five_times_within_half_an_hour(slack: Stage, clock: Clock) -> None:
    token = slack.workspace.tickets.mint_response(ANN.id, "C0ALL")
    other = slack.workspace.tickets.mint_response(ANN.id, "C0ALL")
    hook = AsyncWebhookClient(f"{slack.url}/response/{token}")
    for n in range(5):
        assert (await hook.send(text=str(n))).body == "ok"
    spent = await hook.send(text="once too often")
    clock.now += 1801
    late = await AsyncWebhookClient(f"{slack.url}/response/{other}").send(text="late")
    assert (spent.status_code, spent.body) == (404, "used_url")
    assert (late.status_code, late.body) == (404, "expired_url")
    assert {post.to for post in slack.workspace.posts} == {ANN.id}


async def test_a_response_url_of_a_message_replaces_or_deletes_it(slack: Stage) -> None:
    ts = (await slack.client.chat_postMessage(channel="C0ALL", text="press me", blocks=[SECTION]))["ts"]
    token = slack.workspace.tickets.mint_response(ANN.id, "C0ALL", message_ts=ts)
    hook = AsyncWebhookClient(f"{slack.url}/response/{token}")
    await hook.send(text="pressed", replace_original=True)
    message = slack.workspace.messages.find("C0ALL", ts)
    assert message is not None
    assert message["text"] == "pressed"
    assert "blocks" not in message
    await hook.send(text="for all", response_type="in_channel")
    assert slack.workspace.posts[-1].to is None
    await hook.send_dict({"text": "in the thread", "response_type": "in_channel", "thread_ts": ts})
    assert [m["text"] for m in slack.workspace.messages.thread("C0ALL", ts)] == ["pressed", "in the thread"]
    await hook.send_dict({"delete_original": True})
    assert slack.workspace.messages.find("C0ALL", ts) is None


async def test_a_response_url_takes_no_nonsense(slack: Stage) -> None:
    token = slack.workspace.tickets.mint_response(ANN.id, "C0ALL")
    async with aiohttp.ClientSession() as session:
        for body, complaint in [(b"{", "invalid_payload"), (b"[]", "invalid_payload"), (b"{}", "no_text")]:
            async with session.post(f"{slack.url}/response/{token}", data=body) as response:
                assert (response.status, await response.text()) == (400, complaint)


async def test_one_post_a_second_and_channel_when_limits_are_on(slack: Stage, clock: Clock) -> None:
    slack.workspace.limits.configure(posts_per_second=1.0, burst=2)
    for _ in range(2):
        await slack.client.chat_postMessage(channel="C0ALL", text="in the burst")
    with pytest.raises(SlackApiError) as failure:
        await slack.client.chat_postMessage(channel="C0ALL", text="too early")
    assert failure.value.response.status_code == 429
    assert failure.value.response.headers["Retry-After"] == "1"
    await slack.client.chat_postMessage(channel=ANN.id, text="another channel")
    clock.now += 1
    await slack.client.chat_postMessage(channel="C0ALL", text="in time")


async def test_calls_a_minute_can_be_limited_for_a_method(slack: Stage, clock: Clock) -> None:
    slack.workspace.limits.configure(per_minute={"users.info": 2})
    for _ in range(2):
        await slack.client.users_info(user=ANN.id)
    assert await refused(slack, "users.info", user=ANN.id) == "ratelimited"
    clock.now += 30
    await slack.client.users_info(user=ANN.id)
