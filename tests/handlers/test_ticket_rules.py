"""Questions without an answer and complaints become tickets where a rule wants it, once for each cause."""

from functools import partial
from typing import Literal

import pytest
from msgspec.structs import replace

from bot.effects import Effect, FindAnswer, Lane, RaiseTicket
from bot.incoming import Place, Wrote
from bot.knowledge import Answer, Found
from bot.message import Local
from bot.ports import Claim
from bot.results import Answered
from bot.rules import Condition, Rule, Rules
from bot.scenario import IssueTemplate
from bot.tracker.tickets import raise_tickets
from bot.turn import Turn
from bot.work import Company, Work
from handlers.feedback import feedback
from handlers.questions import answered
from tests.bot.kit import ANNA, HELGA
from tests.bot.office import Office


def rule(event: Literal["question-unanswered", "feedback-negative"], text: str, **when: tuple[str, ...]) -> Rules:
    issue = IssueTemplate(summary=Local(text, text), language="en")
    return Rules((Rule(id="it", event=event, when=Condition(**when), issue=issue),))  # type: ignore[arg-type]


def company(office: Office, rules: Rules) -> Company:
    return replace(office.company, rules=rules)


def tickets(work: Work) -> list[RaiseTicket]:
    return [effect.act for effect in work.commit().effects if isinstance(effect.act, RaiseTicket)]


async def asks(office: Office, rules: Rules, question: str, answer: Answer | None = None) -> Work:
    """Anna's question has been looked up."""
    act = FindAnswer("e1", question, ANNA.id, Place("chat", "ANNA"))
    effect = Effect(id="e1:find", lane=Lane("answers", "chat:ANNA"), act=act)
    claim = Claim(
        destination="answers",
        lane="chat:ANNA",
        token="1",
        attempts=0,
        doubt=False,
        doubt_age=0,
        doubt_over=0,
        effect=effect,
    )
    work = Work(company(office, rules), office.clock())
    await answered(work, claim, Answered(Found(band="answer" if answer else "unknown", language="en", best=answer)))
    return work


async def complains(office: Office, rules: Rules, text: str) -> Turn:
    incoming = office.incoming(ANNA, Wrote(f"feedback {text}"))
    turn = Turn(company(office, rules), office.clock(), incoming, ANNA)
    turn.text = text
    await feedback(turn)
    return turn


UNANSWERED = rule("question-unanswered", "{name}: {question}", departments=("platform",))


async def test_a_question_without_an_answer_becomes_a_ticket(office: Office) -> None:
    (ticket,) = tickets(await asks(office, UNANSWERED, "Where is the printer?"))
    assert ticket.draft.summary == "Anna Smirnova: Where is the printer?"


async def test_the_same_question_is_one_ticket_however_it_is_put(office: Office) -> None:
    causes = {
        tickets(await asks(office, UNANSWERED, question))[0].cause
        for question in ("Where is the printer?", "the printers, where are they", "PRINTER?")
    }
    assert len(causes) == 1
    (other,) = tickets(await asks(office, UNANSWERED, "Where is the canteen?"))
    assert other.cause not in causes
    assert len(other.cause) == 16


async def test_a_question_with_an_answer_or_of_another_department_makes_none(office: Office) -> None:
    found = Answer(id="here", label="Printers", text="Here.", source="IT")
    assert tickets(await asks(office, UNANSWERED, "Where is the printer?", found)) == []
    others = rule("question-unanswered", "{question}", departments=("Sales",))
    assert tickets(await asks(office, others, "Where is the printer?")) == []


@pytest.mark.parametrize(("assignee", "language"), [(HELGA.email, "en"), ("manager", "ru"), (None, "ru")])
async def test_a_ticket_is_in_the_language_of_whoever_it_is_for(
    office: Office, assignee: str | None, language: str
) -> None:
    """Of an English newcomer, whose manager reads Russian and HR English."""
    issue = IssueTemplate(summary=Local(ru="Нет ответа: {question}", en="No answer: {question}"), assignee=assignee)
    rules = Rules((Rule(id="it", event="question-unanswered", issue=issue),))
    (ticket,) = tickets(await asks(office, rules, "Where is the printer?"))
    assert ticket.draft.summary.startswith("No answer" if language == "en" else "Нет ответа")
    assert ticket.draft.language == language


NEGATIVE = rule("feedback-negative", "{feedback}")


@pytest.mark.parametrize(
    ("text", "count"), [("the laptop is broken and nobody helps, terrible", 1), ("a great week, thank you", 0)]
)
async def test_a_complaint_becomes_a_ticket_and_praise_does_not(office: Office, text: str, count: int) -> None:
    made = tickets(await complains(office, NEGATIVE, text))
    assert [one.draft.summary for one in made] == [text] * count


# --- integrations, by whoever finds out that one has failed

FAILED = Rules(
    (
        Rule(
            id="down",
            event="integration-failed",
            when=Condition(integrations=("Confluence",)),
            issue=IssueTemplate(
                summary=Local("{integration}: {reason}", "{integration}: {reason}"), language="en", due=1
            ),
        ),
    )
)


async def fails(office: Office, integration: str, cause: str, rules: Rules = FAILED, tracker: bool = True) -> Work:
    of = company(office, rules)
    work = Work(of if tracker else replace(of, tracker=None), office.clock())
    values = {"integration": integration, "reason": "no answer"}
    await raise_tickets(work, rules.failed(integration), cause, values)
    return work


async def test_an_integration_that_fails_becomes_a_ticket(office: Office) -> None:
    (ticket,) = tickets(await fails(office, "confluence", "confluence 2026-11-30"))
    assert ticket.draft.summary == "confluence: no answer"
    assert ticket.draft.due is not None
    assert tickets(await fails(office, "Outlook", "outlook 2026-11-30")) == []


async def test_an_integration_that_fails_again_makes_no_second_ticket(office: Office) -> None:
    for cause in ("monday", "monday", "tuesday"):
        await office.bot.runner.run("test", partial(failed_again, cause))
        await office.idle()
    assert [act.draft.summary for _, act in office.tracker.made] == ["confluence: no answer"] * 2


async def failed_again(cause: str, work: Work) -> None:
    values = {"integration": "confluence", "reason": "no answer"}
    await raise_tickets(work, FAILED.failed("confluence"), cause, values)


async def test_without_a_tracker_nothing_is_raised(office: Office) -> None:
    work = await fails(office, "confluence", "monday", tracker=False)
    assert tickets(work) == []
    assert work.commit().lookups == ()
    question = await asks_without_tracker(office)
    assert tickets(question) == []


async def asks_without_tracker(office: Office) -> Work:
    work = Work(replace(company(office, UNANSWERED), tracker=None), office.clock())
    await raise_tickets(work, UNANSWERED.unanswered("Where?", "platform"), "where", {"question": "Where?"}, ANNA)
    return work
