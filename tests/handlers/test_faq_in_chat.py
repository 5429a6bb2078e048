"""HR writes the FAQ in chat: by a form or in words, out of drafts and of questions that nobody could answer."""

import asyncio
import datetime

import msgspec
import pytest
from redis.asyncio import Redis

from bot import drafts, faq_written, shelf, unanswered
from bot.faq_file import FaqEntry
from bot.incoming import Place, Submitted
from bot.message import Form, Message, Phrase, Reply
from bot.people import Person
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR
from tests.bot.office import Office, open_office
from tests.handlers.test_colleagues import HANNO, HERONS, REEDS, asks, facts
from tests.handlers.test_onboarding import heard, hears, key, phrase

BADGE = {
    "question_ru": "Где взять пропуск?",
    "question_en": "Where do I get a badge?",
    "answer_ru": "На ресепшене.",
    "answer_en": "At the reception.",
    "also": "пропуск в офис\n\n badge ",
}


async def shelved(office: Office) -> list[FaqEntry]:
    """What a reader of the shelf finds, as every process does."""
    there = sorted(await shelf.digests(office.store, shelf.ENTRIES))
    found = [state async for _, state in shelf.fetch(office.store, shelf.ENTRIES, there)]
    return [msgspec.json.decode(state, type=FaqEntry) for state in found]


async def submits(office: Office, who: Person = HELGA, context: str = "", /, **values: str) -> Reply | None:
    return await office.receive(office.incoming(who, Submitted("faq", values, context), answers_at_once=True))


async def one_entry(office: Office) -> FaqEntry:
    await submits(office, **BADGE)
    (entry,) = await shelved(office)
    return entry


async def drafted(office: Office) -> str:
    """Boris has answered Anna; the id of the draft."""
    await asks(office)
    await office.writes(BORIS, f"reply 1 {REEDS}")
    (draft,) = await drafts.waiting(office.work())
    return draft.id


async def wondered(office: Office, *people: Person, question: str = HERONS) -> str:
    """These people have asked in vain; the subject."""

    async def note(work: Work) -> None:
        for one in people:
            await unanswered.note_unanswered(work, question, one.id, "en")

    await office.bot.runner.run("test", note)
    return unanswered.subject(question)


def form(reply: Reply | None) -> Form:
    assert reply is not None
    assert reply.form is not None
    return reply.form


def wrong(reply: Reply | None) -> dict[str, str]:
    assert reply is not None
    return {field: text.key for field, text in reply.errors.items() if isinstance(text, Phrase)}


def last(office: Office, who: Person) -> Message:
    return office.chat.to(who)[-1].message


# --- drafts


async def test_what_a_colleague_answered_is_offered_to_everybody_of_hr(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=(*EVERYBODY, HANNO)) as office:
        await drafted(office)
        for one in (HELGA, HANNO):
            offered = last(office, one)
            assert phrase(offered) == "draft"
            assert [button.action for button in offered.buttons] == ["draft-publish", "draft-edit", "draft-dismiss"]
            assert [(item.title, item.text) for item in offered.items] == [(HERONS, REEDS)]
            assert offered.items[0].note == Phrase("draft-note", {"name": BORIS.name})


async def test_without_anybody_of_hr_the_administrators_decide(redis_client: Redis, organisation: str) -> None:
    people = tuple(one for one in EVERYBODY if one is not HELGA)
    async with open_office(redis_client, organisation, people=people) as office:
        await drafted(office)
        assert hears(office, ADAM) == "draft"


async def test_a_draft_is_published_with_one_press_and_stands_on_the_shelf(office: Office) -> None:
    draft = await drafted(office)
    await office.presses(HELGA, "draft-publish", draft)
    (entry,) = await shelved(office)
    assert entry.id.startswith("chat-")
    assert (entry.question.ru, entry.question.en, entry.answer.ru, entry.answer.en) == (HERONS, HERONS, REEDS, REEDS)
    assert (entry.source_title.en, entry.source_url) == ("FAQ, answered by HR", None)
    assert hears(office, HELGA) == "faq-published"
    assert hears(office, BORIS) == "draft-thanks"
    assert await drafts.waiting(office.work()) == []


