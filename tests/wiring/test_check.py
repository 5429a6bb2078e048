"""`lint`: the files that people write, all of them at once."""

from pathlib import Path

from wiring.check import lint_files

SCENARIO = "id: one\ntitle: {ru: О, en: O}\nsteps: [{id: a, title: {ru: А, en: A}}]\n"
RULE = "rules: [{id: r, event: step-overdue, when: {days: 1, steps: [b]}, issue: {summary: x}}]\n"


def company(directory: Path, rules: str, scenario: str = SCENARIO) -> Path:
    (directory / "faq").mkdir()
    (directory / "one.yaml").write_text(scenario, "utf-8")
    (directory / "rules.yaml").write_text(rules, "utf-8")
    return directory


def test_errors_of_scenarios_and_rules_are_reported_together(tmp_path: Path) -> None:
    found = lint_files(company(tmp_path, RULE.replace("days: 1", "days: 0"), SCENARIO.replace("id: a", "id: A b")))
    assert [(Path(problem.file).name, problem.code) for problem in found] == [
        ("one.yaml", "format"),
        ("rules.yaml", "range"),
    ]


def test_rules_are_held_against_the_scenarios(tmp_path: Path) -> None:
    (warning,) = lint_files(company(tmp_path, RULE))
    assert (warning.file, warning.step, warning.code) == ("rules.yaml", "r", "unknown-step")


def test_a_file_of_rules_is_no_scenario(tmp_path: Path) -> None:
    assert lint_files(company(tmp_path, RULE.replace("[b]", "[]"))) == []
