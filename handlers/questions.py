"""Questions: an answer with its source, a guess to choose from, or an honest "I do not know" and a person to ask."""

from __future__ import annotations

from typing import Literal

from bot import answers_view, asked, private_view, speech
from bot.answers.language import language_of
from bot.choices import Choice, choice
from bot.effects import Effect, FindAnswer, Lane, Say
from bot.errors import Misunderstood
from bot.incoming import Place, Pressed
from bot.journey.world import Present
from bot.knowledge import Found
from bot.message import Button, Message, Phrase, Reply
from bot.people import Person
from bot.ports import Claim
from bot.results import Answered, Result
from bot.router import misspelt_verb
from bot.sensitive import FOLLOWING, Topic
from bot.shown import note_shown
from bot.speech_small_talk import small_talk
from bot.tracker.tickets import raise_tickets
from bot.turn import Turn
from bot.unanswered import note_unanswered, subject
from bot.whom import whom_to_ask
from bot.work import Work

ANSWERS = "answers"
HELP = Button("help", "", Phrase("button-help"))
PLAN = Button("status", "", Phrase("button-status"))
_OFFERING = frozenset({"hello", "who"})  # with small talk of these kinds comes what to do next


# --- what people ask


async def ask(turn: Turn) -> Reply | None:
    """Whatever is not a command is a question; the answer is looked up after the acknowledgement."""
    question = turn.text
    topic = turn.company.sensitive.topic(question)
    here = turn.incoming.account, turn.speaker.id, turn.incoming.place
    if topic is None and await asked.follows_private(turn, *here):
        topic = FOLLOWING
    kind = small_talk(question)
    if kind is not None:
        return await _talk(turn, kind, private=topic is not None)
    if not any(letter.isalnum() for letter in question):
        return await _talk(turn, "hello")
    before = await asked.ask(turn, *here, question, private=topic is not None)
    return look_up(turn, question, before=before, topic=topic)


async def search(turn: Turn) -> Reply | None:
    """`search words`: all that has to do with them."""
    words = " ".join(turn.text.split())
    if not any(letter.isalnum() for letter in words):
        raise Misunderstood(Phrase("search-usage"))
    return look_up(turn, words, "search", topic=turn.company.sensitive.topic(words))


async def read(turn: Turn) -> Reply | None:
    """The button of an answer that was perhaps meant."""
    meant = pressed_choice(turn)
    return look_up(turn, meant.question, "read", meant.answer)


def look_up(
    turn: Turn,
    question: str,
    how: Literal["ask", "read", "search"] = "ask",
    answer: str = "",
    before: str = "",
    topic: Topic | None = None,
) -> Reply | None:
    """Find it once this is acknowledged; who asked with a slash hears that much at once."""
    place, about = turn.incoming.place, None if topic is None else topic.id
    act = FindAnswer(turn.incoming.id, question, turn.speaker.id, place, how, answer, before, topic=about)
    turn.add(Effect(id=f"{turn.incoming.id}:find", lane=lane_of(place), act=act))
    if not turn.incoming.answers_at_once:
        return None
    return turn.answer(Message(Phrase("looking"), language=language_of(question, turn.speaker.locale)))


def lane_of(place: Place) -> Lane:
    """What is asked in a conversation is answered in order."""
    return Lane(ANSWERS, f"{place.channel}:{place.conversation}")


def pressed_choice(turn: Turn) -> Choice:
    """What a button below an answer has brought back. Raises Misunderstood: it is none of ours."""
    found = choice(turn.incoming.said.value) if isinstance(turn.incoming.said, Pressed) else None
    if found is None:
        raise Misunderstood(Phrase("outdated"))
    return found


