"""Whose account a platform has closed is told elsewhere, or nothing; who is restored is reachable again."""

import logging
from collections.abc import AsyncIterator

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.closed_accounts import counts
from bot.directory import remove
from bot.errors import Refused
from bot.incoming import Account, AccountChanged, Place
from bot.people import Person
from bot.results import Profile
from tests.bot.kit import ADAM, ANNA, BORIS
from tests.bot.office import Office, open_office
from tests.bot.platform import Messenger
from tests.bot.test_runner import phrases

LEFT = Refused("left", "user_disabled")
NOWHERE = Refused("person-unreachable", "users_not_found")
TEAMS = Account("teams", "0aad")
SLACK = Account("slack", "ANNA")


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """With Slack and Teams. Everybody has an account on Slack."""
    chat, mail = Messenger("slack"), Messenger("teams", can_look=False)
    async with open_office(redis_client, organisation, chat=chat, mail=mail) as opened:
        mail.profiles["0aad"] = Profile(TEAMS, ANNA.email)
        chat.profiles["ANNA"] = Profile(SLACK, ANNA.email)
        yield opened


async def anna(office: Office) -> Person:
    found = await office.work().person(ANNA.id)
    assert found is not None
    return found


async def counted(office: Office) -> dict[str, int]:
    return await counts(office.store, office.company.channels)


async def slack_says(office: Office, profile: Profile) -> None:
    """The account has changed, and this is what Slack knows of it now."""
    office.chat.profiles["ANNA"] = profile
    await office.receive(office.incoming("ANNA", AccountChanged(profile.email, outside=profile.outside)))


async def deactivated(office: Office) -> None:
    """Slack finds nobody by her address any more, and Teams never did."""
    await office.writes(BORIS, "start @anna")
    await slack_says(office, Profile(SLACK, outside=True, closed=True))
    office.chat.refuses[ANNA.id] = office.mail.refuses[ANNA.id] = NOWHERE
    assert (await anna(office)).accounts == {}


def alarms(office: Office) -> list[str]:
    return [key for key in phrases(office, ADAM) if key.startswith("alert")]


async def test_what_goes_to_a_closed_account_ends_quietly_and_is_counted(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    await deactivated(office)
    assert await counted(office) == {"slack": 1}
    with caplog.at_level(logging.INFO, "bot"):
        await office.writes(BORIS, 'task @anna "Order a chair" due 2026-12-08')
        await office.passes(days=3)
    assert await office.dead() == []
    assert alarms(office) == []
    assert "left" in [record.getMessage() for record in caplog.records]


async def test_a_refusal_that_says_so_is_enough(office: Office) -> None:
    office.chat.refuses[ANNA.id], office.mail.refuses[ANNA.id] = LEFT, NOWHERE
    await office.writes(BORIS, "start @anna")
    assert await office.dead() == []
    assert list((await anna(office)).closed) == ["slack"]
    assert await counted(office) == {"slack": 1}


async def test_who_was_never_there_is_still_told_to_the_administrators(office: Office) -> None:
    office.chat.refuses[ANNA.id] = office.mail.refuses[ANNA.id] = NOWHERE
    await office.writes(BORIS, "start @anna")
    assert len(await office.dead()) >= 1
    assert alarms(office) != []


async def test_whose_other_account_lives_is_told_there(office: Office) -> None:
    place = Place("teams", "chat of Anna")
    await office.writes(ANNA, "help", account=TEAMS, place=place, address="chat of Anna")
    await office.writes(ANNA, "help")
    office.chat.refuses[ANNA.id] = LEFT
    await office.writes(BORIS, "start @anna")
    assert any("welcome" in text for text in office.mail.texts(ANNA))
    assert await office.dead() == []


async def test_who_was_deactivated_by_mistake_sees_their_plan_once_they_are_restored(office: Office) -> None:
    await deactivated(office)
    before = len(office.chat.to(ANNA))
    del office.chat.refuses[ANNA.id]
    await slack_says(office, Profile(SLACK, ANNA.email))
    after = await anna(office)
    assert (after.accounts, after.closed) == ({"slack": "ANNA"}, {})
    assert await counted(office) == {}
    assert "checklist" in phrases(office, ANNA)[before:]


async def test_who_is_restored_and_nobody_tells_us_is_reached_by_the_next_message(office: Office) -> None:
    await deactivated(office)
    before = len(office.chat.to(ANNA))
    del office.chat.refuses[ANNA.id]
    await office.writes(BORIS, 'task @anna "Order a chair" due 2026-12-08')
    assert len(office.chat.to(ANNA)) > before
    assert (await anna(office)).closed == {}
    assert await counted(office) == {}


async def test_who_leaves_the_company_is_counted_no_longer(office: Office) -> None:
    await deactivated(office)
    await remove(office.bot.runner, ANNA.id)
    await office.idle()
    assert await counted(office) == {}


def test_a_person_from_before_is_read_as_they_were() -> None:
    old = msgspec.json.decode(msgspec.json.encode(ANNA), type=dict)
    del old["closed"], old["locale_source"]
    assert msgspec.convert(old, Person, strict=False) == replace(ANNA)
