"""Giving somebody a task that the plan does not have."""

from __future__ import annotations

import datetime
import hashlib

from bot import commands, speech
from bot.errors import Misunderstood
from bot.incoming import Submitted
from bot.journey import views
from bot.journey.state import Journey
from bot.message import Day, Fact, Field, Form, Local, Message, Option, Phrase, Reply
from bot.people import Person
from bot.priority import PRIORITIES, priority
from bot.scenario import IssueTemplate, Step
from bot.speech_terms import Terms, bare, quoted, terms
from bot.turn import Turn
from handlers import steps

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
        if turn.takes_forms:
            return turn.ask(task_form())
        raise Misunderstood(Phrase("task-usage"))
    asked = terms(turn.text, steps.today(turn))
    person, words = await _person(turn, asked)
    executor = person if asked.executor is None else await turn.find(asked.executor)
    journey = await journey_of(turn, person)
    due = None if asked.due is None else in_time(turn, asked.due)
    return await _add(turn, journey, person, executor, _title(words), asked.priority, due)


async def task_submitted(turn: Turn) -> Reply | None:
    """The form of `task`. Its errors stand beside its fields."""
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
        journey = await journey_of(turn, person)
        answer = await _add(turn, journey, person, executor or person, title, wanted, due)
    except Misunderstood as error:
        return turn.ask_again(task_form(), field, error.text)
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
        return await named_in_front(turn, words)
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


async def named_in_front(turn: Turn, words: list[str]) -> tuple[Person, list[str]]:
    """A name without any mark before the title."""
    count = next((at for at, word in enumerate(words) if quoted(word)), len(words))
    if not count:
        raise Misunderstood(Phrase("task-nobody"))
    small = next((at for at, word in enumerate(words[:count]) if word.casefold() not in speech.FILLERS), count)
    person, rest = await turn.whose(words[small:count])
    return person, [*rest, *words[count:]]


async def journey_of(turn: Turn, person: Person) -> Journey:
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


def in_time(turn: Turn, day: datetime.date) -> datetime.date:
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
    return in_time(turn, day)


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
    added = Step(
        id=f"task-{hashlib.blake2b(turn.incoming.id.encode(), digest_size=5).hexdigest()}",
        title=Local(title, title),
        who="newcomer" if executor.id == person.id else "manager",
        remind=REMIND if due is not None else (),
        jira=IssueTemplate(on="open", closes="complete", summary=SUMMARY),
    )
    command = commands.AddTask(task=added, by=turn.speaker.id, assignee=executor.id, priority=wanted, due=due)
    await turn.decide(journey, command, await turn.scenario(journey))
    said = Phrase("task-added", {"step": title, "name": person.name})
    return turn.answer(Message(said, facts=facts(executor, wanted, due)))


def facts(executor: Person | None, wanted: str | None, due: datetime.date | None) -> tuple[Fact, ...]:
    facts = []
    if executor is not None:
        facts.append(Fact(Phrase("fact-executor"), executor.name))
    if wanted is not None:
        facts.append(Fact(Phrase("fact-priority"), views.priority_name(wanted)))
    if due is not None:
        facts.append(Fact(Phrase("fact-due"), Day(due)))
    return tuple(facts)