async def _talk(turn: Turn, kind: str, *, private: bool = False) -> Reply | None:
    """A kind word for a kind word. Who wants a person is told of one."""
    name = turn.speaker.first_name
    if kind == "human":
        helper = await whom_to_ask(turn, "", turn.speaker, private=private)
        if helper is None:
            return turn.answer(Message(Phrase("talk-human-nobody")))
        return turn.answer(Message(Phrase("talk-human", {"name": helper.name, "email": helper.email})))
    text = Phrase("hello", {"name": name}) if kind == "hello" else Phrase(f"talk-{kind}", {"name": name})
    buttons = (HELP, PLAN) if kind in _OFFERING else ()
    return turn.answer(Message(text, buttons=buttons))


# --- what is known


async def answered(work: Work, claim: Claim, result: Result) -> None:
    """The knowledge has answered, or has not."""
    act = claim.effect.act
    if not isinstance(result, Answered) or not isinstance(act, FindAnswer):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    person = await work.person(act.person)
    if person is None:
        return
    effect = f"{act.event}:answer"
    if act.rated is not None:
        await _show_rated(work, act, person, result.found)
        return
    message, for_all = await _message(work, act, person, result.found)
    place = act.place if for_all else Place(act.place.channel, act.place.conversation)
    await note_shown(work, message, person.id, place)
    if not for_all and not act.place.private:
        work.say(effect, person, message, urgent=True)  # they wait; nobody else who reads the channel is to know
    elif act.place.private:
        work.present = Present.at(person.id, act.place)  # where they wait for it
        work.say(effect, person, message)
    else:
        work.say_at(effect, act.place, message, person)


async def _show_rated(work: Work, act: FindAnswer, person: Person, found: Found) -> None:
    """The answer stands where it stood, with what they have said of it."""
    if found.best is None:
        return
    shown = answers_view.read(found.best, act.question, found.language, act.rated)
    lane = Lane(act.place.channel, person.id)
    await note_shown(work, shown, person.id, act.place)
    work.add(Effect(id=f"{act.event}:answer", lane=lane, act=Say(shown, person=person.id, on=act.on)))


async def _message(work: Work, act: FindAnswer, person: Person, found: Found) -> tuple[Message, bool]:
    """And whether it may be said where others read it, too."""
    sensitive = work.company.sensitive
    topic = sensitive.topic(act.question) if act.topic is None else sensitive.named(act.topic)
    if topic is None or act.how == "read" or (act.how == "search" and found.others):
        return await _open(work, act, person, found), True
    if topic is FOLLOWING and act.how == "ask" and found.band != "unknown":
        return await _open(work, act, person, found), True
    helper = await whom_to_ask(work, act.question, person, private=True)
    return private_view.offer(topic, found, helper, act.question, person.country), False


async def _open(work: Work, act: FindAnswer, person: Person, found: Found) -> Message:
    match act.how:
        case "ask":
            return await _asked(work, act.question, person, found)
        case "read" if found.best is not None:
            return answers_view.read(found.best, act.question, found.language)
        case "read":
            return answers_view.gone(found.language)
        case "search" if found.others:
            return answers_view.hits(found, act.question)
        case "search":
            helper = await whom_to_ask(work, act.question, person)
            return answers_view.no_hits(act.question, helper, found.language)


async def _asked(work: Work, question: str, person: Person, found: Found) -> Message:
    if found.band == "answer" and found.best is not None:
        return answers_view.answer(found, found.best, question)
    meant = _slip(question)
    if meant is not None:
        written = speech.words(question)[0]
        return Message(Phrase("verb-misspelt", {"written": written, "meant": meant}), buttons=(HELP,))
    if found.band == "maybe" and found.others:
        return answers_view.maybe(found, question)
    rules = work.company.rules.unanswered(question, person.department)
    await raise_tickets(work, rules, subject(question), {"question": question}, person)
    await note_unanswered(work, question, person.id, found.language)
    return answers_view.unknown(question, await whom_to_ask(work, question, person), found.language)


def _slip(question: str) -> str | None:
    """The command that was perhaps meant: without the slash a misspelt one is taken for a question."""
    return misspelt_verb(speech.words(question), speech.VERBS.values())
