"""Accounts that a platform has closed, perhaps by mistake: messages to them end quietly, and whoever is restored is
reachable again.

Nothing is asked of administrators: that somebody leaves is told by the directory. How many accounts are closed stands
in an index for each channel, which operators see in `/readyz`, and whose in `people list`.
"""

from __future__ import annotations

from bot.effects import Digest, Remind, Say, ShowChecklist, ShowHome
from bot.journey import plan
from bot.people import Person
from bot.ports import Claim, Store
from bot.work import Work

LEFT = "left"
UNREACHABLE = "person-unreachable"


def index(channel: str) -> str:
    return f"closed:{channel}"


async def counts(store: Store, channels: tuple[str, ...]) -> dict[str, int]:
    """How many people's accounts are closed, by channel; channels without any are left out."""
    found = {channel: len(await store.members(index(channel))) for channel in channels}
    return {channel: count for channel, count in found.items() if count}


def close(work: Work, person: Person, channel: str) -> None:
    """The platform says so. Messages are still tried: that it is restored may be told to nobody."""
    if person.is_active and channel not in person.closed:
        work.put_person(person.closing(channel, work.now))
        work.member(index(channel), person.id)


def unlist(work: Work, before: Person, after: Person) -> tuple[str, ...]:
    """Channels on which the account lives again; the index forgets them."""
    again = tuple(channel for channel in before.closed if channel not in after.closed)
    for channel in again:
        work.member(index(channel), after.id, present=False)
    return again


async def reopened(work: Work, before: Person, after: Person) -> None:
    """Who is back sees where they stand: what was said meanwhile has reached nobody there."""
    for channel in unlist(work, before, after):
        if channel not in work.company.channels:
            continue
        for journey in await work.journeys_of(after.id):
            if journey.status == "active":
                work.add(plan.checklist(journey, after, channel))


async def reader(work: Work, claim: Claim) -> Person | None:
    """Whom the effect would have reached in private."""
    act = claim.effect.act
    if isinstance(act, Say) and act.place is not None and not act.place.private:
        return None
    return await work.person(act.person) if isinstance(act, Say | Remind | ShowChecklist | ShowHome | Digest) else None


async def whose(work: Work, claim: Claim, code: str) -> Person | None:
    """The person at whose closed account a refused effect ends; None: it is another matter.

    Who was never met where they were looked for last is no trouble either, once it is known that they have left.
    """
    if code not in (LEFT, UNREACHABLE):
        return None
    person = await reader(work, claim)
    if person is None or code == LEFT:
        return person
    here = claim.destination
    return person if person.closed and (here in person.closed or here not in person.accounts) else None
