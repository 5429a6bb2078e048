"""Scenario files: what is read from them, and what is said about those that cannot be read."""

from pathlib import Path
from typing import Any

import pytest

from bot.file_shape import json_schema
from bot.message import Local
from bot.problem import Problem, ScenarioError
from bot.scenario import Link
from bot.scenario_file import ScenarioShape, load_scenarios, parse_scenario

HEAD = """\
id: newcomer
title: {ru: "Первые дни", en: "First days"}
steps:
"""

FULL = (
    HEAD
    + """\
  - id: read-docs
    title: {ru: "Изучение документации", en: "Reading the documentation"}
    text:
      ru: |
        Прочитайте https://docs.example.com/ru
      en: Read https://docs.example.com/en
    links:
      - {title: {ru: "Справочник", en: "Handbook"}, url: "https://docs.example.com"}
    day: 0
    due: 2
    remind: [1, -1, 0]
    escalate: 2
    late: send
    jira:
      on: done
      project: ONB
      type: Task
      summary: "Завершение этапа: {step}"
      description: {ru: "Сотрудник {name}", en: "Employee {name}"}
      priority: Medium
      due: 3
      labels: [onboarding]
      assignee: boss@example.com
      language: en
  - id: meet
    title: {ru: "Встреча", en: "Meeting"}
    who: manager
    day: -1
    after: [read-docs]
"""
)


def step(fields: str) -> str:
    """A scenario of one step with these fields besides its id and title."""
    return HEAD + '  - id: a\n    title: {ru: "А", en: "A"}\n' + "".join(f"    {line}\n" for line in fields.split("\n"))


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        parse_scenario(text, "newcomer.yaml")
    return raised.value.problems


def codes_of(text: str) -> set[tuple[str | None, str]]:
    return {(problem.field, problem.code) for problem in problems_of(text)}


def test_every_key_arrives() -> None:
    scenario = parse_scenario(FULL, "newcomer.yaml")
    read, meet = scenario.steps
    assert (scenario.id, scenario.title) == ("newcomer", Local(ru="Первые дни", en="First days"))
    assert read.text == Local(ru="Прочитайте https://docs.example.com/ru", en="Read https://docs.example.com/en")
    assert read.links == (Link(Local(ru="Справочник", en="Handbook"), "https://docs.example.com"),)
    assert (read.who, read.day, read.due, read.remind) == ("newcomer", 0, 2, (-1, 0, 1))
    assert (read.escalate, read.late, read.after) == (2, "send", ())
    assert (meet.who, meet.day, meet.after, meet.late, meet.jira) == ("manager", -1, ("read-docs",), "digest", None)


def test_the_issue_arrives() -> None:
    jira = parse_scenario(FULL, "newcomer.yaml").steps[0].jira
    assert jira
    assert jira.summary == Local(ru="Завершение этапа: {step}", en="Завершение этапа: {step}")
    assert jira.description == Local(ru="Сотрудник {name}", en="Employee {name}")
    assert (jira.on, jira.project, jira.type, jira.priority) == ("done", "ONB", "Task", "Medium")
    assert (jira.due, jira.labels, jira.assignee, jira.language) == (3, ("onboarding",), "boss@example.com", "en")


def test_a_reformatted_file_is_the_same_version() -> None:
    reformatted = (
        "# a comment\n" + FULL.replace("remind: [1, -1, 0]", "remind:\n      - 0\n      - 1\n      - -1")
    ).replace("      on: done\n", "")
    assert parse_scenario(reformatted, "x").version == parse_scenario(FULL, "x").version
    assert parse_scenario(FULL.replace("due: 2", "due: 3"), "x").version != parse_scenario(FULL, "x").version


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ("titel: x", "titel", "unknown-key"),
        ("jira: {summary: x, sumary: y}", "jira.sumary", "unknown-key"),
        ("text: {ru: да}", "text.en", "missing"),
        ("text: {ru: да, en: ''}", "text.en", "empty"),
        ("text: да", "text", "type"),
        ('text: {ru: да, en: "yes\\u202eno"}', "text.en", "hidden-character"),
        ("day: '1'", "day", "type"),
        ("day: true", "day", "type"),
        ("day: 1000", "day", "range"),
        ("due: -1", "due", "range"),
        ("remind: [0]", "remind", "needs-due"),
        ("escalate: 1", "escalate", "needs-due"),
        ("due: 1\nremind: [0, 0]", "remind", "repeated"),
        ("due: 1\nremind: [tomorrow]", "remind.0", "type"),
        ("due: 1\nremind: 0", "remind", "type"),
        ("who: boss", "who", "value"),
        ("late: never", "late", "value"),
        ("after: [b]", "after", "unknown-step"),
        ("after: [a]", "after", "circle"),
        ("links: [{title: {ru: х, en: x}, url: 'http://example.com'}]", "links.0.url", "url"),
        ("links: [{title: {ru: х, en: x}, url: 'javascript:alert(1)'}]", "links.0.url", "url"),
        ("links: [{title: {ru: х, en: x}, url: 'https://a@b.example'}]", "links.0.url", "url"),
        ("links: [{title: {ru: х, en: x}, url: 'https://['}]", "links.0.url", "url"),
        ("jira: {summary: '{nam}'}", "jira.summary", "placeholder"),
        ("jira: {summary: x, description: {ru: '{code}', en: x}}", "jira.description.ru", "placeholder"),
        ("jira: {summary: x, assignee: bob}", "jira.assignee", "assignee"),
        ("jira: {summary: x, project: onb}", "jira.project", "format"),
        ("jira: {summary: x, labels: [a b]}", "jira.labels.0", "format"),
        ("jira: {summary: x, on: later}", "jira.on", "value"),
        ("jira: {on: done}", "jira.summary", "missing"),
        ("due: 1\ndue: 2", "due", "duplicate-key"),
    ],
)
def test_a_wrong_field_is_named(fields: str, field: str, code: str) -> None:
    assert codes_of(step(fields)) == {(field, code)}


