"""`lint`: the files that people write, all of them at once; `check`: what is set up, and what is missing."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from sandbox.teams import APP_ID, TENANT_ID, Issuer, serve_issuer
from wiring.check import Finding, check_all, lint_files
from wiring.settings import AllSettings, Settings

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
    assert (Path(warning.file), warning.step, warning.code) == (tmp_path / "rules.yaml", "r", "unknown-step")
    assert warning.line > 0


def test_a_file_of_rules_is_no_scenario(tmp_path: Path) -> None:
    assert lint_files(company(tmp_path, RULE.replace("[b]", "[]"))) == []


def settings(store_url: str, teams: TeamsSettings, **main: Any) -> AllSettings:
    return AllSettings(
        main=Settings(redis_url=store_url, _env_file=None, **main),
        slack=SlackSettings(_env_file=None),
        teams=teams,
        jira=JiraSettings(_env_file=None),
        confluence=ConfluenceSettings(_env_file=None),
        llm=LlmSettings(_env_file=None),
    )


async def of_teams(asked: AllSettings) -> list[Finding]:
    return [one for one in await check_all(asked) if one.part == "teams"]


async def test_a_teams_that_is_off_is_told_with_what_it_needs(store_url: str) -> None:
    (found,) = await of_teams(settings(store_url, TeamsSettings(_env_file=None)))
    assert found.level == "off"
    assert "TEAMS_APP_ID" in found.code


async def test_a_teams_that_works_is_told_with_the_endpoint_to_enter(store_url: str) -> None:
    issuer = Issuer(APP_ID, "password", TENANT_ID)
    async with serve_issuer(issuer) as url:
        teams = TeamsSettings(
            app_id=APP_ID,
            app_password=SecretStr("password"),
            tenant_id=TENANT_ID,
            openid_metadata_url=issuer.metadata_url,
            login_url=url,
            _env_file=None,
        )
        (fine,) = await of_teams(settings(store_url, teams, public_url="https://bot.example.com"))
        (near,) = await of_teams(settings(store_url, teams))
    assert (fine.level, fine.detail) == ("fine", "messaging endpoint https://bot.example.com/api/messages")
    assert (near.level, near.code) == ("warning", "endpoint")


def test_an_error_in_the_contacts_is_named_beside_all_others(tmp_path: Path) -> None:
    directory = company(tmp_path, RULE.replace("days: 1", "days: 0"))
    (directory / "contacts.yaml").write_text("contacts:\n  - id: mail\n    email: nobody\n", encoding="utf-8")
    found = [(Path(one.file).name, one.field) for one in lint_files(directory)]
    assert ("rules.yaml", "when.days") in found
    assert ("contacts.yaml", "email") in found


async def test_what_is_let_through_in_the_open_is_warned_of_and_why_the_sandbox_is_off_is_told(store_url: str) -> None:
    asked = settings(store_url, TeamsSettings(_env_file=None), allow_http="slack.lan")
    open_one = SlackSettings(api_url="http://slack.lan/api/", _env_file=None)
    found = await check_all(AllSettings.model_validate({**dict(asked), "slack": open_one}))
    assert Finding("warning", "slack", "plain-http", "SLACK_API_URL sends secrets to slack.lan in the open") in found
    assert found[0].detail.startswith("The sandbox is off, because REDIS_URL is set.")
