"""What people have said is forgotten in time: whoever waited in vain is told, and buttons on what is gone say so."""

import datetime
from collections.abc import AsyncIterator

import msgspec
import pytest
from redis.asyncio import Redis

from bot import drafts, inquiries, retention, shown, unanswered, votes
from bot.drafts import Draft
from bot.inquiries import Desk, Inquiry
from bot.message import Button, Fact, Phrase
from bot.people import Person
from bot.votes import Votes
from bot.work import Work
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import heard, phrase

HERONS = "Where do the herons sleep?"


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation) as opened:
        await retention.plan(opened.bot.runner)
        await opened.idle()
        yield opened


async def asks(office: Office) -> Button:
    """Anna asks Boris; his button "Answer"."""
    await office.passes_on(ANNA, HERONS)
    return office.chat.to(BORIS)[-1].message.buttons[0]


def last(office: Office, who: Person) -> str:
    return phrase(office.chat.to(who)[-1].message)


async def kept(redis: Redis, organisation: str, *kinds: str) -> list[str]:
    """Keys of what people have said."""
    found: list[str] = []
    for kind in kinds:
        found += [key.decode() async for key in redis.scan_iter(match=f"bb:{{{organisation}}}:*{kind}*")]
    return sorted(found)


async def puts(office: Office, states: dict[str, msgspec.Struct | bytes], **members: str) -> None:
    """As an earlier version has left it."""

    async def decision(work: Work) -> None:
        await work.read(list(states))
        for name, state in states.items():
            work.put(name, state if isinstance(state, bytes) else msgspec.json.encode(state))
        for index, member in members.items():
            work.member(index, member)

    await office.bot.runner.run("test", decision)


# --- inquiries


async def test_whoever_waited_a_month_in_vain_is_told_and_hr_sees_the_question(office: Office) -> None:
    await asks(office)
    await office.passes(days=29)
    assert last(office, ANNA) == "question-passed"
    await office.passes(days=15)  # after the holidays
    sorry = office.chat.to(ANNA)[-1].message
    assert sorry.text == Phrase("inquiry-expired", {"name": BORIS.name, "email": BORIS.email})
    assert sorry.facts == (Fact(Phrase("fact-question"), HERONS),)
    assert [one.question for one in await unanswered.waiting(office.work())] == [HERONS]
    await office.passes(days=5)
    assert heard(office, ANNA).count("inquiry-expired") == 1


async def test_it_can_be_asked_once_more_with_a_button(office: Office) -> None:
    await asks(office)
    await office.passes(days=44)
    (again,) = office.chat.to(ANNA)[-1].message.buttons
    await office.passes_on(ANNA, again.value, again.action)
    assert last(office, ANNA) == "question-passed"
    assert office.chat.to(BORIS)[-1].message.text == Phrase("question-passed-on", {"name": ANNA.name, "number": "2"}), (
        "no number is given twice"
    )


async def test_nobody_is_told_so_at_night(office: Office) -> None:
    await asks(office)
    night = datetime.datetime(2027, 1, 13, 1, tzinfo=datetime.UTC)  # 4 in the morning in Moscow, a Wednesday
    await office.comes(night)
    assert last(office, ANNA) == "question-passed"
    await office.comes(night + datetime.timedelta(hours=9))
    assert last(office, ANNA) == "inquiry-expired"


async def test_buttons_on_what_is_forgotten_say_that_it_is_over(office: Office) -> None:
    button = await asks(office)
    await office.passes(days=31)
    for action in ("inquiry-answer", "inquiry-pass"):
        await office.presses(BORIS, action, button.value)
        assert last(office, BORIS) == "inquiry-over"
    await office.writes(BORIS, "reply 1 In the reeds")
    assert last(office, BORIS) == "inquiry-unknown"
    await office.presses(HELGA, "draft-publish", button.value)
    assert last(office, HELGA) == "draft-over"


async def test_an_answer_and_a_settled_draft_are_kept_for_a_quarter(
    office: Office, redis_client: Redis, organisation: str
) -> None:
    button = await asks(office)
    await office.writes(BORIS, "reply 1 In the reeds")
    await office.presses(HELGA, "draft-dismiss", button.value)
    await office.passes(days=89)
    await office.passes_on(ANNA, HERONS)
    assert office.chat.texts(ANNA)[-1] == "In the reeds"
    await office.passes(days=2)
    assert await kept(redis_client, organisation, "inquiry", "draft", "inquiries") == []
    assert last(office, HELGA) == "draft-dismissed"
    assert "inquiry-expired" not in heard_phrases(office)


def heard_phrases(office: Office) -> list[str]:
    return [one.message.text.key for one in office.chat.to(ANNA) if isinstance(one.message.text, Phrase)]


