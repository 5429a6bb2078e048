"""Starting an onboarding, and completing its steps."""

from __future__ import annotations

import datetime
import hashlib

import msgspec

from bot import commands, speech
from bot.calendar import calendar_of
from bot.errors import Misunderstood
from bot.incoming import Submitted
from bot.journey import views
from bot.journey.state import Journey
from bot.message import Arg, Button, Day, Field, Form, Item, Message, Option, Phrase, Reply
from bot.people import Person, Role
from bot.scenario import Scenario, Step
from bot.speech_dates import joined
from bot.turn import Turn
from handlers import steps
from handlers.scenarios import find_scenario, named_scenario, scenario_ids
from handlers.steps import Found

FORM = "start"
EARLIEST = datetime.timedelta(days=365)
LATEST = datetime.timedelta(days=365)


async def start(turn: Turn) -> Reply | None:
    """`start @person [scenario] [date]`; without a person it is asked for in a form, where forms can be shown."""
    today = steps.today(turn)
    if not turn.words and turn.takes_forms and turn.company.library.current:
        return turn.ask(start_form(turn, today))
    words = joined(turn.words)
    if not words or find_scenario(turn, [word for word in words if speech.date(word, today) is None]):
        raise Misunderstood(Phrase("start-usage", {"scenarios": scenario_ids(turn)}))
    person, rest = await turn.whose(words)
    dates = [date for word in rest if (date := speech.date(word, today))]
    names = [word for word in rest if speech.date(word, today) is None]
    wrong = next(filter(speech.like_a_date, names), None)
    if wrong is not None and find_scenario(turn, names) is None:  # a title may have a number in it
        raise Misunderstood(Phrase("date-unknown", {"date": wrong}))
    day = dates[0] if dates else _first_day(person, today)
    return await _start(turn, person, named_scenario(turn, names), near(day, today))


async def start_submitted(turn: Turn) -> Reply | None:
    """The form of `start`. Its errors stand beside its fields."""
    values = turn.incoming.said.values if isinstance(turn.incoming.said, Submitted) else {}
    field = "date"
    try:
        day = _written_day(values.get("date", ""), steps.today(turn))
        field = "scenario"
        scenario = named_scenario(turn, [values.get("scenario", "")])
        field = "person"
        word = values.get("person", "").strip()
        person = await turn.find(speech.ref(word) or speech.Ref("name", word))
        await _start(turn, person, scenario, day)
    except Misunderstood as error:
        return turn.ask_again(start_form(turn, steps.today(turn)), field, error.text)
    return None  # the form closes; the confirmation comes as a message


def _written_day(word: str, today: datetime.date) -> datetime.date:
    day = speech.date(word, today)
    if day is None:
        raise Misunderstood(Phrase("date-unknown", {"date": word}))
    return near(day, today)


def start_form(turn: Turn, today: datetime.date) -> Form:
    scenarios = tuple(Option(one.id, one.title) for one in turn.company.library.current.values())
    return Form(
        name=FORM,
        title=Phrase("form-start"),
        submit=Phrase("form-start-submit"),
        fields=(
            Field("person", Phrase("field-person"), "person"),
            Field(
                "scenario",
                Phrase("field-scenario"),
                "choice",
                value=next(iter(turn.company.library.current), ""),
                options=scenarios,
            ),
            Field("date", Phrase("field-date"), "date", value=today.isoformat()),
        ),
    )


def near(day: datetime.date, today: datetime.date) -> datetime.date:
    if not today - EARLIEST <= day <= today + LATEST:
        raise Misunderstood(Phrase("date-too-far", {"day": day.isoformat()}))
    return day


def _first_day(person: Person, today: datetime.date) -> datetime.date:
    """Their start date of the directory while it lies ahead, else the next working day from today on."""
    if person.start_date is not None and person.start_date >= today:
        return person.start_date
    return calendar_of(person.timezone, person.country).on_or_after(today)


async def _start(turn: Turn, person: Person, scenario: Scenario, day: datetime.date) -> Reply | None:
    if not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    about: dict[str, Arg] = {"name": person.name, "scenario": scenario.title}
    for journey in await turn.active_journeys(person):
        if journey.scenario == scenario.id:
            known: dict[str, Arg] = {"start": Day(journey.start), "handle": person.handle}
            raise Misunderstood(Phrase("started-already", {**about, **known}))
    head = await turn.person(person.manager)
    command = commands.StartJourney(
        journey=hashlib.blake2b(turn.incoming.id.encode(), digest_size=8).hexdigest(),
        person=person.id,
        manager=head.id if head is not None and head.is_active else turn.speaker.id,
        by=turn.speaker.id,
        start=day,
    )
    await turn.decide(None, command, scenario)
    if turn.incoming.answers_at_once:  # what lasts is the confirmation that the journey itself sends
        return turn.answer(Message(Phrase("starting", {**about, "start": Day(day)})))
    return None


