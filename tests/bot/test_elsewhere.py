"""Who cannot be reached on one channel is told on the next one; a step stands the same everywhere it was shown."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.accounts import resume
from bot.errors import Refused
from bot.incoming import Account, Installed, Place, Removed, Wrote
from bot.people import Person
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS
from tests.bot.office import Office, open_office
from tests.bot.platform import Messenger
from tests.bot.test_runner import phrases

BLOCKED = Refused("blocked", "the person has blocked us")
TEAMS = Account("teams", "0aad")


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """With Slack and Teams. Everybody has an account on Slack, and Anna one on Teams besides."""
    chat, mail = Messenger("slack"), Messenger("teams", can_look=False)
    async with open_office(redis_client, organisation, chat=chat, mail=mail) as opened:
        mail.profiles["0aad"] = Profile(TEAMS, ANNA.email)
        yield opened


async def in_teams(office: Office, text: str) -> None:
    place = Place("teams", "chat of Anna")
    await office.writes(ANNA, text, account=TEAMS, place=place, address="chat of Anna")


def of(channel: Messenger, reader: Person = ANNA) -> list[str]:
    return [shown.text for shown in channel.to(reader)]


async def anna(office: Office) -> Person:
    found = await office.work().person(ANNA.id)
    assert found is not None
    return found


async def test_where_somebody_can_be_written_to_is_known_from_what_they_wrote(office: Office) -> None:
    await in_teams(office, "help")
    assert (await anna(office)).addresses == {"teams": "chat of Anna"}
    assert (await anna(office)).accounts == {"slack": "ANNA", "teams": "0aad"}


async def test_an_address_goes_with_its_account(office: Office) -> None:
    await in_teams(office, "help")
    moved = (await anna(office)).with_account(Account("teams", "another"))
    assert moved.addresses == {}
    assert moved.accounts["teams"] == "another"


async def test_an_account_that_is_now_anothers_leaves_no_address_and_no_other_name(office: Office) -> None:
    await in_teams(office, "help")
    before = await anna(office)
    work = office.work()
    mine = before.with_alias(Account("teams", "29:x"))
    await work.hand_over(before, mine)
    work.put_person(mine)
    await office.company.store.commit(work.commit())
    work = office.work()
    boris = await work.person(BORIS.id)
    assert boris is not None
    theirs = boris.with_account(TEAMS)
    await work.hand_over(boris, theirs)
    work.put_person(theirs)
    await office.company.store.commit(work.commit())
    left = await anna(office)
    assert (left.accounts, left.addresses, left.aliases) == ({"slack": "ANNA"}, {}, ())
    assert await office.work().owner(Account("teams", "29:x")) is None
    assert await office.work().owner(TEAMS) == theirs


async def test_a_mention_by_another_name_of_an_account_finds_its_person(office: Office) -> None:
    await in_teams(office, "help")
    office.mail.profiles["29:anna"] = Profile(TEAMS)
    boris = Account("teams", "0bob")
    office.mail.profiles["0bob"] = Profile(boris, BORIS.email)
    await office.writes(BORIS, "start <@29:anna>", account=boris, place=Place("teams", "team", "1", private=False))
    assert (await office.journey_of(ANNA)).status == "active"
    assert (await anna(office)).aliases == ("teams:29:anna",)
    assert (await anna(office)).accounts["teams"] == "0aad"
    assert office.mail.calls.count("whose") == 3
    await office.writes(BORIS, "status <@29:anna>", account=boris, place=Place("teams", "team", "1", private=False))
    assert office.mail.calls.count("whose") == 3


async def test_what_is_blocked_on_one_channel_is_said_on_the_next(office: Office) -> None:
    await in_teams(office, "help")
    office.mail.meets(BLOCKED)
    await office.writes(BORIS, "start @anna")
    assert await office.dead() == []
    assert phrases(office, ANNA)[:1] == ["welcome"]
    assert (await anna(office)).blocked == ("teams",)
    assert "checklist" in phrases(office, ANNA)


async def test_nothing_more_is_sent_to_a_blocked_channel_until_they_speak_there_again(office: Office) -> None:
    await in_teams(office, "help")
    office.mail.meets(BLOCKED)
    await office.writes(BORIS, "start @anna")
    calls = len(office.mail.calls)
    await office.passes(days=3)
    assert len(office.mail.calls) == calls
    await in_teams(office, "status")
    assert (await anna(office)).blocked == ()
    assert len(office.mail.calls) > calls


async def test_a_channel_without_a_way_to_them_is_passed_over_but_not_forgotten(office: Office) -> None:
    await in_teams(office, "help")
    office.mail.meets(Refused("person-unreachable", "not installed"))
    await office.writes(BORIS, "start @anna")
    assert (await anna(office)).blocked == ()
    assert phrases(office, ANNA)[:1] == ["welcome"]


async def test_who_can_be_reached_nowhere_becomes_one_dead_letter(office: Office) -> None:
    office.chat.meets(BLOCKED)
    office.mail.meets(Refused("person-unreachable", "not installed"))
    await office.writes(ANNA, "help")
    assert [code for _, code in await office.dead()] == ["person-unreachable"]


async def test_what_is_said_in_a_place_is_said_nowhere_else(office: Office) -> None:
    office.chat.meets(BLOCKED)
    place = Place("slack", "C1", "1", private=False)
    await office.writes(ANNA, "help", place=place)
    assert [code for _, code in await office.dead()] == ["blocked"]
    assert office.mail.calls == []


async def test_who_removed_the_bot_hears_from_it_elsewhere(office: Office) -> None:
    await in_teams(office, "help")
    await office.receive(office.incoming(ANNA, Removed(), account=TEAMS, place=Place("teams", "chat of Anna")))
    assert (await anna(office)).blocked == ("teams",)
    calls = len(office.mail.calls)
    await office.writes(BORIS, "start @anna")
    assert phrases(office, ANNA) == ["welcome", "checklist"]
    assert len(office.mail.calls) == calls


async def test_who_removed_the_bot_finds_their_plan_elsewhere(office: Office) -> None:
    await in_teams(office, "help")
    await office.writes(BORIS, "start @anna")
    assert phrases(office, ANNA) == []
    await office.receive(office.incoming(ANNA, Removed(), account=TEAMS, place=Place("teams", "chat of Anna")))
    assert phrases(office, ANNA) == ["checklist"]


async def test_nobody_is_asked_who_an_unknown_account_was_that_removed_the_bot(office: Office) -> None:
    gone = office.incoming(ANNA, Removed(), account=Account("teams", "0nobody"), place=Place("teams", "chat"))
    await office.receive(gone)
    assert office.mail.calls == []


async def test_being_added_by_an_administrator_moves_nobody_to_another_channel(office: Office) -> None:
    await office.writes(ANNA, "help")
    added = office.incoming(
        ANNA, Installed(), account=TEAMS, place=Place("teams", "chat of Anna"), address="chat of Anna"
    )
    await office.receive(added)
    assert (await anna(office)).reach == "slack"
    assert of(office.mail)[0].startswith("Hello Anna!")
    await office.receive(replace(added, id="again"))
    assert len(office.mail.to(ANNA)) == 1


async def test_a_journey_begun_on_one_channel_goes_on_on_another(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    assert phrases(office, ANNA) == ["welcome", "checklist"]
    await in_teams(office, "status")
    await in_teams(office, "done papers")
    assert [shown.updates for shown in office.chat.to(ANNA)] == [0, 1]
    (status, answer) = office.mail.to(ANNA)
    assert (status.updates, answer.text) == (1, of(office.mail)[1])
    await office.writes(ANNA, "done reading")
    assert [item.id for item in status.message.items if item.mark == "done"] == ["papers", "reading"]


async def test_a_checklist_is_not_pushed_into_a_channel_where_it_was_never_shown(office: Office) -> None:
    await in_teams(office, "help")
    await office.writes(ANNA, "help")
    await office.writes(BORIS, "start @anna")
    await office.writes(ANNA, "done papers")
    assert len(office.mail.to(ANNA)) == 1


async def test_the_card_that_was_pressed_is_answered_with_what_takes_its_place(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    (_, checklist) = office.chat.to(ANNA)
    journey = await office.journey_of(ANNA)
    reply = await office.presses(ANNA, "done", f"{journey.id} papers", on=checklist.ref)
    assert reply is not None
    assert reply.instead is not None
    assert next(item for item in reply.instead.items if item.id == "papers").mark == "done"
    assert await office.presses(ANNA, "done", f"{journey.id} reading", on="another message") is None


async def test_an_answer_comes_where_it_was_asked_whatever_channel_was_chosen(office: Office) -> None:
    await in_teams(office, "help")
    await office.writes(ANNA, "channel teams")
    before = len(office.mail.to(ANNA))
    await office.writes(ANNA, "help")
    await office.writes(ANNA, "where is the cake?")
    assert phrases(office, ANNA)[-2:] == ["help", "no-answer"]
    assert len(office.mail.to(ANNA)) == before
    await office.writes(BORIS, "start @anna")
    assert len(office.mail.to(ANNA)) > before


async def test_what_waited_for_its_account_is_answered_where_it_was_said(office: Office) -> None:
    incoming = office.incoming(ANNA, Wrote("help"), account=TEAMS, place=Place("teams", "chat of Anna"))
    assert resume(incoming, TEAMS).lane.destination == "inbox"
    await office.receive(incoming)
    assert len(office.mail.to(ANNA)) == 1
