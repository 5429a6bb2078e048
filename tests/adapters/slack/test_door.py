"""The bot's door over real HTTP: what is signed is committed and then acknowledged, what is not changes nothing."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import msgspec
import pytest

from adapters.slack import intake
from adapters.slack.app import routes
from adapters.slack.form_thread import carried, carrying
from bot.errors import Conflict, NotReplicated, StoreUnavailable
from bot.incoming import Commanded, Place, Pressed, Submitted, Wrote
from bot.message import Button, Field, Form, Message, Reply
from sandbox.faults import Kind as Fault
from sandbox.faults import Rule
from sandbox.slack.delivery import HttpTransport, Kind, encode, signed_headers
from tests.adapters.slack.kit import Slack, door, payload, payload_names, slack

FORM_TYPE = "application/x-www-form-urlencoded"
GO = {"type": "plain_text", "text": "Go"}
FORM = Form("start", "Start", "Go", (Field("person", "Who", "person"), Field("note", "Note", required=False)))


@pytest.fixture
async def served() -> AsyncIterator[tuple[Slack, str]]:
    async with slack() as made, door(made) as url:
        await made.identity.learn()
        yield made, url


async def send(url: str, body: bytes, **headers: str) -> tuple[int, str, Any]:
    """Status, body and headers of the answer to a POST with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with aiohttp.ClientSession() as session, session.post(f"{url}/slack/events", data=body, headers=named) as got:
        return got.status, await got.text(), got.headers


async def send_signed(url: str, body: bytes, content_type: str = "application/json") -> tuple[int, str, Any]:
    headers = signed_headers("sandbox-signing-secret", body, time.time())
    return await send(url, body, Content_Type=content_type, **headers)


def kind_of(name: str) -> Kind:
    told = payload(name)
    if "command" in told:
        return Kind.COMMAND
    return (
        Kind.EVENT if told["type"] in ("event_callback", "url_verification", "app_rate_limited") else Kind.INTERACTION
    )


@pytest.mark.parametrize("name", payload_names())
async def test_every_recorded_payload_is_acknowledged(served: tuple[Slack, str], name: str) -> None:
    made, url = served
    body, content_type = encode(kind_of(name), payload(name))
    status, _, headers = await send_signed(url, body, content_type)
    assert status == 200
    assert "x-slack-no-retry" not in headers
    heard_of = not name.startswith("ignored_") and name != "url_verification"
    # The workspace of the stand-in is that of the recordings, but its auth.test does not tell the app's id.
    assert len(made.inbox.received) == (1 if heard_of or name == "ignored_other_app" else 0)


async def test_the_handshakes_of_slack_are_answered(served: tuple[Slack, str]) -> None:
    made, url = served
    transport = HttpTransport(url, "sandbox-signing-secret", time.time)
    verified = await transport.verify("abc")
    assert (verified.status, json.loads(verified.body)) == (200, {"challenge": "abc"})
    assert (await transport.check_ssl()).status == 200
    assert (await send(url, b"ssl_check=1&token=deprecated", Content_Type=FORM_TYPE))[0] == 200
    assert made.inbox.received == []


async def test_what_a_person_does_comes_in(served: tuple[Slack, str]) -> None:
    made, url = served
    anna = made.user("U0ANNA", url)
    made.inbox.reply = None
    for act in (anna.say("hello"), anna.mention("C0GENERAL", "status"), anna.command("/onboarding", "help")):
        assert (await act).status == 200
    assert [one.said for one in made.inbox.received] == [Wrote("hello"), Wrote("status"), Commanded("help")]


async def test_one_post_in_two_events_shares_a_name(served: tuple[Slack, str]) -> None:
    made, url = served
    await made.user("U0ANNA", url).mention_twice("C0GENERAL", "status")
    first, second = made.inbox.received
    assert first.id != second.id
    assert first.also == second.also


async def test_a_repeated_event_is_handed_on_under_the_same_id(served: tuple[Slack, str]) -> None:
    made, url = served
    anna = made.user("U0ANNA", url)
    await anna.replay(await anna.say("hello"))
    first, second = made.inbox.received
    assert first == second


@pytest.mark.parametrize("error", [StoreUnavailable("down"), Conflict("busy"), NotReplicated("alone")])
async def test_what_could_not_be_committed_is_sent_again_by_slack(served: tuple[Slack, str], error: Exception) -> None:
    made, url = served
    made.inbox.error = error
    reply = await made.user("U0ANNA", url).say("hello")
    assert reply.status == 503
    assert "x-slack-no-retry" not in {name.lower() for name in reply.headers}


async def test_an_event_is_acknowledged_only_after_its_commit(served: tuple[Slack, str]) -> None:
    made, url = served
    committing, commit = asyncio.Event(), asyncio.Event()

    async def receive(_: object) -> None:
        committing.set()
        await commit.wait()

    made.inbox.receive = receive  # type: ignore[assignment, method-assign]
    saying = asyncio.create_task(made.user("U0ANNA", url).say("hello"))
    await committing.wait()
    assert not saying.done()
    commit.set()
    assert (await saying).status == 200


