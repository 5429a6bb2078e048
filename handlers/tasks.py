"""What heads do about single steps: give a task that the plan does not have, change a step, skip it, open it again."""

from __future__ import annotations

import datetime
import hashlib

from msgspec import UNSET

from bot import commands, speech
from bot.errors import Misunderstood
from bot.incoming import Submitted
from bot.journey import views
from bot.journey.state import OWN_ISSUE, Journey, fields_of
from bot.message import Button, Day, Fact, Field, Form, Local, Message, Option, Phrase, Reply
from bot.people import Person
from bot.priority import PRIORITIES, priority
from bot.scenario import IssueTemplate, Step
from bot.speech_terms import Terms, bare, quoted, terms
from bot.texts import language
from bot.turn import Turn
from handlers import steps
from handlers.steps import Found

FORM = "task"
LONGEST_TITLE = 200
LATEST = datetime.timedelta(days=365)
LEFT_BEHIND = ",;: "  # by what stood after the title
SUMMARY = Local("{step}: {name}", "{step}: {name}")
REMIND = (0, 1)  # on the due day, and the working day after it


# --- a new task


async def task(turn: Turn) -> Reply | None:
    """`task @person "what to do" [priority high] [due friday] [for @colleague]`, in any order; the quotes may be left
    out. Without anything it is asked for in a form, where forms can be shown."""
    if not turn.text.strip():
        if turn.incoming.answers_at_once:
            return Reply(turn.speaker.locale, form=task_form())
        raise Misunderstood(Phrase("task-usage"))
    asked = terms(turn.text, steps.today(turn))
    person, words = await _person(turn, asked)
    executor = person if asked.executor is None else await turn.find(asked.executor)
    journey = await _journey(turn, person)
    due = None if asked.due is None else _in_time(turn, asked.due)
    return await _add(turn, journey, person, executor, _title(words), asked.priority, due)


async def task_submitted(turn: Turn) -> Reply | None:
    """The form of `task`. Its errors stand beside its fields, while the form is still there to show them."""
    values = turn.incoming.said.values if isinstance(turn.incoming.said, Submitted) else {}
    field = "title"
    try:
        title = _title([values.get("title", "")])
        field = "priority"
        wanted = _chosen_priority(values.get("priority", ""))
        field = "due"
        due = _chosen_day(turn, values.get("due", ""))
        field = "executor"
        executor = await _chosen_person(turn, values.get("executor", ""))
        field = "person"
        person = await _chosen_person(turn, values.get("person", ""))
        if person is None:
            raise Misunderstood(Phrase("task-nobody"))
        journey = await _journey(turn, person)
        answer = await _add(turn, journey, person, executor or person, title, wanted, due)
    except Misunderstood as error:
        if not turn.incoming.answers_at_once:
            raise
        return Reply(turn.speaker.locale, errors={field: error.text})
    return answer


def task_form() -> Form:
    priorities = tuple(Option(one, views.priority_name(one)) for one in PRIORITIES)
    return Form(
        name=FORM,
        title=Phrase("form-task"),
        submit=Phrase("form-task-submit"),
        fields=(
            Field("person", Phrase("field-task-person"), "person"),
            Field("title", Phrase("field-task-title")),
            Field("priority", Phrase("field-task-priority"), "choice", value="medium", options=priorities),
            Field("due", Phrase("field-task-due"), "date", required=False),
            Field(
                "executor",
                Phrase("field-task-executor"),
                "person",
                required=False,
                hint=Phrase("hint-task-executor"),
            ),
        ),
    )


async def _person(turn: Turn, asked: Terms) -> tuple[Person, list[str]]:
    """Whose plan the task goes into, and the words that are left for its title. Nobody but the executor: theirs."""
    words = list(asked.rest)
    if len(asked.people) > 1:
        raise Misunderstood(Phrase("task-usage"))
    if asked.people:
        return await turn.find(asked.people[0]), words
    try:
        return await _named_in_front(turn, words)
    except Misunderstood as error:
        if not _is_about_nobody(error, words):
            raise
        if asked.executor is None:
            raise Misunderstood(Phrase("task-nobody")) from error
    return await turn.find(asked.executor), words


def _is_about_nobody(error: Misunderstood, words: list[str]) -> bool:
    """Was no name given at all? Before a title in quotes stands a name; without quotes it may all be title."""
    key = error.text.key if isinstance(error.text, Phrase) else ""
    return key == "task-nobody" or (key == "person-unknown" and not any(map(quoted, words)))


async def _named_in_front(turn: Turn, words: list[str]) -> tuple[Person, list[str]]:
    """A name without any mark before the title."""
    count = next((at for at, word in enumerate(words) if quoted(word)), len(words))
    if not count:
        raise Misunderstood(Phrase("task-nobody"))
    small = next((at for at, word in enumerate(words[:count]) if word.casefold() not in speech.FILLERS), count)
    person, rest = await turn.whose(words[small:count])
    return person, [*rest, *words[count:]]


