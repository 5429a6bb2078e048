"""Starting and stopping an onboarding, and completing its steps."""

from __future__ import annotations

import datetime
import hashlib

from bot import commands, speech
from bot.calendar import calendar_of
from bot.errors import Misunderstood
from bot.incoming import Submitted
from bot.journey import views
from bot.journey.state import Journey
from bot.message import Arg, Button, Day, Field, Form, Item, Message, Option, Phrase, Reply
from bot.people import Person, Role
from bot.scenario import Scenario, Step
from bot.turn import Turn

FORM = "start"
EARLIEST = datetime.timedelta(days=365)
LATEST = datetime.timedelta(days=365)


async def start(turn: Turn) -> Reply | None:
    """`start @person [scenario] [date]`; without a person it is asked for in a form, where forms can be shown."""
    today = _today(turn)
    if not turn.words and turn.incoming.answers_at_once and turn.company.library.current:
        return Reply(turn.speaker.locale, form=start_form(turn, today))
    if not turn.words or _named(turn, [word for word in turn.words if speech.date(word, today) is None]):
        raise Misunderstood(Phrase("start-usage", {"scenarios": _scenario_ids(turn)}))
    person, rest = await turn.whose(turn.words)
    dates = [date for word in rest if (date := speech.date(word, today))]
    names = [word for word in rest if speech.date(word, today) is None]
    wrong = next(filter(speech.like_a_date, names), None)
    if wrong is not None and _named(turn, names) is None:  # a title may have a number in it
        raise Misunderstood(Phrase("date-unknown", {"date": wrong}))
    day = dates[0] if dates else _first_day(person, today)
    return await _start(turn, person, _scenario(turn, names), _near(day, today))


async def start_submitted(turn: Turn) -> Reply | None:
    """The form of `start`. Its errors stand beside its fields, while the form is still there to show them."""
    values = turn.incoming.said.values if isinstance(turn.incoming.said, Submitted) else {}
    field = "date"
    try:
        day = _written_day(values.get("date", ""), _today(turn))
        field = "scenario"
        scenario = _scenario(turn, [values.get("scenario", "")])
        field = "person"
        word = values.get("person", "").strip()
        person = await turn.find(speech.ref(word) or speech.Ref("name", word))
        await _start(turn, person, scenario, day)
    except Misunderstood as error:
        if not turn.incoming.answers_at_once:
            raise
        return Reply(turn.speaker.locale, errors={field: error.text})
    return None  # the form closes; the confirmation comes as a message


def _written_day(word: str, today: datetime.date) -> datetime.date:
    day = speech.date(word, today)
    if day is None:
        raise Misunderstood(Phrase("date-unknown", {"date": word}))
    return _near(day, today)


def start_form(turn: Turn, today: datetime.date) -> Form:
    scenarios = tuple(Option(one.id, one.title) for one in turn.company.library.current.values())
    return Form(
        name=FORM,
        title=Phrase("form-start"),
        submit=Phrase("form-start-submit"),
        fields=(
            Field("person", Phrase("field-person"), "person"),
            Field("scenario", Phrase("field-scenario"), "choice", value=scenarios[0].value, options=scenarios),
            Field("date", Phrase("field-date"), "date", value=today.isoformat()),
        ),
    )


def _today(turn: Turn) -> datetime.date:
    """The day on which it was said, where the speaker is: "tomorrow" may reach us hours later."""
    return calendar_of(turn.speaker.timezone, turn.speaker.country).today(min(turn.incoming.at, turn.now))


def _near(day: datetime.date, today: datetime.date) -> datetime.date:
    if not today - EARLIEST <= day <= today + LATEST:
        raise Misunderstood(Phrase("date-too-far", {"day": day.isoformat()}))
    return day


def _first_day(person: Person, today: datetime.date) -> datetime.date:
    """Their start date of the directory while it lies ahead, else the next working day from today on."""
    if person.start_date is not None and person.start_date >= today:
        return person.start_date
    return calendar_of(person.timezone, person.country).on_or_after(today)


def _scenario_ids(turn: Turn) -> str:
    return ", ".join(turn.company.library.current)


def _scenario(turn: Turn, names: list[str]) -> Scenario:
    """The scenario that the words name; the first one when none is named."""
    current = turn.company.library.current
    if not current:
        raise Misunderstood(Phrase("scenario-none"))
    if not names:
        return next(iter(current.values()))
    scenario = _named(turn, names)
    if scenario is None:
        raise Misunderstood(Phrase("scenario-unknown", {"name": " ".join(names), "scenarios": _scenario_ids(turn)}))
    return scenario


def _named(turn: Turn, names: list[str]) -> Scenario | None:
    wanted = speech.plain(" ".join(names))
    for scenario in turn.company.library.current.values():
        if wanted in map(speech.plain, (scenario.id, scenario.title.ru, scenario.title.en)):
            return scenario
    return None


async def _start(turn: Turn, person: Person, scenario: Scenario, day: datetime.date) -> Reply | None:
    if not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    about: dict[str, Arg] = {"name": person.name, "scenario": scenario.title}
    for journey in await turn.active_journeys(person):
        if journey.scenario == scenario.id:
            known: dict[str, Arg] = {"start": Day(journey.start), "handle": person.handle}
            raise Misunderstood(Phrase("started-already", {**about, **known}))
    command = commands.StartJourney(
        journey=hashlib.blake2b(turn.incoming.id.encode(), digest_size=8).hexdigest(),
        person=person.id,
        manager=person.manager or turn.speaker.id,
        by=turn.speaker.id,
        start=day,
    )
    await turn.decide(None, command, scenario)
    if turn.incoming.answers_at_once:  # what lasts is the confirmation that the journey itself sends
        return turn.answer(Message(Phrase("starting", {**about, "start": Day(day)})))
    return None