async def test_a_forged_signature_writes_nothing(served: tuple[Slack, str]) -> None:
    made, url = served
    assert (await made.user("U0ANNA", url, "another secret").say("hello")).status == 401
    assert made.inbox.received == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": "9" * 5000, "X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=é"},
        {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": ""},
    ],
)
@pytest.mark.parametrize("body", [b'{"type": "event_callback"}', b"{", b"\xff", b"[1]", b"", b"payload=1"])
async def test_what_is_not_signed_is_refused(served: tuple[Slack, str], headers: dict[str, str], body: bytes) -> None:
    made, url = served
    status, _, _ = await send(url, body, **headers)
    assert status == 401
    assert made.inbox.received == []


async def test_an_old_signature_is_refused(served: tuple[Slack, str]) -> None:
    made, url = served
    body, content_type = encode(Kind.EVENT, payload("direct_message"))
    old = signed_headers("sandbox-signing-secret", body, time.time() - 301)
    status, _, _ = await send(url, body, Content_Type=content_type, **old)
    assert status == 401
    assert made.inbox.received == []


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1, 2]",
        b"7",
        b'"text"',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"payload={",
        b"payload=[]",
        b"&a=b" * 1000,
        b'{"type":"event_callback","event":7}',
        b'{"type":"event_callback","event":{"type":[]},"authorizations":3}',
        b'{"type":"block_actions","actions":{"0":1},"response_urls":[3]}',
        b'{"type":"view_submission","view":"x"}',
        b'{"command":{},"user_id":[]}',
        b'{"type":"event_callback","enterprise":5,"team":7}',
        b'{"type":"url_verification","challenge":{"a":1}}',
        b'{"ssl_check":["1"]}',
    ],
)
async def test_nothing_that_is_signed_is_an_error_of_ours(
    served: tuple[Slack, str], body: bytes, content_type: str
) -> None:
    made, url = served
    status, _, _ = await send_signed(url, body, content_type)
    assert status == 200
    assert made.inbox.received == []


async def test_a_body_that_is_no_text_is_checked_as_its_bytes_are_and_says_nothing(served: tuple[Slack, str]) -> None:
    made, url = served
    for content_type in ("application/json", FORM_TYPE):
        assert (await send_signed(url, b"\xff\xfe", content_type))[0] == 200
    assert made.inbox.received == []


async def test_a_body_of_more_than_a_megabyte_is_refused(served: tuple[Slack, str]) -> None:
    made, url = served
    assert (await send_signed(url, b'{"a":"' + b"x" * 1_000_000 + b'"}'))[0] == 413
    assert made.inbox.received == []


async def test_a_command_is_answered_in_its_acknowledgement(served: tuple[Slack, str]) -> None:
    made, url = served
    made.inbox.reply = Reply("en", Message("Your plan", buttons=(Button("done", "1", "Done"),)))
    reply = await made.user("U0ANNA", url).command("/onboarding", "status")
    assert reply.json()["response_type"] == "ephemeral"
    seen = made.workspace.posts[-1]
    assert (seen.method, seen.to, seen.message["text"]) == ("command", "U0ANNA", "Your plan")


async def test_a_button_of_an_answer_can_be_pressed(served: tuple[Slack, str]) -> None:
    made, url = served
    made.inbox.reply = Reply("en", Message("Which?", buttons=(Button("done", "1", "A"), Button("done", "2", "B"))))
    anna = made.user("U0ANNA", url)
    await anna.command("/onboarding", "done")
    assert (await anna.press(made.workspace.posts[-1].message, "done:2")).body == ""
    assert made.inbox.received[-1].said == Pressed("done", "2")


async def test_a_form_opens_and_comes_back_with_its_answers(served: tuple[Slack, str]) -> None:
    made, url = served
    made.inbox.reply = Reply("en", form=FORM)
    anna = made.user("U0ANNA", url)
    assert (await anna.command("/onboarding", "start")).body == ""
    (modal,) = made.workspace.views.open_modals("U0ANNA")

    made.inbox.reply = Reply("en", errors={"person": "Not one of us"})
    refused = await anna.submit(modal.view, {"person": "U0BORIS"})
    assert refused.json() == {"response_action": "errors", "errors": {"person": "Not one of us"}}
    assert modal.is_open

    made.inbox.reply = Reply("en", Message("Started"))
    await anna.submit(modal.view, {"person": "U0BORIS", "note": "hi"})
    assert made.inbox.received[-1].said == Submitted("start", {"person": "<@U0BORIS>", "note": "hi"})
    assert modal.view["blocks"][0]["text"]["text"] == "Started"

    made.inbox.reply = None
    again = await anna.command("/onboarding", "start")
    assert again.ok


async def test_a_form_opens_from_a_button(served: tuple[Slack, str]) -> None:
    made, url = served
    made.inbox.reply = Reply("en", form=FORM)
    anna = made.user("U0ANNA", url)
    message = {
        "ts": "1.1",
        "blocks": [{"type": "actions", "block_id": "a", "elements": [{"type": "button", "action_id": "x"}]}],
    }
    assert (await anna.press(message, "x")).status == 200
    assert len(made.workspace.views.open_modals("U0ANNA")) == 1