async def test_a_draft_that_waits_for_hr_stays_for_a_year(office: Office) -> None:
    await asks(office)
    await office.writes(BORIS, "reply 1 In the reeds")
    await office.passes(days=300)
    assert [one.question for one in await drafts.waiting(office.work())] == [HERONS]
    await office.passes(days=66)
    assert await drafts.waiting(office.work()) == []


async def test_questions_without_an_answer_are_forgotten_when_nobody_asks_them(office: Office) -> None:
    await office.writes(ANNA, HERONS)
    await office.passes(days=100)
    await office.writes(OSCAR, HERONS)
    await office.passes(days=100)
    assert [one.count for one in await unanswered.waiting(office.work())] == [2]
    await office.passes(days=81)
    assert await unanswered.waiting(office.work()) == []


# --- votes, and what they are about


async def test_a_voice_is_forgotten_with_its_count(office: Office, redis_client: Redis, organisation: str) -> None:
    await office.writes(ANNA, "vpn?")
    button = office.chat.to(ANNA)[-1].message.buttons[0]
    await office.presses(ANNA, button.action, button.value)
    await office.passes(days=100)
    await office.writes(OLGA, "vpn?")
    button = office.chat.to(OLGA)[-1].message.buttons[0]
    await office.presses(OLGA, button.action, button.value)
    await office.passes(days=79)
    assert [one.helpful for one in await votes.all_votes(office.work())] == [2]
    await office.passes(days=2)
    (left,) = await votes.all_votes(office.work())
    assert (left.helpful, list(left.voices)) == (1, [OLGA.id])
    await office.passes(days=100)
    assert await kept(redis_client, organisation, "vote", "shown", "asked") == []


async def test_a_sweep_takes_as_many_commits_as_it_needs(office: Office) -> None:
    count = 2 * retention.MOST + 10
    await puts(
        office,
        {
            f"shown:person:{number}": shown.Shown({"x": office.clock() - datetime.timedelta(days=40)})
            for number in range(count)
        },
    )

    async def decision(work: Work) -> None:
        for number in range(count):
            work.member(shown.INDEX, f"person:{number}")

    await office.bot.runner.run("test", decision)
    await office.passes(days=1)
    assert await office.store.members(shown.INDEX) == []


# --- what an earlier version has kept


async def test_what_an_earlier_version_has_kept_counts_from_the_day_of_the_change(
    office: Office, redis_client: Redis, organisation: str
) -> None:
    old = Inquiry(id="a1", question=HERONS, asker=ANNA.id, helpers=(BORIS.id,), language="en")
    state = msgspec.json.decode(msgspec.json.encode(old))
    del state["at"]
    settled = Draft(id="b2", question="", answer="", language="en", helper=BORIS.id, status="published", by=HELGA.id)
    before = msgspec.json.decode(msgspec.json.encode(settled))
    del before["at"]
    answered = {**state, "id": "b2", "status": "answered", "answer": "x"}
    await puts(
        office,
        {
            "inquiry:a1": msgspec.json.encode(state),
            "inquiry:b2": msgspec.json.encode(answered),
            "draft:b2": msgspec.json.encode(before),
            f"desk:{BORIS.id}": Desk(2, {1: "a1", 2: "b2"}),
        },
    )
    await office.passes(days=1)
    await office.passes(days=29)
    assert await inquiries.open_on_desk(office.work(), BORIS.id) != {}
    await office.passes(days=14)
    assert last(office, ANNA) == "inquiry-expired"
    await office.passes(days=60)
    assert await kept(redis_client, organisation, "inquiry", "draft") == []


async def test_voices_of_an_earlier_version_can_be_changed_and_are_forgotten(
    office: Office, redis_client: Redis, organisation: str
) -> None:
    known = votes._digest("vpn")
    await puts(office, {f"votes:{known}": b'{"answer":"vpn","helpful":2,"unhelpful":0}'}, votes=known)

    async def decision(work: Work) -> None:
        for who in (ANNA, OLGA):
            work.name(f"vote:{known}:{who.id}", "helpful")

    await office.bot.runner.run("test", decision)
    await office.writes(ANNA, "vpn?")
    good, bad = office.chat.to(ANNA)[-1].message.buttons
    await office.presses(ANNA, good.action, good.value)
    assert [one.helpful for one in await votes.all_votes(office.work())] == [2]
    await office.presses(ANNA, bad.action, bad.value)
    (now,) = await votes.all_votes(office.work())
    assert (now.helpful, now.unhelpful) == (1, 1)
    await office.passes(days=1)
    await office.passes(days=182)
    assert await votes.all_votes(office.work()) == []
    assert await kept(redis_client, organisation, "vote") == []


def test_votes_of_an_earlier_version_can_be_read() -> None:
    found = msgspec.json.decode(b'{"answer":"vpn","helpful":2,"unhelpful":1}', type=Votes)
    assert (found.helpful, found.unhelpful, found.voices) == (2, 1, {})
