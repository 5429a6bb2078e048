"""Rules: which events make a ticket, and which ticket. Matching only: who acts on a match makes each ticket once.

How rules look in a file, and what is wrong with one, is in `rules_file.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

from bot.scenario import IssueTemplate
from bot.words import stems

RuleEvent = Literal["step-overdue", "integration-failed", "question-unanswered", "feedback-negative"]

# What a rule of each event may ask for, and what the texts of its issue may hold.
CONDITIONS: Mapping[RuleEvent, tuple[str, ...]] = MappingProxyType(
    {
        "step-overdue": ("days", "scenarios", "steps", "departments"),
        "integration-failed": ("integrations",),
        "question-unanswered": ("departments", "words"),
        "feedback-negative": ("departments", "words"),
    }
)
PLACEHOLDERS: Mapping[RuleEvent, tuple[str, ...]] = MappingProxyType(
    {
        "step-overdue": ("name", "department", "manager", "scenario", "step", "date", "days"),
        "integration-failed": ("integration", "reason", "date"),
        "question-unanswered": ("question", "name", "department", "date"),
        "feedback-negative": ("feedback", "name", "department", "date"),
    }
)


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a rule holds: every condition that is given must. An empty one asks for nothing.

    `days` counts working days after the due date; only a rule for overdue steps has it, and each of them does.
    Departments and integrations are compared without case; of `words` one is enough, in any of its forms.
    """

    days: int | None = None
    scenarios: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    integrations: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event and the issue it makes. Of the issue's keys those about a step (`on`) mean nothing here.

    `issue.assignee` is "manager" (of the person concerned) or an e-mail; its texts hold `PLACEHOLDERS[event]`.
    `urgent`: that there is a ticket is said at once, at any hour.
    """

    id: str
    event: RuleEvent
    urgent: bool = False
    when: Condition = Condition()
    issue: IssueTemplate


class Rules(msgspec.Struct, frozen=True):
    """All rules, in the order of the file. Several may hold for one event: each makes its own ticket."""

    rules: tuple[Rule, ...] = ()

    @property
    def version(self) -> str:
        """The hash of the content, 16 hexadecimal digits: it changes with the content and with nothing else."""
        content = msgspec.json.encode(self.rules, order="sorted")
        return hashlib.sha256(content).hexdigest()[:16]

    def rule(self, rule_id: str) -> Rule | None:
        """The rule of that id, if there is one."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    def overdue(self, scenario_id: str, step_id: str, department: str) -> tuple[Rule, ...]:
        """The rules for this step being late. The caller looks at `when.days`: when each of them holds."""
        return tuple(
            rule
            for rule in self._of("step-overdue")
            if (not rule.when.scenarios or scenario_id in rule.when.scenarios)
            and (not rule.when.steps or step_id in rule.when.steps)
            and _among(department, rule.when.departments)
        )

    def failed(self, integration: str) -> tuple[Rule, ...]:
        """The rules for an integration that does not work."""
        return tuple(rule for rule in self._of("integration-failed") if _among(integration, rule.when.integrations))

    def unanswered(self, question: str, department: str) -> tuple[Rule, ...]:
        """The rules for a question that found no answer, asked by somebody of that department."""
        return self._said("question-unanswered", question, department)

    def negative(self, feedback: str, department: str) -> tuple[Rule, ...]:
        """The rules for a negative feedback. Whether it is negative is not looked at: `tone.is_negative` knows."""
        return self._said("feedback-negative", feedback, department)

    def _of(self, event: RuleEvent) -> Iterator[Rule]:
        return (rule for rule in self.rules if rule.event == event)

    def _said(self, event: RuleEvent, text: str, department: str) -> tuple[Rule, ...]:
        said = frozenset(stems(text))
        return tuple(
            rule
            for rule in self._of(event)
            if _among(department, rule.when.departments) and _says(said, rule.when.words)
        )


def _among(name: str, names: tuple[str, ...]) -> bool:
    return not names or name.strip().casefold() in {one.casefold() for one in names}


def _says(said: frozenset[str], wanted: tuple[str, ...]) -> bool:
    """Whether one of the wanted is there; one of several words is there when all of them are."""
    return not wanted or any(said.issuperset(stems(one)) for one in wanted)
