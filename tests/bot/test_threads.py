"""What is asked in a thread of the conversation with us is answered there; what time brings, and plans, are not."""

import pytest

from bot.errors import Refused
from bot.incoming import Account, Place
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS
from tests.bot.office import Office

THREAD = Place("chat", "D1", "17.1")
MAIN = Place("chat", "D1")


def places(office: Office, conversation: str = "D1") -> list[str]:
    return [one.text for one in office.chat.to(conversation)]


@pytest.mark.parametrize("text", ["help", "status", "how do I get a VPN?", "hello", "done nothing"])
async def test_what_is_said_in_a_thread_is_answered_in_it(office: Office, text: str) -> None:
    await office.writes(ANNA, text, place=THREAD)
    assert office.chat.places != []
    assert set(office.chat.places) == {THREAD}
    before = len(office.chat.to(ANNA))
    await office.writes(ANNA, text, place=MAIN)
    assert len(office.chat.to(ANNA)) > before


async def test_what_follows_from_an_act_is_said_to_whoever_acts_in_the_thread_and_to_others_as_ever(
    office: Office,
) -> None:
    await office.writes(BORIS, "start @anna", place=THREAD)
    assert "started" in [one.message.text.key for one in office.chat.to("D1") if hasattr(one.message.text, "key")]
    welcomed = len(office.chat.to(ANNA))
    assert welcomed >= 2  # the welcome, and the plan
    await office.presses(ANNA, "done", f"{(await office.journey_of(ANNA)).id} reading", place=THREAD)
    assert len(office.chat.to(ANNA)) == welcomed  # the plan changed where it stands


async def test_a_form_that_was_asked_for_in_a_thread_leads_to_an_answer_there(office: Office) -> None:
    await office.presses(BORIS, "progress", ANNA.id, place=THREAD)
    assert set(office.chat.places) == {THREAD}


async def test_reminders_are_said_in_the_conversation_itself(office: Office) -> None:
    await office.writes(BORIS, "start @anna", place=THREAD)
    before = len(office.chat.places)
    said = len(office.chat.to(ANNA)) + len(office.chat.to(BORIS))
    await office.passes(days=14)
    assert len(office.chat.to(ANNA)) + len(office.chat.to(BORIS)) > said
    assert len(office.chat.places) == before


async def test_an_answer_that_cannot_be_said_in_the_thread_is_said_on_the_next_channel(office: Office) -> None:
    office.chat.meets(Refused("blocked", "the person has blocked us"))
    await office.writes(ANNA, "help", place=THREAD)
    assert office.mail.texts(ANNA) != []
    assert await office.dead() == []


async def test_a_stranger_is_told_so_in_the_thread(office: Office) -> None:
    office.chat.profiles["U0X"] = Profile(Account("chat", "U0X"), outside=True)
    await office.writes("U0X", "help", place=THREAD)
    assert office.chat.places == [THREAD]
