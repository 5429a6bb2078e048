"""Which scenario is meant."""

from __future__ import annotations

from bot import speech
from bot.errors import Misunderstood
from bot.message import Phrase
from bot.scenario import Scenario
from bot.turn import Turn


def scenario_ids(turn: Turn) -> str:
    return ", ".join(turn.company.library.current)


def find_scenario(turn: Turn, names: list[str]) -> Scenario | None:
    """By id or title; None: it is none of the current ones."""
    wanted = speech.plain(" ".join(names))
    for scenario in turn.company.library.current.values():
        if wanted in map(speech.plain, (scenario.id, scenario.title.ru, scenario.title.en)):
            return scenario
    return None


def named_scenario(turn: Turn, names: list[str]) -> Scenario:
    """The scenario that the words name; the first one when none is named.

    Raises:
        Misunderstood: there is none, or none of that name.
    """
    current = turn.company.library.current
    if not current:
        raise Misunderstood(Phrase("scenario-none"))
    if not names:
        return next(iter(current.values()))
    scenario = find_scenario(turn, names)
    if scenario is None:
        raise Misunderstood(Phrase("scenario-unknown", {"name": " ".join(names), "scenarios": scenario_ids(turn)}))
    return scenario
