"""What people say of an answer: it was helpful, or it was not, and what follows then."""

from __future__ import annotations

from bot import answers_view
from bot.answers.language import language_of
from bot.message import Message, Reply
from bot.turn import Turn
from bot.unanswered import note_unanswered
from bot.votes import HELPFUL, UNHELPFUL, vote
from bot.whom import whom_to_ask
from handlers.questions import pressed_choice


async def helpful(turn: Turn) -> Reply | None:
    """The button "helpful" of an answer."""
    rated = pressed_choice(turn)
    await vote(turn, rated.answer, turn.speaker.id, HELPFUL)
    return _lightly(turn, answers_view.thanks(language_of(rated.question, turn.speaker.locale)))


async def not_helpful(turn: Turn) -> Reply | None:
    """The button "not helpful" of an answer, or "none of these" of a guess: what else there is, and whom to ask."""
    rated = pressed_choice(turn)
    speaker, language = turn.speaker, language_of(rated.question, turn.speaker.locale)
    new = not rated.answer or await vote(turn, rated.answer, speaker.id, UNHELPFUL)
    if new:
        await note_unanswered(turn, rated.question, speaker.id, language)
    helper = await whom_to_ask(turn, rated.question, speaker)
    if not rated.answer:
        return turn.answer(answers_view.unknown(rated.question, helper, language))
    return turn.answer(answers_view.not_helpful(rated, helper, language))


def _lightly(turn: Turn, message: Message) -> Reply | None:
    """Beside the button, where the acknowledgement can say a line there; else as a message."""
    if turn.incoming.on is not None:
        return Reply(message.language or turn.speaker.locale, message)
    return turn.answer(message)
