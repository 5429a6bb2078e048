"""What Microsoft's Agents Playground really sends, recorded from it, means the same as what Teams sends."""

import datetime

import pytest

from adapters.teams.inbound import incoming
from bot.incoming import Account, Incoming, Installed, Place, Pressed, Removed, Wrote
from tests.adapters.teams.recorded import payload

NOW = datetime.datetime(2025, 11, 25, 9, 0, tzinfo=datetime.UTC)
ANNA = Account("teams", "00000000-0000-0000-0000-000000000020")
URL = "http://localhost:56150/_connector"
CHAT = f"{URL}#personal-chat-id"
CARD = f"{CHAT}#1764059400000"


def read(name: str) -> Incoming:
    found = incoming(payload(f"playground_{name}"), NOW)
    assert found is not None
    return found


def test_a_message_is_written_in_private_by_somebody_of_the_directory() -> None:
    found = read("message")
    assert (found.account, found.place, found.address) == (ANNA, Place("teams", CHAT), CHAT)
    assert found.said == Wrote("**Привет** <b> & как дела?")


def test_a_button_is_pressed_on_its_card_without_a_word_of_what_triggered_it() -> None:
    assert "trigger" not in payload("playground_pressed")["value"]
    found = read("pressed")
    assert (found.said, found.on) == (Pressed("done", "1"), CARD)


def test_a_button_of_an_old_client_is_pressed_too() -> None:
    assert read("submitted").said == Pressed("done", "1")


@pytest.mark.parametrize("name", ["installed", "installed_as_member"])
def test_both_activities_of_an_installation_tell_of_it(name: str) -> None:
    found = read(name)
    assert (found.account, found.said, found.address) == (ANNA, Installed(), CHAT)


@pytest.mark.parametrize("name", ["removed", "removed_as_member"])
def test_both_activities_of_a_removal_tell_of_it(name: str) -> None:
    assert (read(name).account, read(name).said) == (ANNA, Removed())


def test_in_a_group_chat_it_is_not_installed_in_private() -> None:
    found = read("installed_in_group_chat")
    assert (found.said, found.address, found.place.private) == (Installed(), None, False)


def test_another_member_is_no_installation() -> None:
    assert incoming(payload("playground_member_added"), NOW) is None
