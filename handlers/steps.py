"""Which step is meant: by its id, its number, its title, or the button beside it."""

from __future__ import annotations

import datetime

import msgspec

from bot import speech
from bot.calendar import calendar_of
from bot.errors import Misunderstood
from bot.journey import views
from bot.journey.state import Journey
from bot.message import Button, Item, Phrase
from bot.people import Person
from bot.scenario import Scenario, Step
from bot.turn import Turn


class Found(msgspec.Struct, frozen=True):
    """A step of a journey, with the scenario that the journey keeps."""

    journey: Journey
    scenario: Scenario
    step: Step


def today(turn: Turn) -> datetime.date:
    """The day on which it was said, where the speaker is: "tomorrow" may reach us hours later."""
    return calendar_of(turn.speaker.timezone, turn.speaker.country).today(min(turn.incoming.at, turn.now))


async def steps_of(turn: Turn, journeys: list[Journey]) -> list[Found]:
    """Every step of the journeys, in order."""
    scenarios = [await turn.scenario(journey) for journey in journeys]
    return [
        Found(journey, scenario, step)
        for journey, scenario in zip(journeys, scenarios, strict=True)
        for step in scenario.steps
    ]


async def given(turn: Turn) -> list[Journey]:
    """Journeys of others in which the speaker has something to do."""
    journeys = await turn.journeys_given(turn.speaker.id)
    theirs = {
        one.journey.id
        for one in await steps_of(turn, journeys)
        if one.journey.step(one.step.id).status == "open" and one.journey.executor(one.step) == turn.speaker.id
    }
    return [journey for journey in journeys if journey.id in theirs]


async def named(turn: Turn, journeys: list[Journey], name: str, whose: Person) -> list[Found]:
    """The step that `name` (as `speech.plain` makes it) means, in the first journey that has it; or several that it
    may mean. The journeys are those of `whose`.

    Raises:
        Misunderstood: no step is called anything like it.
    """
    close: list[Found] = []
    for journey in journeys:
        scenario = await turn.scenario(journey)
        step = find_step(scenario, name)
        if step is not None:
            return [Found(journey, scenario, step)]
        close += [Found(journey, scenario, one) for one in close_steps(scenario, name)]
    if not close and whose.id != turn.speaker.id:
        raise Misunderstood(Phrase("step-unknown-of", {"step": name, "name": whose.name}))
    if not close:
        raise Misunderstood(Phrase("step-unknown", {"step": name}))
    return close


async def pressed(turn: Turn) -> Found:
    """The step of a button, whose value is the journey and the step.

    Raises:
        Misunderstood: there is no such step any more.
    """
    if len(turn.words) != 2:
        raise Misunderstood(Phrase("outdated"))
    journey = await turn.journey(turn.words[0])
    if journey is None:
        raise Misunderstood(Phrase("outdated"))
    scenario = await turn.scenario(journey)
    step = scenario.step(turn.words[1])
    if step is None:
        raise Misunderstood(Phrase("outdated"))
    return Found(journey, scenario, step)


async def steers(turn: Turn, journey: Journey) -> bool:
    """May the speaker steer this journey? Its manager may, whoever heads its person now, and HR."""
    if turn.speaker.id == journey.manager:
        return True
    person = await turn.person(journey.person)
    return person is not None and turn.heads(person)


def line(turn: Turn, found: Found, button: Button | None = None) -> Item:
    """A step to choose from."""
    mark = views.mark(found.journey, found.step, today(turn))
    title, links = views.numbered(found.scenario, found.step), views.issue_links(found.journey, found.step)
    return Item(id=found.step.id, title=title, mark=mark, links=links, button=button)


def value(found: Found) -> str:
    """Of a button of the step."""
    return f"{found.journey.id} {found.step.id}"


def find_step(scenario: Scenario, named: str) -> Step | None:
    """By id, by number in the checklist, by title, or by the only title that begins or goes on like that.

    `named` is as `speech.plain` makes it.
    """
    if named.isdecimal() and 0 < int(named) <= len(scenario.steps):
        return scenario.steps[int(named) - 1]
    titles = [(step, speech.plain(step.title.ru), speech.plain(step.title.en)) for step in scenario.steps]
    exact = [step for step, ru, en in titles if named in (step.id, ru, en)]
    if exact:
        return exact[0]
    close = close_steps(scenario, named)
    return close[0] if len(close) == 1 else None


def close_steps(scenario: Scenario, named: str) -> list[Step]:
    """Those with the words somewhere in their title; a word of three letters is in too many."""
    both = [(step, f"{speech.plain(step.title.ru)}\n{speech.plain(step.title.en)}") for step in scenario.steps]
    return [step for step, titles in both if len(named) > 3 and named in titles]