async def stop(turn: Turn) -> Reply | None:
    """`stop @person [scenario]`: end an onboarding that was begun by mistake or is no longer needed."""
    if not turn.words:
        raise Misunderstood(Phrase("stop-usage"))
    person, names = await turn.whose(turn.words)
    if not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    only = _scenario(turn, names).id if names else None
    journeys = [one for one in await turn.active_journeys(person) if only in (None, one.scenario)]
    if not journeys:
        raise Misunderstood(Phrase("stop-nothing", {"name": person.name}))
    for journey in journeys:
        await turn.decide(journey, commands.StopJourney(turn.speaker.id), await turn.scenario(journey))
    heard = all(turn.speaker.id in (one.person, one.by, one.manager) for one in journeys)
    if turn.incoming.answers_at_once or not heard:
        return turn.answer(Message(Phrase("stopping", {"name": person.name})))
    return None


async def done(turn: Turn) -> Reply | None:
    """`done step`, by its id, its number in the checklist or its title; `done @person step` for somebody else."""
    refs = [(word, ref) for word in turn.words if (ref := speech.ref(word))]
    person = await turn.find(refs[0][1]) if refs else turn.speaker
    if person.id != turn.speaker.id and not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    named = speech.plain(" ".join(word for word in turn.words if not refs or word != refs[0][0]))
    journeys = await turn.active_journeys(person)
    if not journeys:
        raise Misunderstood(_nothing_to_complete(turn, person))
    if not named:
        return await _which(turn, journeys)
    close: list[Item] = []
    for journey in journeys:
        scenario = await turn.scenario(journey)
        step = find_step(scenario, named)
        if step is not None:
            return await _complete(turn, journey, scenario, step)
        close += [_item(turn, journey, scenario, one) for one in close_steps(scenario, named)]
    if close:
        return turn.answer(Message(Phrase("step-ambiguous"), items=tuple(close)))
    raise Misunderstood(Phrase("step-unknown", {"step": named}))


def _nothing_to_complete(turn: Turn, person: Person) -> Phrase:
    if person.id != turn.speaker.id:
        return Phrase("journey-none-of", {"name": person.name, "handle": person.handle})
    return Phrase("done-of-whom") if turn.has(Role.MANAGER, Role.HR, Role.ADMIN) else Phrase("journey-none")


async def done_pressed(turn: Turn) -> Reply | None:
    """The button "Done" of a step: its value is the journey and the step."""
    if len(turn.words) != 2:
        raise Misunderstood(Phrase("outdated"))
    journey = await turn.journey(turn.words[0])
    if journey is None or not await _may_complete(turn, journey):
        raise Misunderstood(Phrase("outdated"))
    scenario = await turn.scenario(journey)
    step = scenario.step(turn.words[1])
    if step is None:
        raise Misunderstood(Phrase("outdated"))
    return await _complete(turn, journey, scenario, step)


async def _may_complete(turn: Turn, journey: Journey) -> bool:
    if turn.speaker.id in (journey.person, journey.manager) or turn.has(Role.HR, Role.ADMIN):
        return True
    person = await turn.person(journey.person)
    return person is not None and turn.heads(person)


async def _complete(turn: Turn, journey: Journey, scenario: Scenario, step: Step) -> Reply | None:
    if journey.step(step.id).settled:
        return turn.answer(Message(Phrase("step-done-already", {"step": step.title})))
    after = await turn.decide(journey, commands.CompleteStep(step.id, turn.speaker.id), scenario)
    if after.status == "finished":
        return await _finished(turn, after, scenario)
    mine = [one for one in scenario.steps if one.who == step.who and _comes_next(after, one)]
    opened = [one for one in mine if _opened(journey, after, one)]
    following = next(iter((*opened, *mine)), None)
    if following is None:
        return turn.answer(Message(Phrase("step-done", {"step": step.title})))
    return turn.answer(Message(Phrase("step-done-next", {"step": step.title, "next": following.title})))


def _comes_next(journey: Journey, step: Step) -> bool:
    return views.offered(journey, step) or journey.step(step.id).status == "open"


def _opened(before: Journey, after: Journey, step: Step) -> bool:
    return before.step(step.id).status == "waiting" and after.step(step.id).status == "open"


async def _finished(turn: Turn, journey: Journey, scenario: Scenario) -> Reply | None:
    """The congratulation is the answer, to those who get it."""
    if turn.speaker.id in (journey.person, journey.manager):
        return None
    (person,) = await turn.people([journey.person])
    return turn.answer(Message(Phrase("finished-by", {"name": person.name, "scenario": scenario.title})))


async def _which(turn: Turn, journeys: list[Journey]) -> Reply | None:
    """Nothing was named: the steps that can be completed now, each with its button."""
    items: list[Item] = []
    for journey in journeys:
        scenario = await turn.scenario(journey)
        items += [_item(turn, journey, scenario, step) for step in scenario.steps if views.offered(journey, step)]
    if not items:
        return turn.answer(Message(Phrase("nothing-open")))
    return turn.answer(Message(Phrase("done-which"), items=tuple(items)))


def _item(turn: Turn, journey: Journey, scenario: Scenario, step: Step) -> Item:
    """A step with its button, when it can be completed now."""
    live = views.offered(journey, step)
    button = Button("done", f"{journey.id} {step.id}", Phrase("button-done"), "primary") if live else None
    mark = "open" if live else views.mark(journey, step, _today(turn))
    return Item(id=step.id, title=views.numbered(scenario, step), mark=mark, button=button)


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
