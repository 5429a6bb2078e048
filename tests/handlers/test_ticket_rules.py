"""Questions without an answer and complaints become tickets where a rule wants it, once for each cause."""

from typing import Literal

import pytest
from msgspec.structs import replace

from bot.effects import Effect, FindAnswer, Lane, RaiseTicket
from bot.incoming import Place, Wrote
from bot.message import Local
from bot.ports import Claim
from bot.results import Answer, Answered
from bot.rules import Condition, Rule, Rules
from bot.scenario import IssueTemplate
from bot.turn import Turn
from bot.work import Company, Work
from handlers.feedback import feedback
from handlers.questions import answered
from tests.bot.kit import ANNA
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
    await answered(work, claim, Answered(answer))
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
    found = Answer("Here.", source="IT", url="")
    assert tickets(await asks(office, UNANSWERED, "Where is the printer?", found)) == []
    others = rule("question-unanswered", "{question}", departments=("Sales",))
    assert tickets(await asks(office, others, "Where is the printer?")) == []


NEGATIVE = rule("feedback-negative", "{feedback}")


@pytest.mark.parametrize(
    ("text", "count"), [("the laptop is broken and nobody helps, terrible", 1), ("a great week, thank you", 0)]
)
async def test_a_complaint_becomes_a_ticket_and_praise_does_not(office: Office, text: str, count: int) -> None:
    made = tickets(await complains(office, NEGATIVE, text))
    assert [one.draft.summary for one in made] == [text] * count
