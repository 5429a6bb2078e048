"""Before a question goes to anybody, whoever asks it sees to whom and what, and may change both."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from redis.asyncio import Redis

from bot import inquiries, previews, unanswered
from bot.contacts import Contact, Contacts
from bot.incoming import Place, Pressed, Submitted
from bot.inquiries import Inquiry
from bot.message import Button, Field, Message, Phrase, Reply
from bot.people import Person, Role
from bot.previews import Preview, preview_of
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, local, person
from tests.bot.office import Office, open_office
from tests.generated import examples
from tests.handlers.test_colleagues import facts
from tests.handlers.test_onboarding import heard, hears, key

HERONS = "Where do the herons sleep?"
HANNO = person("hanno", "Hanno Weiss", roles=frozenset({Role.HR}))
GUEST = person("guest", "Gil Guest", locale="en")


@pytest.fixture
async def bigger(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """With a second person of HR, and a guest of whom the directory knows no manager."""
    async with open_office(redis_client, organisation, people=(*EVERYBODY, HANNO, GUEST)) as opened:
        yield opened


async def shown(office: Office, who: Person = ANNA, question: str = HERONS) -> Message:
    """The preview that a press shows."""
    await office.presses(who, "ask-person", question)
    return last(office, who)


def last(office: Office, who: Person = ANNA) -> Message:
    message: Message = office.chat.to(who)[-1].message
    return message


def button(message: Message, action: str, label: str = "") -> Button:
    (found,) = [one for one in message.buttons if one.action == action and (not label or one.label == label)]
    return found


async def press(office: Office, message: Message, action: str, label: str = "", who: Person = ANNA) -> None:
    found = button(message, action, label)
    await office.presses(who, found.action, found.value)


async def edits(office: Office, message: Message, text: str, who: Person = ANNA) -> Reply | None:
    said = Submitted("passing", {"text": text}, button(message, "inquiry-edit").value)
    return await office.receive(office.incoming(who, said, answers_at_once=True))


def told(office: Office) -> list[str]:
    """Everybody but Anna who was told anything."""
    return [one.handle for one in (*EVERYBODY, HANNO, GUEST) if one is not ANNA and office.chat.to(one)]


# --- what is seen first


async def test_nothing_goes_anywhere_before_its_author_has_seen_to_whom_and_what(office: Office) -> None:
    preview = await shown(office)
    assert told(office) == []
    assert preview.text == Phrase("preview", {"name": BORIS.name})
    assert facts(preview) == {"fact-to": BORIS.name, "fact-from": ANNA.name, "fact-question": HERONS}
    assert [one.action for one in preview.buttons] == ["inquiry-send", "inquiry-to", "inquiry-edit", "inquiry-cancel"]
    await press(office, preview, "inquiry-send")
    (asked,) = office.chat.to(BORIS)
    assert facts(asked.message) == {"fact-question": HERONS}
    assert asked.message.text == Phrase("question-passed-on", {"name": ANNA.name, "number": "1"})
    assert last(office).text == Phrase("question-passed", {"name": BORIS.name})
    assert told(office) == ["boris"]


async def test_what_is_shown_is_what_is_sent_however_it_was_written(office: Office) -> None:
    for text in ("  Where\n do   herons  sleep?\t", "quotes " * 30 + '"\\' * 600, "x" * 5000):
        preview = await shown(office, question=text)
        await press(office, preview, "inquiry-send")
        assert facts(office.chat.to(BORIS)[-1].message)["fact-question"] == facts(preview)["fact-question"]


async def test_a_press_that_comes_again_sends_nothing_twice(office: Office) -> None:
    preview = await shown(office)
    for _ in range(3):
        await press(office, preview, "inquiry-send")
    assert heard(office, BORIS) == ["question-passed-on"]
    assert heard(office, ANNA) == ["preview", *["question-passed"] * 3]


async def test_two_presses_at_the_same_moment_send_one(office: Office) -> None:
    send = button(await shown(office), "inquiry-send")
    said = [office.incoming(ANNA, Pressed(send.action, send.value)) for _ in range(4)]
    await asyncio.gather(*map(office.bot.runner.receive, said))
    await office.idle()
    assert heard(office, BORIS) == ["question-passed-on"]


async def test_the_same_shown_twice_is_sent_once(office: Office) -> None:
    first, second = await shown(office), await shown(office)
    await press(office, second, "inquiry-send")
    await press(office, first, "inquiry-send")
    assert heard(office, BORIS) == ["question-passed-on"]


async def test_hr_may_be_asked_instead(bigger: Office) -> None:
    preview = await shown(bigger)
    assert [one.label for one in preview.buttons if one.action == "inquiry-to"] == [
        f"HR: {one.name}" for one in await bigger.work().with_role(Role.HR)
    ]
    await press(bigger, preview, "inquiry-to", f"HR: {HANNO.name}")
    other = last(bigger)
    assert facts(other)["fact-to"] == HANNO.name
    assert told(bigger) == []
    await press(bigger, preview, "inquiry-send")  # of what was shown before
    assert hears(bigger, ANNA) == "preview-over"
    await press(bigger, other, "inquiry-to", BORIS.name)  # and back
    await press(bigger, last(bigger), "inquiry-to", f"HR: {HANNO.name}")
    await press(bigger, last(bigger), "inquiry-send")
    assert told(bigger) == ["hanno"]


async def test_what_is_not_sent_goes_nowhere_and_nothing_of_it_is_kept(office: Office) -> None:
    preview = await shown(office)
    await press(office, preview, "inquiry-cancel")
    assert hears(office, ANNA) == "preview-cancelled"
    for action in ("inquiry-send", "inquiry-to", "inquiry-edit", "inquiry-cancel"):
        await press(office, preview, action)
        assert hears(office, ANNA) == "preview-over"
    assert told(office) == []
    assert await unanswered.waiting(office.work()) == []


# --- other words


async def test_the_text_may_be_changed_in_a_form_and_is_shown_again(office: Office) -> None:
    preview = await shown(office)
    edit = button(preview, "inquiry-edit")
    reply = await office.presses(ANNA, edit.action, edit.value, opens_forms=True)
    assert reply is not None
    assert reply.form is not None
    assert [(one.name, one.value) for one in reply.form.fields] == [("text", HERONS)]
    assert await edits(office, preview, "Where do the storks\n sleep?") is None
    again = last(office)
    assert facts(again) == {
        "fact-to": BORIS.name,
        "fact-from": ANNA.name,
        "fact-question": "Where do the storks sleep?",
    }
    assert told(office) == []
    await press(office, preview, "inquiry-send")  # the old words
    assert (hears(office, ANNA), told(office)) == ("preview-over", [])
    await press(office, again, "inquiry-send")
    assert facts(office.chat.to(BORIS)[0].message)["fact-question"] == "Where do the storks sleep?"
    assert key(await edits(office, preview, "too late")) == "preview-over"


@pytest.mark.parametrize(
    ("text", "wrong"), [("", "preview-empty"), (" ?! ", "preview-empty"), ("x" * 1001, "faq-too-long")]
)
async def test_what_cannot_be_sent_is_said_beside_the_text(office: Office, text: str, wrong: str) -> None:
    preview = await shown(office)
    reply = await edits(office, preview, text)
    assert reply is not None
    assert isinstance(reply.errors["text"], Phrase)
    assert reply.errors["text"].key == wrong
    await press(office, preview, "inquiry-send")
    assert told(office) == ["boris"]


async def test_where_a_form_is_a_message_it_keeps_what_was_written(office: Office) -> None:
    edit = button(await shown(office), "inquiry-edit")
    await office.presses(ANNA, edit.action, edit.value, takes_forms=True)
    assert last(office).form is not None
    said = Submitted("passing", {"text": "?"}, edit.value)
    reply = await office.receive(office.incoming(ANNA, said, on="ref"))
    assert reply is not None
    assert reply.instead is not None
    assert reply.instead.form is not None
    field: Field = reply.instead.form.fields[0]
    assert (field.value, field.error) == ("?", Phrase("preview-empty"))


async def test_where_no_form_can_be_shown_other_words_are_written(office: Office) -> None:
    preview = await shown(office)
    await press(office, preview, "inquiry-edit")
    assert hears(office, ANNA) == "rephrase-usage"
    await press(office, preview, "inquiry-send")
    assert hears(office, ANNA) == "preview-over"
    await office.writes(ANNA, "иначе Where do the storks sleep?")
    assert facts(last(office))["fact-question"] == "Where do the storks sleep?"
    assert told(office) == []
    await press(office, last(office), "inquiry-send")
    assert told(office) == ["boris"]
    await office.writes(ANNA, "/onboarding rephrase")
    assert hears(office, ANNA) == "rephrase-usage"


# --- who is there to ask


async def test_somebody_without_a_manager_and_somebody_of_hr_see_whom_there_is(bigger: Office) -> None:
    hr = {one.name for one in (HELGA, HANNO)}
    assert facts(await shown(bigger, GUEST))["fact-to"] in hr
    assert facts(await shown(bigger, HELGA))["fact-to"] == HANNO.name
    assert "inquiry-to" not in [one.action for one in last(bigger, HELGA).buttons]


async def test_who_knows_about_the_topic_is_shown_first(redis_client: Redis, organisation: str) -> None:
    jira = Contact(id="jira", topic=local("Jira"), words=("jira",), name=OSCAR.name, email=OSCAR.email)
    async with open_office(redis_client, organisation, contacts=Contacts((jira,))) as office:
        preview = await shown(office, question="who moves tickets in Jira?")
        assert facts(preview)["fact-to"] == OSCAR.name
        assert [one.label for one in preview.buttons if one.action == "inquiry-to"] == [f"HR: {HELGA.name}"]


async def test_where_the_reader_has_left_meanwhile_another_is_shown_and_nothing_is_sent(office: Office) -> None:
    preview = await shown(office)

    async def leaves(work: Work) -> None:
        boris = await work.person(BORIS.id)
        assert boris is not None
        work.put_person(replace(boris, left=work.now))

    await office.bot.runner.run("test", leaves)
    await press(office, preview, "inquiry-send")
    assert last(office).text == Phrase("preview-changed", {"name": HELGA.name})
    assert told(office) == []
    await press(office, last(office), "inquiry-send")
    assert told(office) == ["helga"]


async def test_in_a_channel_the_preview_is_for_the_one_who_has_pressed(office: Office) -> None:
    place = Place("chat", "C1", "t", private=False)
    await office.presses(ANNA, "ask-person", HERONS, place=place)
    assert [one.message.text for one in office.chat.to("C1")] == [Phrase("answered-in-private")]
    assert hears(office, ANNA) == "preview"


async def test_the_preview_itself_becomes_what_has_become_of_it(office: Office) -> None:
    for action, now in (("inquiry-send", "question-passed"), ("inquiry-cancel", "preview-cancelled")):
        one = button(await shown(office, question=f"{HERONS} {action}"), action)
        ref = office.chat.to(ANNA)[-1].ref
        await office.presses(ANNA, one.action, one.value, pressed=ref)
        after = next(post for post in office.chat.to(ANNA) if post.ref == ref)
        assert isinstance(after.message.text, Phrase)
        assert (after.message.text.key, after.message.buttons) == (now, ())


# --- buttons of other versions, and of nobody


async def test_a_button_of_the_version_before_shows_the_preview(office: Office) -> None:
    await office.writes(ANNA, HERONS)
    (old,) = last(office).buttons
    assert (old.action, old.value) == ("ask-person", HERONS)
    await office.presses(ANNA, old.action, old.value)
    assert (hears(office, ANNA), told(office)) == ("preview", [])


async def test_an_inquiry_of_the_version_before_is_answered_as_before(office: Office) -> None:
    one = inquiries.inquiry_id(ANNA.id, HERONS, BORIS.id)
    before = (
        f'{{"id":"{one}","question":"{HERONS}","asker":"{ANNA.id}","helpers":["{BORIS.id}"],"language":"en",'
        '"status":"open","passed_by":null,"answer":"","answered_by":null,"at":"2026-11-30T09:00:00Z"}'
    )

    async def puts(work: Work) -> None:
        await work.state(f"inquiry:{one}")
        work.put(f"inquiry:{one}", before.encode())
        await inquiries.lay_on_desk(work, BORIS.id, one)

    await office.bot.runner.run("test", puts)
    await office.writes(BORIS, "reply 1 In the reeds")
    assert office.chat.texts(ANNA)[-1] == "In the reeds"
    found = await inquiries.inquiry(office.work(), one)
    assert isinstance(found, Inquiry)
    assert (found.status, found.private) == ("answered", False)


@pytest.mark.parametrize("action", ["inquiry-send", "inquiry-to", "inquiry-edit", "inquiry-cancel"])
async def test_a_made_up_button_does_nothing(office: Office, action: str) -> None:
    await shown(office)
    made_up = preview_of("Fire Boris", HELGA.id, "x", private=False)
    values = ["", "x", "[]", '["", "a", "b"]', made_up.value, made_up.instead(ADAM.id).value, "[" * 3000]
    for value in values:
        await office.presses(ANNA, action, value)
        assert hears(office, ANNA) in ("outdated", "preview-over")
    assert told(office) == []


@pytest.mark.parametrize("who", [OLGA, BORIS, HELGA])
async def test_nobody_presses_what_somebody_else_was_shown(office: Office, who: Person) -> None:
    preview = await shown(office)
    for action in ("inquiry-send", "inquiry-to", "inquiry-edit", "inquiry-cancel"):
        await press(office, preview, action, who=who)
        assert hears(office, who) == "preview-over"
    await press(office, preview, "inquiry-send")
    assert heard(office, BORIS)[-1:] == ["question-passed-on"]


async def test_only_those_who_were_offered_can_be_chosen(office: Office) -> None:
    preview = await shown(office)
    made = previews.pressed(button(preview, "inquiry-send").value)
    assert made is not None
    await office.presses(ANNA, "inquiry-to", made.instead(OLGA.id).value)
    assert (hears(office, ANNA), told(office)) == ("outdated", [])


@examples(80)
@given(st.text(min_size=1, max_size=1200).filter(lambda text: bool(text.split())), st.booleans())
def test_every_text_fits_on_a_button_and_comes_back(text: str, private: bool) -> None:
    made = preview_of(text.encode(errors="replace").decode(), "0123456789abcdef", "chat:1", private=private)
    other = made.instead("fedcba9876543210")
    assert len(other.value) <= 2000
    back = previews.pressed(other.value)
    assert isinstance(back, Preview)
    assert (back, back.shown, back.private) == (other, made, private)