async def _journey(turn: Turn, person: Person) -> Journey:
    """The newest journey that the person is on, if the speaker may steer it."""
    if not turn.heads(person):
        raise Misunderstood(Phrase("not-your-person", {"name": person.name}))
    journeys = await turn.active_journeys(person)
    if not journeys:
        raise Misunderstood(Phrase("journey-none-of", {"name": person.name, "handle": person.handle}))
    return journeys[0]


def _title(words: list[str]) -> str:
    """One line, without characters that nobody sees."""
    written = bare(words[0]) if len(words) == 1 else " ".join(words)
    seen = "".join(" " if one.isspace() else one for one in written if one.isspace() or one.isprintable())
    title = " ".join(seen.split())
    if len(words) != 1 or not quoted(words[0]):
        title = title.rstrip(LEFT_BEHIND)
    if not any(one.isalnum() for one in title):
        raise Misunderstood(Phrase("task-no-title"))
    if len(title) > LONGEST_TITLE:
        raise Misunderstood(Phrase("task-title-long", {"most": LONGEST_TITLE}))
    return title


def _in_time(turn: Turn, day: datetime.date) -> datetime.date:
    today = steps.today(turn)
    if day < today:
        raise Misunderstood(Phrase("due-past", {"day": Day(day)}))
    if day > today + LATEST:
        raise Misunderstood(Phrase("date-too-far", {"day": day.isoformat()}))
    return day


def _chosen_priority(written: str) -> str | None:
    known = priority(written)
    if known is None and written:
        raise Misunderstood(Phrase("priority-unknown", {"priority": written}))
    return known


def _chosen_day(turn: Turn, written: str) -> datetime.date | None:
    if not written.strip():
        return None
    day = speech.date(written, steps.today(turn))
    if day is None:
        raise Misunderstood(Phrase("date-unknown", {"date": written}))
    return _in_time(turn, day)


async def _chosen_person(turn: Turn, written: str) -> Person | None:
    word = written.strip()
    return await turn.find(speech.ref(word) or speech.Ref("name", word)) if word else None


async def _add(
    turn: Turn,
    journey: Journey,
    person: Person,
    executor: Person,
    title: str,
    wanted: str | None,
    due: datetime.date | None,
) -> Reply | None:
    english = language(turn.speaker.locale) == "en"
    issue = IssueTemplate(on="open", closes="complete", summary=SUMMARY, language="en" if english else "ru")
    added = Step(
        id=f"task-{hashlib.blake2b(turn.incoming.id.encode(), digest_size=5).hexdigest()}",
        title=Local(title, title),
        who="newcomer" if executor.id == person.id else "manager",
        remind=REMIND if due is not None else (),
        jira=issue,
    )
    command = commands.AddTask(task=added, by=turn.speaker.id, assignee=executor.id, priority=wanted, due=due)
    await turn.decide(journey, command, await turn.scenario(journey))
    said = Phrase("task-added", {"step": title, "name": person.name})
    return turn.answer(Message(said, facts=_facts(executor, wanted, due)))


def _facts(executor: Person | None, wanted: str | None, due: datetime.date | None) -> tuple[Fact, ...]:
    facts = []
    if executor is not None:
        facts.append(Fact(Phrase("fact-executor"), executor.name))
    if wanted is not None:
        facts.append(Fact(Phrase("fact-priority"), views.priority_name(wanted)))
    if due is not None:
        facts.append(Fact(Phrase("fact-due"), Day(due)))
    return tuple(facts)


# --- another day, priority or person


async def change(turn: Turn) -> Reply | None:
    """`change @person step [due friday] [priority high] [for @colleague]`."""
    asked = terms(turn.text, steps.today(turn))
    person, words, day = await _whose_step(turn, asked)
    if asked.executor is None and asked.priority is None and day is None:
        raise Misunderstood(Phrase("change-usage"))
    await _journey(turn, person)
    journeys = await turn.active_journeys(person)
    name = speech.plain(" ".join(map(bare, words)))
    found = await steps.named(turn, journeys, name, person) if name else await _unsettled(turn, journeys)
    if len(found) != 1 or not name:
        lines = tuple(steps.line(turn, one) for one in found)
        return turn.answer(Message(Phrase("change-which" if lines else "nothing-open"), items=lines))
    executor = None if asked.executor is None else await turn.find(asked.executor)
    due = None if day is None else _in_time(turn, day)
    return await _change(turn, found[0], executor, asked.priority, due)


async def _whose_step(turn: Turn, asked: Terms) -> tuple[Person, list[str], datetime.date | None]:
    """Whose step, the words that name it, and the day; beside a step a day needs no word in front of it."""
    if len(asked.people) > 1 or not (asked.people or asked.rest):
        raise Misunderstood(Phrase("change-usage"))
    if asked.people:
        person, words = await turn.find(asked.people[0]), list(asked.rest)
    else:
        person, words = await _named_in_front(turn, list(asked.rest))
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
    return turn.answer(Message(Phrase("changed", {"step": found.step.title}), facts=_facts(given, another, later)))


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
    await _journey(turn, person)
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
