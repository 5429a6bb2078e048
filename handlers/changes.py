"""What heads do about a step that is there: change it, skip it, open it again, have its issue made again."""

from __future__ import annotations

import datetime

from msgspec import UNSET

from bot import commands, speech
from bot.errors import Misunderstood
from bot.journey.state import OWN_ISSUE, Journey, fields_of
from bot.message import Button, Message, Phrase, Reply
from bot.people import Person
from bot.speech_terms import Terms, bare, terms
from bot.turn import Turn
from handlers import steps
from handlers.steps import Found
from handlers.tasks import facts, in_time, journey_of, named_in_front

# --- another day, priority or person


async def change(turn: Turn) -> Reply | None:
    """`change @person step [due friday] [priority high] [for @colleague]`."""
    asked = terms(turn.text, steps.today(turn))
    person, words, day = await _whose_step(turn, asked)
    if asked.executor is None and asked.priority is None and day is None:
        raise Misunderstood(Phrase("change-usage"))
    await journey_of(turn, person)
    journeys = await turn.active_journeys(person)
    name = speech.plain(" ".join(map(bare, words)))
    found = await steps.named(turn, journeys, name, person) if name else await _unsettled(turn, journeys)
    if len(found) != 1 or not name:
        lines = tuple(steps.line(turn, one) for one in found)
        return turn.answer(Message(Phrase("change-which" if lines else "nothing-open"), items=lines))
    executor = None if asked.executor is None else await turn.find(asked.executor)
    due = None if day is None else in_time(turn, day)
    return await _change(turn, found[0], executor, asked.priority, due)


async def _whose_step(turn: Turn, asked: Terms) -> tuple[Person, list[str], datetime.date | None]:
    """Whose step, the words that name it, and the day; beside a step a day needs no word in front of it."""
    if len(asked.people) > 1 or not (asked.people or asked.rest):
        raise Misunderstood(Phrase("change-usage"))
    if asked.people:
        person, words = await turn.find(asked.people[0]), list(asked.rest)
    else:
        person, words = await named_in_front(turn, list(asked.rest))
    if asked.due is not None:
        return person, words, asked.due
    days = {word: day for word in words if (day := speech.date(word, steps.today(turn)))}
    return person, [word for word in words if word not in days], next(iter(days.values()), None)


async def _change(
    turn: Turn, found: Found, executor: Person | None, wanted: str | None, due: datetime.date | None
) -> Reply | None:
    ours = fields_of(found.journey, found.step.id)
    given = executor if executor is not None and executor.id != ours.assignee else None
    another = wanted if wanted != ours.priority else None
    later = due if due != ours.due else None
    if given is None and another is None and later is None:
        return turn.answer(Message(Phrase("changed-already", {"step": found.step.title})))
    command = commands.ChangeStep(
        step=found.step.id,
        by=turn.speaker.id,
        priority=UNSET if another is None else another,
        assignee=UNSET if given is None else given.id,
        due=UNSET if later is None else later,
    )
    await turn.decide(found.journey, command, found.scenario)
    return turn.answer(Message(Phrase("changed", {"step": found.step.title}), facts=facts(given, another, later)))


# --- open again, skip


async def reopen(turn: Turn) -> Reply | None:
    """`reopen step` of one's own, `reopen @person step` for heads; also when it was the last one of a journey."""
    refs = [(word, ref) for word in turn.words if (ref := speech.ref(word))]
    person = await turn.find(refs[0][1]) if refs else turn.speaker
    if person.id != turn.speaker.id and not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    journeys = _going_on(await turn.journeys_of(person.id))
    if not journeys and person.id == turn.speaker.id:
        raise Misunderstood(Phrase("reopen-usage"))
    if not journeys:
        raise Misunderstood(Phrase("journey-none-of", {"name": person.name, "handle": person.handle}))
    name = speech.plain(" ".join(word for word in turn.words if not refs or word != refs[0][0]))
    found = await steps.named(turn, journeys, name, person) if name else await _settled(turn, journeys)
    if name and len(found) == 1:
        return await _reopen(turn, found[0])
    done = [one for one in found if one.journey.step(one.step.id).settled and not _is_closed(turn, one)]
    return _choice(turn, done, "reopen-which" if done else "reopen-nothing", "reopen")