async def test_a_draft_can_be_put_into_other_words_in_a_form(office: Office) -> None:
    draft = await drafted(office)
    asked = form(await office.presses(HELGA, "draft-edit", draft, opens_forms=True))
    assert {field.name: field.value for field in asked.fields} == {
        "question_ru": "", "answer_ru": "", "question_en": HERONS, "answer_en": REEDS, "also": "",
    }  # fmt: skip
    values = {**BADGE, "question_en": "Where are herons at night?"}
    assert key(await submits(office, HELGA, asked.context, **values)) == "faq-published"
    (entry,) = await shelved(office)
    assert (entry.question.en, entry.question.ru) == ("Where are herons at night?", "Где взять пропуск?")
    assert await drafts.waiting(office.work()) == []


async def test_a_draft_can_be_put_into_other_words_where_no_form_can_be_shown(office: Office) -> None:
    draft = await drafted(office)
    await office.presses(HELGA, "draft-edit", draft)
    assert last(office, HELGA).text == Phrase("faq-usage-edit", {"id": draft})
    await office.writes(HELGA, f"faq edit {draft} Herons at night? | In the reeds")
    (entry,) = await shelved(office)
    assert (entry.question.ru, entry.answer.ru) == ("Herons at night?", "In the reeds")
    assert await drafts.waiting(office.work()) == []


async def test_a_draft_that_is_too_long_must_be_put_into_other_words(office: Office) -> None:
    await asks(office, question="herons " * 30)
    await office.writes(BORIS, "reply 1 In the reeds")
    (draft,) = await drafts.waiting(office.work())
    await office.presses(HELGA, "draft-publish", draft.id)
    said = last(office, HELGA)
    assert said.text == Phrase("draft-wrong", {"wrong": Phrase("faq-too-long", {"most": "160"})})
    assert [button.action for button in said.buttons] == ["draft-edit"]
    assert await shelved(office) == []


async def test_a_dismissed_draft_leaves_no_text_behind(office: Office) -> None:
    draft = await drafted(office)
    await office.presses(HELGA, "draft-dismiss", draft)
    assert hears(office, HELGA) == "draft-dismissed"
    assert await drafts.waiting(office.work()) == []
    kept = await drafts.draft(office.work(), draft)
    assert kept is not None
    assert (kept.status, kept.question, kept.answer) == ("dismissed", "", "")
    assert await shelved(office) == []


@pytest.mark.parametrize(
    ("action", "told"), [("draft-publish", "draft-published-by"), ("draft-dismiss", "draft-dismissed-by")]
)
async def test_who_comes_second_is_told_who_did_what(office: Office, action: str, told: str) -> None:
    draft = await drafted(office)
    await office.presses(HELGA, action, draft)
    count = len(await shelved(office))
    for later in ("draft-publish", "draft-edit", "draft-dismiss", "draft-show"):
        await office.presses(ADAM, later, draft)
        assert last(office, ADAM).text == Phrase(told, {"name": HELGA.name})
        await office.presses(HELGA, later, draft)
        assert hears(office, HELGA) == f"{told}-you"
    assert key(await submits(office, ADAM, f"draft {draft}", **BADGE)) == told
    assert len(await shelved(office)) == count


async def test_of_two_who_publish_at_the_same_moment_one_does(office: Office) -> None:
    draft = await drafted(office)
    said = [
        office.incoming(who, Submitted("faq", BADGE, f"draft {draft}"), answers_at_once=True) for who in (HELGA, ADAM)
    ]
    replies = await asyncio.gather(*map(office.bot.runner.receive, said))
    assert sorted(map(key, replies)) == ["draft-published-by", "faq-published"]
    assert len(await shelved(office)) == 1


async def test_drafts_that_wait_are_listed(office: Office) -> None:
    await office.writes(HELGA, "/onboarding answers drafts")
    draft = await drafted(office)
    await office.writes(HELGA, "/onboarding answers черновики")
    assert [one for one in heard(office, HELGA) if one.startswith("drafts")] == ["drafts-none", "drafts"]
    (item,) = last(office, HELGA).items
    assert item.button is not None
    await office.presses(HELGA, item.button.action, item.button.value)
    assert last(office, HELGA).buttons[0].value == draft
    assert hears(office, HELGA) == "draft"


# --- entries


