"""The catalogue of every text that the bot can say, by where in a message it stands, and what may be put into it.

A text that is added to `bot/texts` is added here: under the part of a message that it is said in, under the text that
it is put into (`INSIDE`), or, when no channel ever says it, under `ELSEWHERE`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from fluent.syntax import FluentParser, ast, visitor

from bot.message import Arg, Button, Fact, Field, Form, Item, Link, Message, Option, Phrase

FOLDER = Path(__file__).parents[2] / "bot/texts"
Part = Literal["text", "name", "value", "button", "choice", "note", "title", "link", "prompt", "form"]

SAID: dict[Part, str] = {
    "text": """
        welcome started starting started-already start-usage stopped stopped-by stopping stop-nothing stop-usage
        stop-which stop-ask stop-ask-again stop-cancelled stop-stopped stop-finished stopped-given
        links-withdrawn links-usage links-none
        finished finished-by scenario-none steps-opened step-done step-done-next step-done-already step-not-yet
        step-unknown step-unknown-of step-ambiguous step-of-manager step-for-manager step-done-by step-done-issue
        step-done-again step-issue task-issue issue-refused overdue steps-given done-which done-of-whom nothing-open
        journey-none journey-none-of journey-over step-not-done step-reopened step-approved tracker-done due-changed
        task-for-you task-given comment-heard issue-lost parent-lost ticket-raised ticket-noted
        task-usage task-nobody task-no-title task-title-long task-added tasks-too-many priority-unknown
        priority-missing due-missing due-past executor-missing change-usage change-which change-not-assignable changed
        changed-already reopen-which reopen-usage reopen-nothing reopened skip-usage skip-which skip-nothing skipped
        skipped-already remaking remaking-parent form-task form-start form-sent
        hello-added hello-newcomer hello-all channel-now channel-now-chosen channel-chosen channel-auto channel-unknown
        channel-off channel-not-yours whoami
        sync-begun sync-under-way sync-no-tracker sync-given-up sync-none sync-done
        checklist checklist-finished checklist-stopped remind-soon remind-today remind-overdue remind-overdue-of
        standing-active standing-finished standing-stopped team team-page team-end team-of-heads answered-in-private
        team-empty home-hello home-empty home-team home-tasks home-waiting also-waiting
        tasks tasks-page tasks-none tasks-usage
        hello talk-who talk-how talk-thanks talk-fine talk-bye talk-sorry talk-human talk-human-nobody looking
        no-answer no-answer-nobody question-passed question-passed-on
        inquiry-usage inquiry-unknown inquiry-no-answer inquiry-not-yours inquiry-thanks inquiry-answered-by
        inquiry-answered-by-you inquiry-nobody inquiry-over inquiry-expired inquiry-expired-nobody
        inquiry-passed inquiry-declined inquiries inquiries-none inquiries-too-many
        preview preview-private preview-changed preview-cancelled preview-over preview-empty form-preview rephrase-usage
        inquiries-too-many-private question-private inquiry-nobody-private inquiry-expired-private
        inquiry-expired-private-nobody inquiry-declined-private private-offer private-offer-nobody private-nobody
        faq faq-cut faq-none faq-none-of faq-shown faq-published faq-changed faq-withdraw faq-withdrawn faq-gone
        faq-of-hr faq-usage faq-usage-answer faq-usage-edit faq-no-question faq-no-answer faq-too-long
        faq-too-many-ways faq-hidden faq-duplicate faq-full
        draft draft-wrong draft-dismissed draft-published-by draft-published-by-you draft-dismissed-by
        draft-dismissed-by-you draft-thanks draft-over drafts drafts-page drafts-none form-inquiry form-faq
        unanswered unanswered-page unanswered-none unanswered-shown unanswered-dismissed unanswered-gone
        feedback-usage feedback-thanks feedback-passed-on feedback-nobody
        maybe no-answer-topic no-answer-contact not-helpful not-helpful-topic not-helpful-contact not-helpful-nobody
        rated-thanks rating-over answer-gone search-usage search-found search-nothing answers-state
        answers-usage answers-no-wiki answers-reindexing answers-reindexing-already
        help verb-misspelt not-allowed not-your-person person-unknown person-ambiguous person-outside scenario-unknown
        date-unknown date-too-far outdated one-moment one-moment-person stranger too-many-waiting apology
        person-left stranger-left stranger-moved
        acts-too-many acts-too-many-unknown text-too-long
        alert-dead alert-unauthorized alert-twins alert-foreign-issue alert-unassigned alert-left-out alert-not-taken
        alert-invisible
        slack-form-failed teams-taken teams-unavailable
        crawl-done crawl-progress crawl-given-up alert-pages-invisible
        left-hr left-to-you alert-people-refused alert-people-wrong waited-together
    """,
    "name": """
        fact-steps fact-open-now fact-opens fact-first-due fact-informed fact-sought fact-unreached fact-to-inform
        fact-unfinished fact-closing fact-staying fact-reminders
        fact-start fact-manager fact-due fact-priority fact-executor fact-now fact-overdue fact-source fact-question
        fact-contact fact-employee fact-reason fact-issue fact-closed fact-email fact-language fact-zone fact-department
        fact-role fact-onboarding fact-account fact-told fact-answered-by fact-handed-over fact-waited
        fact-to fact-from usage-rephrase
        fact-rated fact-composed fact-crawled fact-unread fact-pages fact-entries fact-votes fact-unanswered fact-drafts
        usage-search usage-answers usage-tasks
        usage-status usage-team usage-done usage-ask usage-feedback usage-start usage-stop usage-task usage-change
        usage-reopen usage-skip usage-channel usage-whoami usage-sync usage-reply usage-faq usage-withdraw
    """,
    "value": """
        help-rephrase
        help-search help-answers rated-helpful rated-not-helpful composed wiki-none crawled-never crawl-under-way
        help-tasks waited-since pages-count entries-count drafts-count votes-count questions-count
        help-status help-team help-done help-ask help-feedback help-start help-stop help-task help-change help-reopen
        help-skip help-channel help-whoami help-sync help-reply help-faq help-withdraw
        plan-steps plan-opens plan-due sought unreached stop-steps keys-cut reminders-end reminders-none
        told-newcomer told-newcomer-later told-this together
        steps-count whoami-zone whoami-left whoami-told whoami-told-chosen language-ru language-en role-employee
        role-manager role-hr role-admin priority-highest priority-high priority-medium priority-low priority-lowest
        handed-over handed-over-nothing drift-line drift-gone drift-adopted channel-slack channel-teams channel-web
        refusal-project-unknown refusal-type-unknown refusal-priority-unknown refusal-user-unknown
        refusal-field-unknown refusal-invalid refusal-forbidden refusal-person-gone refusal-person-unreachable
        refusal-uncertain refusal-not-found refusal-gave-up refusal-other
    """,
    "button": """
        button-helpful button-not-helpful button-none-of-these button-show button-unanswered
        button-drafts button-reindex button-more
        button-done button-progress button-status button-remake button-reopen button-skip button-help
        button-tasks
        button-stop-surely button-stop-cancel
        button-ask-person button-ask-again button-drift button-channel-auto button-channel-slack button-channel-teams
        button-channel-web button-inquiry-answer button-inquiry-pass button-open button-edit button-faq-new
        button-faq-withdraw button-draft-publish button-draft-dismiss button-unanswered-write
        button-unanswered-dismiss button-from-start
        button-ask-hr button-send button-preview-edit button-preview-cancel
    """,
    "choice": "button-stop-which",
    "note": """
        note-due note-opens note-after note-manager note-colleague note-underway note-to-approve note-approved
        team-line team-line-stopped inquiry-note draft-note unanswered-note unread-note
        note-handed-over note-handed-over-to note-and-due note-of note-of-due note-check note-check-of
        waited-note
    """,
    "title": "step-numbered what-to-do tasks-drafts",
    "link": "source source-cited link-open",
    "prompt": "prompt-others prompt-preview",
    "form": """
        form-task-submit form-start-submit field-person field-scenario field-date field-task-person field-task-title
        field-task-priority field-task-due field-task-executor hint-task-executor
        form-preview-submit field-preview-text
        form-inquiry-submit field-inquiry-answer form-faq-submit field-faq-question-ru field-faq-answer-ru
        field-faq-question-en field-faq-answer-en field-faq-also hint-faq-also
    """,
}
INSIDE: dict[tuple[str, str], str] = {
    ("channel-now", "channel"): "channel-none",
    ("private-offer", "care"): "private-care",
    ("unread-note", "why"): "unread-too-much-markup unread-too-slow unread-no-text unread-broken",
    ("sync-under-way", "since"): "moment",
    ("waited-note", "then"): "waited-fact",
    ("alert-left-out", "field"): """
        field-status field-priority field-assignee field-due field-duedate field-labels field-parent field-description
        field-issue field-gone
    """,
    ("alert-not-taken", "reason"): """
        not-taken-no-transition not-taken-user-unknown not-taken-priority-unknown not-taken-field-unknown
        not-taken-forbidden not-taken-not-kept not-taken-other
    """,
    ("drift-line", "won"): "drift-tracker drift-onboarding",
    ("drift-line", "ours"): "drift-empty drift-stranger stage-new stage-underway stage-done",
}
ELSEWHERE = {
    "jira-duplicate": "a comment in Jira",
    "jira-unassigned": "a line of an issue in Jira",
    "faq-source": "where an answer comes from that was written in chat",
    "teams-field-missing": "beside an input of Teams",
    "teams-person-hint": "in an input of Teams",
}
PAGES = "web."  # files of the pages in the browser

ORDINARY = "Анна Смирнова"
HOSTILE = {
    "markdown": r"**жирный** _курсив_ `код` [банк](https://evil.example) ![x](https://evil.example/x.png) ~~x~~ \*",
    "more markdown": "\n# title\n- item\n1. item\n> quote\n| a | b |\n---",
    "mrkdwn": "<!channel> <@U0EVIL> @channel @here *bold* <https://evil.example|bank> &lt;b&gt;",
    "html": "<b>x</b><script>alert(1)</script><at>Boss</at> &amp; <a href='https://evil.example'>bank</a>\"",
    "right to left": "\u202egnp.exe\u202c مرحبا שלום",
    "emoji": "👩‍🚀🏳️‍🌈👍🏽" * 20,
    "computed": "{{DATE(2026-01-01T00:00:00Z)}} {{time(x)}} ${x} { $name } %1 {0}",
    "long": "слово " * 700,
    "one long word": "&" * 4000,
}
PLURALS = {"zero", "one", "two", "few", "many"}
COUNTS = (0, 1, 2, 5, 21)


class _Arguments(visitor.Visitor):
    """What a text takes: the values to choose from for what it selects by, nothing for what it shows."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[Arg, ...]] = {}

    def visit_SelectExpression(self, node: Any) -> None:  # noqa: N802
        keys = [variant.key.name for variant in node.variants if isinstance(variant.key, ast.Identifier)]
        counts = len(keys) < len(node.variants) or PLURALS & set(keys)
        self.found[node.selector.id.name] = COUNTS if counts else tuple(keys)
        self.generic_visit(node)

    def visit_VariableReference(self, node: Any) -> None:  # noqa: N802
        self.found.setdefault(node.id.name, ())


