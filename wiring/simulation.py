"""`simulate`: a scenario of the files, played by the core, as lines to read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot import events, speech
from bot.calendar import calendar_of
from bot.effects import CreateIssue, Effect, RaiseTicket, Remind, Say
from bot.rules_file import load_rules
from bot.scenario import Step
from bot.scenario_file import load_scenarios
from bot.simulate import Moment, Simulation
from bot.texts import speaker


def first_day(written: str) -> datetime.date:
    """Today when nothing is written. Raises ValueError, naming the option."""
    today = datetime.datetime.now(datetime.UTC).date()
    day = speech.date(written, today) if written else today
    if day is None:
        raise ValueError(f"--start: {written} is not a date such as 2026-12-01")
    return day


def simulate(
    directory: Path,
    scenario_id: str,
    start: datetime.date,
    timezone: str,
    country: str,
    after: int,
    never: frozenset[str],
) -> list[Moment]:
    """Raises LookupError or ValueError, saying what there is, for a scenario, step or place that does not exist."""
    scenarios = load_scenarios(directory)
    if scenario_id not in scenarios:
        raise LookupError(f"there is no scenario {scenario_id}; there are: {', '.join(scenarios)}")
    scenario = scenarios[scenario_id]
    unknown = never - {step.id for step in scenario.steps}
    if unknown:
        raise LookupError(f"{scenario_id} has no step {', '.join(sorted(unknown))}")
    try:
        calendar_of(timezone, "RU")
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"--timezone: {timezone} is not known; for example Europe/Moscow") from error
    try:
        calendar_of(timezone, country)
    except NotImplementedError as error:
        raise ValueError(f"--country: {country} is not known; for example RU") from error

    def days(step: Step) -> int | None:
        return None if step.id in never else after

    return Simulation(scenario, start, timezone, country, days, load_rules(directory)).run()


def lines(moments: Sequence[Moment]) -> Iterator[str]:
    for moment in moments:
        yield f"{moment.at:%a %Y-%m-%d %H:%M}Z"
        yield from (f"    {_event(event)}" for event in moment.events)
        yield from (f"    -> {_effect(effect)}" for effect in moment.effects if not effect.replaces)


def _event(event: events.JourneyEvent) -> str:
    due = getattr(event, "due", None)
    step = getattr(event, "step", "")
    return " ".join(filter(None, (type(event).__name__, step, f"due {due}" if due else "")))


def _effect(effect: Effect) -> str:
    say = speaker("en")
    match effect.act:
        case Say(message=message, person=person):
            return f"to {person}: {say(message.text).splitlines()[0]}"
        case Remind(person=person, steps=steps):
            return f"to {person}: reminder of {', '.join(steps)}"
        case CreateIssue(draft=draft):
            return f"issue: {draft.summary} (due {draft.due}, {draft.assignee})"
        case RaiseTicket(rule=rule, draft=draft):
            return f"ticket of {rule}: {draft.summary} ({draft.assignee})"
    return effect.id
