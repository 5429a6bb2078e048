"""Two processes on one store, met by the same things at the same moment."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.errors import StoreError
from bot.incoming import Account, Commanded, Incoming, Place, Pressed, Wrote
from bot.message import Phrase, Reply
from bot.results import Profile
from tests.bot.kit import ANNA, BORIS, HELGA
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases

Offices = tuple[Office, Office]


@pytest.fixture
async def offices(redis_client: Redis, organisation: str) -> AsyncIterator[Offices]:
    async with (
        open_office(redis_client, organisation) as one,
        open_office(redis_client, organisation, chat=one.chat) as other,
    ):
        yield one, other


async def at_once(offices: Offices, *acts: Incoming) -> list[Reply | StoreError | None]:
    """Each act goes to a process in turn, all at the same moment; a platform repeats what was answered by 503."""

    async def brought(number: int, act: Incoming) -> Reply | StoreError | None:
        try:
            return await offices[number % 2].bot.runner.receive(act)
        except StoreError as error:
            return error

    heard = await asyncio.gather(*(brought(number, act) for number, act in enumerate(acts)))
    for office in offices * 2:  # what the first could not settle comes back a second later
        await office.passes(seconds=1)
    return heard


def keys(heard: list[Reply | StoreError | None]) -> list[str]:
    messages = [one.message for one in heard if isinstance(one, Reply) and one.message is not None]
    return sorted(message.text.key for message in messages if isinstance(message.text, Phrase))


async def test_an_event_that_both_get_is_done_once(offices: Offices) -> None:
    act = offices[0].incoming(ANNA, Wrote("help"), also=("chat:C1:1.0",))
    twin = offices[1].incoming(ANNA, Wrote("help"), also=("chat:C1:1.0",))  # the other event of the same post
    await at_once(offices, act, act, twin, act, twin)
    assert phrases(offices[0], ANNA) == ["help"]


async def test_an_onboarding_that_two_start_at_the_same_moment_is_one(offices: Offices) -> None:
    acts = [
        offices[0].incoming(who, Commanded("start @anna"), id=f"chat:{who.handle}", answers_at_once=True)
        for who in (BORIS, HELGA)
    ]
    heard = await at_once(offices, *acts)
    assert keys(heard) == ["started-already", "starting"]
    assert len(await offices[0].work().journeys_of(ANNA.id)) == 1
    assert phrases(offices[0], ANNA).count("welcome") == 1


async def test_a_step_that_many_tick_off_at_the_same_moment_is_done_once(offices: Offices) -> None:
    await offices[0].writes(BORIS, "start @anna")
    journey = await offices[0].journey_of(ANNA)
    press = Pressed("done", f"{journey.id} reading")
    acts = [
        offices[0].incoming(who, press, id=f"chat:press:{who.handle}:{number}")
        for number in range(2)
        for who in (ANNA, BORIS, HELGA)
    ]
    heard = await at_once(offices, *acts)
    assert not any(isinstance(one, StoreError) for one in heard)
    said = [key for who in (ANNA, BORIS, HELGA) for key in phrases(offices[0], who)]
    assert said.count("step-done-already") == 5
    assert len(offices[0].tracker.made) + len(offices[1].tracker.made) == 1


async def test_somebody_unknown_who_writes_to_both_is_answered_in_full_and_once(offices: Offices) -> None:
    offices[0].chat.profiles["UNEW"] = Profile(Account("chat", "UNEW"), ANNA.email)
    acts = [
        Incoming(
            id=f"chat:new:{number}",
            account=Account("chat", "UNEW"),
            place=Place("chat", "UNEW"),
            said=Wrote(f"vpn {number}"),
            at=offices[0].clock(),
        )
        for number in range(8)
    ]
    heard = await at_once(offices, *acts)
    refused = [act for act, one in zip(acts, heard, strict=True) if isinstance(one, StoreError)]
    while refused:
        again = await at_once(offices, *refused)
        refused = [act for act, one in zip(refused, again, strict=True) if isinstance(one, StoreError)]
    asked = sorted(offices[0].handbook.asked + offices[1].handbook.asked)
    assert asked == [f"vpn {number}" for number in range(8)]
    assert len(offices[0].chat.to(ANNA)) == 8
