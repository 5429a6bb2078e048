"""The file of rules: what is read from it, and what is said about one that cannot be used."""

from pathlib import Path
from typing import Any

import pytest

from bot.file_shape import json_schema
from bot.message import Local
from bot.problem import Problem, ScenarioError
from bot.rules import CONDITIONS, PLACEHOLDERS, Condition, Rules
from bot.rules_file import RulesShape, load_rules, parse_rules

FULL = """\
rules:
  - id: late-paperwork
    event: step-overdue
    when:
      days: 3
      scenarios: [newcomer]
      steps: [paperwork]
      departments: [Разработка]
    issue:
      project: ONB
      type: Bug
      summary: "Не готово: {step}, {days}"
      description: {ru: "{name}, {manager}", en: "{scenario}, {department}, {date}"}
      priority: High
      due: 1
      labels: [onboarding]
      assignee: manager
      language: en
  - id: down
    event: integration-failed
    when: {integrations: [slack]}
    issue: {summary: "{integration}: {reason}, {date}", assignee: it@example.com}
  - id: asked
    event: question-unanswered
    when: {words: [отпуск, vacation]}
    issue: {summary: "{question}, {name}, {department}, {date}"}
  - id: unhappy
    event: feedback-negative
    issue: {summary: "{feedback}, {name}, {department}, {date}"}
"""


def rule(event: str, when: str = "{}", issue: str = "{summary: x}") -> str:
    return f"rules:\n  - id: a\n    event: {event}\n    when: {when}\n    issue: {issue}\n"


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        parse_rules(text, "rules.yaml")
    return raised.value.problems


def codes_of(text: str) -> set[tuple[str | None, str]]:
    return {(problem.field, problem.code) for problem in problems_of(text)}


def test_every_key_arrives() -> None:
    late, down, asked, unhappy = parse_rules(FULL, "rules.yaml").rules
    assert (late.id, late.event) == ("late-paperwork", "step-overdue")
    assert late.when == Condition(days=3, scenarios=("newcomer",), steps=("paperwork",), departments=("Разработка",))
    assert late.issue.summary == Local(ru="Не готово: {step}, {days}", en="Не готово: {step}, {days}")
    assert late.issue.description == Local(ru="{name}, {manager}", en="{scenario}, {department}, {date}")
    assert (late.issue.project, late.issue.type, late.issue.priority) == ("ONB", "Bug", "High")
    assert (late.issue.due, late.issue.labels, late.issue.language) == (1, ("onboarding",), "en")
    assert (late.issue.assignee, down.issue.assignee) == ("manager", "it@example.com")
    assert down.when.integrations == ("slack",)
    assert asked.when.words == ("отпуск", "vacation")
    assert unhappy.when == Condition()


def test_a_reformatted_file_is_the_same_version() -> None:
    reformatted = "# a comment\n" + FULL.replace(
        "      labels: [onboarding]\n", "      labels:\n        - onboarding\n"
    )
    assert parse_rules(reformatted, "x").version == parse_rules(FULL, "x").version
    assert parse_rules(FULL.replace("days: 3", "days: 4"), "x").version != parse_rules(FULL, "x").version


