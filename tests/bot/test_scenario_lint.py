"""Warnings about scenarios that are valid and probably not meant so."""

import pytest

from bot.problem import Problem
from bot.scenario_file import parse_scenario
from bot.scenario_lint import lint
from bot.yaml_file import parse_yaml


def linted(text: str) -> list[Problem]:
    return lint(parse_scenario(text, "s.yaml"), parse_yaml(text, "s.yaml", "steps"))


def warnings_of(*steps: str) -> list[tuple[str | None, str]]:
    text = "id: s\ntitle: {ru: С, en: S}\nsteps:\n" + "".join(f"  - {{{fields}}}\n" for fields in steps)
    return [(warning.step, warning.code) for warning in linted(text)]


A = "id: a, title: {ru: А, en: A}"
B = "id: b, title: {ru: Б, en: B}"
C = "id: c, title: {ru: В, en: C}"


def test_a_sound_scenario_has_no_warnings() -> None:
    assert warnings_of(f"{A}, due: 2, remind: [-1, 0], escalate: 2", f"{B}, day: 1, after: [a]") == []


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([f"{A}, day: 3", f"{B}, day: 1, after: [a]", C], ("b", "never-on-its-day")),
        ([f"{A}, day: 1"], (None, "empty-start")),
        ([f"{A}, due: 2"], ("a", "no-reminder")),
        ([f"{A}, due: 0, remind: [0]"], ("a", "early-reminder")),
        ([f"{A}, due: 2, remind: [-3]"], ("a", "early-reminder")),
        ([f"{A}, due: 2, remind: [3], escalate: 2"], ("a", "early-escalation")),
        ([f"{A}, due: 2, remind: [0], escalate: 2, who: manager"], ("a", "own-escalation")),
        ([f"{A}, late: send"], ("a", "no-effect")),
        ([A, f"{B}, after: [a]", f"{C}, after: [a, b]"], ("c", "needless-after")),
        (
            [f"{A}, day: -1, jira: {{summary: x, on: open, assignee: newcomer}}"],
            ("a", "not-here-yet"),
        ),
    ],
)
def test_what_is_not_meant_is_pointed_out(steps: list[str], expected: tuple[str | None, str]) -> None:
    assert warnings_of(*steps) == [expected]


def test_steps_of_the_same_title_are_both_named() -> None:
    twin = A.replace("id: a", "id: twin")
    assert warnings_of(A, twin) == [("a", "same-title"), ("twin", "same-title")]


def test_urgency_that_is_the_rule_and_not_the_exception_is_pointed_out() -> None:
    urgent = [f"{one}, urgent: true" for one in (A, B)]
    assert warnings_of(*urgent, C) == [(None, "much-urgent")]
    assert warnings_of(urgent[0], B, C) == []


def test_warnings_follow_the_order_of_the_steps() -> None:
    found = warnings_of(f"{A}, due: 2, late: skip", f"{B}, day: 1, due: 1")
    assert found == [("a", "no-reminder"), ("a", "no-effect"), ("b", "no-reminder")]


def test_every_finding_has_its_file_and_its_line() -> None:
    text = """\
id: s
title: {ru: С, en: S}
steps:
  - id: a
    title: {ru: А, en: A}
    due: 2
  - id: b
    title: {ru: А, en: A}
    day: -1
    late: send
    jira:
      summary: x
      on: open
      assignee: newcomer
"""
    found = [(problem.code, str(problem).partition(" ")[0]) for problem in linted(text)]
    assert found == [
        ("no-reminder", "s.yaml:6:"),
        ("same-title", "s.yaml:5:"),
        ("no-effect", "s.yaml:10:"),
        ("same-title", "s.yaml:8:"),
        ("not-here-yet", "s.yaml:14:"),
    ]
    late = text.replace("    day: -1\n", "    day: 1\n    after: [a]\n").replace("    due: 2", "    day: 3\n    due: 2")
    assert ("empty-start", "s.yaml:3:") in [(one.code, str(one).partition(" ")[0]) for one in linted(late)]
