"""What is sensitive is nobody's manager's to read: it is offered HR, and stands in no list, no store and no log."""

import datetime
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot import asked, drafts, inquiries, retention, unanswered
from bot.incoming import Account, Place
from bot.inquiries import Inquiry
from bot.knowledge import Answer, Found
from bot.message import Message, Phrase
from bot.people import Role
from bot.sensitive import Sensitive
from bot.sensitive_file import load_sensitive
from bot.whom import in_confidence
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, person
from tests.bot.office import Office, open_office
from tests.handlers.test_colleagues import facts
from tests.handlers.test_onboarding import heard, hears, key, phrase
from tests.handlers.test_passing import button, edits, last, press
from tests.handlers.test_ticket_rules import asks as looked_up
from tests.handlers.test_ticket_rules import complains, rule, tickets

SHIPPED = Path(__file__).parents[2] / "scenarios"
HANNO = person("hanno", "Hanno Weiss", roles=frozenset({Role.HR}))
OTTO = person("otto", "Otto Kern", locale="en", manager=HELGA.id, country="US")  # his manager is of HR
TRUST = Answer(
    id="trust", label="Where can I turn?", text="Write to the trust line.", source="FAQ", url="https://x.example"
)
SICK = Answer(id="sick", label="How do I take sick leave?", text="See a doctor.", source="FAQ", kind="faq")
HARM = "начальник на меня орёт"


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    sensitive = Sensitive(load_sensitive(SHIPPED, SHIPPED))
    people = (*EVERYBODY, HANNO, OTTO)
    async with open_office(redis_client, organisation, people=people, sensitive=sensitive) as opened:
        opened.handbook.confidential = (TRUST,)
        yield opened


def actions(message: Message) -> list[str]:
    return [one.action for one in message.buttons]


async def everything(client: Any, organisation: str) -> str:
    """All that the store holds of the company, as one text."""
    prefix, found = f"bb:{{{organisation}}}:", list[Any]()
    async for name in client.scan_iter(match=f"{prefix}*"):
        kind = _plain(await client.type(name))
        read: Callable[[Any], Awaitable[Any]] = {
            "string": client.get,
            "hash": client.hgetall,
            "set": client.smembers,
            "list": partial(client.lrange, start=0, end=-1),
            "zset": partial(client.zrange, start=0, end=-1),
            "stream": client.xrange,
        }[kind]
        found.append((name, await read(name)))
    return "\n".join(_plain(one) for one in found)


def _plain(value: Any) -> str:
    match value:
        case bytes():
            return value.decode(errors="replace")
        case dict():
            return " ".join(f"{_plain(one)} {_plain(other)}" for one, other in value.items())
        case list() | tuple() | set():
            return " ".join(map(_plain, value))
    return str(value)


# --- what is offered


@pytest.mark.parametrize(
    "text",
    [
        HARM,
        "ко мне пристаёт коллега",
        "меня домогаются",
        "/onboarding меня домогаются",
        "меня домогаютсь",
        "yf xfkmybr jhtn",
        "nachalnik oret na menya",
        "шеф заебал, орёт матом",
        "не хочу жить",
        "I want to kill myself",
        "как уволиться",
        "увольняюсь",
        "я беременна",
        "my boss is bullying me",
        "i am pregnant",
        "почему мне платят меньше",
        "директор берёт взятки",
        "у меня депрессия",
        "найти домогательства",
    ],
)
async def test_the_manager_is_never_offered_and_nothing_is_taken_for_a_command(office: Office, text: str) -> None:
    await office.writes(ANNA, text)
    said = last(office)
    assert isinstance(said.text, Phrase)
    assert said.text.key == "private-offer"
    assert "ask-person" not in actions(said)
    assert [one.id for one in said.items] == ["trust"] or text.startswith("найти")
    ask = button(said, "ask-hr")
    await office.presses(ANNA, ask.action, ask.value)
    preview = last(office)
    assert preview.text in [Phrase("preview-private", {"name": one.name}) for one in (HELGA, HANNO)]
    assert all(BORIS.name not in str(one) for one in (said, preview))
    assert office.chat.to(BORIS) == office.chat.to(HELGA) == office.chat.to(HANNO) == []