async def test_an_entry_of_both_languages_is_written_in_a_form(office: Office) -> None:
    asked = form(await office.commands(HELGA, "faq new"))
    assert [field.name for field in asked.fields] == [
        "question_ru", "answer_ru", "question_en", "answer_en", "also",
    ]  # fmt: skip
    assert key(await submits(office, HELGA, asked.context, **BADGE)) == "faq-published"
    (entry,) = await shelved(office)
    assert (entry.question.ru, entry.question.en) == (BADGE["question_ru"], BADGE["question_en"])
    assert (entry.answer.ru, entry.answer.en) == (BADGE["answer_ru"], BADGE["answer_en"])
    assert entry.also == ("пропуск в офис", "badge")


async def test_one_language_is_enough(office: Office) -> None:
    await submits(office, question_ru=" Где  взять\nпропуск? ", answer_en="At the reception. \r\nAsk Ida.")
    (entry,) = await shelved(office)
    assert entry.question.ru == entry.question.en == "Где взять пропуск?"
    assert entry.answer.ru == entry.answer.en == "At the reception.\nAsk Ida."


@pytest.mark.parametrize("text", ["вопросы новый Где пропуск? | Внизу, да?", "faq new Где пропуск? | Внизу, да?"])
async def test_an_entry_may_be_written_in_words(office: Office, text: str) -> None:
    await office.writes(HELGA, text)
    (entry,) = await shelved(office)
    assert (entry.question.ru, entry.answer.en) == ("Где пропуск?", "Внизу, да?")


@pytest.mark.parametrize("text", ["faq new", "/onboarding faq new a question without a bar", "/onboarding faq edit x"])
async def test_words_that_are_no_entry_are_answered_with_how_to_write_one(office: Office, text: str) -> None:
    await office.writes(HELGA, text)
    assert hears(office, HELGA) in ("faq-usage", "faq-gone")
    assert await shelved(office) == []


async def test_a_question_that_begins_like_a_command_is_a_question(office: Office) -> None:
    await office.writes(HELGA, "вопросы по отпуску")
    await office.writes(HELGA, "faq new laptop")
    assert office.handbook.asked == ["вопросы по отпуску", "faq new laptop"]


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"question_ru": "", "question_en": " "}, "question_ru", "faq-no-question"),
        ({"question_ru": "", "question_en": "?!"}, "question_en", "faq-no-question"),
        ({"answer_ru": "", "answer_en": "\n"}, "answer_ru", "faq-no-answer"),
        ({"question_en": "x" * 161}, "question_en", "faq-too-long"),
        ({"answer_en": "x" * 3001}, "answer_en", "faq-too-long"),
        ({"question_ru": "evil\u202etxt"}, "question_ru", "faq-hidden"),
        ({"answer_ru": "evil\x00"}, "answer_ru", "faq-hidden"),
        ({"also": "x" * 161}, "also", "faq-too-long"),
        ({"also": "\n".join(map(str, range(21)))}, "also", "faq-too-many-ways"),
        ({"question_ru": "Где взять  ПРОПУСК"}, "question_ru", "faq-duplicate"),
        ({"question_en": "where do I get a badge"}, "question_en", "faq-duplicate"),
        ({"also": "other\nBadge!"}, "also", "faq-duplicate"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    office: Office, values: dict[str, str], field: str, told: str
) -> None:
    before = await one_entry(office)
    fine = {"question_ru": "Новый?", "question_en": "New?", "answer_ru": "Да.", "answer_en": "Yes."}
    assert wrong(await submits(office, **{**fine, **values})) == {field: told}
    assert await shelved(office) == [before]


async def test_where_the_form_is_a_message_it_stays_with_what_was_written(office: Office) -> None:
    said = Submitted("faq", {"question_ru": "Где?", "answer_ru": ""}, "")
    reply = await office.receive(office.incoming(HELGA, said, takes_forms=True, on="chat-7"))
    assert reply is not None
    assert reply.instead is not None
    assert reply.instead.form is not None
    fields = {one.name: one for one in reply.instead.form.fields}
    assert fields["question_ru"].value == "Где?"
    assert fields["answer_ru"].error == Phrase("faq-no-answer")


async def test_the_longest_that_a_field_takes_is_taken(office: Office) -> None:
    await submits(office, question_ru="я" * 160, answer_ru="я" * 3000, also="\n".join(f"{n:0160}" for n in range(20)))
    (entry,) = await shelved(office)
    assert (len(entry.question.ru), len(entry.answer.ru), len(entry.also)) == (160, 3000, 20)


