"""auth.test, users.* and conversations.* of the stand-in, asked by slack_sdk."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.slack_kit import ANN, BOB, Clock, Stage, error_of, stage


@pytest.fixture
async def slack() -> AsyncIterator[Stage]:
    async with stage(Clock()) as ready:
        yield ready


async def test_auth_test_tells_the_bot_and_its_scopes(slack: Stage) -> None:
    answer = await slack.client.auth_test()
    assert answer["user_id"] == slack.workspace.bot_user
    assert answer["bot_id"] == slack.workspace.bot_id
    assert "chat:write" in answer.headers["X-OAuth-Scopes"].split(",")


async def test_users_info_shows_address_time_zone_and_locale(slack: Stage) -> None:
    user = (await slack.client.users_info(user=ANN.id, include_locale=True))["user"]
    assert user["profile"]["email"] == "Ann@example.com"
    assert user["tz"] == "Europe/Berlin"
    assert user["tz_offset"] == 7200  # October 2025: summer time
    assert user["locale"] == "en-US"
    assert user["is_email_confirmed"] is True
    assert user["is_restricted"] is False


async def test_the_address_is_hidden_without_its_scope(slack: Stage) -> None:
    slack.workspace.scopes = ("users:read",)
    user = (await slack.client.users_info(user=ANN.id))["user"]
    assert "email" not in user["profile"]
    assert "locale" not in user


async def test_lookup_by_email_ignores_case_and_deactivated_people(slack: Stage) -> None:
    assert (await slack.client.users_lookupByEmail(email="ann@EXAMPLE.com"))["user"]["id"] == ANN.id
    with pytest.raises(SlackApiError) as failure:
        await slack.client.users_lookupByEmail(email=BOB.email or "")
    assert error_of(failure.value) == "users_not_found"


async def test_users_list_comes_in_pages(slack: Stage) -> None:
    seen = []
    async for part in await slack.client.users_list(limit=2):
        seen += [member["id"] for member in part["members"]]
    assert seen == list(slack.workspace.people)


async def test_a_stranger_carries_its_own_team(slack: Stage) -> None:
    user = (await slack.client.users_info(user="U0EVE"))["user"]
    assert user["is_stranger"] is True
    assert user["team_id"] == "T0OTHER"


async def test_an_unknown_user_is_not_found(slack: Stage) -> None:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.users_info(user="U0NOBODY")
    assert error_of(failure.value) == "user_not_found"


async def test_opening_a_conversation_twice_gives_one_dm(slack: Stage) -> None:
    first = await slack.client.conversations_open(users=ANN.id)
    again = await slack.client.conversations_open(users=[ANN.id], return_im=True)
    assert first["channel"] == {"id": "D0ANN"}
    assert again["channel"]["id"] == "D0ANN"
    assert again["channel"]["is_im"] is True
    assert (await slack.client.conversations_open(channel="D0ANN"))["channel"]["id"] == "D0ANN"


@pytest.mark.parametrize(
    ("users", "code"),
    [
        ("U0BOB", "user_disabled"),
        ("U0NOBODY", "user_not_found"),
        ("U0BUTTERBOT", "cannot_dm_bot"),
        ("U0ANN,U0EVE", "method_not_supported_for_channel_type"),
    ],
)
async def test_a_dm_that_cannot_be_opened_says_why(slack: Stage, users: str, code: str) -> None:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.conversations_open(users=users)
    assert error_of(failure.value) == code


async def test_conversations_list_shows_what_the_bot_may_see(slack: Stage) -> None:
    slack.workspace.dm(ANN.id)
    kinds = "public_channel,private_channel,im"
    answer = await slack.client.conversations_list(types=kinds, exclude_archived=True)
    assert [channel["id"] for channel in answer["channels"]] == ["C0ALL", "C0OPEN", "D0ANN"]
    assert [c.get("is_member") for c in answer["channels"]] == [True, False, None]


async def test_listing_an_unknown_kind_is_refused(slack: Stage) -> None:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.conversations_list(types="rooms")
    assert error_of(failure.value) == "invalid_types"


async def test_history_is_newest_first_and_pages_stay_right(slack: Stage) -> None:
    for n in range(5):
        await slack.client.chat_postMessage(channel="C0ALL", text=str(n))
    first = await slack.client.conversations_history(channel="C0ALL", limit=2)
    await slack.client.chat_postMessage(channel="C0ALL", text="late")
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.client.conversations_history(channel="C0ALL", limit=2, cursor=cursor)
    assert [m["text"] for m in first["messages"]] == ["4", "3"]
    assert [m["text"] for m in second["messages"]] == ["2", "1"]
    assert first["has_more"] is True


async def test_the_edges_of_history_belong_to_it_only_when_inclusive(slack: Stage) -> None:
    stamps = [(await slack.client.chat_postMessage(channel="C0ALL", text=str(n)))["ts"] for n in range(3)]
    window = {"channel": "C0ALL", "oldest": stamps[0], "latest": stamps[2]}
    inside = await slack.client.conversations_history(**window)
    all_three = await slack.client.conversations_history(**window, inclusive=True)
    assert [m["ts"] for m in inside["messages"]] == [stamps[1]]
    assert len(all_three["messages"]) == 3


async def test_replies_are_in_the_thread_and_not_in_the_history(slack: Stage) -> None:
    client = slack.client
    parent = (await client.chat_postMessage(channel="C0ALL", text="parent"))["ts"]
    await client.chat_postMessage(channel="C0ALL", text="reply", thread_ts=parent)
    await client.chat_postMessage(channel="C0ALL", text="shout", thread_ts=parent, reply_broadcast=True)
    history = await client.conversations_history(channel="C0ALL")
    thread = await client.conversations_replies(channel="C0ALL", ts=parent)
    assert [m["text"] for m in history["messages"]] == ["shout", "parent"]
    assert [m["text"] for m in thread["messages"]] == ["parent", "reply", "shout"]
    assert thread["messages"][0]["reply_count"] == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C0NONE"}, "channel_not_found"),
        ({"channel": "C0SECRET"}, "channel_not_found"),
        ({"channel": "C0OPEN"}, "not_in_channel"),
        ({"channel": "C0ALL", "oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": "C0ALL", "cursor": "bogus"}, "invalid_cursor"),
        ({"channel": "C0ALL", "limit": 5000}, "invalid_limit"),
    ],
)
async def test_history_that_cannot_be_read_says_why(slack: Stage, arguments: dict[str, str], code: str) -> None:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.api_call("conversations.history", params=arguments)
    assert error_of(failure.value) == code


async def test_replies_to_no_message_are_not_found(slack: Stage) -> None:
    with pytest.raises(SlackApiError) as failure:
        await slack.client.conversations_replies(channel="C0ALL", ts="1.000000")
    assert error_of(failure.value) == "thread_not_found"


@pytest.mark.parametrize(
    ("token", "code"),
    [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
async def test_a_call_needs_the_right_token(slack: Stage, token: str | None, code: str) -> None:
    client = AsyncWebClient(token, base_url=slack.client.base_url)
    with pytest.raises(SlackApiError) as failure:
        await client.auth_test()
    assert error_of(failure.value) == code


async def test_a_missing_scope_is_named(slack: Stage) -> None:
    slack.workspace.scopes = ("chat:write",)
    with pytest.raises(SlackApiError) as failure:
        await slack.client.users_info(user=ANN.id)
    assert failure.value.response["error"] == "missing_scope"
    assert failure.value.response["needed"] == "users:read"
    assert failure.value.response["provided"] == "chat:write"


async def test_history_of_a_dm_needs_its_own_scope(slack: Stage) -> None:
    slack.workspace.scopes = ("channels:history",)
    slack.workspace.dm(ANN.id)
    with pytest.raises(SlackApiError) as failure:
        await slack.client.conversations_history(channel="D0ANN")
    assert failure.value.response["needed"] == "im:history"


async def test_an_unknown_method_and_a_missing_argument_are_told_apart(slack: Stage) -> None:
    with pytest.raises(SlackApiError) as unknown:
        await slack.client.api_call("chat.sing")
    with pytest.raises(SlackApiError) as missing:
        await slack.client.api_call("users.info")
    assert error_of(unknown.value) == "unknown_method"
    assert error_of(missing.value) == "invalid_arguments"


async def test_form_fields_may_hold_json_and_the_token(slack: Stage) -> None:
    fields = {"token": slack.workspace.token, "channel": "C0ALL", "blocks": '[{"type": "divider"}]'}
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{slack.url}/api/chat.postMessage", data=fields) as response:
            assert (await response.json())["message"]["blocks"][0]["type"] == "divider"
        async with session.post(f"{slack.url}/api/chat.postMessage", json=[1]) as response:
            assert (await response.json())["error"] == "json_not_object"
        headers = {"Content-Type": "application/json"}
        async with session.post(f"{slack.url}/api/auth.test", data=b"{", headers=headers) as response:
            assert (await response.json())["error"] == "invalid_json"
        headers = {"Content-Type": "text/csv"}
        async with session.post(f"{slack.url}/api/auth.test", data=b"a", headers=headers) as response:
            assert (await response.json())["error"] == "invalid_post_type"