@pytest.mark.parametrize(
    ("text", "field", "code"),
    [
        (rule("step-late"), "event", "value"),
        (rule("step-overdue"), "when.days", "missing"),
        (rule("step-overdue", "{days: null}"), "when.days", "missing"),
        (rule("step-overdue", "{days: 0}"), "when.days", "range"),
        (rule("step-overdue", "{days: 261}"), "when.days", "range"),
        (rule("step-overdue", "{days: '3'}"), "when.days", "type"),
        (rule("step-overdue", "{days: 3, words: [x]}"), "when.words", "condition"),
        (rule("step-overdue", "{days: 3, integrations: [x]}"), "when.integrations", "condition"),
        (rule("step-overdue", "{days: 3, steps: [a, a]}"), "when.steps", "repeated"),
        (rule("step-overdue", "{days: 3, steps: [A b]}"), "when.steps.0", "format"),
        (rule("step-overdue", "{days: 3, stpes: [a]}"), "when.stpes", "unknown-key"),
        (rule("step-overdue", "[days]"), "when.days", "missing"),
        (rule("integration-failed", "{departments: [x]}"), "when.departments", "condition"),
        (rule("integration-failed", "{integrations: [slack, slack]}"), "when.integrations", "repeated"),
        (rule("integration-failed", issue="{summary: x, assignee: manager}"), "issue.assignee", "assignee"),
        (rule("integration-failed", issue="{summary: '{name}'}"), "issue.summary", "placeholder"),
        (rule("question-unanswered", "{days: 3}"), "when.days", "condition"),
        (rule("question-unanswered", "{steps: [a]}"), "when.steps", "condition"),
        (rule("question-unanswered", "{words: ['']}"), "when.words.0", "empty"),
        (rule("question-unanswered", "{words: [как же]}"), "when.words.0", "word"),
        (rule("question-unanswered", issue="{summary: '{feedback}'}"), "issue.summary", "placeholder"),
        (rule("feedback-negative", issue="{summary: '{question}'}"), "issue.summary", "placeholder"),
        (rule("feedback-negative", issue="{summary: {ru: х, en: '{who}'}}"), "issue.summary.en", "placeholder"),
        (rule("feedback-negative", issue="{summary: x, description: '{step}'}"), "issue.description", "placeholder"),
        (rule("feedback-negative", issue="{summary: x, assignee: newcomer}"), "issue.assignee", "assignee"),
        (rule("feedback-negative", issue="{summary: x, assignee: bob}"), "issue.assignee", "assignee"),
        (rule("feedback-negative", issue="{summary: x, on: done}"), "issue.on", "unknown-key"),
        (rule("feedback-negative", issue="{summary: x, project: onb}"), "issue.project", "format"),
        (rule("feedback-negative", issue="{summary: {ru: х}}"), "issue.summary.en", "missing"),
        (rule("feedback-negative", issue='{summary: "a\\nb"}'), "issue.summary", "line-break"),
        (rule("feedback-negative", issue="{}"), "issue.summary", "missing"),
        (rule("feedback-negative", issue="ticket"), "issue", "type"),
        (FULL.replace("id: down", "id: asked"), "id", "duplicate-id"),
    ],
)
def test_a_wrong_field_is_named(text: str, field: str, code: str) -> None:
    assert (field, code) in codes_of(text)


def test_a_problem_says_where_it_is_and_what_would_do() -> None:
    (problem,) = problems_of(rule("step-overdue", "{days: 3, words: [x]}"))
    assert problem == Problem(
        file="rules.yaml",
        line=4,
        step="a",
        field="when.words",
        code="condition",
        details="does not fit step-overdue",
        allowed=CONDITIONS["step-overdue"],
    )


def test_an_unknown_placeholder_names_those_of_the_event() -> None:
    (problem,) = problems_of(rule("integration-failed", issue="{summary: '{step} {step}'}"))
    assert problem.allowed == tuple(f"{{{name}}}" for name in PLACEHOLDERS["integration-failed"])
    assert "unknown to integration-failed" in str(problem)


def test_problems_of_every_kind_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = rule("step-overdue", "{words: [x]}", "{summary: '{nam}', assignee: newcomer, due: -1}")
    found = problems_of(text)
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    assert {problem.code for problem in found} == {"condition", "missing", "placeholder", "assignee", "range"}


def test_a_company_may_want_no_tickets_and_not_more_than_a_hundred_rules() -> None:
    assert parse_rules("rules: []\n", "rules.yaml") == Rules()
    many = "".join(f"  - {{id: r{i}, event: feedback-negative, issue: {{summary: x}}}}\n" for i in range(101))
    assert codes_of("rules:\n" + many) == {("rules", "too-many")}


@pytest.mark.parametrize("text", ["", "[]", "rules: x", "rules: [x]", "rulez: []", "rules: {a: b}", "rules: *a"])
def test_whatever_stands_there_is_a_problem_and_no_crash(text: str) -> None:
    assert problems_of(text)


def test_rules_stand_beside_the_scenarios_or_nowhere(tmp_path: Path) -> None:
    assert load_rules(tmp_path) == load_rules(tmp_path / "gone") == Rules()
    (tmp_path / "rules.yml").write_text(FULL, "utf-8")
    assert load_rules(tmp_path) == parse_rules(FULL, "x")
    (tmp_path / "rules.yaml").write_text(FULL, "utf-8")
    with pytest.raises(ScenarioError, match="two-files"):
        load_rules(tmp_path)


def test_the_schema_for_editors_knows_the_keys_and_takes_one_string_for_a_summary() -> None:
    schema: dict[str, Any] = json_schema(RulesShape)
    assert schema["required"] == ["rules"]
    assert schema["$defs"]["RuleShape"]["properties"]["event"]["enum"] == list(CONDITIONS)
    assert schema["$defs"]["WhenShape"]["additionalProperties"] is False
    assert {"type": "string"} in schema["$defs"]["IssueShape"]["properties"]["summary"]["anyOf"]