def texts(language: str) -> dict[str, dict[str, tuple[Arg, ...]]]:
    """Every text of a language that is not one of a page, with its arguments."""
    found = {}
    for path in sorted(FOLDER.glob("*.ftl")):
        if path.name.startswith(PAGES) or path.stem.rpartition(".")[2] != language:
            continue
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message):
                arguments = _Arguments()
                arguments.visit(entry)
                found[entry.id.name] = arguments.found
    return found


def catalogued() -> list[str]:
    return [*(key for keys in (*SAID.values(), *INSIDE.values()) for key in keys.split()), *ELSEWHERE]


def fillings(arguments: dict[str, tuple[Arg, ...]]) -> Iterator[tuple[str, dict[str, Arg]]]:
    """What a text is said with: every choice beside ordinary values, then hostile ones; each with its name."""
    for turn in range(max((len(choices) for choices in arguments.values()), default=0) or 1):
        yield f"ordinary {turn}", _filled(arguments, ORDINARY, turn)
    if not all(arguments.values()):
        for name, hostile in HOSTILE.items():
            yield name, _filled(arguments, hostile, -1)


def _filled(arguments: dict[str, tuple[Arg, ...]], shown: str, turn: int) -> dict[str, Arg]:
    return {name: choices[turn % len(choices)] if choices else shown for name, choices in arguments.items()}