async def test_the_same_form_twice_is_one_entry(office: Office) -> None:
    said = office.incoming(HELGA, Submitted("faq", BADGE, ""), answers_at_once=True)
    assert key(await office.receive(said)) == key(await office.receive(said)) == "faq-published"
    assert len(await shelved(office)) == 1
    assert wrong(await submits(office, **BADGE)) == {"question_ru": "faq-duplicate"}


async def test_of_two_who_write_the_same_at_the_same_moment_one_is_told(office: Office) -> None:
    said = [office.incoming(who, Submitted("faq", BADGE, ""), answers_at_once=True) for who in (HELGA, ADAM)]
    await asyncio.gather(*map(office.bot.runner.receive, said))
    assert len(await shelved(office)) == 1


async def test_there_are_no_more_entries_than_a_file_may_hold(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faq_written, "MAX_ENTRIES", 1)
    await one_entry(office)
    assert wrong(await submits(office, question_ru="Ещё?", answer_ru="Да.")) == {"question_ru": "faq-full"}
    (entry,) = await shelved(office)
    assert key(await submits(office, HELGA, f"entry {entry.id}", question_ru="Ещё?", answer_ru="Да.")) == "faq-changed"


async def test_entries_are_listed_and_opened(office: Office) -> None:
    await office.writes(HELGA, "faq")
    assert hears(office, HELGA) == "faq-none"
    entry = await one_entry(office)
    await office.writes(HELGA, "вопросы")
    listing = last(office, HELGA)
    assert [(item.title, item.button and item.button.value) for item in listing.items] == [(entry.question, entry.id)]
    await office.presses(HELGA, "faq-show", entry.id)
    assert [item.text for item in last(office, HELGA).items] == [entry.answer]
    assert [button.action for button in last(office, HELGA).buttons] == ["faq-edit", "faq-withdraw"]
    await office.writes(HELGA, "/onboarding faq badge")
    assert len(last(office, HELGA).items) == 1
    await office.writes(HELGA, "/onboarding faq heron")
    assert last(office, HELGA).text == Phrase("faq-none-of", {"words": "heron"})


async def test_of_many_entries_the_first_are_listed(office: Office) -> None:
    for number in range(23):
        await submits(office, question_en=f"Question {number:02}?", answer_en="Yes.")
    await office.writes(HELGA, "faq")
    assert last(office, HELGA).text == Phrase("faq-cut", {"count": 23, "shown": 20})
    assert len(last(office, HELGA).items) == 20


async def test_an_entry_is_changed_in_a_form_and_keeps_its_id(office: Office) -> None:
    entry = await one_entry(office)
    asked = form(await office.presses(HELGA, "faq-edit", entry.id, opens_forms=True))
    values = {field.name: field.value for field in asked.fields}
    assert values == {**BADGE, "also": "пропуск в офис\nbadge"}
    reply = await submits(office, HELGA, asked.context, **{**values, "answer_ru": "У охраны."})
    assert key(reply) == "faq-changed"
    (after,) = await shelved(office)
    assert (after.id, after.answer.ru, after.answer.en) == (entry.id, "У охраны.", "At the reception.")


async def test_an_entry_is_changed_in_words_in_one_language(office: Office) -> None:
    entry = await one_entry(office)
    await office.presses(HELGA, "faq-edit", entry.id)
    assert last(office, HELGA).text == Phrase("faq-usage-edit", {"id": entry.id})
    await office.writes(HELGA, f"вопросы изменить {entry.id} Где пропуск? | У охраны.")
    (after,) = await shelved(office)
    assert (after.question.ru, after.answer.ru) == ("Где пропуск?", "У охраны.")
    assert (after.question.en, after.also) == (entry.question.en, entry.also)


async def test_an_entry_of_one_language_is_changed_in_words_as_a_whole(office: Office) -> None:
    await submits(office, question_en="Badge?", answer_en="At the reception.")
    (entry,) = await shelved(office)
    await office.writes(HELGA, f"faq edit {entry.id} Пропуск? | Внизу.")
    (after,) = await shelved(office)
    assert (after.question.en, after.answer.en) == ("Пропуск?", "Внизу.")


async def test_an_entry_is_taken_out_with_a_second_press(office: Office) -> None:
    entry = await one_entry(office)
    await office.presses(HELGA, "faq-withdraw", entry.id)
    assert len(await shelved(office)) == 1
    (surely,) = last(office, HELGA).buttons
    await office.presses(HELGA, surely.action, surely.value)
    assert hears(office, HELGA) == "faq-withdrawn"
    assert await shelved(office) == []
    for action in ("faq-show", "faq-edit", "faq-withdraw", "faq-withdraw-surely"):
        await office.presses(HELGA, action, entry.id)
        assert hears(office, HELGA) == "faq-gone"
    assert key(await submits(office, HELGA, f"entry {entry.id}", **BADGE)) == "faq-gone"
    assert await shelved(office) == []