async def test_one_of_hr_gets_it_with_a_request_to_keep_it_and_nobody_else_does(office: Office) -> None:
    await office.writes(ANNA, HARM)
    await press(office, last(office), "ask-hr")
    preview = last(office)
    assert facts(preview)["fact-from"] == ANNA.name
    assert facts(preview)["fact-question"] == HARM
    await press(office, preview, "inquiry-send")
    await press(office, preview, "inquiry-send")
    reader, other = (HELGA, HANNO) if office.chat.to(HELGA) else (HANNO, HELGA)
    assert heard(office, reader) == ["question-private"]
    assert office.chat.to(other) == office.chat.to(BORIS) == []
    await office.writes(reader, "reply 1 I am coming over")
    assert office.chat.texts(ANNA)[-1] == "I am coming over"
    assert await drafts.waiting(office.work()) == []  # nobody makes an entry of the FAQ of it
    assert heard(office, reader) == ["question-private", "inquiry-thanks"]
    assert office.chat.to(other) == []


async def test_a_crisis_gets_care_and_the_numbers_of_the_country_first(office: Office) -> None:
    for who, numbers in ((ANNA, ["112", "8-800-2000-122"]), (OTTO, ["112", "911", "988"])):
        office.handbook.learns("не хочу жить", Found(band="answer", language="ru", best=SICK))
        await office.writes(who, "не хочу жить")
        said = last(office, who)
        assert isinstance(said.text, Phrase)
        assert "112" in str(said.text.args["care"])
        assert [fact.value for fact in said.facts] == numbers
        assert actions(said) == ["ask-hr", "answer"]  # what the FAQ has is offered, no more


async def test_beside_words_of_comfort_stands_no_guess(office: Office) -> None:
    office.handbook.learns("меня домогаются", Found(band="maybe", language="ru", others=(SICK,)))
    await office.writes(ANNA, "меня домогаются")
    assert actions(last(office)) == ["ask-hr"]


async def test_an_ordinary_answer_is_given_as_ever_with_hr_beside_it(office: Office) -> None:
    office.handbook.learns("как оформить больничный", Found(band="answer", language="ru", best=SICK))
    await office.writes(ANNA, "как оформить больничный")
    said = last(office)
    assert said.text == SICK.text
    assert actions(said) == ["helpful", "not-helpful", "ask-hr"]
    await press(office, said, "not-helpful")
    offered = last(office)
    assert actions(offered) == ["ask-person"]
    await press(office, offered, "ask-person")
    assert phrase(last(office)) == "preview-private"
    assert await unanswered.waiting(office.work()) == []


async def test_what_may_be_meant_is_offered_beside_hr(office: Office) -> None:
    office.handbook.learns("больничный?", Found(band="maybe", language="ru", others=(SICK,)))
    await office.writes(ANNA, "больничный?")
    said = last(office)
    assert [one.action for one in said.buttons] == ["ask-hr", "answer"]
    await press(office, said, "answer")
    assert last(office).text == SICK.text


# --- whom it concerns


async def test_hr_whom_it_concerns_is_not_offered(office: Office) -> None:
    work = office.work()
    assert {one.id for one in await in_confidence(work, HARM, ANNA)} == {HELGA.id, HANNO.id}
    assert [one.id for one in await in_confidence(work, HARM, OTTO)] == [HANNO.id]  # Helga is his manager
    for named in ("Helga yells at me", "на меня орёт Хельга", "Крафт хамит", "pristaet helga", f"it is {HELGA.email}"):
        assert [one.id for one in await in_confidence(work, named, ANNA)] == [HANNO.id], named
    assert [one.id for one in await in_confidence(work, "it is <@HELGA>", ANNA)] == [HANNO.id]
    assert [one.id for one in await in_confidence(work, HARM, HELGA)] == [HANNO.id]  # she is of HR herself
    assert await in_confidence(work, "Helga Kraft and Hanno Weiss bully me", ANNA) == []


