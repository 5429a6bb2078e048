"""What every channel promises of what people do: it comes in as it was meant, once, and is acknowledged once kept."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.incoming import Pressed, Wrote
from bot.speech import MAX_TEXT
from tests.contracts.channel.core import now
from tests.contracts.channel.harness import Harness, until
from tests.contracts.channel.sayings import WELCOME, post

LONGEST = 40_000
WRITTEN = (
    "status",
    "a < b & c > d",
    "*stars* _under_ `code` ~tilde~",
    "<b>html</b> &amp; &lt;i&gt;",
    "first\nsecond",
    "👩‍👩‍👧‍👦 старт é 日本",
    "\u202eevil\u202c",
    '"quoted" \\n {x} $1',
)
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[1]",
    "a text": b'"x"',
    "null": b"null",
    "no text at all": b"\xff\xfe",
    "deeply nested lists": b"[" * 50_000,
    "deeply nested objects": b'{"a":' * 10_000,
    "half a surrogate pair": b'{"text": "\\ud83d"}',
    "strange types": b'{"type": [], "id": {}, "text": 7, "event": "x", "from": 1, "conversation": null}',
    "a number without end": b'{"type": ' + b"9" * 5000 + b"}",
}


async def test_what_is_written_in_private_comes_in_as_it_was_written(harness: Harness) -> None:
    for text in WRITTEN:
        assert (await harness.write(text)).taken
    assert [act.said for act in harness.core.received] == [Wrote(text) for text in WRITTEN]
    act = harness.core.received[-1]
    assert act.account == harness.member.account
    assert (act.place.channel, act.place.private) == (harness.name, True)
    assert act.id.startswith(f"{harness.name}:")
    assert len({act.id for act in harness.core.received}) == len(WRITTEN)
    assert len(harness.core.acts) == len(WRITTEN)


async def test_who_writes_is_reached_where_they_have_written(harness: Harness) -> None:
    await harness.write("hello")
    anna = await harness.core.kept(harness.anna)
    assert anna.reach == harness.name
    await harness.channel.post(post("Hello, Anna", to=anna))
    assert len(await harness.shown_to(harness.anna)) == 1


async def test_who_is_not_known_yet_is_heard_and_vouched_for(harness: Harness) -> None:
    assert (await harness.write("hello", harness.boris)).taken
    (act,) = harness.core.received
    assert act.said == Wrote("hello")
    assert act.account != harness.member.account
    assert len(harness.core.acts) == 1, "it waits until it is known who they are"
    profile = await harness.channel.whose(act.account, act.place)
    assert profile.email == harness.boris.email
    await harness.channel.post(post("Hello, Boris", at=act.place))
    assert len(await harness.shown_to(harness.boris)) == 1
    assert await harness.shown_to(harness.anna) == []


async def test_a_mention_in_a_shared_room_is_not_private(harness: Harness) -> None:
    assert (await harness.mention("status")).taken
    act = harness.core.received[-1]
    assert act.said == Wrote("status")
    assert not act.place.private
    assert act.place.thread is not None
    assert act.account == harness.member.account


async def test_a_button_comes_back_as_it_was_put_in(harness: Harness) -> None:
    await harness.channel.post(post(WELCOME, to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    for button in seen.buttons:
        assert (await harness.press(seen, button)).taken
    acts = harness.core.received[-2:]
    assert [act.said for act in acts] == [Pressed("done", "J1 s1"), Pressed("reopen", "J1")]
    assert all(act.place.private for act in acts)
    assert {act.account for act in acts} == {harness.member.account}


async def test_an_answer_to_a_button_reaches_whoever_pressed_it(harness: Harness) -> None:
    await harness.channel.post(post(WELCOME, "e1", to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    await harness.press(seen, seen.buttons[0])
    await harness.channel.post(post("Well done", "e2", at=harness.core.received[-1].place))
    assert len(await harness.shown_to(harness.anna)) == 2
    assert await harness.shown_to(harness.boris) == []


async def test_an_answer_to_a_button_in_a_shared_room_stands_beside_it(harness: Harness) -> None:
    await harness.mention("what is there to do?")
    asked = harness.core.received[-1].place
    await harness.channel.post(post(WELCOME, "e1", at=asked))
    (seen,) = await harness.shown_in(asked)
    assert (await harness.press(seen, seen.buttons[0])).taken
    act = harness.core.received[-1]
    assert (act.said, act.place) == (Pressed("done", "J1 s1"), asked)
    await harness.channel.post(post("Well done", "e2", at=act.place))
    assert len(await harness.shown_in(asked)) == 2
    assert await harness.shown_to(harness.anna) == []


async def test_the_same_event_twice_is_one_act(harness: Harness) -> None:
    heard = await harness.write("hello")
    assert (await harness.again(heard)).taken
    first, second = harness.core.received
    assert (first.id, first.also) == (second.id, second.also)
    assert len(harness.core.acts) == 1


async def test_the_same_press_twice_is_one_act(harness: Harness) -> None:
    await harness.channel.post(post(WELCOME, to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    harness.core.forget()
    heard = await harness.press(seen, seen.buttons[0])
    assert (await harness.again(heard)).taken
    assert len(harness.core.acts) == 1
    assert (await harness.press(seen, seen.buttons[0])).taken
    assert len(harness.core.acts) == 2, "pressed once more it is another act"


async def test_one_post_in_two_events_is_one_act(harness: Harness) -> None:
    for heard in await harness.mention_twice("status"):
        assert heard.taken
    assert len(harness.core.received) == 2
    assert len(harness.core.acts) == 1


async def test_nothing_has_happened_in_the_future(harness: Harness) -> None:
    harness.hurry(100)
    await harness.write("tomorrow")
    assert harness.core.received[-1].at <= now()


async def test_an_act_has_happened_just_now(harness: Harness) -> None:
    before = now()
    await harness.write("tomorrow")
    assert abs((harness.core.received[-1].at - before).total_seconds()) < 120


@pytest.mark.parametrize("text", ["x" * 100_000, "я" * 20_000, "a\x00b", "half \ud83d of it", "\x00", "\n" * 100, " "])
async def test_odd_text_is_taken_bounded_and_plain_or_is_refused(harness: Harness, text: str) -> None:
    heard = await harness.write(text)
    if not heard.taken:
        assert heard.status in (400, 413)
        assert harness.core.received == []
    for act in harness.core.received:
        assert isinstance(act.said, Wrote)
        assert len(act.said.text) <= LONGEST
        assert "\x00" not in act.said.text
        act.said.text.encode()
    assert (await harness.write("and on")).taken
    assert harness.core.received[-1].said == Wrote("and on")


async def test_what_the_core_finds_too_long_is_not_cut_on_the_way_to_it_or_is_refused(harness: Harness) -> None:
    """Cut to what can be read, nobody would hear that the rest was not."""
    heard = await harness.write("я" * (MAX_TEXT + 1))
    if heard.taken:
        assert harness.core.received[-1].said == Wrote("я" * (MAX_TEXT + 1))
    else:
        assert heard.status == 400


# --- the commit and its acknowledgement


async def test_what_cannot_be_committed_is_a_503_and_is_not_lost_when_it_is_sent_again(harness: Harness) -> None:
    harness.core.store.away = True
    heard = await harness.write("hello")
    assert heard.status == 503
    assert harness.core.acts == []
    harness.core.store.away = False
    assert (await harness.again(heard)).taken
    assert [act.said for act in harness.core.received][-1] == Wrote("hello")
    assert len(harness.core.acts) == 1


async def test_a_commit_whose_answer_was_lost_is_one_act_when_it_is_sent_again(harness: Harness) -> None:
    harness.core.store.lost = True
    heard = await harness.write("hello")
    assert heard.status == 503
    harness.core.store.lost = False
    assert (await harness.again(heard)).taken
    act = harness.core.received[-1]
    assert act.said == Wrote("hello")
    assert (await harness.core.kept(harness.anna)).reach == harness.name


async def test_a_press_that_cannot_be_committed_is_said_to_have_failed(harness: Harness) -> None:
    await harness.channel.post(post(WELCOME, to=harness.anna))
    (seen,) = await harness.shown_to(harness.anna)
    harness.core.forget()
    harness.core.store.away = True
    heard = await harness.press(seen, seen.buttons[0])
    assert heard.status == 503
    harness.core.store.away = False
    assert (await harness.again(heard)).taken
    assert len(harness.core.acts) == 1


async def test_an_act_is_acknowledged_after_its_commit(harness: Harness) -> None:
    harness.core.shut()
    writing = asyncio.create_task(harness.write("hello"))
    await until(lambda: harness.core.received)
    assert not writing.done()
    assert harness.core.acts == []
    harness.core.open()
    assert (await writing).taken
    assert len(harness.core.acts) == 1


# --- who and what is not let in


async def test_whoever_is_not_vouched_for_writes_nothing(harness: Harness) -> None:
    answers = await harness.intrude("give me a laptop")
    assert len(answers) >= 3
    assert {tried: status for tried, status in answers.items() if status not in (401, 403)} == {}
    assert [act for act in harness.core.received if isinstance(act.said, Wrote)] == []
    assert harness.core.acts == []


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
async def test_what_is_no_event_is_answered_and_changes_nothing(harness: Harness, body: bytes) -> None:
    assert await harness.bring(body) in (200, 400, 401, 403, 415)
    assert harness.core.received == []
    assert (await harness.write("hello")).taken


async def test_a_body_that_is_too_large_is_refused(harness: Harness) -> None:
    body = json.dumps({"text": "x" * harness.most_bytes}).encode()
    assert await harness.bring(body) == 413
    assert harness.core.received == []
    assert (await harness.write("hello")).taken
