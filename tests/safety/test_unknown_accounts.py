"""Accounts that nobody knows yet: what they do is kept or refused aloud, and nobody slips in as somebody else."""

import datetime
from typing import Any

import pytest

from bot.accounts import MENTIONS_EACH, WAITING_BYTES, WAITING_LIMIT
from bot.errors import Retry
from bot.incoming import Account, Wrote
from bot.people import Person, person_id
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS, HELGA
from tests.bot.office import Office
from tests.bot.test_runner import phrases
from tests.handlers.test_onboarding import key

FOREVER = Retry("busy", after=60.0)


def vouch(office: Office, email: str | None, **more: Any) -> None:
    office.chat.profiles["UNEW"] = Profile(Account("chat", "UNEW"), email, **more)


async def says(office: Office, who: Person | str, text: str, number: int) -> None:
    """In a conversation that began an hour ago, with time between two messages."""
    at = office.clock.now - datetime.timedelta(hours=1) + datetime.timedelta(seconds=5 * number)
    await office.bot.runner.receive(office.incoming(who, Wrote(text), at=at))


async def test_what_can_no_longer_wait_is_said_to_be_lost(office: Office) -> None:
    vouch(office, ANNA.email)
    office.chat.meets(FOREVER)
    for number in range(WAITING_LIMIT + 5):
        await says(office, "UNEW", f"vpn {number}", number)
    assert key(await office.commands("UNEW", "help")) == "too-many-waiting"
    await office.passes(minutes=2)
    assert set(phrases(office, "UNEW")) == {"too-many-waiting"}
    assert len(office.chat.to(ANNA)) == WAITING_LIMIT


async def test_huge_messages_wait_only_as_long_as_a_commit_can_carry_them(office: Office) -> None:
    vouch(office, ANNA.email)
    office.chat.meets(FOREVER)
    huge = "\x01" * 40_000  # six bytes each, as JSON
    for _ in range(WAITING_LIMIT):
        await office.bot.runner.receive(office.incoming("UNEW", Wrote(huge)))
    state = await office.work().state("account:chat:UNEW")
    assert state is not None
    assert len(state) <= WAITING_BYTES
    await office.passes(minutes=2)
    assert await office.dead() == []
    assert await office.work().owner(Account("chat", "UNEW")) is not None


async def test_a_mention_that_can_no_longer_wait_is_answered(office: Office) -> None:
    office.chat.meets(FOREVER)
    for number in range(MENTIONS_EACH):
        await office.bot.runner.receive(office.incoming(BORIS, Wrote(f"status <@UNEW> {number}")))
    await office.writes(BORIS, "status <@UNEW>")
    assert phrases(office, BORIS) == ["too-many-waiting"]


async def test_those_who_mention_somebody_take_no_place_of_theirs(office: Office) -> None:
    vouch(office, "nina@example.org")
    office.chat.meets(FOREVER)
    for number in range(50):
        await says(office, BORIS, f"status <@UNEW> {number}", number)
    assert key(await office.commands("UNEW", "help")) == "one-moment"
    assert key(await office.commands(HELGA, "status <@UNEW>")) == "one-moment-person"
    await office.passes(minutes=2)
    nina = person_id("nina@example.org")
    assert phrases(office, nina) == ["help"]
    assert phrases(office, HELGA) == ["journey-none-of"]
    assert phrases(office, BORIS).count("too-many-waiting") == 50 - MENTIONS_EACH


async def test_a_stranger_who_first_opened_the_page_is_told_when_they_write(office: Office) -> None:
    await office.opens_home("UNEW")
    await office.writes("UNEW", "help")
    await office.writes("UNEW", "help")
    assert phrases(office, "UNEW") == ["stranger"]


async def test_a_clock_that_was_a_year_ahead_does_not_lock_anybody_out(office: Office) -> None:
    today = office.clock.now
    office.clock.now = today + datetime.timedelta(days=365)
    await office.bot.runner.receive(office.incoming("UNEW", Wrote("help")))
    await office.idle()
    office.clock.now = today
    vouch(office, ANNA.email)
    await office.bot.runner.receive(office.incoming("UNEW", Wrote("help")))
    assert (await office.work().state("account:chat:UNEW") or b"").count(b"help") == 1


@pytest.mark.parametrize("email", ["\u212aate@example.org", "bo\u017fs@example.org"])
async def test_letters_that_become_those_of_an_address_are_nobodys(office: Office, email: str) -> None:
    """The Kelvin sign becomes a k, the long s an s."""
    vouch(office, email)
    await office.writes("UNEW", "help")
    assert phrases(office, "UNEW") == ["stranger"]


async def test_a_name_of_a_platform_becomes_one_readable_line(office: Office) -> None:
    vouch(office, "nina@example.org", name="Nina\u202egreB\r\n\x00* <!channel>" + "x" * 1000)
    await office.writes("UNEW", "help")
    nina = await office.work().person(person_id("nina@example.org"))
    assert nina is not None
    assert nina.name.startswith("Nina greB * <!channel>")
    assert len(nina.name) == 120
