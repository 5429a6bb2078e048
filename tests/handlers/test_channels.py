"""Where notifications go, and what is known about whoever asks."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.incoming import Account, Installed, Place
from bot.message import Message, Phrase
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS
from tests.bot.office import Office, open_office
from tests.bot.platform import Messenger
from tests.bot.test_runner import phrases
from tests.handlers.test_onboarding import key

TEAMS = Account("teams", "0aad")


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    chat, mail = Messenger("slack"), Messenger("teams", can_look=False)
    async with open_office(redis_client, organisation, chat=chat, mail=mail) as opened:
        mail.profiles["0aad"] = Profile(TEAMS, ANNA.email)
        yield opened


async def meets_in_teams(office: Office) -> None:
    await office.writes(ANNA, "help", account=TEAMS, place=Place("teams", "chat of Anna"), address="chat of Anna")


def facts(message: Message) -> dict[str, object]:
    return {fact.name.key: fact.value for fact in message.facts if isinstance(fact.name, Phrase)}


def key_of(value: object) -> str:
    assert isinstance(value, Phrase)
    return value.key


@pytest.mark.parametrize(
    "words", ["channel teams", "канал тимс", "/onboarding channel Teams", "/онбординг канал teams"]
)
async def test_a_channel_is_chosen_for_notifications(office: Office, words: str) -> None:
    await meets_in_teams(office)
    await office.writes(ANNA, words)
    assert phrases(office, ANNA) == ["channel-chosen"]
    await office.writes(BORIS, "start @anna")
    assert phrases(office, ANNA) == ["channel-chosen"]
    assert len(office.mail.to(ANNA)) == 3


async def test_a_channel_where_they_are_not_known_is_not_taken(office: Office) -> None:
    assert key(await office.commands(ANNA, "channel teams")) == "channel-not-yours"
    person = await office.work().person(ANNA.id)
    assert person is not None
    assert person.preferred is None


@pytest.mark.parametrize(("words", "answer"), [("channel pigeon", "channel-unknown"), ("канал веб", "channel-off")])
async def test_a_channel_that_is_not_there_is_said_to_be_so(office: Office, words: str, answer: str) -> None:
    assert key(await office.commands(ANNA, words)) == answer


async def test_without_a_choice_it_is_where_they_last_spoke(office: Office) -> None:
    await meets_in_teams(office)
    await office.writes(ANNA, "channel teams")
    assert key(await office.commands(ANNA, "channel auto")) == "channel-auto"
    assert key(await office.commands(ANNA, "канал")) == "channel-now"
    await office.writes(BORIS, "start @anna")
    assert phrases(office, ANNA)[-2:] == ["welcome", "checklist"]


async def test_the_choice_is_offered_as_buttons(office: Office) -> None:
    await meets_in_teams(office)
    reply = await office.commands(ANNA, "channel")
    assert reply is not None
    assert reply.message is not None
    assert [button.value for button in reply.message.buttons] == ["slack", "teams"]
    await office.presses(ANNA, "channel", "teams")
    reply = await office.commands(ANNA, "channel")
    assert reply is not None
    assert reply.message is not None
    assert [button.value for button in reply.message.buttons] == ["slack", "auto"]


async def test_where_there_is_one_channel_there_is_nothing_to_choose(office: Office) -> None:
    reply = await office.commands(ANNA, "channel")
    assert reply is not None
    assert reply.message == Message(Phrase("channel-now", {"channel": Phrase("channel-slack")}))


@pytest.mark.parametrize("words", ["whoami", "кто я?", "ктоя", "who am I?", "/onboarding whoami"])
async def test_what_is_known_about_whoever_asks(office: Office, words: str) -> None:
    await meets_in_teams(office)
    await office.writes(BORIS, "start @anna")
    await office.writes(ANNA, words)
    shown = office.chat.to(ANNA)[-1].message
    assert isinstance(shown.text, Phrase)
    assert shown.text.key == "whoami"
    known = facts(shown)
    assert known["fact-email"] == ANNA.email
    assert known["fact-department"] == "Platform"
    assert known["fact-manager"] == BORIS.name
    assert key_of(known["fact-role"]) == "role-employee"
    assert key_of(known["fact-language"]) == "language-en"
    accounts = [fact.value for fact in shown.facts if fact.name == Phrase("fact-account")]
    assert accounts == [Phrase("channel-slack"), Phrase("channel-teams")]
    assert known["fact-told"] == Phrase("whoami-told", {"channel": Phrase("channel-slack")})


async def test_what_is_known_is_not_said_in_front_of_others(office: Office) -> None:
    await office.writes(ANNA, "whoami", place=Place("slack", "C1", "1", private=False))
    assert [shown.message.text for shown in office.chat.to("C1")] == [Phrase("answered-in-private")]
    assert phrases(office, ANNA) == ["whoami"]


async def test_a_team_hears_one_hello(office: Office) -> None:
    place = Place("teams", "19:team", None, private=False)
    for number in range(2):
        await office.receive(office.incoming(ANNA, Installed(), account=TEAMS, place=place, id=f"add:{number}"))
    assert [shown.message.text for shown in office.mail.to("19:team")] == [Phrase("hello-all")]


async def test_who_has_a_plan_finds_it_where_the_bot_was_added(office: Office) -> None:
    await office.writes(BORIS, "start @anna")
    place = Place("teams", "chat of Anna")
    await office.receive(office.incoming(ANNA, Installed(), account=TEAMS, place=place, address="chat of Anna"))
    texts = [shown.message.text for shown in office.mail.to(ANNA)]
    assert [text.key for text in texts if isinstance(text, Phrase)] == ["hello-newcomer", "checklist"]
