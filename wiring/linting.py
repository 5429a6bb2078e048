"""`lint`: are the files that people write in order?"""

from __future__ import annotations

from pathlib import Path

from bot.answers.synonyms import FILE as SYNONYMS
from bot.answers.synonyms import load_synonyms
from bot.contacts_file import load_contacts
from bot.faq_file import load_faq
from bot.problem import Problem, ProblemsError
from bot.rules import Rules
from bot.rules_file import load_rules
from bot.rules_lint import lint_rules
from bot.scenario import Scenario
from bot.scenario_file import load_scenarios
from bot.scenario_lint import lint


def lint_files(directory: Path) -> list[Problem]:
    """Errors of all files that people write; when there are none, what is allowed and probably not meant."""
    problems: list[Problem] = []
    scenarios: dict[str, Scenario] = {}
    rules = Rules()
    try:
        scenarios = load_scenarios(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        rules = load_rules(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_contacts(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_faq(directory / "faq")
    except ProblemsError as error:
        problems += error.problems
    try:
        load_synonyms(directory / SYNONYMS)
    except ProblemsError as error:
        problems += error.problems
    return problems or [
        *(problem for scenario in scenarios.values() for problem in lint(scenario)),
        *lint_rules(rules, scenarios),
    ]


def has_errors(directory: Path) -> bool:
    """Scenarios or rules that cannot be read."""
    try:
        load_scenarios(directory)
        load_rules(directory)
    except ProblemsError:
        return True
    return False
