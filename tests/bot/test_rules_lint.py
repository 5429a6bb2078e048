"""Warnings about rules that are valid and probably not meant so."""

import pytest

from bot.rules_file import parse_rules
from bot.rules_lint import lint_rules
from bot.scenario import Scenario
from bot.scenario_file import parse_scenario
from bot.yaml_file import parse_yaml

STEPS = "steps: [{id: a, title: {ru: А, en: A}, due: 1}, {id: free, title: {ru: Б, en: B}}]"
SCENARIOS: dict[str, Scenario] = {
    name: parse_scenario(f"id: {name}\ntitle: {{ru: С, en: S}}\n{STEPS.replace('id: a', f'id: {step}')}\n", "x")
    for name, step in (("one", "a"), ("two", "b"))
}


def warnings_of(*rules: str) -> list[tuple[str | None, str | None, str]]:
    text = "rules:\n" + "".join(f"  - {{{fields}, issue: {{summary: x}}}}\n" for fields in rules)
    found = lint_rules(parse_rules(text, "rules.yaml"), SCENARIOS, parse_yaml(text, "rules.yaml", "rules"))
    assert [warning.file for warning in found if not warning.line] == []
    return [(warning.step, warning.field, warning.code) for warning in found]


def overdue(conditions: str = "", rule_id: str = "r") -> str:
    return f"id: {rule_id}, event: step-overdue, when: {{days: 1{conditions}}}"


def test_sound_rules_have_no_warnings() -> None:
    assert warnings_of(overdue(", scenarios: [one], steps: [a]"), overdue(", steps: [a, b]", "other")) == []


@pytest.mark.parametrize(
    ("conditions", "field", "code"),
    [
        (", scenarios: [three]", "when.scenarios", "unknown-scenario"),
        (", scenarios: [three], steps: [a]", "when.scenarios", "unknown-scenario"),
        (", steps: [c]", "when.steps", "unknown-step"),
        (", scenarios: [two], steps: [a]", "when.steps", "unknown-step"),
        (", steps: [free]", "when.steps", "never-overdue"),
    ],
)
def test_what_is_not_meant_is_pointed_out(conditions: str, field: str, code: str) -> None:
    assert warnings_of(overdue(conditions)) == [("r", field, code)]


def test_urgency_of_a_ticket_that_nobody_hears_of_is_pointed_out() -> None:
    assert warnings_of(f"{overdue()}, urgent: true") == []
    assert warnings_of("id: r, event: feedback-negative, urgent: true") == [("r", "urgent", "no-effect")]


def test_a_rule_that_repeats_an_earlier_one_is_named_once() -> None:
    rules = [f"id: {rule_id}, event: feedback-negative" for rule_id in "abc"]
    assert warnings_of(*rules) == [("b", None, "same-rule"), ("c", None, "same-rule")]
