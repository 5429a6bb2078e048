"""What this person may do, in their language."""

from __future__ import annotations

from bot.message import Button, Fact, Message, Phrase, Reply
from bot.router import Handler, Verb
from bot.turn import Turn


def guide(verbs: tuple[Verb, ...]) -> Handler:
    """The handler of `help` over a table of verbs."""

    async def help_(turn: Turn) -> Reply | None:
        facts = tuple(
            Fact(Phrase(f"usage-{verb.name}"), Phrase(f"help-{verb.name}")) for verb in verbs if turn.has(*verb.roles)
        )
        button = Button("status", "", Phrase("button-status"))
        return turn.answer(Message(Phrase("help", {"name": turn.speaker.first_name}), facts=facts, buttons=(button,)))

    return help_