def sayings(language: str) -> Iterator[tuple[str, Part, Phrase]]:
    """Every text in every filling: what it is called, the part of a message that it is, and the text."""
    known = texts(language)
    for part, keys in SAID.items():
        for key in keys.split():
            for name, filling in fillings(known[key]):
                yield f"{key}, {name}", part, Phrase(key, filling)
    for (outer, argument), keys in INSIDE.items():
        part = next(part for part, said in SAID.items() if outer in said.split())
        for key in keys.split():
            for name, filling in fillings(known[key]):
                around = _filled(known[outer], ORDINARY, -1)
                yield f"{key} in {outer}, {name}", part, Phrase(outer, {**around, argument: Phrase(key, filling)})


def message_with(part: Part, said: Phrase) -> Message:
    """A message that says the text as that part of it."""
    match part:
        case "text":
            return Message(said)
        case "name":
            return Message(ORDINARY, facts=(Fact(said, ORDINARY),))
        case "value":
            return Message(ORDINARY, facts=(Fact(ORDINARY, said),))
        case "button" | "choice":
            button = Button("done", "j step", said, "primary")
            return Message(ORDINARY, items=(Item("step", ORDINARY, "open", button=button),), buttons=(button,))
        case "note":
            items = (Item("one", ORDINARY, "waiting", note=said), Item("two", ORDINARY, "open", note=said, text="x"))
            return Message(ORDINARY, items=items)
        case "title":
            return Message(ORDINARY, items=(Item("one", said, "done"), Item("two", said, "overdue", text="x")))
        case "link":
            return Message(ORDINARY, links=(Link(said, "https://wiki.example/page"),))
        case "prompt":
            return Message(ORDINARY, buttons=(Button("done", "j step", ORDINARY),), prompt=said)
        case "form":
            return Message(ORDINARY, form=form_with(said))


def form_with(said: Phrase) -> Form:
    choice = Field("choice", said, "choice", value="a", options=(Option("a", said), Option("b", ORDINARY)))
    return Form(
        "start", said, said, (Field("person", said, "person"), choice, Field("date", ORDINARY, "date", hint=said))
    )
