"""command / action / form / question -> handler, by visible tables and roles. Nothing is found by magic."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

import msgspec

from bot import speech
from bot.incoming import AccountChanged, Commanded, Incoming, Installed, Opened, Pressed, Removed, Submitted, Wrote
from bot.message import Message, Phrase, Reply
from bot.people import Role
from bot.turn import Turn
from bot.words import misspelt

SHORT = 2  # words of a command that is easily taken for a question
Handler = Callable[[Turn], Awaitable[Reply | None]]


def _anything(_: tuple[str, ...]) -> bool:
    return True


def _nothing(_: Incoming) -> Sequence[str]:
    return ()


class Verb(msgspec.Struct, frozen=True, kw_only=True):
    """A command: the words that name it, who may use it, and when free text (without the slash) means it.

    `asks`: what follows may end with a question mark. `name` is also the key of its help line (`help-<name>`);
    `refusal` is that of what is said to those who may not use it.
    """

    name: str
    words: frozenset[str]
    handler: Handler
    roles: frozenset[Role] = frozenset({Role.EMPLOYEE})
    in_free_text: Callable[[tuple[str, ...]], bool] = _anything
    asks: bool = False
    refusal: str = "not-allowed"


class Routes(msgspec.Struct, frozen=True, kw_only=True):
    """Every way to a handler. `ask` gets what is not a command. `beside`: aggregates that handlers of such an act will
    want, read together with whoever speaks."""

    verbs: tuple[Verb, ...]
    actions: Mapping[str, Handler]
    forms: Mapping[str, Handler]
    opened: Handler
    installed: Handler
    removed: Handler
    ask: Handler
    help: Handler
    beside: Callable[[Incoming], Sequence[str]] = _nothing

    def verb(self, word: str) -> Verb | None:
        plain = word.casefold().lstrip("/").rstrip("!.,:")
        return next((verb for verb in self.verbs if plain in verb.words), None)


async def route(routes: Routes, turn: Turn) -> Reply | None:
    """Give the turn to its handler."""
    match turn.incoming.said:
        case Commanded(text=text) | Wrote(text=text) if len(text) > speech.MAX_TEXT:
            return turn.answer(Message(Phrase("text-too-long", {"most": speech.MAX_TEXT})))
        case Commanded(text=text):
            return await _command(routes, turn, speech.in_a_word(text))
        case Wrote(text=text):
            return await _text(routes, turn, speech.in_a_word(text))
        case Pressed(action=action, value=value):
            turn.words = tuple(value.split())
            return await routes.actions.get(action, _outdated)(turn)
        case Submitted(form=form):
            return _in_its_place(turn, await routes.forms.get(form, _outdated)(turn))
        case Opened():
            return await routes.opened(turn)
        case Installed():
            return await routes.installed(turn)
        case Removed():
            return await routes.removed(turn)
        case AccountChanged():
            return None


async def _command(routes: Routes, turn: Turn, text: str) -> Reply | None:
    words = speech.words(text)
    if not words:
        return await routes.help(turn)
    verb = routes.verb(words[0])
    if verb is None and turn.company.sensitive.topic(text) is not None:
        return await _question(routes, turn, text)
    if verb is None:
        meant = misspelt_verb(words, (verb.words for verb in routes.verbs))
        if meant is None:
            return await _question(routes, turn, text)
        return turn.answer(Message(Phrase("verb-misspelt", {"written": words[0], "meant": meant})))
    return await _verb(verb, turn, text)


def misspelt_verb(words: tuple[str, ...], known: Iterable[frozenset[str]]) -> str | None:
    """The word of a verb that a slip of the finger has spoilt; a question is longer, and names nobody."""
    if not words or words[-1].endswith("?") or (len(words) > SHORT and not any(map(speech.ref, words))):
        return None
    written, every = words[0].casefold(), list(known)
    if any(written in verb for verb in every):  # spelt right; what follows it made a question of it
        return None
    return next((word for verb in every for word in sorted(verb) if misspelt(written, word)), None)


async def _text(routes: Routes, turn: Turn, text: str) -> Reply | None:
    """Without the slash a verb counts only where what follows fits it: "status" does, "status of my leave?" not."""
    words = speech.words(text)
    if speech.calls_by_name(text):
        return await _command(routes, turn, text)
    verb = routes.verb(words[0]) if words else None
    if verb is None or not verb.in_free_text(words[1:]) or (text.rstrip().endswith("?") and not verb.asks):
        return await _question(routes, turn, text)
    return await _verb(verb, turn, text)


async def _question(routes: Routes, turn: Turn, text: str) -> Reply | None:
    turn.text = speech.after(text, 0)
    return await routes.ask(turn)


async def _verb(verb: Verb, turn: Turn, text: str) -> Reply | None:
    turn.text = speech.after(text, 1)
    turn.words = speech.without_fillers(speech.words(text)[1:])
    if not turn.has(*verb.roles):
        return turn.answer(Message(Phrase(verb.refusal, {"verb": verb.name})))
    return await verb.handler(turn)


def _in_its_place(turn: Turn, reply: Reply | None) -> Reply | None:
    """A form that is a message would stay there, to be sent off again."""
    if reply is not None or turn.incoming.on is None:
        return reply
    return Reply(turn.speaker.locale, instead=Message(Phrase("form-sent")))


async def _outdated(turn: Turn) -> Reply | None:
    """A button or form of an older version of ours."""
    return turn.answer(Message(Phrase("outdated")))
