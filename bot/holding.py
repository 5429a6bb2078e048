"""How what keeps working hours waits for them: beside the answers and in order, to come as one message."""

from __future__ import annotations

import hashlib

import msgspec

from bot.calendar import Calendar, calendar_of
from bot.effects import Digest, Effect, ShowChecklist
from bot.journey.wanted import Hold, Send, Verdict, wanted
from bot.message import Message
from bot.people import Person
from bot.ports import Claim, Settlement
from bot.quiet_hours import MOST_AT_ONCE, fits_beside_others, noted, rings_at, together, waited_since
from bot.runner import Runner
from bot.work import Work


class Holding:
    """Asked by the delivery. The bulk lane of a conversation is where news waits: nothing that its reader has asked for
    is ever in it."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def verdict(self, effect: Effect) -> Verdict:
        """Is it still wanted, and now? What others wait for in front of it, it waits for as well."""
        work = Work(self._runner.company, self._runner.now())
        journey = None if effect.subject is None else await work.journey(effect.subject)
        calendar = await calendar_for(work, effect)
        verdict = wanted(effect, journey, calendar, work.now)
        if isinstance(verdict, Send) and calendar is not None and not effect.lane.bulk:
            behind = await work.company.store.is_waiting(_beside(effect).lane)
            return Hold(work.now) if behind else verdict
        return verdict

    async def hold(self, claim: Claim, dropped: Settlement) -> None:
        """Out of the way of the answers. Its mark as a `once` effect stands already."""
        moved = _beside(claim.effect)

        async def decision(work: Work) -> None:
            work.add_as_it_is(moved)

        await self._runner.settle(claim, dropped, decision)

    async def bundle(self, claim: Claim) -> bool:
        """Make one message of the head and what has waited behind it. True: the lane has it now, and the claim is over.

        What may have been said already is not touched: it is looked for as it is.
        """
        work = Work(self._runner.company, self._runner.now())
        head = claim.effect
        person = await work.person(rings_at(head)) if head.lane.bulk and not claim.doubt else None
        if person is None or not _waited(head, calendar_of(person.timezone, person.country)):
            return False
        calendar = calendar_of(person.timezone, person.country)
        store, several = work.company.store, []
        for one in await store.following(claim, MOST_AT_ONCE):
            if not _waited(one.effect, calendar) or rings_at(one.effect) != person.id:
                break
            several.append(one)
        if len(several) < 2 or several[0].effect.id != head.id:
            return False
        digest = _digest(person, tuple(one.effect for one in several))
        return await store.bundle(claim, several, digest)


def _beside(effect: Effect) -> Effect:
    lane = msgspec.structs.replace(effect.lane, bulk=True)
    return msgspec.structs.replace(effect, lane=lane, once=False)


def _waited(effect: Effect, calendar: Calendar) -> bool:
    return fits_beside_others(effect) and waited_since(effect, calendar) is not None


def _digest(person: Person, news: tuple[Effect, ...]) -> Effect:
    """Its id is that of what is in it: it is the same one, whoever puts it together."""
    named = "\n".join(one.id for one in news)
    number = hashlib.blake2b(named.encode(), digest_size=8).hexdigest()
    return Effect(id=f"news:{person.id}:{number}", lane=news[0].lane, act=Digest(person.id, news), quiet=True)


async def calendar_for(work: Work, effect: Effect) -> Calendar | None:
    """Whose hours it keeps; None: nobody's. A checklist that stands already changes in place, without a sound."""
    reader = rings_at(effect) if effect.quiet and work.company.quiet_hours else None
    if reader is None or await _stands_already(work, effect):
        return None
    person = await work.person(reader)
    return None if person is None else calendar_of(person.timezone, person.country)


async def _stands_already(work: Work, effect: Effect) -> bool:
    act = effect.act
    if not isinstance(act, ShowChecklist) or act.afresh:
        return False
    return await work.standing_at(act.journey, effect.lane.destination) is not None


# --- what is said in the end


def as_it_is_now(work: Work, effect: Effect, message: Message, person: Person | None) -> Message:
    """The message of an effect, which says so if it has waited."""
    if person is None or not work.company.quiet_hours:
        return message
    calendar = calendar_of(person.timezone, person.country)
    at = waited_since(effect, calendar)
    return message if at is None else noted(message, at, calendar, work.now)


async def digested(work: Work, act: Digest, person: Person) -> Message | None:
    """What of a digest is still worth saying; None: nothing."""
    calendar = calendar_of(person.timezone, person.country)
    await work.read([f"journey:{one.subject}" for one in act.news if one.subject is not None])
    pieces = []
    for one in act.news:
        journey = None if one.subject is None else await work.journey(one.subject)
        said = getattr(one.act, "message", None)
        if one.at is not None and said is not None and isinstance(wanted(one, journey, calendar, work.now), Send):
            pieces.append((said, one.at))
    if len(pieces) == 1:
        return noted(*pieces[0], calendar, work.now)
    return together(pieces, calendar, work.now) if pieces else None
