"""What people say of an answer: it was helpful, or it was not, and what follows then."""

from __future__ import annotations

from bot import answers_view
from bot.answers.language import language_of
from bot.choices import Choice
from bot.effects import Effect, FindAnswer
from bot.incoming import Pressed
from bot.message import Message, Reply
from bot.shown import was_shown
from bot.turn import Turn
from bot.unanswered import note_unanswered
from bot.votes import Voice, vote
from bot.whom import whom_to_ask
from handlers.questions import lane_of, pressed_choice


async def helpful(turn: Turn) -> Reply | None:
    """The button "helpful" of an answer."""
    rated = pressed_choice(turn)
    if not rated.answer or not await _was_shown(turn):
        return turn.answer(answers_view.rating_over(language_of(rated.question, turn.speaker.locale)))
    await vote(turn, rated.answer, turn.speaker.id, "helpful")
    thanks = answers_view.thanks(language_of(rated.question, turn.speaker.locale))
    if _marks(turn, rated, "helpful"):
        return _beside(turn, thanks)
    return turn.answer(thanks)


async def not_helpful(turn: Turn) -> Reply | None:
    """The button "not helpful" of an answer, or "none of these" of a guess: what else there is, and whom to ask."""
    rated = pressed_choice(turn)
    speaker, language = turn.speaker, language_of(rated.question, turn.speaker.locale)
    if not await _was_shown(turn):
        return turn.answer(answers_view.rating_over(language))
    new = not rated.answer or await vote(turn, rated.answer, speaker.id, "not-helpful")
    if new:
        await note_unanswered(turn, rated.question, speaker.id, language)
    helper = await whom_to_ask(turn, rated.question, speaker)
    if not rated.answer:
        return turn.answer(answers_view.unknown(rated.question, helper, language))
    _marks(turn, rated, "not-helpful")
    return turn.answer(answers_view.not_helpful(rated, helper, language))


async def _was_shown(turn: Turn) -> bool:
    """Only of what somebody was shown they can say how it was: a button can be pressed with any value."""
    said = turn.incoming.said
    if not isinstance(said, Pressed):
        return False
    return await was_shown(turn, said.action, said.value, turn.speaker.id, turn.incoming.place)


def _marks(turn: Turn, rated: Choice, voice: Voice) -> bool:
    """The message itself says from now on what its reader thinks of it; where others read it too, it stays."""
    place, on = turn.incoming.place, turn.incoming.pressed
    if on is None or not place.private:
        return False
    event = f"{turn.incoming.id}:rated"
    act = FindAnswer(event, rated.question, turn.speaker.id, place, "read", rated.answer, rated=voice, on=on)
    turn.add(Effect(id=f"{event}:find", lane=lane_of(place), act=act))
    return True


def _beside(turn: Turn, message: Message) -> Reply | None:
    """A line beside the button, where the acknowledgement can say one there."""
    return Reply(message.language or turn.speaker.locale, message) if turn.incoming.on is not None else None
