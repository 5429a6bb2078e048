"""Withdrawing the links to the page of somebody's plan: whoever has one from before sees nothing any more."""

from __future__ import annotations

from bot import commands, speech
from bot.errors import Misunderstood
from bot.message import Message, Phrase, Reply
from bot.turn import Turn
from handlers import steps


def is_meant(rest: tuple[str, ...]) -> bool:
    """In free text: "withdraw links ...", or with a person."""
    return bool(rest) and (rest[0].casefold() in speech.LINKS or any(map(speech.ref, rest)))


async def withdraw(turn: Turn) -> Reply | None:
    """`withdraw links @person`: of all their onboardings, also of those that have ended."""
    if not turn.company.links:
        raise Misunderstood(Phrase("links-none"))
    words = [word for word in turn.words if word.casefold() not in speech.LINKS]
    if not words:
        raise Misunderstood(Phrase("links-usage"))
    person, _ = await turn.whose(words)
    journeys = await turn.journeys_of(person.id)
    if not journeys and turn.heads(person):
        raise Misunderstood(Phrase("journey-none-of", {"name": person.name, "handle": person.handle}))
    theirs = [one for one in journeys if person.id == turn.speaker.id or await steps.steers(turn, one)]
    if not theirs:
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    for journey in theirs:
        await turn.decide(journey, commands.WithdrawLinks(turn.speaker.id), await turn.scenario(journey))
    return turn.answer(Message(Phrase("links-withdrawn", {"name": person.name})))
