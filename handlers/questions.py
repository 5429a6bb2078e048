"""Questions: an answer with its source, or an honest "I do not know" and a person to ask."""

from __future__ import annotations

from bot import speech
from bot.effects import Effect, FindAnswer, Lane
from bot.journey.world import Present
from bot.message import Button, Fact, Link, Message, Phrase, Reply
from bot.people import Person
from bot.ports import Claim
from bot.results import Answered, Result
from bot.router import misspelt_verb
from bot.speech_small_talk import small_talk
from bot.tracker.tickets import raise_tickets
from bot.turn import Turn
from bot.unanswered import subject
from bot.work import Work
from handlers.colleagues import helper_for

LONGEST = 1000
ANSWERS = "answers"
HELP = Button("help", "", Phrase("button-help"))
PLAN = Button("status", "", Phrase("button-status"))
_OFFERING = frozenset({"hello", "who"})  # with small talk of these kinds comes what to do next


async def ask(turn: Turn) -> Reply | None:
    """Whatever is not a command is a question; the answer is looked up after the acknowledgement."""
    question = turn.text[:LONGEST]
    kind = small_talk(question)
    if kind is not None:
        return await _talk(turn, kind, question)
    if not any(letter.isalnum() for letter in question):
        return await _talk(turn, "hello", question)
    act = FindAnswer(turn.incoming.id, question, turn.speaker.id, turn.incoming.place)
    lane = Lane(ANSWERS, f"{turn.incoming.place.channel}:{turn.incoming.place.conversation}")
    turn.add(Effect(id=f"{turn.incoming.id}:find", lane=lane, act=act))
    if turn.incoming.answers_at_once:
        return turn.answer(Message(Phrase("looking")))
    return None


async def _talk(turn: Turn, kind: str, question: str) -> Reply | None:
    """A kind word for a kind word. Who wants a person is told of one."""
    name = turn.speaker.first_name
    if kind == "human":
        helper = await helper_for(turn, question, turn.speaker)
        if helper is None:
            return turn.answer(Message(Phrase("talk-human-nobody")))
        return turn.answer(Message(Phrase("talk-human", {"name": helper.name, "email": helper.email})))
    text = Phrase("hello", {"name": name}) if kind == "hello" else Phrase(f"talk-{kind}", {"name": name})
    buttons = (HELP, PLAN) if kind in _OFFERING else ()
    return turn.answer(Message(text, buttons=buttons))


async def answered(work: Work, claim: Claim, result: Result) -> None:
    """The knowledge has answered, or has not."""
    act = claim.effect.act
    if not isinstance(result, Answered) or not isinstance(act, FindAnswer):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    person = await work.person(act.person)
    if person is None:
        return
    best = result.found.best
    if best is None and _slip(act.question) is None:
        rules = work.company.rules.unanswered(act.question, person.department)
        await raise_tickets(work, rules, subject(act.question), {"question": act.question}, person)
    message = await _compose(work, act, person, result)
    effect = f"{act.event}:answer"
    if act.place.private:
        work.present = Present(person.id, act.place.channel)  # where they wait for it
        work.say(effect, person, message)
    else:
        work.say_at(effect, act.place, message, person)


def _slip(question: str) -> str | None:
    """The command that was perhaps meant: without the slash a misspelt one is taken for a question."""
    return misspelt_verb(speech.words(question), speech.VERBS.values())


async def _compose(work: Work, act: FindAnswer, person: Person, result: Answered) -> Message:
    answer = result.found.best
    if answer is None and (meant := _slip(act.question)):
        written = speech.words(act.question)[0]
        return Message(Phrase("verb-misspelt", {"written": written, "meant": meant}), buttons=(HELP,))
    if answer is None:
        button = Button("ask-person", act.question, Phrase("button-ask-person"), "primary")
        helper = await helper_for(work, act.question, person)
        key = "no-answer" if helper else "no-answer-nobody"
        args = {"name": helper.name} if helper else {}
        return Message(Phrase(key, {**args}), buttons=(button,) if helper else ())
    source = Fact(Phrase("fact-source"), answer.source)
    links = (Link(Phrase("source", {"title": answer.source}), answer.url),) if answer.url else ()
    return Message(answer.text, facts=() if links else (source,), links=links)