async def test_nobody_above_is_offered_however_high(office: Office) -> None:
    async def promote(work: Work) -> None:
        for one, head in ((BORIS, HANNO), (HANNO, HELGA), (HELGA, BORIS)):  # they even turn in a circle
            known = await work.person(one.id)
            assert known is not None
            work.put_person(replace(known, manager=head.id))

    await office.bot.runner.run("test", promote)
    await office.writes(ANNA, HARM)
    said = last(office)
    assert isinstance(said.text, Phrase)
    assert (said.text.key, actions(said)) == ("private-offer-nobody", [])
    assert [one.id for one in said.items] == ["trust"]
    for action in ("ask-hr", "ask-person"):
        await office.presses(ANNA, action, HARM)
        assert hears(office, ANNA) == "private-nobody"


async def test_words_that_are_changed_into_sensitive_ones_go_to_hr(office: Office) -> None:
    await office.presses(ANNA, "ask-person", "where are the herons?")
    assert facts(last(office))["fact-to"] == BORIS.name
    await edits(office, last(office), "Boris yells at me")
    assert last(office).text in [Phrase("preview-changed", {"name": one.name}) for one in (HELGA, HANNO)]
    assert BORIS.name not in [one.label for one in last(office).buttons]
    await edits(office, last(office), "where are the herons?")  # what was sensitive once stays so
    assert facts(last(office))["fact-to"] != BORIS.name
    await press(office, last(office), "inquiry-edit")
    await office.writes(ANNA, "rephrase where are the storks?")
    assert hears(office, ANNA) == "preview-private"


async def test_who_of_hr_cannot_answer_passes_it_on_to_nobody_and_the_author_chooses(office: Office) -> None:
    await office.presses(ANNA, "ask-hr", HARM)
    await press(office, last(office), "inquiry-send")
    reader, other = (HELGA, HANNO) if office.chat.to(HELGA) else (HANNO, HELGA)
    for _ in range(2):
        await press(office, office.chat.to(reader)[0].message, "inquiry-pass", who=reader)
        assert hears(office, reader) == "inquiry-declined-private"
    assert office.chat.to(other) == []
    assert await unanswered.waiting(office.work()) == []
    sorry = last(office)
    assert sorry.text == Phrase("inquiry-nobody-private", {"name": reader.name})
    await press(office, sorry, "ask-hr")
    assert facts(last(office))["fact-to"] == other.name
    await press(office, last(office), "inquiry-send")
    assert heard(office, other) == ["question-private"]


# --- nobody else learns of it


