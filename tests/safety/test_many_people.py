"""A company of thousands: a list of all of them takes a few questions to the store, however far away that is."""

import asyncio
from collections.abc import Sequence

import pytest
from redis.asyncio import Redis

from bot.directory import import_people
from bot.incoming import Opened, Wrote
from bot.ports import Loaded
from tests.bot.kit import ANNA, BORIS, HELGA, person
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases

MANY = 1000
FEW = 100  # journeys to the store


class Road:
    """The way to a store that is far away: whoever sets out while others are on it travels with them."""

    def __init__(self) -> None:
        self.journeys = self._on_it = 0

    async def travel(self) -> None:
        self.journeys += self._on_it == 0
        self._on_it += 1
        await asyncio.sleep(0.002)
        self._on_it -= 1


def far_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> Road:
    load, members, road = office.store.load, office.store.members, Road()

    async def load_from_afar(ids: Sequence[str]) -> list[Loaded]:
        await road.travel()
        return await load(ids)

    async def members_from_afar(index: str) -> list[str]:
        await road.travel()
        return await members(index)

    monkeypatch.setattr(office.store, "load", load_from_afar)
    monkeypatch.setattr(office.store, "members", members_from_afar)
    return road


async def test_everybodys_progress_takes_a_few_questions_to_the_store(
    redis_client: Redis, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(redis_client, organisation) as office:
        await import_people(office.bot.runner, [person(f"p{n}", f"P {n}", manager=BORIS.id) for n in range(MANY)])
        await office.writes(BORIS, "start @anna")
        road = far_away(office, monkeypatch)
        await office.bot.runner.receive(office.incoming(HELGA, Wrote("status team")))
        await office.bot.runner.receive(office.incoming(BORIS, Opened()))
        assert 0 < road.journeys < FEW, "one after another they would be thousands"
        await office.idle()
        assert phrases(office, HELGA) == ["team"]
        assert any(ANNA.name in text for text in office.chat.homes[BORIS.id])