async def done(turn: Turn) -> Reply | None:
    """`done step`, by its id, its number in the checklist or its title; `done @person step` for somebody else."""
    refs = [(word, ref) for word in turn.words if (ref := speech.ref(word))]
    person = await turn.find(refs[0][1]) if refs else turn.speaker
    journeys = await _within_reach(turn, person)
    journeys += [] if refs else await steps.given(turn)
    name = speech.plain(" ".join(word for word in turn.words if not refs or word != refs[0][0]))
    if not journeys:
        raise Misunderstood(_nothing_to_complete(turn, person))
    if not name:
        return await _which(turn, journeys)
    found = [one for one in await steps.named(turn, journeys, name, person) if await _may_complete(turn, one)]
    if not found:
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    if len(found) == 1:
        return await _complete(turn, found[0])
    return turn.answer(Message(Phrase("step-ambiguous"), items=tuple(_item(turn, one) for one in found)))


async def _within_reach(turn: Turn, person: Person) -> list[Journey]:
    """The journeys of a person in which the speaker may complete something: whoever has a step of it does that one."""
    journeys = await turn.active_journeys(person)
    if person.id == turn.speaker.id or turn.heads(person):
        return journeys
    theirs = {one.journey.id for one in await steps.steps_of(turn, journeys) if _has(turn, one)}
    if not theirs:
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    return [journey for journey in journeys if journey.id in theirs]


def _has(turn: Turn, found: Found) -> bool:
    return found.journey.executor(found.step) == turn.speaker.id


def _nothing_to_complete(turn: Turn, person: Person) -> Phrase:
    if person.id != turn.speaker.id:
        return Phrase("journey-none-of", {"name": person.name, "handle": person.handle})
    return Phrase("done-of-whom") if turn.has(Role.MANAGER, Role.HR, Role.ADMIN) else Phrase("journey-none")


async def done_pressed(turn: Turn) -> Reply | None:
    """The button "Done" of a step: its value is the journey and the step."""
    found = await steps.pressed(turn)
    if not await _may_complete(turn, found):
        raise Misunderstood(Phrase("outdated"))
    answer = await _complete(turn, found)
    return answer or await _updated(turn, found)


async def _updated(turn: Turn, found: Found) -> Reply | None:
    """The checklist as it is now, in the place of the one that was pressed."""
    pressed = turn.incoming.on
    if pressed is None or await turn.standing_at(found.journey.id, turn.incoming.place.channel) != pressed:
        return None
    after = await turn.journey(found.journey.id)
    owner = await turn.person(found.journey.person)
    if after is None or owner is None:
        return None
    calendar = calendar_of(owner.timezone, owner.country)
    return Reply(turn.speaker.locale, instead=views.checklist(after, await turn.scenario(after), calendar, turn.now))


async def _may_complete(turn: Turn, found: Found) -> bool:
    """The newcomer and their heads may complete everything, whoever has the step that one."""
    if turn.speaker.id == found.journey.person or _has(turn, found):
        return True
    return await steps.steers(turn, found.journey)


async def _complete(turn: Turn, found: Found) -> Reply | None:
    journey, scenario, step = found.journey, found.scenario, found.step
    if journey.step(step.id).settled:
        return turn.answer(Message(Phrase("step-done-already", {"step": step.title})))
    after = await turn.decide(journey, commands.CompleteStep(step.id, turn.speaker.id), scenario)
    if after.status == "finished":
        return await _finished(turn, after, scenario)
    executor = journey.executor(step)
    mine = [one for one in scenario.steps if after.executor(one) == executor]
    opened = next((one for one in mine if _opened(journey, after, one)), None)
    following = opened or next((one for one in mine if _comes_next(after, one)), None)
    if following is None:
        return turn.answer(Message(Phrase("step-done", {"step": step.title})))
    return turn.answer(Message(Phrase("step-done-next", {"step": step.title, "next": following.title})))


def _comes_next(journey: Journey, step: Step) -> bool:
    return journey.step(step.id).status == "open" or views.offered(journey, step)


def _opened(before: Journey, after: Journey, step: Step) -> bool:
    return before.step(step.id).status == "waiting" and after.step(step.id).status == "open"


async def _finished(turn: Turn, journey: Journey, scenario: Scenario) -> Reply | None:
    """The congratulation is the answer, to those who get it."""
    if turn.speaker.id in (journey.person, journey.manager):
        return None
    (person,) = await turn.people([journey.person])
    return turn.answer(Message(Phrase("finished-by", {"name": person.name, "scenario": scenario.title})))


async def _which(turn: Turn, journeys: list[Journey]) -> Reply | None:
    """Nothing was named: the steps that the speaker can complete now, each with its button."""
    offered = [one for one in await steps.steps_of(turn, journeys) if _offered(turn, one)]
    found = [one for one in offered if await _may_complete(turn, one)]
    if not found:
        return turn.answer(Message(Phrase("nothing-open")))
    return turn.answer(Message(Phrase("done-which"), items=tuple(_item(turn, one) for one in found)))


def _offered(turn: Turn, found: Found) -> bool:
    """What the newcomer has a button for, and the speaker's own open steps."""
    journey, step = found.journey, found.step
    mine = _has(turn, found) and journey.step(step.id).status == "open"
    return views.offered(journey, step) or (mine and views.may_complete(journey, step))


def _item(turn: Turn, found: Found) -> Item:
    """A step with its button, when it can be completed now."""
    if not _offered(turn, found):
        return steps.line(turn, found)
    button = Button("done", steps.value(found), Phrase("button-done"), "primary")
    return msgspec.structs.replace(steps.line(turn, found, button), mark="open")
