"""`lint`: are the files that people write in order?"""

from __future__ import annotations

from pathlib import Path

from bot.answers.synonyms import FILE as SYNONYMS
from bot.answers.synonyms import load_synonyms
from bot.contacts_file import load_contacts
from bot.faq_file import load_faq
from bot.faq_lint import lint_faq
from bot.problem import Problem, ProblemsError
from bot.rules import Rules
from bot.rules_file import load_rules, rules_with_file
from bot.rules_lint import lint_rules
from bot.scenario import Scenario
from bot.scenario_file import load_scenarios, scenarios_with_files
from bot.scenario_lint import lint
from bot.sensitive_file import load_sensitive
from bot.yaml_file import YamlFile, read_directory
from wiring.sensitive_topics import SHIPPED


def lint_files(directory: Path) -> list[Problem]:
    """Errors of all files that people write; when there are none, what is allowed and probably not meant."""
    faq = directory / "faq"
    problems: list[Problem] = []
    scenarios: dict[str, tuple[Scenario, YamlFile]] = {}
    rules, rules_file = Rules(), None
    try:
        scenarios = scenarios_with_files(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        rules, rules_file = rules_with_file(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_contacts(directory)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_sensitive(directory, SHIPPED)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_faq(faq)
    except ProblemsError as error:
        problems += error.problems
    try:
        load_synonyms(directory / SYNONYMS)
    except ProblemsError as error:
        problems += error.problems
    if problems:
        return problems
    known = {one: scenario for one, (scenario, _) in scenarios.items()}
    return [
        *(problem for scenario, read in scenarios.values() for problem in lint(scenario, read)),
        *(() if rules_file is None else lint_rules(rules, known, rules_file)),
        *lint_faq(read_directory(faq, "entries")),
    ]


def has_errors(directory: Path) -> bool:
    """Scenarios or rules that cannot be read."""
    try:
        load_scenarios(directory)
        load_rules(directory)
    except ProblemsError:
        return True
    return False
