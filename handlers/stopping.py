"""Stopping an onboarding: which one, once more with what it will do, and then it is done or left alone."""

from __future__ import annotations

import hashlib

import msgspec

from bot import commands
from bot.effects import Say
from bot.errors import Misunderstood
from bot.journey.announcing import stop_facts
from bot.journey.state import Journey
from bot.message import Arg, Button, Day, Fact, Message, Phrase, Reply
from bot.people import Person
from bot.tracker.open_tickets import last_ticket
from bot.turn import Turn
from handlers.scenarios import named_scenario


async def stop(turn: Turn) -> Reply | None:
    """`stop @person [scenario]`: end an onboarding that was begun by mistake or is no longer needed. Asks first."""
    if not turn.words:
        raise Misunderstood(Phrase("stop-usage"))
    person, names = await turn.whose(turn.words)
    if not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    only = named_scenario(turn, names).id if names else None
    journeys = [one for one in await turn.active_journeys(person) if only in (None, one.scenario)]
    if not journeys:
        raise Misunderstood(Phrase("stop-nothing", {"name": person.name}))
    if len(journeys) > 1:
        return turn.answer_in_private(await _which(turn, person, journeys))
    return turn.answer_in_private(await _question(turn, person, journeys[0], "stop-ask"))


async def _which(turn: Turn, person: Person, journeys: list[Journey]) -> Message:
    buttons = []
    for journey in journeys:
        scenario = await turn.scenario(journey)
        label = Phrase("button-stop-which", {"start": Day(journey.start), "scenario": scenario.title})
        buttons.append(Button("stop", journey.id, label))
    return Message(Phrase("stop-which", {"name": person.name, "count": len(journeys)}), buttons=tuple(buttons))


async def _question(turn: Turn, person: Person, journey: Journey, key: str) -> Message:
    facts = await _facts(turn, journey)
    buttons = (
        Button("stop-surely", f"{journey.id} {_digest(journey, facts)}", Phrase("button-stop-surely"), "danger"),
        Button("stop-cancel", journey.id, Phrase("button-stop-cancel")),
    )
    return Message(Phrase(key, await _about(turn, person, journey)), facts=facts, buttons=buttons)


async def _about(turn: Turn, person: Person, journey: Journey) -> dict[str, Arg]:
    scenario = await turn.scenario(journey)
    return {"name": person.name, "scenario": scenario.title, "start": Day(journey.start)}


async def _facts(turn: Turn, journey: Journey) -> tuple[Fact, ...]:
    """What stopping comes to now: the core decides it, and nothing of that is kept."""
    stop = commands.StopJourney(turn.speaker.id)
    after, effects, world = await turn.foresee(journey, stop, await turn.scenario(journey))
    readers = dict.fromkeys(one.act.person for one in effects if isinstance(one.act, Say) and one.act.person)
    return stop_facts(journey, after, await turn.people(readers), await _tickets(turn, journey), world)


async def _tickets(turn: Turn, journey: Journey) -> list[str]:
    """What rules have raised about late steps stays: somebody looks into it."""
    rules = dict.fromkeys(rule for state in journey.steps.values() for rule in state.tickets)
    found = await turn.company.store.lookup([last_ticket(rule, journey.person) for rule in rules])
    return [key for key in found if key]


def _digest(journey: Journey, facts: tuple[Fact, ...]) -> str:
    """A press counts for what was said above the button, and for nothing else."""
    return hashlib.blake2b(msgspec.json.encode((journey.id, facts)), digest_size=8).hexdigest()


# --- the buttons


async def chosen(turn: Turn) -> Reply | None:
    """The button of one of several onboardings."""
    person, journey, _ = await _pressed(turn)
    if journey.status != "active":
        return turn.answer_in_place(await _over(turn, person, journey))
    return turn.answer_in_place(await _question(turn, person, journey, "stop-ask"))


async def confirmed(turn: Turn) -> Reply | None:
    """The button "Stop": if all is as it was said to be. Otherwise it is asked again, as it is now."""
    person, journey, digest = await _pressed(turn)
    if journey.status != "active":
        return turn.answer_in_place(await _over(turn, person, journey))
    if digest != _digest(journey, await _facts(turn, journey)):
        return turn.answer_in_place(await _question(turn, person, journey, "stop-ask-again"))
    about = await _about(turn, person, journey)
    await turn.decide(journey, commands.StopJourney(turn.speaker.id), await turn.scenario(journey))
    return turn.answer_in_place(Message(Phrase("stopping", about)))


async def cancelled(turn: Turn) -> Reply | None:
    """The button that leaves everything as it is."""
    person, journey, _ = await _pressed(turn)
    if journey.status != "active":
        return turn.answer_in_place(await _over(turn, person, journey))
    return turn.answer_in_place(Message(Phrase("stop-cancelled", await _about(turn, person, journey))))


async def _pressed(turn: Turn) -> tuple[Person, Journey, str]:
    """Of a button: the journey, whose it is, and the digest that it was shown with.

    Raises:
        Misunderstood: the speaker has nothing to stop here, or there is no such journey any more.
    """
    name, digest = (*turn.words, "", "")[:2]
    journey = await turn.journey(name) if name else None
    person = None if journey is None else await turn.person(journey.person)
    if journey is None or person is None or not turn.heads(person):
        raise Misunderstood(Phrase("outdated"))
    return person, journey, digest


async def _over(turn: Turn, person: Person, journey: Journey) -> Message:
    key = "stop-finished" if journey.status == "finished" else "stop-stopped"
    return Message(Phrase(key, await _about(turn, person, journey)))
