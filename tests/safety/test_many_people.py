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


def far_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store to which each way takes 2 ms, however much travels at once."""
    load, members = office.store.load, office.store.members

    async def load_from_afar(ids: Sequence[str]) -> list[Loaded]:
        await asyncio.sleep(0.002)
        return await load(ids)

    async def members_from_afar(index: str) -> list[str]:
        await asyncio.sleep(0.002)
        return await members(index)

    monkeypatch.setattr(office.store, "load", load_from_afar)
    monkeypatch.setattr(office.store, "members", members_from_afar)


async def test_everybodys_progress_is_there_before_a_platform_loses_patience(
    redis_client: Redis, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_office(redis_client, organisation) as office:
        await import_people(office.bot.runner, [person(f"p{n}", f"P {n}", manager=BORIS.id) for n in range(MANY)])
        await office.writes(BORIS, "start @anna")
        far_away(office, monkeypatch)
        async with asyncio.timeout(1.0):  # one after another they would take four
            await office.bot.runner.receive(office.incoming(HELGA, Wrote("status team")))
        async with asyncio.timeout(1.0):
            await office.bot.runner.receive(office.incoming(BORIS, Opened()))
        await office.idle()
        assert phrases(office, HELGA) == ["team"]
        assert any(ANNA.name in text for text in office.chat.homes[BORIS.id])
