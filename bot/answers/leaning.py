"""Questions that only the question before them explains: "and on a phone?", "how long does it take?", "why?"."""

from __future__ import annotations

from bot.answers.analysis import STOP_WORDS, stem, stems, words

LONGEST = 6  # words of a question that may lean on the one before it
_GOING_ON = frozenset(("а", "и", "но", "или", "ну", "тогда", "and", "but", "or", "so", "then"))
_POINTS_BACK = """
он она оно они его ее их ему ей им него нее них нем ней это этот эта эти этого этой этому этом этих там туда оттуда
такой такая такое такие it its they them their this that these those there
"""
_POINTING = frozenset(_POINTS_BACK.split())


def leans(question: str, before: str) -> bool:
    """May it be one, for all that can be told from its length?"""
    return bool(before) and len(question.split()) <= LONGEST


def refers(question: str, before: str) -> bool:
    """Does it say that it is one? A short question about something else must not be answered with what was asked
    before."""
    asked = words(question)
    if not asked or not leans(question, before):
        return False
    return asked[0] in _GOING_ON or not _POINTING.isdisjoint(asked) or STOP_WORDS.issuperset(asked)


def answers_to(question: str, text: str) -> bool:
    """Has a text found for both questions anything of the second one? "And where are the keys to the boiler?" is not
    answered by what answers the question before it alone. One word may be said otherwise there: "how long does it
    take?"."""
    subject = {stem(word) for word in words(question) if word not in STOP_WORDS | _POINTING}
    return len(subject) < 2 or not subject.isdisjoint(stems(text))