# --- what nobody could answer


async def test_unanswered_questions_are_listed_the_most_asked_first(office: Office) -> None:
    await office.writes(HELGA, "/onboarding answers unanswered")
    assert hears(office, HELGA) == "unanswered-none"
    await wondered(office, ANNA, question="Where do the storks sleep?")
    about = await wondered(office, ANNA, OLGA)
    await office.writes(HELGA, "/onboarding answers без ответа")
    assert [item.title for item in last(office, HELGA).items] == [HERONS, "Where do the storks sleep?"]
    assert last(office, HELGA).items[0].note == Phrase("unanswered-note", {"count": 2})
    await office.presses(HELGA, "unanswered-show", about)
    assert [one.action for one in last(office, HELGA).buttons] == ["unanswered-write", "unanswered-dismiss"]


@pytest.mark.parametrize("count", [20, 21, 43])
async def test_all_that_nobody_could_answer_are_reached_by_pressing_on(office: Office, count: int) -> None:
    for number in range(count):
        await wondered(office, ANNA, question=f"Where does heron {number} sleep?")
    await office.writes(HELGA, "answers unanswered")
    seen, pages = set[str](), 1
    while True:
        said = last(office, HELGA)
        seen |= {item.id for item in said.items}
        on = [one for one in said.buttons if one.label == Phrase("button-more")]
        if not on:
            break
        await office.presses(HELGA, on[0].action, on[0].value)
        pages += 1
    assert (len(seen), pages) == (count, (count + 19) // 20)
    assert seen == {one.subject for one in await unanswered.waiting(office.work())}


async def test_what_is_settled_between_two_pages_skips_nothing(office: Office) -> None:
    for number in range(30):
        await wondered(office, ANNA, question=f"Where does heron {number} sleep?")
    await office.writes(HELGA, "answers unanswered")
    first = last(office, HELGA)
    for item in first.items[:5]:
        await office.presses(HELGA, "unanswered-dismiss", item.id)
    await office.presses(HELGA, first.buttons[0].action, first.buttons[0].value)
    rest = last(office, HELGA)
    assert rest.text == Phrase("unanswered-page", {"count": 25, "first": 16, "last": 25})
    assert not {item.id for item in rest.items} & {item.id for item in first.items}
    (back,) = rest.buttons
    await office.presses(HELGA, back.action, back.value)
    assert [item.id for item in last(office, HELGA).items[:15]] == [item.id for item in first.items[5:]]


@pytest.mark.parametrize("value", ["x", "W10", "WzEsMiwzXQ", "a b", "я", "A" * 5000])
async def test_a_forged_place_in_a_list_is_no_place(office: Office, value: str) -> None:
    await wondered(office, ANNA)
    for action in ("unanswered-more", "draft-more"):
        await office.presses(HELGA, action, value)
        assert hears(office, HELGA) == "outdated"


async def test_drafts_are_reached_by_pressing_on_too(office: Office) -> None:
    async def offered(work: Work) -> None:
        for number in range(25):
            draft = drafts.Draft(id=f"d{number:02}", question="Q?", answer="A", language="en", helper=OSCAR.id)
            await drafts.offer(work, draft)

    await office.bot.runner.run("drafts", offered)
    await office.writes(HELGA, "answers drafts")
    (on,) = last(office, HELGA).buttons
    await office.presses(HELGA, on.action, on.value)
    assert [item.id for item in last(office, HELGA).items] == [f"d{number}" for number in range(20, 25)]


async def test_the_answer_to_one_is_written_and_who_asked_is_told(office: Office) -> None:
    about = await wondered(office, ANNA, OLGA, HELGA)
    asked = form(await office.presses(HELGA, "unanswered-write", about, opens_forms=True))
    assert {field.name: field.value for field in asked.fields if field.value} == {"question_en": HERONS}
    assert [field.name for field in asked.fields][:2] == ["question_en", "answer_en"]
    await submits(office, HELGA, asked.context, question_en="Herons at night?", answer_en=REEDS)
    assert await unanswered.waiting(office.work()) == []
    for one in (ANNA, OLGA):
        assert office.chat.texts(one) == [REEDS]
        assert facts(last(office, one))["fact-question"] == HERONS
    assert REEDS not in office.chat.texts(HELGA)


async def test_where_no_form_can_be_shown_the_answer_is_written_in_words(office: Office) -> None:
    about = await wondered(office, ANNA)
    await office.presses(HELGA, "unanswered-write", about)
    assert last(office, HELGA).text == Phrase("faq-usage-answer", {"question": HERONS})
    await office.writes(HELGA, f"faq new {HERONS} | In the reeds")
    assert await unanswered.waiting(office.work()) == []
    assert office.chat.texts(ANNA) == ["In the reeds"]


async def test_a_published_draft_settles_its_question_and_tells_whoever_does_not_know_yet(office: Office) -> None:
    await wondered(office, ANNA, OLGA)
    draft = await drafted(office)
    await office.presses(HELGA, "draft-publish", draft)
    assert await unanswered.waiting(office.work()) == []
    assert office.chat.texts(ANNA).count(REEDS) == 1
    assert office.chat.texts(OLGA) == [REEDS]


async def test_what_people_have_asked_is_not_listed_in_a_channel(office: Office) -> None:
    await wondered(office, ANNA)
    await drafted(office)
    for what in ("unanswered", "drafts"):
        await office.writes(HELGA, f"answers {what}", place=Place("chat", "C1", "t", private=False))
        assert phrase(office.chat.to("C1")[-1].message) == "answered-in-private"
        assert hears(office, HELGA) == what


async def test_one_that_is_dismissed_is_off_the_list(office: Office) -> None:
    about = await wondered(office, ANNA)
    await office.presses(HELGA, "unanswered-dismiss", about)
    assert hears(office, HELGA) == "unanswered-dismissed"
    for action in ("unanswered-show", "unanswered-write", "unanswered-dismiss"):
        await office.presses(HELGA, action, about)
        assert hears(office, HELGA) == "unanswered-gone"
    assert office.chat.texts(ANNA) == []


# --- who may

ACTIONS = (
    "draft-show", "draft-publish", "draft-edit", "draft-dismiss", "faq-new", "faq-show", "faq-edit", "faq-withdraw",
    "faq-withdraw-surely", "draft-more", "unanswered-more", "unanswered-show", "unanswered-write", "unanswered-dismiss",
)  # fmt: skip


@pytest.mark.parametrize("who", [ANNA, BORIS])
async def test_all_this_is_for_hr_alone(office: Office, who: Person) -> None:
    entry, draft, about = await one_entry(office), await drafted(office), await wondered(office, OLGA)
    for action in ACTIONS:
        for value in (entry.id, draft, about):
            await office.presses(who, action, value)
            assert last(office, who).text == Phrase("faq-of-hr")
    office.clock.now += datetime.timedelta(minutes=2)
    for text in ("faq", "faq new Q? | A", f"faq edit {entry.id} Q? | A", "answers drafts", "answers unanswered"):
        assert key(await office.commands(who, text)) == "faq-of-hr"
    for context in ("", f"entry {entry.id}", f"draft {draft}", f"unanswered {about}"):
        assert key(await submits(office, who, context, question_ru="Мой?", answer_ru="Мой.")) == "faq-of-hr"
    assert await shelved(office) == [entry]
    assert [one.id for one in await drafts.waiting(office.work())] == [draft]
    assert [one.subject for one in await unanswered.waiting(office.work())] == [about]


@pytest.mark.parametrize("value", ["", "x", "a b", "../person", "\x00", "x" * 4000])
async def test_a_value_that_names_nothing_changes_nothing_and_is_answered(office: Office, value: str) -> None:
    entry = await one_entry(office)
    for action in ACTIONS:
        before = len(office.chat.shown)
        await office.presses(HELGA, action, value)
        assert len(office.chat.shown) == before + 1
    for kind in ("entry", "draft", "dance"):
        assert key(await submits(office, HELGA, f"{kind} {value}", **BADGE)) in ("outdated", "faq-gone", "draft-over")
    assert await shelved(office) == [entry]
    assert await office.dead() == []


async def test_to_edit_without_saying_what_shows_what_there_is(office: Office) -> None:
    await office.writes(HELGA, "faq new Where is the pass? | Below.")
    await office.writes(HELGA, "faq edit")
    assert hears(office, HELGA) == "faq"
