"""When somebody cannot be reached on a channel: what was to be said there is said on their next one."""

from __future__ import annotations

import msgspec

from bot import closed_accounts
from bot.effects import Digest, Lane, Remind, Say, ShowChecklist
from bot.journey import plan
from bot.people import Person
from bot.ports import Claim
from bot.work import Work

BLOCKED = "blocked"
UNREACHABLE = frozenset({BLOCKED, closed_accounts.LEFT, closed_accounts.UNREACHABLE})


def _reader(claim: Claim) -> str | None:
    """To whom it was to be said in private; None for everything else."""
    act = claim.effect.act
    if isinstance(act, Say) and act.place is not None and not act.place.private:
        return None
    return act.person if isinstance(act, Say | Remind | ShowChecklist | Digest) else None


async def next_channel(work: Work, claim: Claim, code: str) -> str | None:
    """Where to say it instead; None: nowhere, or it was refused for another reason."""
    person = await work.person(_reader(claim)) if code in UNREACHABLE else None
    if person is None:
        return None
    tried = (*claim.effect.tried, claim.destination, *person.blocked)
    left = tuple(channel for channel in work.company.channels if channel not in tried)
    return person.channel(left) if left else None


async def move(work: Work, claim: Claim, code: str, channel: str) -> None:
    """The same effect, in the person's lane on `channel`. Who has blocked the other is not written to there again."""
    person = await work.person(_reader(claim))
    if person is None:
        return
    effect = claim.effect
    if not _only_where_it_stands(claim):
        lane = Lane(channel, person.id, bulk=effect.lane.bulk)
        tried = (*effect.tried, claim.destination)
        act = effect.act
        if isinstance(act, Say):  # the place is on the channel that it could not be said on
            act = msgspec.structs.replace(act, place=None)
        moved = msgspec.structs.replace(effect, id=f"{effect.id}@{channel}", lane=lane, act=act, tried=tried)
        work.add_as_it_is(moved)
    if code == closed_accounts.LEFT:
        closed_accounts.close(work, person, claim.destination)
    if code == BLOCKED and claim.destination not in person.blocked:
        await block(work, person, claim.destination)


def _only_where_it_stands(claim: Claim) -> bool:
    return isinstance(claim.effect.act, ShowChecklist) and claim.effect.act.standing


async def block(work: Work, person: Person, channel: str) -> None:
    """They hear nothing on `channel` until they speak there again; their plans stand on the next one, if there is."""
    after = person.blocking(channel)
    work.put_person(after)
    left = tuple(one for one in work.company.channels if one not in after.blocked)
    for journey in await work.journeys_of(person.id) if left else ():
        if journey.status == "active":
            work.add(plan.checklist(journey, after, after.channel(left)))
