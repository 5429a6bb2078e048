"""Everything that can happen, in two tables: what people do, and what comes back from outside."""

from __future__ import annotations

import datetime

from bot import asked, speech
from bot.accounts import identified, posted
from bot.crawl.runs import crawled
from bot.people import Role
from bot.results import Abandoned, Answered, Crawled, Due, Gone, Issue, Posted, Profile, Reconciled, Result, Synced
from bot.router import Routes, Verb
from bot.runner import ResultHandler
from bot.tracker.issues import LOOK_AGAIN, IssueRecorder, gone, synced
from bot.tracker.runs import reconciled
from handlers import (
    answers,
    changes,
    channels,
    colleagues,
    drafts,
    faq,
    faq_form,
    feedback,
    links,
    onboarding,
    passing,
    progress,
    questions,
    ratings,
    stopping,
    sync,
    tasks,
    todo,
    unanswered,
    whoami,
)
from handlers.guide import guide
from handlers.pages import due

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


def _of_a_step(rest: tuple[str, ...]) -> bool:
    """A person, or nothing but a step: its number, its code, or a title in quotes."""
    code = len(rest) == 1 and (rest[0].isascii() or " " in rest[0])
    return code or _with_a_person(rest)


def _a_channel(rest: tuple[str, ...]) -> bool:
    return not rest or (len(rest) == 1 and speech.channel(rest[0]) is not None)


def _of_answers(rest: tuple[str, ...]) -> bool:
    return not rest or any(rest[0].casefold() in words for words in answers.SUBCOMMANDS)


def _report(rest: tuple[str, ...]) -> bool:
    return not rest or (len(rest) == 1 and rest[0].casefold() in speech.REPORT)


VERBS = (
    Verb(
        name="status",
        words=speech.VERBS["status"],
        handler=progress.status,
        in_free_text=_about_a_person,
    ),
    Verb(
        name="tasks",
        words=speech.VERBS["tasks"],
        handler=todo.tasks,
        in_free_text=_with_a_person,
    ),
    Verb(
        name="done",
        words=speech.VERBS["done"],
        handler=onboarding.done,
        in_free_text=_few,
    ),
    Verb(
        name="reopen",
        words=speech.VERBS["reopen"],
        handler=changes.reopen,
        in_free_text=_of_a_step,
    ),
    Verb(
        name="ask",
        words=speech.VERBS["ask"],
        handler=questions.ask,
        asks=True,
    ),
    Verb(
        name="search",
        words=speech.VERBS["search"],
        handler=questions.search,
    ),
    Verb(
        name="feedback",
        words=speech.VERBS["feedback"],
        handler=feedback.feedback,
    ),
    Verb(
        name="reply",
        words=speech.VERBS["reply"],
        handler=colleagues.reply,
        in_free_text=colleagues.is_numbered,
        asks=True,
    ),
    Verb(
        name="rephrase",
        words=speech.VERBS["rephrase"],
        handler=passing.rephrase,
        asks=True,
    ),
    Verb(
        name="channel",
        words=speech.VERBS["channel"],
        handler=channels.channel,
        in_free_text=_a_channel,
    ),
    Verb(
        name="whoami",
        words=speech.VERBS["whoami"],
        handler=whoami.whoami,
        in_free_text=_alone,
        asks=True,
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
        handler=stopping.stop,
        roles=HEADS,
        in_free_text=_named,
    ),
    Verb(
        name="task",
        words=speech.VERBS["task"],
        handler=tasks.task,
        roles=HEADS,
        in_free_text=_with_a_person,
    ),
    Verb(
        name="change",
        words=speech.VERBS["change"],
        handler=changes.change,
        roles=HEADS,
        in_free_text=_with_a_person,
    ),
    Verb(
        name="skip",
        words=speech.VERBS["skip"],
        handler=changes.skip,
        roles=HEADS,
        in_free_text=_with_a_person,
    ),
    Verb(
        name="sync",
        words=speech.VERBS["sync"],
        handler=sync.sync,
        roles=HEADS,
        in_free_text=_report,
    ),
    Verb(
        name="withdraw",
        words=speech.VERBS["withdraw"],
        handler=links.withdraw,
        roles=HEADS,
        in_free_text=links.is_meant,
    ),
    Verb(
        name="faq",
        words=speech.VERBS["faq"],
        handler=faq.faq,
        roles=faq_form.EDITORS,
        in_free_text=faq.is_meant,
        asks=True,
        refusal="faq-of-hr",
    ),
    Verb(
        name="answers",
        words=speech.VERBS["answers"],
        handler=answers.answers,
        roles=faq_form.EDITORS,
        in_free_text=_of_answers,
        refusal="faq-of-hr",
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
        "team": progress.more_pressed,
        "stop": stopping.chosen,
        "stop-surely": stopping.confirmed,
        "stop-cancel": stopping.cancelled,
        "status": progress.status,
        "tasks": todo.pressed,
        todo.DONE: todo.done_pressed,
        "ask-person": passing.ask_person,
        "ask-hr": passing.ask_hr,
        "inquiry-send": passing.send_pressed,
        "inquiry-to": passing.to_pressed,
        "inquiry-edit": passing.edit_pressed,
        "inquiry-cancel": passing.cancel_pressed,
        "inquiry-answer": colleagues.answer_pressed,
        "inquiry-pass": colleagues.pass_pressed,
        "draft-more": drafts.more_pressed,
        "draft-show": drafts.show_pressed,
        "draft-publish": drafts.publish_pressed,
        "draft-edit": drafts.edit_pressed,
        "draft-dismiss": drafts.dismiss_pressed,
        "faq-new": faq.new_pressed,
        "faq-show": faq.show_pressed,
        "faq-edit": faq.edit_pressed,
        "faq-withdraw": faq.withdraw_pressed,
        "faq-withdraw-surely": faq.withdrawn,
        "unanswered-more": unanswered.more_pressed,
        "unanswered-show": unanswered.show_pressed,
        "unanswered-write": unanswered.write_pressed,
        "unanswered-dismiss": unanswered.dismiss_pressed,
        "reopen": changes.reopen_pressed,
        "skip": changes.skip_pressed,
        "remake": changes.remake,
        "drift": sync.report,
        "channel": channels.channel,
        "answer": questions.read,
        "helpful": ratings.helpful,
        "not-helpful": ratings.not_helpful,
        "answers": answers.answers,
        "help": HELP,
    },
    forms={
        onboarding.FORM: onboarding.start_submitted,
        tasks.FORM: tasks.task_submitted,
        colleagues.FORM: colleagues.answer_submitted,
        passing.FORM: passing.edit_submitted,
        faq_form.FORM: faq_form.submitted,
    },
    opened=progress.opened,
    installed=channels.installed,
    removed=channels.removed,
    ask=questions.ask,
    help=HELP,
    beside=asked.beside,
)


def results(look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN) -> dict[type[Result], ResultHandler]:
    """What becomes of a result; a kind that is not here needs nothing more."""
    recorder = IssueRecorder(look_again)
    return {
        Answered: questions.answered,
        Profile: identified,
        Posted: posted,
        Issue: recorder,
        Abandoned: recorder.abandoned,
        Synced: synced,
        Gone: gone,
        Reconciled: reconciled,
        Crawled: crawled,
        Due: due,
    }
