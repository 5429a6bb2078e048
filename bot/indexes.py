"""Indexes that a store of an earlier version does not have; every commit keeps them from then on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.journey.attention import ONBOARDINGS, attention
from bot.journey.state import Journey
from bot.journey.todo import others_of
from bot.people import Person
from bot.runner import Runner
from bot.work import Work

MADE = "indexes:onboardings"


async def complete(runner: Runner) -> None:
    """Once for a store: journeys are found by their manager, by whomever something in them waits for, and by how urgent
    they are; people are found by their names."""
    (done,) = await runner.company.store.lookup([MADE])
    if done is not None:
        return
    async for page in runner.company.store.pages("people"):

        async def decision(work: Work, batch: Sequence[str] = page) -> None:
            for person in await work.people(batch):
                _index_person(work, person)
            for journeys in await work.journeys_of_each(batch):
                for journey in journeys:
                    await _index_journey(work, journey)

        await runner.run(MADE, decision)

    async def remember(work: Work) -> None:
        work.name(MADE, "yes")

    await runner.run(MADE, remember)


def _index_person(work: Work, person: Person) -> None:
    for name in person.names:
        work.member(f"named:{name}", person.id)


async def _index_journey(work: Work, journey: Journey) -> None:
    work.score(ONBOARDINGS, journey.id, attention(journey))
    if journey.manager is not None:
        work.member(f"headed:{journey.manager}", journey.id)
    for other in await _others(work, journey):
        work.member(f"todo:{other}", journey.id)


async def _others(work: Work, journey: Journey) -> frozenset[str]:
    """Nobody where the store has lost the scenario: a bot starts all the same."""
    try:
        return others_of(journey, await work.scenario(journey))
    except LookupError:
        return frozenset()