def test_a_problem_says_where_it_is_and_what_would_do() -> None:
    (problem,) = problems_of(step("late: never"))
    assert problem == Problem(
        file="newcomer.yaml",
        line=6,
        step="a",
        field="late",
        code="value",
        details="is not an accepted value",
        allowed=("send", "skip", "digest"),
    )
    assert str(problem) == ("newcomer.yaml:6: a, late: is not an accepted value (allowed: send, skip, digest) [value]")


def test_a_misspelt_key_is_guessed() -> None:
    (problem,) = problems_of(step("remnd: [0]"))
    assert "did you mean remind?" in problem.details


def test_problems_of_every_kind_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = step("late: never\nday: x\nafter: [b]").replace("newcomer", "New Comer")
    found = problems_of(text)
    assert [problem.code for problem in found] == ["format", "value", "type", "unknown-step"]
    assert [problem.line for problem in found] == [1, 6, 7, 8]


def test_steps_of_the_same_id_are_refused() -> None:
    assert codes_of(FULL.replace("id: meet", "id: read-docs").replace("after: [read-docs]", "after: []")) == {
        ("id", "duplicate-id")
    }


def test_a_circle_is_shown() -> None:
    (problem,) = problems_of(FULL.replace("day: 0", "after: [meet]"))
    assert problem.code == "circle"
    assert "meet -> read-docs -> meet" in problem.details or "read-docs -> meet -> read-docs" in problem.details


def test_a_step_without_an_id_is_named_by_its_place() -> None:
    (problem,) = problems_of(HEAD + '  - title: {ru: "А", en: "A"}\n')
    assert (problem.step, problem.field, problem.code) == ("#1", "id", "missing")


def test_a_scenario_has_steps_and_not_more_than_sixty() -> None:
    assert codes_of(HEAD.replace("steps:", "steps: []")) == {("steps", "empty")}
    many = "".join(f"  - {{id: s{i}, title: {{ru: А, en: A}}}}\n" for i in range(61))
    assert codes_of(HEAD + many) == {("steps", "too-many")}


@pytest.mark.parametrize(("field", "length"), [("title", 121), ("text", 2001)])
def test_texts_have_a_limit(field: str, length: int) -> None:
    text = HEAD + "  - id: a\n    title: {ru: А, en: A}\n    text: {ru: А, en: A}\n"
    long = text.replace(f"    {field}: {{ru: А,", f"    {field}: {{ru: {'А' * length},")
    assert codes_of(long) == {(f"{field}.ru", "too-long")}


def test_control_characters_do_not_reach_the_terminal() -> None:
    (problem,) = problems_of(step('"\\e[31mred": 1'))
    assert "\x1b" not in str(problem)


def test_a_directory_is_read_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FULL, "utf-8")
    (tmp_path / "two.yml").write_text(FULL.replace("id: newcomer", "id: second"), "utf-8-sig")
    (tmp_path / "notes.txt").write_text("not a scenario", "utf-8")
    assert sorted(load_scenarios(tmp_path)) == ["newcomer", "second"]


def test_problems_of_all_files_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FULL, "utf-8")
    (tmp_path / "same.yaml").write_text(FULL, "utf-8")
    (tmp_path / "wrong.yaml").write_text(step("late: never"), "utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenarios(tmp_path)
    assert [problem.code for problem in raised.value.problems] == ["duplicate-id", "duplicate-id", "value"]


def test_an_id_of_two_scenarios_names_both_files_also_when_one_is_wrong_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FULL, "utf-8")
    (tmp_path / "two.yaml").write_text("# a copy\n" + FULL + "extra: 1\n", "utf-8")
    with pytest.raises(ScenarioError) as raised:
        load_scenarios(tmp_path)
    assert {problem.code for problem in raised.value.problems} == {"duplicate-id", "unknown-key"}
    (twice,) = (str(problem) for problem in raised.value.problems if problem.code == "duplicate-id")
    assert twice == f"{tmp_path}/two.yaml:2: id: is the id in {tmp_path}/one.yaml:1, too [duplicate-id]"


def test_a_directory_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenarios(tmp_path / "gone")


def test_the_schema_for_editors_knows_the_keys_and_takes_one_string_for_a_summary() -> None:
    schema: dict[str, Any] = json_schema(ScenarioShape)
    jira = schema["$defs"]["JiraShape"]["properties"]
    assert {"type": "string"} in jira["summary"]["anyOf"]
    assert schema["$defs"]["StepShape"]["additionalProperties"] is False
    assert schema["required"] == ["id", "title", "steps"]


def test_a_title_is_one_line() -> None:
    text = HEAD + '  - id: a\n    title: {ru: "А\\nБ", en: A}\n'
    assert codes_of(text) == {("title.ru", "line-break")}
