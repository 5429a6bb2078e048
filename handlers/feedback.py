"""What people think of their onboarding, for HR to read."""

from __future__ import annotations

from bot.errors import Misunderstood
from bot.message import Fact, Message, Phrase, Reply
from bot.people import Role
from bot.tone import is_negative
from bot.tracker.tickets import raise_tickets
from bot.turn import Turn
from bot.whom import in_confidence

LONGEST = 3000


async def feedback(turn: Turn) -> Reply | None:
    """`feedback <text>`: everyone of HR gets it, with whom it is from. Of a complaint rules may make a ticket. What is
    sensitive makes none, and goes only to those of HR whom it does not concern."""
    text = turn.text[:LONGEST].strip()
    if not any(letter.isalnum() for letter in text):
        raise Misunderstood(Phrase("feedback-usage"))
    private = turn.company.sensitive.topic(text) is not None
    everybody = await (in_confidence(turn, text, turn.speaker) if private else turn.with_role(Role.HR))
    readers = [person for person in everybody if person.id != turn.speaker.id]
    if not readers:
        raise Misunderstood(Phrase("feedback-nobody"))
    facts = (Fact(Phrase("fact-contact"), turn.speaker.email),)
    message = Message(Phrase("feedback-passed-on", {"name": turn.speaker.name, "text": text}), facts=facts)
    for reader in readers:
        turn.say(f"{turn.incoming.id}:feedback:{reader.id}", reader, message)
    if is_negative(text) and not private:
        rules = turn.company.rules.negative(text, turn.speaker.department)
        await raise_tickets(turn, rules, turn.incoming.id, {"feedback": text}, turn.speaker)
    return turn.answer(Message(Phrase("feedback-thanks", {"name": turn.speaker.first_name})))
