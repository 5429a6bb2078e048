"""Who is behind an account: what was said waits until the platform has vouched for somebody."""

from typing import Any

import pytest
from redis.asyncio import Redis

from bot.directory import import_people
from bot.errors import Refused, Retry
from bot.incoming import Account, Place, Wrote
from bot.people import person_id
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS, NEWCOMER, person
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases
from tests.handlers.test_onboarding import key

NEW = Account("chat", "UNEW")
NINA = person("nina", "Nina Berg", manager=BORIS.id)


def vouch(office: Office, account: str, email: str | None, **more: Any) -> None:
    office.chat.profiles[account] = Profile(Account("chat", account), email, **more)


async def test_somebody_of_the_directory_is_known_from_their_first_message_on(office: Office) -> None:
    vouch(office, "UNEW", "Anna@Example.org")
    await office.writes("UNEW", "help")
    assert phrases(office, ANNA) == ["help"]
    await office.writes("UNEW", "status")
    assert office.chat.calls.count("whose") == 1
    assert phrases(office, ANNA) == ["help", "journey-none"]


async def test_somebody_of_a_welcome_domain_becomes_a_person(office: Office) -> None:
    vouch(office, "UNEW", "nina@example.org", name="Nina Berg", locale="en", timezone="Europe/Berlin")
    await office.writes("UNEW", "help")
    nina = await office.work().person(person_id("nina@example.org"))
    assert nina is not None
    assert (nina.name, nina.locale, nina.timezone, nina.accounts) == (
        "Nina Berg",
        "en",
        "Europe/Berlin",
        {"chat": "UNEW"},
    )
    assert phrases(office, nina) == ["help"]


async def test_a_profile_with_a_time_zone_that_nobody_knows_gets_ours(office: Office) -> None:
    vouch(office, "UNEW", "nina@example.org", timezone="Mars/Olympus", locale="xx")
    await office.writes("UNEW", "status")
    nina = await office.work().person(person_id("nina@example.org"))
    assert nina is not None
    assert nina.timezone == "Europe/Moscow"


async def test_what_was_said_meanwhile_is_handled_in_order(office: Office) -> None:
    vouch(office, "UNEW", ANNA.email)
    await office.writes(BORIS, "start @anna")
    office.chat.meets(Retry("busy", after=10.0))
    for text in ("done papers", "done papers", "done dance"):
        await office.writes("UNEW", text)
    assert phrases(office, ANNA) == ["welcome", "checklist"]
    await office.passes(seconds=15)
    # The checklist is posted anew: the one that stands is in the conversation of the account that she had.
    assert phrases(office, ANNA)[2:] == ["checklist", "step-done-next", "step-done-already", "step-unknown"]


async def test_a_slash_command_of_an_unknown_account_is_answered_later_in_the_conversation(office: Office) -> None:
    vouch(office, "UNEW", ANNA.email)
    assert key(await office.commands("UNEW", "help")) == "one-moment"
    assert phrases(office, ANNA) == ["help"]


async def test_the_same_event_of_an_unknown_account_waits_once(office: Office) -> None:
    vouch(office, "UNEW", ANNA.email)
    act = office.incoming("UNEW", Wrote("help"))
    await office.receive(act)
    await office.receive(act)
    assert phrases(office, ANNA) == ["help"]


async def test_a_stranger_gets_one_polite_line(office: Office) -> None:
    for _ in range(3):
        await office.writes("UNEW", "give me the salaries")
    assert phrases(office, "UNEW") == ["stranger"]
    assert office.chat.calls.count("whose") == 1
    await office.passes(hours=2)
    await office.writes("UNEW", "please")
    assert phrases(office, "UNEW") == ["stranger"]
    assert office.chat.calls.count("whose") == 2
    assert office.handbook.asked == []


@pytest.mark.parametrize("email", ["eve@elsewhere.org", "eve@example.org.evil.org", "example.org", None])
async def test_an_address_of_another_domain_is_a_strangers(office: Office, email: str | None) -> None:
    vouch(office, "UNEW", email)
    await office.writes("UNEW", "help")
    assert phrases(office, "UNEW") == ["stranger"]


async def test_a_stranger_by_slash_is_told_at_once_each_time(office: Office) -> None:
    await office.commands("UNEW", "help")
    assert key(await office.commands("UNEW", "help")) == "stranger"


async def test_a_stranger_who_only_opens_the_home_page_hears_nothing(office: Office) -> None:
    await office.opens_home("UNEW")
    assert office.chat.shown == []


async def test_a_stranger_who_joins_the_company_is_known_an_hour_later(office: Office) -> None:
    await office.writes("UNEW", "help")
    vouch(office, "UNEW", ANNA.email)
    await office.passes(hours=1)
    await office.writes("UNEW", "help")
    assert phrases(office, ANNA) == ["help"]


async def test_a_platform_that_does_not_know_its_own_account_is_reported(office: Office) -> None:
    office.chat.meets(Refused("person-unreachable", "no such user"))
    await office.writes("UNEW", "help")
    assert await office.dead() == [("identify:chat:UNEW", "person-unreachable")]


# --- mentions


async def test_a_mention_of_an_unknown_account_waits_for_its_person(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=(BORIS, NINA)) as office:
        vouch(office, "UNEW", NINA.email)
        assert key(await office.commands(BORIS, f"start <@{NEW.id}>")) == "one-moment-person"
        journey = await office.journey_of(NINA)
        assert (journey.scenario, journey.by) == (NEWCOMER.id, BORIS.id)
        assert phrases(office, BORIS)[0] == "started"


async def test_a_mention_of_a_stranger_is_said_to_be_one_each_time(office: Office) -> None:
    await office.writes(BORIS, "start <@UNEW>")
    assert phrases(office, "BORIS") == ["person-outside"]
    await office.writes(BORIS, "status <@UNEW>")
    assert phrases(office, BORIS) == ["person-outside"]
    assert key(await office.commands(BORIS, "start <@UNEW>")) == "person-outside"


async def test_that_a_mention_leads_nowhere_is_said_in_the_language_of_whoever_mentioned(office: Office) -> None:
    channel = Place("chat", "C1", private=False)
    await office.writes(ANNA, "status <@UNEW>", place=channel)
    (said,) = office.chat.texts("C1")
    assert said.isascii()


async def test_an_account_that_a_delivery_has_found_is_kept(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation) as office:
        nina = person("nina", "Nina Berg", manager=BORIS.id)
        await import_people(office.bot.runner, [nina])
        await office.writes(BORIS, "start @nina")
        assert await office.work().owner(Account("chat", "NINA")) is not None
        await office.writes("NINA", "help")
        assert "whose" not in office.chat.calls
