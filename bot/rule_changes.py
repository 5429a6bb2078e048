"""Rules are not pinned: when their file has changed, journeys look at their times again."""

from __future__ import annotations

from bot.runner import Runner
from bot.work import Work

BATCH = 100
VERSION = "rules:version"


async def take_up(runner: Runner) -> int:
    """Wake every active journey when the rules are not those of the last start; how many that were."""
    version = runner.company.rules.version
    (known,) = await runner.company.store.lookup([VERSION])
    if known == version:
        return 0
    everybody = sorted(await runner.company.store.members("people"))
    woken = 0
    for first in range(0, len(everybody), BATCH):
        found: list[str] = []

        batch = everybody[first : first + BATCH]

        async def decision(work: Work, batch: list[str] = batch, found: list[str] = found) -> None:
            found.clear()  # after a conflict it is decided again
            for journeys in await work.journeys_of_each(batch):
                found.extend(one.id for one in journeys if one.status == "active")
            for journey in found:
                work.wake_now(journey)

        await runner.run(VERSION, decision)
        woken += len(found)

    async def remember(work: Work) -> None:
        work.name(VERSION, version)

    await runner.run(VERSION, remember)
    return woken
