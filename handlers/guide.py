"""What this person may do, in their language."""

from __future__ import annotations

from bot.message import Button, Fact, Message, Phrase, Reply
from bot.people import Role
from bot.router import Handler, Verb
from bot.turn import Turn


def guide(verbs: tuple[Verb, ...]) -> Handler:
    """The handler of `help` over a table of verbs."""

    async def help_(turn: Turn) -> Reply | None:
        names = [verb.name for verb in verbs if turn.has(*verb.roles)]
        if turn.has(Role.MANAGER, Role.HR, Role.ADMIN):
            names.insert(names.index("status") + 1, "team")  # what the verb does for heads besides
        facts = tuple(Fact(Phrase(f"usage-{name}"), Phrase(f"help-{name}")) for name in names)
        button = Button("status", "", Phrase("button-status"))
        return turn.answer(Message(Phrase("help", {"name": turn.speaker.first_name}), facts=facts, buttons=(button,)))

    return help_