async def test_nothing_of_it_stays_in_the_store_in_a_list_or_in_a_log(
    office: Office, redis_client: Redis, organisation: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "начальник лапает меня в переговорке"
    await office.writes(ANNA, secret)
    await office.writes(ANNA, "what can I do then?")
    await press(office, last(office), "ask-hr")
    await press(office, last(office), "inquiry-cancel")
    kept = await everything(redis_client, organisation)
    assert ANNA.id in kept
    for words in (secret, "переговорк", "what can I do then"):
        assert words not in kept
        assert words not in caplog.text
    assert await unanswered.waiting(office.work()) == []


async def test_a_question_in_a_channel_is_answered_where_nobody_else_reads_it(office: Office) -> None:
    await office.writes(ANNA, HARM, place=Place("chat", "C1", "t", private=False))
    assert office.chat.to("C1") == []
    assert hears(office, ANNA) == "private-offer"


async def test_what_follows_is_about_the_same_and_a_person_is_one_of_hr(office: Office) -> None:
    await office.writes(ANNA, HARM)
    await office.writes(ANNA, "and what shall I do?")
    said = last(office)
    assert isinstance(said.text, Phrase)
    assert said.text.key == "private-offer"
    assert said.text.args["care"] == Phrase("private-care")
    await office.writes(ANNA, "позови человека")
    said = last(office)
    assert isinstance(said.text, Phrase)
    assert said.text.args["name"] in (HELGA.name, HANNO.name)
    assert office.handbook.before == ["", ""]
    await office.writes(ANNA, "vpn?")
    assert office.chat.texts(ANNA)[-1] == "Start the client."
    office.handbook.learns("storks?", Found(band="maybe", language="en", others=(SICK,)))
    await office.writes(ANNA, "storks?")
    assert phrase(last(office)) == "maybe"
    await office.passes(minutes=11)
    await office.writes(ANNA, "and what shall I do?")
    assert phrase(last(office)) == "no-answer"


async def test_no_rule_makes_a_ticket_of_it(office: Office) -> None:
    unanswered_rule = rule("question-unanswered", "{question}")
    assert len(tickets(await looked_up(office, unanswered_rule, "Where is the printer?"))) == 1
    assert tickets(await looked_up(office, unanswered_rule, HARM)) == []
    negative = rule("feedback-negative", "{feedback}")
    assert len(tickets(await complains(office, negative, "Everything is bad"))) == 1
    assert tickets(await complains(office, negative, "My boss is bad and bullies me")) == []


async def test_feedback_about_one_of_hr_is_not_read_by_them(office: Office) -> None:
    await office.writes(ANNA, "feedback Helga bullies me")
    assert office.chat.to(HELGA) == []
    assert heard(office, HANNO) == ["feedback-passed-on"]
    await office.writes(ANNA, "feedback all is well")
    assert heard(office, HELGA) == ["feedback-passed-on"]


async def test_what_an_earlier_version_has_kept_is_no_longer_in_the_list_nor_passed_on(office: Office) -> None:
    one = inquiries.inquiry_id(ANNA.id, HARM, BORIS.id)
    known = unanswered.Unanswered(subject=unanswered.subject(HARM), question=HARM, language="ru", last=office.clock())

    async def puts(work: Work) -> None:
        await work.read([f"inquiry:{one}", f"unanswered:{known.subject}"])
        inquiries.put(work, Inquiry(id=one, question=HARM, asker=ANNA.id, helpers=(BORIS.id,), language="ru"))
        await inquiries.lay_on_desk(work, BORIS.id, one)
        work.member(unanswered.INDEX, known.subject)
        work.put(f"unanswered:{known.subject}", msgspec.json.encode(known))

    await office.bot.runner.run("test", puts)
    await office.presses(BORIS, "inquiry-pass", one)
    assert office.chat.to(HELGA) == office.chat.to(HANNO) == []
    assert hears(office, ANNA) == "inquiry-nobody-private"
    await office.bot.runner.run("test", retention.sweep)
    assert await unanswered.waiting(office.work()) == []


async def test_what_was_sent_is_forgotten_soon_after_it_was_answered(office: Office) -> None:
    for question, action in ((HARM, "ask-hr"), ("where are the herons?", "ask-person")):
        await office.passes_on(ANNA, question, action)
    reader = HELGA if office.chat.to(HELGA) else HANNO
    await office.writes(reader, "reply 1 I am coming over")
    await office.writes(BORIS, "reply 1 In the reeds")
    await office.comes(office.clock.now + datetime.timedelta(days=9))
    await office.bot.runner.run("test", retention.sweep)
    kept = set(await office.store.members(inquiries.INDEX))
    assert kept == {inquiries.inquiry_id(ANNA.id, "where are the herons?", BORIS.id)}


async def test_a_message_that_nobody_has_answered_ends_without_the_list(office: Office) -> None:
    await office.passes_on(ANNA, HARM, "ask-hr")
    await retention.plan(office.bot.runner)
    await office.passes(days=44)
    sorry = last(office)
    assert isinstance(sorry.text, Phrase)
    assert sorry.text.key == "inquiry-expired-private"
    assert actions(sorry) == ["ask-hr"]
    assert await unanswered.waiting(office.work()) == []


# --- what is not sensitive is as it was


async def test_what_is_not_sensitive_is_as_it_was(office: Office) -> None:
    await office.writes(ANNA, "where do the herons sleep?")
    assert (hears(office, ANNA), actions(last(office))) == ("no-answer", ["ask-person"])
    assert [one.question for one in await unanswered.waiting(office.work())] == ["where do the herons sleep?"]
    await office.writes(OLGA, "чанел")
    await office.writes(OLGA, "chanel")
    assert hears(office, OLGA) == "verb-misspelt"
    state = await office.work().state(asked.aggregate(Account("chat", "ANNA")))
    assert state is not None
    assert "herons" in state.decode()


async def test_the_topics_may_change_while_the_bot_runs(office: Office) -> None:
    office.company.sensitive.topics = Sensitive().topics
    await office.writes(OSCAR, HARM)
    assert hears(office, OSCAR) == "no-answer"
    assert key(await office.commands(ADAM, "меня домогаются")) != "private-offer"
