"""Everything that can happen, in two tables: what people do, and what comes back from outside."""

from __future__ import annotations

import datetime

from bot import speech
from bot.accounts import identified, posted
from bot.issues import LOOK_AGAIN, IssueRecorder, gone, synced
from bot.people import Role
from bot.reconcile import reconciled
from bot.results import Answered, Gone, Issue, Posted, Profile, Reconciled, Result, Synced
from bot.router import Routes, Verb
from bot.runner import ResultHandler
from handlers import feedback, onboarding, progress, questions
from handlers.guide import guide

HEADS = frozenset({Role.MANAGER, Role.HR, Role.ADMIN})


def _alone(rest: tuple[str, ...]) -> bool:
    return not rest


def _few(rest: tuple[str, ...]) -> bool:
    return len(rest) <= 8


def _with_a_person(rest: tuple[str, ...]) -> bool:
    return not rest or any(map(speech.ref, rest))


def _named(rest: tuple[str, ...]) -> bool:
    """Begins as a name does: "stop Анна", not "stop sending me this"."""
    return _with_a_person(rest) or rest[0].istitle()


def _about_a_person(rest: tuple[str, ...]) -> bool:
    name = len(rest) <= 2 and all(word.istitle() for word in rest)
    return _with_a_person(rest) or name or rest[0].casefold() in speech.TEAM


VERBS = (
    Verb(
        name="status",
        words=speech.VERBS["status"],
        handler=progress.status,
        in_free_text=_about_a_person,
    ),
    Verb(
        name="done",
        words=speech.VERBS["done"],
        handler=onboarding.done,
        in_free_text=_few,
    ),
    Verb(
        name="ask",
        words=speech.VERBS["ask"],
        handler=questions.ask,
        asks=True,
    ),
    Verb(
        name="feedback",
        words=speech.VERBS["feedback"],
        handler=feedback.feedback,
    ),
    Verb(
        name="start",
        words=speech.VERBS["start"],
        handler=onboarding.start,
        roles=HEADS,
        in_free_text=_named,
    ),
    Verb(
        name="stop",
        words=speech.VERBS["stop"],
        handler=onboarding.stop,
        roles=HEADS,
        in_free_text=_named,
    ),
)
HELP = guide(VERBS)
HELP_VERB = Verb(
    name="help",
    words=speech.VERBS["help"],
    handler=HELP,
    in_free_text=_alone,
)

ROUTES = Routes(
    verbs=(*VERBS, HELP_VERB),
    actions={
        "done": onboarding.done_pressed,
        "progress": progress.pressed,
        "status": progress.status,
        "ask-person": questions.ask_person,
        "help": HELP,
    },
    forms={onboarding.FORM: onboarding.start_submitted},
    opened=progress.opened,
    ask=questions.ask,
    help=HELP,
)


def results(look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN) -> dict[type[Result], ResultHandler]:
    """What becomes of a result; a kind that is not here needs nothing more."""
    return {
        Answered: questions.answered,
        Profile: identified,
        Posted: posted,
        Issue: IssueRecorder(look_again),
        Synced: synced,
        Gone: gone,
        Reconciled: reconciled,
    }
