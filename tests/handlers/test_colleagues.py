"""What the bot does not know is asked of a colleague, and what they answer comes back and is offered to HR."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot import drafts, inquiries, previews, unanswered
from bot.incoming import Account, Place, Pressed, Submitted
from bot.inquiries import OF_ONE_ASKER, Inquiry
from bot.message import Button, Fact, Message, Phrase, Reply
from bot.people import Person, Role
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, person
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import heard, hears, key, phrase

HERONS = "Where do the herons sleep?"
REEDS = "In the reeds,\nall of them."
HANNO = person("hanno", "Hanno Weiss", roles=frozenset({Role.HR}))


async def asks(office: Office, who: Person = ANNA, question: str = HERONS) -> Button:
    """Somebody presses the button below an honest no; the button "Answer" of whoever is asked."""
    await office.passes_on(who, question)
    helper = BORIS if who is ANNA else HELGA
    return office.chat.to(helper)[-1].message.buttons[0]


async def submits(office: Office, who: Person, context: str, answer: str = REEDS) -> Reply | None:
    said = Submitted("inquiry", {"answer": answer}, context)
    return await office.receive(office.incoming(who, said, answers_at_once=True))


async def inquiry_of(office: Office, button: Button) -> Inquiry:
    found = await inquiries.inquiry(office.work(), button.value)
    assert found is not None
    return found


def facts(message: Message) -> dict[str, object]:
    return {fact.name.key: fact.value for fact in message.facts if isinstance(fact.name, Phrase)}


# --- asking


async def test_a_question_goes_to_the_colleague_with_its_number_and_two_buttons(office: Office) -> None:
    await asks(office)
    assert hears(office, ANNA) == "question-passed"
    (asked,) = office.chat.to(BORIS)
    assert asked.message.text == Phrase("question-passed-on", {"name": ANNA.name, "number": "1"})
    assert asked.message.facts == (Fact(Phrase("fact-question"), HERONS),)
    assert [button.action for button in asked.message.buttons] == ["inquiry-answer", "inquiry-pass"]


async def test_the_same_is_asked_once_however_often_it_is_asked(office: Office) -> None:
    for question in (HERONS, HERONS, f"  {HERONS.upper()} "):
        await office.passes_on(ANNA, question)
    await office.passes_on(ANNA, "Where do the storks sleep?")
    assert heard(office, ANNA) == ["preview", *["question-passed"] * 3, "preview", "question-passed"]
    assert [facts(one.message)["fact-question"] for one in office.chat.to(BORIS)] == [
        HERONS,
        "Where do the storks sleep?",
    ]


async def test_nobody_is_flooded_with_questions_whatever_a_button_brings_back(office: Office) -> None:
    for number in range(OF_ONE_ASKER + 2):
        await office.passes_on(ANNA, f"{HERONS} {number}")
    assert hears(office, ANNA) == "inquiries-too-many"
    assert len(office.chat.to(BORIS)) == OF_ONE_ASKER
    kept = [one.question for one in await unanswered.waiting(office.work())]
    assert sorted(kept) == [f"{HERONS} {number}" for number in (OF_ONE_ASKER, OF_ONE_ASKER + 1)]
    await office.writes(BORIS, "reply 1 In the reeds")
    await office.passes_on(ANNA, HERONS)
    assert office.chat.to(ANNA)[-1].message.text == Phrase("question-passed", {"name": BORIS.name})


async def test_two_people_who_ask_the_same_both_get_the_answer(office: Office) -> None:
    await office.passes_on(OSCAR, HERONS)
    await office.passes_on(BORIS, HERONS)
    await office.writes(HELGA, "reply 1 In the reeds")
    await office.writes(HELGA, "reply 2 In the reeds")
    assert office.chat.texts(OSCAR)[-1] == office.chat.texts(BORIS)[-1] == "In the reeds"


async def test_a_question_longer_than_any_is_cut_and_seen_to_be(office: Office) -> None:
    await office.passes_on(ANNA, "x" * 5000)
    assert facts(office.chat.to(BORIS)[0].message)["fact-question"] == "x" * (previews.LONGEST - 1) + "…"


async def test_no_question_is_none(office: Office) -> None:
    await office.passes_on(ANNA, "  ")
    assert hears(office, ANNA) == "outdated"


# --- answering


async def test_where_forms_can_be_shown_the_button_opens_one(office: Office) -> None:
    button = await asks(office)
    reply = await office.presses(BORIS, button.action, button.value, opens_forms=True)
    assert reply is not None
    assert reply.form is not None
    assert (reply.form.name, reply.form.context) == ("inquiry", button.value)
    assert [(field.name, field.kind, field.hint) for field in reply.form.fields] == [("answer", "long", HERONS)]


async def test_where_no_form_can_be_shown_the_words_to_write_are_told(office: Office) -> None:
    button = await asks(office)
    await office.presses(BORIS, button.action, button.value)
    assert office.chat.to(BORIS)[-1].message.text == Phrase("inquiry-usage", {"number": "1"})


async def test_the_answer_comes_back_word_for_word_with_who_gave_it(office: Office) -> None:
    button = await asks(office)
    assert key(await submits(office, BORIS, button.value)) == "inquiry-thanks"
    answer = office.chat.to(ANNA)[-1].message
    assert answer.text == REEDS
    assert facts(answer) == {"fact-question": HERONS, "fact-answered-by": BORIS.name}


async def test_it_comes_to_wherever_the_asker_is_reached_by_then(office: Office) -> None:
    button = await asks(office)
    account = Account("mail", "ANNA")
    await office.bot.runner.run("test", lambda work: _has_account(work, account))
    await office.receive(office.incoming(ANNA, Pressed("help", ""), account=account))
    await submits(office, BORIS, button.value)
    assert REEDS in office.mail.texts(ANNA)
    assert REEDS not in office.chat.texts(ANNA)


async def _has_account(work: Work, account: Account) -> None:
    found = await work.person(ANNA.id)
    assert found is not None
    work.put_person(found.with_account(account))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("reply 1 In the reeds", "In the reeds"),
        ("ответ №1: In the reeds", "In the reeds"),
        ("/onboarding ответить #1. Are they? Yes?", "Are they? Yes?"),
        ('ответ 1 "In" the\n\nreeds ', '"In" the\n\nreeds'),
        ("reply 1\nIn the reeds", "In the reeds"),
    ],
)
async def test_an_answer_may_be_written_in_words(office: Office, text: str, answer: str) -> None:
    await asks(office)
    await office.writes(BORIS, text)
    assert office.chat.texts(ANNA)[-1] == answer
    assert hears(office, BORIS) == "inquiry-thanks"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/onboarding reply In the reeds", "inquiry-usage"),
        ("reply 2 In the reeds", "inquiry-unknown"),
        ("/onboarding reply 1", "inquiry-usage"),
        ("reply 1", "inquiry-usage"),
        ("reply 1 ...", "inquiry-no-answer"),
        ("reply 1 " + "x" * 3001, "faq-too-long"),
        ("reply 1 evil\u202etxt", "faq-hidden"),
    ],
)
async def test_words_that_are_no_answer_change_nothing_and_say_why(office: Office, text: str, told: str) -> None:
    button = await asks(office)
    await office.writes(BORIS, text)
    assert hears(office, BORIS) == told
    assert (await inquiry_of(office, button)).status == "open"
    assert heard(office, ANNA) == ["preview", "question-passed"]


async def test_a_question_that_begins_like_an_answer_is_a_question(office: Office) -> None:
    await office.writes(BORIS, "reply to all or not?")
    await office.writes(BORIS, "ответ на письмо о VPN")
    assert office.handbook.asked == ["reply to all or not?", "ответ на письмо о VPN"]


@pytest.mark.parametrize(("answer", "told"), [("", "inquiry-no-answer"), ("x" * 3001, "faq-too-long")])
async def test_what_is_wrong_with_the_form_stands_beside_its_field(office: Office, answer: str, told: str) -> None:
    button = await asks(office)
    reply = await submits(office, BORIS, button.value, answer)
    assert reply is not None
    wrong = reply.errors["answer"]
    assert isinstance(wrong, Phrase)
    assert wrong.key == told
    assert (await inquiry_of(office, button)).status == "open"


async def test_what_waits_for_an_answer_is_listed_with_its_buttons(office: Office) -> None:
    await office.writes(HELGA, "reply")
    await asks(office, OSCAR)
    await asks(office, OSCAR, "Where do the storks sleep?")
    await office.writes(HELGA, "reply 1 In the reeds")
    await office.writes(HELGA, "ответ")
    assert [one for one in heard(office, HELGA) if one.startswith("inquiries")] == ["inquiries-none", "inquiries"]
    (item,) = office.chat.to(HELGA)[-1].message.items
    assert item.title == "Where do the storks sleep?"
    assert item.note == Phrase("inquiry-note", {"name": OSCAR.name, "number": "2"})


async def test_the_list_is_for_nobody_elses_eyes(office: Office) -> None:
    await asks(office)
    await office.writes(BORIS, "/onboarding reply", place=Place("chat", "C1", "t", private=False))
    assert phrase(office.chat.to("C1")[-1].message) == "answered-in-private"
    assert hears(office, BORIS) == "inquiries"


async def test_a_second_answer_is_thanked_for_and_goes_nowhere(office: Office) -> None:
    button = await asks(office)
    await submits(office, BORIS, button.value)
    assert key(await submits(office, BORIS, button.value, "In trees")) == "inquiry-answered-by-you"
    await office.writes(BORIS, "reply 1 In trees")
    await office.presses(BORIS, button.action, button.value)
    assert heard(office, BORIS)[-2:] == ["inquiry-answered-by-you"] * 2
    assert office.chat.texts(ANNA)[2:] == [REEDS]


async def test_who_asks_again_after_the_answer_gets_it_again(office: Office) -> None:
    button = await asks(office)
    await submits(office, BORIS, button.value)
    await office.passes_on(ANNA, HERONS)
    assert office.chat.texts(ANNA)[2:] == [REEDS, REEDS]
    assert heard(office, BORIS) == ["question-passed-on"]


async def test_an_answer_to_somebody_who_has_left_is_kept_as_a_draft(office: Office) -> None:
    button = await asks(office)

    async def leaves(work: Work) -> None:
        await work.person(ANNA.id)
        work.put(f"person:{ANNA.id}", None)

    await office.bot.runner.run("test", leaves)
    assert key(await submits(office, BORIS, button.value)) == "inquiry-thanks"
    assert [one.answer for one in await drafts.waiting(office.work())] == [REEDS]
    assert await office.dead() == []


@pytest.mark.parametrize("value", ["", "x", "../../person", "1 2", "\x00", "x" * 4000])
@pytest.mark.parametrize("action", ["inquiry-answer", "inquiry-pass"])
async def test_a_button_with_a_value_of_nobodys_does_nothing(office: Office, action: str, value: str) -> None:
    button = await asks(office)
    before = await inquiry_of(office, button)
    await office.presses(BORIS, action, value)
    assert hears(office, BORIS) == "inquiry-over"
    assert key(await submits(office, BORIS, value)) == "inquiry-over"
    assert await inquiry_of(office, button) == before


@pytest.mark.parametrize("who", [ANNA, OLGA, HELGA, ADAM])
async def test_only_whoever_was_asked_can_answer_or_pass_on(office: Office, who: Person) -> None:
    button = await asks(office)
    before = await inquiry_of(office, button)
    await office.presses(who, "inquiry-answer", button.value)
    await office.presses(who, "inquiry-pass", button.value)
    assert heard(office, who)[-2:] == ["inquiry-not-yours"] * 2
    assert key(await submits(office, who, button.value)) == "inquiry-not-yours"
    assert await inquiry_of(office, button) == before


# --- passing it on


async def test_who_does_not_know_passes_it_on_to_everybody_of_hr(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=(*EVERYBODY, HANNO)) as office:
        button = await asks(office)
        await office.presses(BORIS, "inquiry-pass", button.value)
        assert hears(office, BORIS) == "inquiry-passed"
        for one in (HELGA, HANNO):
            asked = office.chat.to(one)[-1].message
            assert asked.text == Phrase("question-passed-on", {"name": ANNA.name, "number": "1"})
            assert [button.action for button in asked.buttons] == ["inquiry-answer"]
        await office.writes(HANNO, "reply 1 In the reeds")
        assert facts(office.chat.to(ANNA)[-1].message)["fact-answered-by"] == HANNO.name
        await office.writes(HELGA, "reply 1 In trees")
        assert office.chat.to(HELGA)[-1].message.text == Phrase("inquiry-answered-by", {"name": HANNO.name})
        assert "In trees" not in office.chat.texts(ANNA)


async def test_it_is_passed_on_once_and_may_be_answered_after_all(office: Office) -> None:
    button = await asks(office)
    for _ in range(2):
        await office.presses(BORIS, "inquiry-pass", button.value)
    assert heard(office, HELGA) == ["question-passed-on"]
    await office.writes(BORIS, "reply")
    assert hears(office, BORIS) == "inquiries-none"
    await office.writes(BORIS, "reply 1 In the reeds")
    assert office.chat.texts(ANNA)[-1] == "In the reeds"


async def test_where_nobody_else_can_be_asked_the_asker_is_told_and_the_question_counted(office: Office) -> None:
    button = await asks(office, OSCAR)
    await office.presses(HELGA, "inquiry-pass", button.value)
    assert hears(office, HELGA) == "inquiry-declined"
    assert hears(office, OSCAR) == "inquiry-nobody"
    assert [one.question for one in await unanswered.waiting(office.work())] == [HERONS]
    await office.passes_on(OSCAR, HERONS)
    assert heard(office, OSCAR)[-1] == "inquiry-nobody"


# --- one answer, whoever is faster


async def test_of_two_answers_at_the_same_moment_one_counts(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=(*EVERYBODY, HANNO)) as office:
        button = await asks(office)
        await office.presses(BORIS, "inquiry-pass", button.value)
        said = [
            office.incoming(who, Submitted("inquiry", {"answer": text}, button.value), answers_at_once=True)
            for who, text in ((HELGA, "one"), (HANNO, "two"), (BORIS, "three"))
        ]
        replies = await asyncio.gather(*map(office.bot.runner.receive, said))
        await office.idle()
        assert sorted(map(key, replies)) == ["inquiry-answered-by", "inquiry-answered-by", "inquiry-thanks"]
        assert len(office.chat.to(ANNA)) == 3
        assert len(await drafts.waiting(office.work())) == 1


async def test_an_answer_that_arrives_twice_is_one(office: Office) -> None:
    button = await asks(office)
    said = office.incoming(BORIS, Submitted("inquiry", {"answer": REEDS}, button.value), answers_at_once=True)
    assert key(await office.receive(said)) == key(await office.receive(said)) == "inquiry-thanks"
    assert office.chat.texts(ANNA)[2:] == [REEDS]


async def test_a_desk_remembers_the_latest_numbers(office: Office) -> None:
    work = office.work()
    for number in range(inquiries.ON_A_DESK + 3):
        assert await inquiries.lay_on_desk(work, BORIS.id, f"i{number}") == number + 1
    numbers = (await inquiries.desk(work, BORIS.id)).numbers
    assert (min(numbers), max(numbers), len(numbers)) == (4, inquiries.ON_A_DESK + 3, inquiries.ON_A_DESK)
