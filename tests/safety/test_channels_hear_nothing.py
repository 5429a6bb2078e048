"""What only some may know is not said where everybody reads."""

import pytest

from bot.incoming import Account, Incoming, Place, Pressed, Wrote
from bot.message import Phrase
from bot.people import Person
from tests.bot.kit import ANNA, BORIS, HELGA
from tests.bot.office import Office
from tests.bot.test_runner import phrases

CHANNEL = Place("chat", "C1", thread="1.0", private=False)


@pytest.mark.parametrize("who", [BORIS, HELGA])
@pytest.mark.parametrize("text", ["status @anna", "status team", "/onboarding status anna@example.org"])
async def test_progress_of_others_that_is_asked_for_in_a_channel_comes_in_private(
    office: Office, who: Person, text: str
) -> None:
    await office.writes(BORIS, "start @anna")
    before = len(office.chat.to(who))
    await office.writes(who, text, place=CHANNEL)
    (told,) = office.chat.to(who)[before:]
    assert ANNA.name in told.text or ANNA.name in str(told.message.items)
    (said,) = office.chat.to("C1")
    assert said.message.text == Phrase("answered-in-private")
    assert ANNA.name not in str(said.message)


async def test_a_button_in_a_channel_shows_progress_to_whoever_pressed_it_and_may_know(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    await office.presses(HELGA, "progress", ANNA.id, place=CHANNEL)
    assert phrases(office, HELGA)[-1] == "standing-active"
    assert phrases(office, "C1") == ["answered-in-private"]


async def test_the_answer_to_a_slash_command_is_seen_by_one_person_anyhow(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    reply = await office.commands(BORIS, "status @anna", place=CHANNEL)
    assert reply is not None
    assert office.chat.to("C1") == []


async def test_whoever_is_nobodys_head_hears_nothing_anywhere(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    eve = Account("chat", "OLGA")
    act = Incoming(id="chat:x", account=eve, place=CHANNEL, said=Wrote("status @anna"), at=office.clock())
    await office.receive(act)
    press = Incoming(id="chat:y", account=eve, place=CHANNEL, said=Pressed("progress", ANNA.id), at=office.clock())
    await office.receive(press)
    assert phrases(office, "C1") == ["not-your-person"] * 2
