"""What is known about a question: an answer with what else may be meant, a guess to choose from, or whom to ask; in the
language of the question; and what people say of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot import unanswered
from bot.choices import Choice, choice
from bot.contacts import Contact, Contacts
from bot.incoming import Place, Pressed
from bot.knowledge import Answer, Found
from bot.message import Button, Fact, Message, Phrase
from bot.people import Person
from bot.votes import Votes, all_votes
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR, local
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import heard, hears, phrase

OUTSIDE = Contact(id="mail", topic=local("Mail"), words=("outlook",), name="Ilya", email="ilya@outside.example")
INSIDE = Contact(id="jira", topic=local("Jira"), words=("jira",), name="Oscar", email=OSCAR.email)


def known(name: str, **more: str) -> Answer:
    fields = {"label": f"About {name}", "text": f"{name} is so.", "source": f"Handbook > {name}", **more}
    return Answer(id=name, url=f"https://wiki.example/{name}", **fields)  # type: ignore[arg-type]


LEAVE, SICK, TRIP = known("leave"), known("sick"), known("trip")


def sure(language: Literal["ru", "en"] = "en") -> Found:
    return Found(band="answer", language=language, best=LEAVE, others=(SICK, TRIP))


def unsure() -> Found:
    return Found(band="maybe", language="en", others=(LEAVE, SICK, TRIP))


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, contacts=Contacts((OUTSIDE, INSIDE))) as opened:
        yield opened


def last(office: Office, who: Person) -> Message:
    return office.chat.to(who)[-1].message


def button(message: Message, action: str, label: str | None = None) -> Button:
    return next(one for one in message.buttons if one.action == action and label in (None, one.label))


async def asks(office: Office, found: Found, question: str = "how much leave?") -> Message:
    office.handbook.learns(question, found)
    await office.writes(ANNA, question)
    return last(office, ANNA)


async def presses(office: Office, button: Button, who: Person = ANNA, **more: Any) -> None:
    await office.presses(who, button.action, button.value, **more)


async def waiting(office: Office) -> dict[str, int]:
    return {one.question: one.count for one in await unanswered.waiting(office.work())}


# --- the three bands


async def test_an_answer_offers_two_more(office: Office) -> None:
    message = await asks(office, sure())
    assert message.text == LEAVE.text
    assert [link.url for link in message.links] == [LEAVE.url]
    assert message.prompt == Phrase("prompt-others")
    assert [one.label for one in message.buttons if one.action == "answer"] == [SICK.label, TRIP.label]
    await presses(office, button(message, "answer", TRIP.label))
    assert last(office, ANNA).text == TRIP.text
    assert [one.action for one in last(office, ANNA).buttons] == ["helpful", "not-helpful"]


async def test_an_answer_without_anything_like_it_offers_nothing(office: Office) -> None:
    message = await asks(office, Found(band="answer", language="en", best=LEAVE))
    assert message.prompt is None
    assert [one.action for one in message.buttons] == ["helpful", "not-helpful"]


async def test_a_source_without_an_address_is_a_fact(office: Office) -> None:
    best = Answer(id="x", label="x", text="x", source="Office rules")
    message = await asks(office, Found(band="answer", language="en", best=best))
    assert message.facts == (Fact(Phrase("fact-source"), "Office rules"),)
    assert message.links == ()


async def test_what_was_composed_says_so(office: Office) -> None:
    best = Answer(id="x", label="x", text="x [1]", source="Wiki", url="https://wiki.example/x", kind="composed")
    message = await asks(office, Found(band="answer", language="en", best=best))
    assert Fact(Phrase("fact-composed"), Phrase("composed")) in message.facts


async def test_a_guess_is_chosen_from(office: Office) -> None:
    message = await asks(office, unsure())
    assert phrase(message) == "maybe"
    assert [one.label for one in message.buttons] == [
        LEAVE.label,
        SICK.label,
        TRIP.label,
        Phrase("button-none-of-these"),
    ]
    await presses(office, button(message, "answer", SICK.label))
    assert last(office, ANNA).text == SICK.text
    assert await waiting(office) == {}


async def test_when_none_of_the_guesses_fits_a_person_is_offered_and_the_question_is_counted(office: Office) -> None:
    message = await asks(office, unsure())
    await presses(office, button(message, "not-helpful"))
    assert hears(office, ANNA) == "no-answer"
    assert button(last(office, ANNA), "ask-person").value == "how much leave?"
    assert await waiting(office) == {"how much leave?": 1}


async def test_an_answer_that_is_gone_by_the_time_it_is_chosen_is_said_to_be_gone(office: Office) -> None:
    message = await asks(office, unsure())
    office.handbook.pages.clear()
    await presses(office, button(message, "answer", SICK.label))
    assert hears(office, ANNA) == "answer-gone"


async def test_a_question_that_nobody_can_answer_is_counted(office: Office) -> None:
    await office.writes(ANNA, "where do the herons sleep?")
    await office.writes(OLGA, "where do herons sleep")
    assert list((await waiting(office)).values()) == [2]


# --- the person to ask


async def test_who_knows_about_the_topic_is_offered_with_a_button(office: Office) -> None:
    await office.writes(ANNA, "who moves tickets in Jira?")
    message = last(office, ANNA)
    assert message.text == Phrase("no-answer-topic", {"name": OSCAR.name, "email": OSCAR.email, "topic": local("Jira")})
    assert button(message, "ask-person").value == "who moves tickets in Jira?"


async def test_who_is_not_in_the_directory_is_told_with_name_and_address_alone(office: Office) -> None:
    await office.writes(ANNA, "why is Outlook so slow?")
    message = last(office, ANNA)
    assert phrase(message) == "no-answer-contact"
    assert "Ilya, ilya@outside.example" in office.chat.texts(ANNA)[-1]
    assert message.buttons == ()


async def test_nobody_is_sent_to_themselves(office: Office) -> None:
    await office.writes(OSCAR, "who moves tickets in Jira?")
    assert last(office, OSCAR).text == Phrase("no-answer", {"name": HELGA.name, "email": HELGA.email})


# --- the language


async def test_an_answer_is_in_the_language_of_its_question(office: Office) -> None:
    office.handbook.learns("how much leave?", unsure())
    await office.writes(OLGA, "how much leave?")
    assert office.chat.texts(OLGA)[-1].startswith("Perhaps you mean")
    await presses(office, button(last(office, OLGA), "not-helpful"), OLGA)
    assert office.chat.texts(OLGA)[-1].startswith("I have no good answer")


async def test_who_asks_in_russian_is_answered_in_russian_also_with_a_slash(office: Office) -> None:
    reply = await office.commands(ANNA, "где спят цапли?")
    assert reply is not None
    assert reply.locale == "ru"
    office.handbook.learns("где отпуск?", Found(band="maybe", language="ru", others=(LEAVE,)))
    await office.writes(ANNA, "где отпуск?", place=Place("chat", "C1", "t", private=False))
    assert office.chat.texts("C1")[-1].startswith("Возможно, вы об этом?")


# --- what people say of it


async def votes(office: Office) -> list[Votes]:
    """Without whose voices they are."""
    return [replace(one, voices={}) for one in await all_votes(office.work())]


async def test_a_person_has_one_voice_for_each_answer_and_may_change_it(office: Office) -> None:
    message = await asks(office, sure())
    good, bad = button(message, "helpful"), button(message, "not-helpful")
    await presses(office, good)
    await presses(office, good)
    assert await votes(office) == [Votes(answer="leave", helpful=1)]
    await presses(office, bad)
    assert await votes(office) == [Votes(answer="leave", unhelpful=1)]
    await office.writes(OLGA, "how much leave?")
    await presses(office, good, OLGA)
    assert await votes(office) == [Votes(answer="leave", helpful=1, unhelpful=1)]


async def test_voices_that_come_at_once_are_all_counted(office: Office) -> None:
    good = button(await asks(office, sure()), "helpful")
    for who in (OLGA, BORIS, HELGA):
        await office.writes(who, "how much leave?")
    acts = [office.incoming(who, Pressed(good.action, good.value)) for who in (ANNA, OLGA, BORIS, HELGA)]
    await asyncio.gather(*(office.bot.runner.receive(act) for act in acts))
    await office.idle()
    assert await votes(office) == [Votes(answer="leave", helpful=4)]


async def test_a_voice_counts_only_for_an_answer_that_one_was_shown(office: Office) -> None:
    message = await asks(office, sure())
    good, bad = button(message, "helpful"), button(message, "not-helpful")
    forged = Choice("how much leave?", "sick").value
    for action, value, who in (
        ("helpful", good.value, OLGA),  # another was shown it
        ("not-helpful", bad.value, OLGA),
        ("helpful", forged, ANNA),  # only its button was
        ("not-helpful", forged, ANNA),
        ("not-helpful", Choice("why is my manager so bad?").value, ANNA),
        ("not-helpful", Choice("another question?", "leave").value, ANNA),
        ("helpful", Choice("how much leave?").value, ANNA),
    ):
        await office.presses(who, action, value)
        assert phrase(last(office, who)) == "rating-over"
    assert await votes(office) == []
    assert await waiting(office) == {}
    await presses(office, button(message, "answer", SICK.label))
    await presses(office, button(last(office, ANNA), "helpful"))
    assert await votes(office) == [Votes(answer="sick", helpful=1)]


async def test_what_a_channel_was_shown_all_who_read_it_may_rate_there_and_nowhere_else(office: Office) -> None:
    office.handbook.learns("leave?", sure())
    place = Place("chat", "C1", "t", private=False)
    await office.writes(ANNA, "leave?", place=place)
    good = button(office.chat.to("C1")[0].message, "helpful")
    await presses(office, good, OLGA)
    await presses(office, good, OLGA, place=Place("chat", "C2", private=False))
    assert await votes(office) == []
    await presses(office, good, OLGA, place=place)
    assert await votes(office) == [Votes(answer="leave", helpful=1)]


async def test_an_answer_of_long_ago_is_rated_no_more(office: Office) -> None:
    message = await asks(office, sure())
    await office.passes(days=29)
    await presses(office, button(message, "helpful"))
    assert [one.helpful for one in await votes(office)] == [1]
    await office.passes(days=2)
    await presses(office, button(message, "not-helpful"))
    assert phrase(last(office, ANNA)) == "rating-over"
    assert [one.helpful for one in await votes(office)] == [1]


async def test_an_answer_that_did_not_help_is_followed_by_the_others_and_a_person(office: Office) -> None:
    message = await asks(office, sure())
    await presses(office, button(message, "not-helpful"))
    followed = last(office, ANNA)
    assert followed.text == Phrase("not-helpful", {"others": 2, "name": BORIS.name, "email": BORIS.email})
    assert [one.action for one in followed.buttons] == ["answer", "answer", "ask-person"]
    await presses(office, button(followed, "answer", SICK.label))
    assert last(office, ANNA).text == SICK.text


async def test_pressing_it_again_counts_the_question_once(office: Office) -> None:
    message = await asks(office, sure())
    for _ in range(3):
        await presses(office, button(message, "not-helpful"))
    assert await waiting(office) == {"how much leave?": 1}


async def test_a_rated_answer_says_so_where_it_stands(office: Office) -> None:
    message = await asks(office, sure())
    (shown,) = office.chat.to(ANNA)
    await presses(office, button(message, "helpful"), pressed=shown.ref)
    (now,) = office.chat.to(ANNA)
    assert now.updates == 1
    assert now.text == LEAVE.text
    assert Fact(Phrase("fact-rated"), Phrase("rated-helpful")) in now.message.facts
    assert [one.action for one in now.message.buttons] == ["not-helpful"], "one can change one's mind"
    await presses(office, now.message.buttons[0], pressed=shown.ref)
    assert Fact(Phrase("fact-rated"), Phrase("rated-not-helpful")) in office.chat.to(ANNA)[0].message.facts
    assert phrase(last(office, ANNA)) == "not-helpful"
    assert await votes(office) == [Votes(answer="leave", unhelpful=1)]


async def test_a_message_that_is_gone_is_no_trouble(office: Office) -> None:
    message = await asks(office, sure())
    await presses(office, button(message, "helpful"), pressed="chat-gone")
    assert await votes(office) == [Votes(answer="leave", helpful=1)]
    assert await office.dead() == []


async def test_what_one_says_in_a_channel_leaves_the_message_as_it_is_for_the_others(office: Office) -> None:
    office.handbook.learns("leave?", sure())
    place = Place("chat", "C1", "t", private=False)
    await office.writes(ANNA, "leave?", place=place)
    (shown,) = office.chat.to("C1")
    await presses(office, button(shown.message, "helpful"), place=place, pressed=shown.ref)
    assert [one.updates for one in office.chat.to("C1")] == [0, 0]
    assert phrase(office.chat.to("C1")[-1].message) == "rated-thanks"


@pytest.mark.parametrize("action", ["answer", "helpful", "not-helpful"])
@pytest.mark.parametrize(
    "value", ["", "x", "[]", '[""]', "{}", '[1,"a"]', '["q",1]', '["q","' + "a" * 501 + '"]', "[" * 1000, "x" * 4000]
)
async def test_a_button_that_is_none_of_ours_is_out_of_date(office: Office, action: str, value: str) -> None:
    await office.presses(ANNA, action, value)
    assert heard(office, ANNA) == ["outdated"]
    assert await votes(office) == []


async def test_the_longest_question_comes_back_whole_enough(office: Office) -> None:
    question = 'why "so"?\n' * 200
    message = await asks(office, sure(), question[:1000].strip())
    found = choice(button(message, "not-helpful").value)
    assert found is not None
    assert question.startswith(found.question)
    assert len(found.question) > 400
    assert Choice(found.question, found.answer, found.others).value == button(message, "not-helpful").value
