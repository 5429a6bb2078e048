"""What is allowed in the rules and probably not meant, once the scenarios are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from bot.problem import Problem
from bot.rules import Rule, Rules
from bot.scenario import Scenario, Step
from bot.yaml_file import YamlFile

# (field, code, details)
Finding = tuple[str | None, str, str]


def lint_rules(rules: Rules, scenarios: Mapping[str, Scenario], read: YamlFile) -> list[Problem]:
    """Warnings about valid rules, in their order, with the lines of the file that they were read from."""
    warnings = []
    for index, rule in enumerate(rules.rules):
        found = [
            *_unknown_scenarios(rule, scenarios),
            *_steps(rule, scenarios),
            *_same(rule, rules.rules[:index]),
            *_needless_urgency(rule),
        ]
        warnings += [read.finding(rule.id, field, code, details) for field, code, details in found]
    return warnings


def _unknown_scenarios(rule: Rule, scenarios: Mapping[str, Scenario]) -> Iterator[Finding]:
    for name in rule.when.scenarios:
        if name not in scenarios:
            yield "when.scenarios", "unknown-scenario", f"names {name}, which is no scenario"


def _steps(rule: Rule, scenarios: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Steps that are in none of the scenarios the rule is about, or never too late in any of them."""
    about = [one for one in scenarios.values() if not rule.when.scenarios or one.id in rule.when.scenarios]
    for name in rule.when.steps:
        meant = _meant(name, about)
        if not meant and (about or not scenarios):
            yield "when.steps", "unknown-step", f"names {name}, which is no step of {_shown(about)}"
        elif meant and all(step.due is None for step in meant):
            yield "when.steps", "never-overdue", f"waits for {name} to be late, which has no due"


def _needless_urgency(rule: Rule) -> Iterator[Finding]:
    """Of other tickets no manager hears: whoever has them sees them in the tracker."""
    if rule.urgent and rule.event != "step-overdue":
        yield "urgent", "no-effect", f"has no effect: of a ticket about {rule.event} nobody gets a message"


def _meant(name: str, about: list[Scenario]) -> list[Step]:
    return [step for scenario in about if (step := scenario.step(name))]


def _shown(about: list[Scenario]) -> str:
    return " or ".join(scenario.id for scenario in about) or "any scenario"


def _same(rule: Rule, earlier: tuple[Rule, ...]) -> Iterator[Finding]:
    for other in earlier:
        if msgspec.structs.replace(other, id=rule.id) == rule:
            yield None, "same-rule", f"says what {other.id} says: each event would make two tickets"
            return
