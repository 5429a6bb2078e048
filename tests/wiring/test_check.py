"""`lint`: the files that people write, all of them at once; `check`: what is set up, and what is missing."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.jira.settings import JiraSettings
from adapters.llm.settings import LlmSettings
from adapters.slack.settings import SlackSettings
from adapters.teams.settings import TeamsSettings
from sandbox.teams import APP_ID, TENANT_ID, Issuer, serve_issuer
from wiring.check import check_all
from wiring.console import import_file
from wiring.finding import Finding
from wiring.linting import lint_files
from wiring.settings import AllSettings, Settings

KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
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


NOBODY = "http://0.0.0.0:9"  # refuses at once, and is no address of loopback by its looks
NO_TEAMS = TeamsSettings(_env_file=None)
PEOPLE = "people: [{email: irina@company.example, name: Ирина Смирнова, roles: [hr]}]\n"


def line(found: list[Finding], part: str, code: str) -> Finding:
    (one,) = [one for one in found if (one.part, one.code) == (part, code)]
    return one


async def test_the_sandbox_is_told_with_all_that_it_brings(tmp_path: Path) -> None:
    asked = AllSettings.model_validate(
        {**dict(settings("redis://127.0.0.1:1", NO_TEAMS)), "main": Settings(data_dir=tmp_path, _env_file=None)}
    )
    found = await check_all(asked)
    assert not [one for one in found if one.level == "problem"]
    assert line(found, "web", "chat").level == "fine"
    assert line(found, "jira", "stand-in").level == "fine"
    assert line(found, "confluence", "stand-in").level == "fine"
    (people,) = [one for one in found if one.part == "people"]
    assert people.level == "fine"
    assert "fictional company" in people.detail


@pytest.mark.parametrize(
    ("main", "why"),
    [
        ({"sandbox": "off"}, "SANDBOX=off"),
        ({"host": "0.0.0.0"}, "HOST is not an address of this machine"),
        ({"host": "192.168.0.7", "hr_emails": "irina@company.example"}, "HR_EMAILS is set and HOST is not an address"),
    ],
)
async def test_a_web_chat_that_is_off_names_what_has_turned_it_off(
    tmp_path: Path, main: dict[str, str], why: str
) -> None:
    real = settings("redis://127.0.0.1:1", NO_TEAMS)
    asked = AllSettings.model_validate({**dict(real), "main": Settings.model_validate({"data_dir": tmp_path, **main})})
    found = await check_all(asked)
    chat = line(found, "web", "chat")
    assert chat.level == "off"
    assert why in chat.detail
    assert "nobody can talk to the bot" in line(found, "channels", "none").detail


async def test_who_has_no_language_in_the_directory_is_counted_where_slack_tells_one(
    store_url: str, organisation: str, tmp_path: Path
) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        f"{PEOPLE[:-2]}, {{email: emma@company.example, name: Emma Clarke, locale: en}}]\n", encoding="utf-8"
    )
    asked = settings(store_url, NO_TEAMS, organisation=organisation, people_file=file)
    assert "no-locale" not in {one.code for one in await check_all(asked)}
    slack = SlackSettings(
        bot_token=SecretStr("xoxb-1"), signing_secret=SecretStr("s"), api_url="http://127.0.0.1:1/api/"
    )
    found = line(await check_all(asked.model_copy(update={"slack": slack})), "people", "no-locale")
    assert found.level == "warning"
    assert found.detail.startswith("1 of 2 have none")


async def test_without_a_directory_nobody_can_talk_and_that_is_a_problem(
    store_url: str, organisation: str, tmp_path: Path
) -> None:
    alone = await check_all(settings(store_url, NO_TEAMS, organisation=organisation))
    nobody = line(alone, "people", "nobody")
    assert nobody.level == "problem"
    assert "PEOPLE_FILE" in nobody.detail
    assert "EMAIL_DOMAINS" in nobody.detail

    by_domain = settings(store_url, NO_TEAMS, organisation=organisation, email_domains="company.example")
    assert line(await check_all(by_domain), "people", "no-directory").level == "warning"

    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    await import_file(settings(store_url, NO_TEAMS, organisation=organisation), tmp_path / "people.yaml")
    (known,) = [
        one for one in await check_all(settings(store_url, NO_TEAMS, organisation=organisation)) if one.part == "people"
    ]
    assert (known.level, known.code) == ("fine", "1 in the store, PEOPLE_FILE is not set")


async def test_an_address_of_this_machine_alone_is_none_that_slack_or_jira_could_call(store_url: str) -> None:
    away = {
        "slack": SlackSettings(
            bot_token=SecretStr("xoxb-1"),
            signing_secret=SecretStr("s"),
            api_url=f"{NOBODY}/api/",
            _env_file=None,
        ),
        "jira": JiraSettings(url=NOBODY, pat=SecretStr("p"), _env_file=None),
    }
    near = AllSettings.model_validate({**dict(settings(store_url, NO_TEAMS, allow_http="0.0.0.0")), **away})
    found = await check_all(near)
    endpoint, webhook = line(found, "slack", "endpoint"), line(found, "jira", "webhook")
    assert (endpoint.level, webhook.level) == ("warning", "warning")
    assert "http://127.0.0.1:8080/slack/events is an address of this machine alone, Slack cannot" in endpoint.detail
    assert "http://127.0.0.1:8080/jira/webhook is an address of this machine alone, Jira cannot" in webhook.detail

    public = settings(
        store_url,
        NO_TEAMS,
        public_url="https://bot.example.com",
        secret_key=SecretStr(KEY),
        allow_http="0.0.0.0",
    )
    found = await check_all(AllSettings.model_validate({**dict(public), **away}))
    endpoint, webhook = line(found, "slack", "endpoint"), line(found, "jira", "webhook")
    assert (endpoint.level, webhook.level) == ("fine", "fine")
    assert webhook.detail.startswith("https://bot.example.com/jira/webhook/")


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
