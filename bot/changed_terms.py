"""What journeys do not pin: rules, and how links to their pages are made. When one of them has changed, the journeys
look at their times again."""

from __future__ import annotations

from bot.runner import Runner
from bot.work import Company, Work

BATCH = 100
RULES, LINKS = "rules:version", "links:version"


async def take_up(runner: Runner) -> int:
    """Wake every active journey when something is not as at the last start; how many that were."""
    terms = _terms(runner.company)
    known = await runner.company.store.lookup(list(terms))
    if known == list(terms.values()):
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

        await runner.run(RULES, decision)
        woken += len(found)

    async def remember(work: Work) -> None:
        for name, version in terms.items():
            work.name(name, version)

    await runner.run(RULES, remember)
    return woken


def _terms(company: Company) -> dict[str, str | None]:
    return {RULES: company.rules.version, LINKS: company.links or None}