async def test_a_form_that_was_asked_for_in_a_thread_comes_back_from_it(served: tuple[Slack, str]) -> None:
    made, url = served
    anna = made.user("U0ANNA", url)
    asked = await made.client.chat_postMessage(channel="U0ANNA", text="?")
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "x", "value": "1", "text": GO}]}]
    below = await made.client.chat_postMessage(channel="D0ANNA", text="!", blocks=blocks, thread_ts=asked["ts"])
    made.inbox.reply = Reply("en", form=msgspec.structs.replace(FORM, context="17"))
    await anna.press(below["message"], "x")
    place = Place("slack", "D0ANNA", asked["ts"])
    assert made.inbox.received[-1].place == place
    (modal,) = made.workspace.views.open_modals("U0ANNA")
    made.inbox.reply = None
    await anna.submit(modal.view, {"person": "U0BORIS"})
    assert made.inbox.received[-1].place == place
    assert made.inbox.received[-1].said == Submitted("start", {"person": "<@U0BORIS>", "note": ""}, "17")


async def test_a_button_of_a_message_that_begins_a_thread_is_pressed_in_the_conversation_itself(
    served: tuple[Slack, str],
) -> None:
    made, url = served
    anna = made.user("U0ANNA", url)
    blocks = [{"type": "actions", "elements": [{"type": "button", "action_id": "x", "value": "1", "text": GO}]}]
    asked = await made.client.chat_postMessage(channel="U0ANNA", text="?", blocks=blocks)
    await anna.say("below", thread_ts=asked["ts"])
    (message,) = anna.inbox()
    assert message["thread_ts"] == asked["ts"]
    await anna.press(message, "x")
    assert made.inbox.received[-1].place == Place("slack", "D0ANNA")


@pytest.mark.parametrize("context", ["", "17", "@thread D0BORIS:1.2\nmine", "@thread -\nmine", "x" * 3000])
@pytest.mark.parametrize("thread", [None, Place("slack", "D0ANNA", "1.2"), Place("slack", "C0GENERAL", "1.2")])
def test_what_people_wrote_into_a_form_names_no_thread(context: str, thread: Place | None) -> None:
    """Only what was in a thread of a direct message comes back from one, and from that alone."""
    found, back = carried(carrying(thread, context))
    assert back == context
    assert found in (None, ("D0ANNA", "1.2") if thread is not None else None)
    assert len(carrying(thread, context)) <= 3000


def test_a_form_that_was_opened_before_threads_were_written_there_keeps_its_context() -> None:
    assert carried("inquiry 17") == (None, "inquiry 17")


async def test_a_form_that_does_not_open_is_said_so_after_a_command(served: tuple[Slack, str]) -> None:
    made, url = served
    made.faults.add(Rule(kind=Fault.ERROR, match="views.open"))
    made.inbox.reply = Reply("en", form=FORM)
    anna = made.user("U0ANNA", url)
    assert (await anna.command("/onboarding", "start")).json()["text"] == "slack-form-failed"


async def test_a_form_that_does_not_open_in_time_leaves_a_warning_at_its_button(
    served: tuple[Slack, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, url = served
    monkeypatch.setattr(intake, "FORM_SECONDS", 0.2)
    made.faults.add(Rule(kind=Fault.HANG, match="views.open", seconds=60))
    made.inbox.reply = Reply("en", form=FORM)
    message = {
        "ts": "1.1",
        "blocks": [{"type": "actions", "block_id": "a", "elements": [{"type": "button", "action_id": "x"}]}],
    }
    assert (await made.user("U0ANNA", url).press(message, "x")).status == 503


async def test_no_event_makes_us_ask_slack_anything(served: tuple[Slack, str]) -> None:
    made, url = served
    asked = len(made.workspace.calls)
    for name in ("direct_message", "command", "press_in_home", "submission"):
        await send_signed(url, *encode(kind_of(name), payload(name)))
    assert len(made.workspace.calls) == asked


async def test_without_a_signing_secret_there_is_no_door() -> None:
    async with slack() as made:
        assert routes(made.settings.model_copy(update={"signing_secret": None}), made.app) == []


async def test_a_form_field_is_decoded_as_slack_encodes_it(served: tuple[Slack, str]) -> None:
    made, url = served
    body = urlencode({**payload("command"), "text": "старт & +3d"}).encode()
    await send_signed(url, body, FORM_TYPE)
    assert made.inbox.received[-1].said == Commanded("старт & +3d")


async def test_what_is_refused_is_not_written_into_the_log(
    served: tuple[Slack, str], caplog: pytest.LogCaptureFixture
) -> None:
    made, url = served
    with caplog.at_level(logging.DEBUG):
        await made.user("U0ANNA", url, "another secret").say("my salary")
        await made.user("U0ANNA", url).say("my salary")
    assert "salary" not in "".join(record.getMessage() for record in caplog.records if record.name != "asyncio")
