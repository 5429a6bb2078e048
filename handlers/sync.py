"""Comparing the onboardings with the issues of the tracker: on demand, and what differed lately."""

from __future__ import annotations

from bot import asked_runs, speech
from bot.errors import Misunderstood
from bot.message import Message, Phrase, Reply
from bot.people import Role
from bot.tracker import drift
from bot.tracker.drift import DRIFT, Drift, drifts_of, people_in
from bot.tracker.runs import ask, last_summary
from bot.turn import Turn

SHOWN = 20


async def sync(turn: Turn) -> Reply | None:
    """`sync`: compare everything now; the result comes as a message. `sync report`: what has differed."""
    if any(word.casefold() in speech.REPORT for word in turn.words):
        return await report(turn)
    tracker = turn.company.tracker
    if tracker is None:
        raise Misunderstood(Phrase("sync-no-tracker"))
    known = await ask(turn, tracker, turn.incoming.id, turn.speaker.id)
    if known is not None:
        since = asked_runs.since(known, turn.speaker, turn.now)
        return turn.answer(Message(Phrase("sync-under-way", {"since": since})))
    return turn.answer(Message(Phrase("sync-begun")))


async def report(turn: Turn) -> Reply | None:
    """The last run, and what differed: for HR everything, for managers what is about their people."""
    if not turn.has(Role.MANAGER, Role.HR, Role.ADMIN):
        raise Misunderstood(Phrase("not-allowed"))
    if turn.company.tracker is None:
        raise Misunderstood(Phrase("sync-no-tracker"))
    summary = await last_summary(turn.company.store)
    drifts = await _of_theirs(turn, drifts_of(await turn.company.store.log(DRIFT)))
    people = await turn.people(people_in(drifts))
    names = {person.id: person.name for person in people}
    return turn.answer_in_private(drift.report(summary, drifts, names))


async def _of_theirs(turn: Turn, drifts: list[Drift]) -> list[Drift]:
    if turn.has(Role.HR, Role.ADMIN):
        return drifts[-SHOWN:]
    journeys = await turn.journeys({one.journey for one in drifts})
    people = {person.id for person in await turn.people(one.person for one in journeys) if turn.heads(person)}
    theirs = {one.id for one in journeys if one.person in people}
    return [one for one in drifts if one.journey in theirs][-SHOWN:]
