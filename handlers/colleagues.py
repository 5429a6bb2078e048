"""Asking a colleague what the bot does not know."""

from __future__ import annotations

import hashlib

from bot.errors import Misunderstood
from bot.message import Fact, Message, Phrase, Reply
from bot.people import Person, Role
from bot.turn import Turn
from bot.work import Work


async def helper_for(work: Work, question: str, person: Person) -> Person | None:  # noqa: ARG001
    """Whom the person may ask this: their manager, else somebody of HR."""
    manager = await work.person(person.manager)
    if manager is not None and manager.id != person.id:
        return manager
    return next((one for one in await work.with_role(Role.HR) if one.id != person.id), None)


async def ask_person(turn: Turn) -> Reply | None:
    """Pass a question on to a person, who answers directly; once, however often the button is pressed."""
    question = getattr(turn.incoming.said, "value", "").strip()
    helper = await helper_for(turn, question, turn.speaker)
    if helper is None or not question:
        raise Misunderstood(Phrase("outdated"))
    facts = (Fact(Phrase("fact-question"), question), Fact(Phrase("fact-contact"), turn.speaker.email))
    asked = Message(Phrase("question-passed-on", {"name": turn.speaker.name}), facts=facts)
    what = hashlib.blake2b(question.encode(), digest_size=8).hexdigest()
    turn.say(f"passed:{turn.speaker.id}:{what}:{helper.id}", helper, asked, once=True)
    return turn.answer(Message(Phrase("question-passed", {"name": helper.name})))