def _is_closed(turn: Turn, found: Found) -> bool:
    return found.journey.is_closed_to(found.step, turn.speaker.id)


def _going_on(journeys: list[Journey]) -> list[Journey]:
    """What may go on: what is under way, and what is finished, if the same scenario has not been begun again."""
    chosen: dict[str, Journey] = {}
    for journey in journeys:
        if journey.status != "stopped":
            chosen.setdefault(journey.scenario, journey)
    return list(chosen.values())


async def reopen_pressed(turn: Turn) -> Reply | None:
    """The button "Reopen" of a step."""
    found = await steps.pressed(turn)
    if turn.speaker.id != found.journey.person and not await steps.steers(turn, found.journey):
        raise Misunderstood(Phrase("outdated"))
    journeys = _going_on(await turn.journeys_of(found.journey.person))
    if found.journey.id not in {one.id for one in journeys}:
        raise Misunderstood(Phrase("outdated"))
    return await _reopen(turn, found)


async def _reopen(turn: Turn, found: Found) -> Reply | None:
    await turn.decide(found.journey, commands.ReopenStep(found.step.id, turn.speaker.id), found.scenario)
    return turn.answer(Message(Phrase("reopened", {"step": found.step.title})))


async def skip(turn: Turn) -> Reply | None:
    """`skip @person step`: it is no longer to be done."""
    if not turn.words:
        raise Misunderstood(Phrase("skip-usage"))
    person, words = await turn.whose(turn.words)
    await journey_of(turn, person)
    journeys = await turn.active_journeys(person)
    name = speech.plain(" ".join(words))
    found = await steps.named(turn, journeys, name, person) if name else await _unsettled(turn, journeys)
    if name and len(found) == 1:
        return await _skip(turn, found[0])
    left = [one for one in found if not one.journey.step(one.step.id).settled]
    return _choice(turn, left, "skip-which" if left else "skip-nothing", "skip")


async def skip_pressed(turn: Turn) -> Reply | None:
    """The button "Skip" of a step."""
    found = await steps.pressed(turn)
    if not await steps.steers(turn, found.journey):
        raise Misunderstood(Phrase("outdated"))
    return await _skip(turn, found)


async def _skip(turn: Turn, found: Found) -> Reply | None:
    if found.journey.step(found.step.id).settled:
        return turn.answer(Message(Phrase("skipped-already", {"step": found.step.title})))
    await turn.decide(found.journey, commands.SkipStep(found.step.id, turn.speaker.id), found.scenario)
    return turn.answer(Message(Phrase("skipped", {"step": found.step.title})))


def _choice(turn: Turn, found: list[Found], key: str, action: str) -> Reply | None:
    """Which one? Each has its button."""
    label = Phrase(f"button-{action}")
    items = tuple(steps.line(turn, one, Button(action, steps.value(one), label)) for one in found)
    return turn.answer(Message(Phrase(key), items=items))


async def _settled(turn: Turn, journeys: list[Journey]) -> list[Found]:
    return [one for one in await steps.steps_of(turn, journeys) if one.journey.step(one.step.id).settled]


async def _unsettled(turn: Turn, journeys: list[Journey]) -> list[Found]:
    return [one for one in await steps.steps_of(turn, journeys) if not one.journey.step(one.step.id).settled]


# --- an issue that was deleted


async def remake(turn: Turn) -> Reply | None:
    """The button "Make it again" of an issue that was deleted in the tracker; its value may be a journey alone."""
    if len(turn.words) == 1:
        return await _remake_own(turn)
    found = await steps.pressed(turn)
    if not await steps.steers(turn, found.journey):
        raise Misunderstood(Phrase("outdated"))
    await turn.decide(found.journey, commands.RemakeIssue(found.step.id, turn.speaker.id), found.scenario)
    return turn.answer(Message(Phrase("remaking", {"step": found.step.title})))


async def _remake_own(turn: Turn) -> Reply | None:
    journey = await turn.journey(turn.words[0])
    if journey is None or not await steps.steers(turn, journey):
        raise Misunderstood(Phrase("outdated"))
    command = commands.RemakeIssue(OWN_ISSUE, turn.speaker.id)
    await turn.decide(journey, command, await turn.scenario(journey))
    return turn.answer(Message(Phrase("remaking-parent")))
