"""Settings: everything is optional, and what is wrong names the variable and what is expected."""

import os
from pathlib import Path

import msgspec
import pytest

from wiring.settings import SettingsError, load_settings

OURS = (
    "SLACK_", "TEAMS_", "JIRA_", "REDIS_", "SANDBOX", "HOST", "PORT", "DATA_DIR", "SECRET_KEY", "ORGANISATION",
    "PEOPLE_FILE", "ACTS_",
)  # fmt: skip
TEAMS = {
    "TEAMS_APP_ID": "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02",
    "TEAMS_TENANT_ID": "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01",
    "TEAMS_APP_PASSWORD": "p",
}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)


def problems(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[str]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    return caught.value.problems


def test_nothing_set_is_the_sandbox_on_this_machine() -> None:
    settings = load_settings(env_file=None)
    assert settings.sandboxed
    assert settings.main.host == "127.0.0.1"


@pytest.mark.parametrize(
    "variables",
    [
        {"REDIS_URL": "redis://localhost/0"},
        {"HOST": "0.0.0.0"},
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        TEAMS,
        {"JIRA_URL": "https://jira.example", "JIRA_PAT": "p"},
        {"SANDBOX": "off"},
    ],
)
def test_anything_real_or_reachable_turns_the_automatic_sandbox_off(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert not load_settings(env_file=None).sandboxed


@pytest.mark.parametrize(
    ("variable", "wrong"), [("ACTS_BURST", "0"), ("ACTS_PER_MINUTE", "0"), ("ACTS_PER_MINUTE", "60001")]
)
def test_a_limit_that_lets_nobody_or_everything_in_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, wrong: str
) -> None:
    (said,) = problems(monkeypatch, **{variable: wrong})
    assert said.startswith(f"{variable}: ")
    monkeypatch.setenv(variable, "5")
    assert 5 in msgspec.structs.astuple(load_settings(env_file=None).main.limits)


def test_a_sandbox_beside_a_real_service_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(monkeypatch, SANDBOX="on", JIRA_URL="https://jira.example", JIRA_PAT="p")
    assert "SANDBOX=on beside JIRA_URL" in problem


def test_a_sandbox_beside_a_bot_of_teams_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(monkeypatch, SANDBOX="on", **TEAMS)
    assert "SANDBOX=on beside TEAMS_APP_ID" in problem


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PORT": "eighty"}, "PORT: "),
        ({"PORT": "99999"}, "PORT: "),
        ({"SANDBOX": "maybe"}, "SANDBOX: Input should be 'auto', 'on' or 'off'"),
        ({"REDIS_URL": "http://localhost"}, "REDIS_URL: expected redis://"),
        ({"ORGANISATION": "a{b}"}, "ORGANISATION: "),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_SIGNING_SECRET"),
        ({"TEAMS_APP_ID": TEAMS["TEAMS_APP_ID"]}, "TEAMS_TENANT_ID"),
        ({"TEAMS_APP_PASSWORD": "p"}, "TEAMS_APP_ID"),
        ({"JIRA_URL": "https://jira.example"}, "JIRA_PAT"),
        ({"JIRA_TOKEN": "t", "JIRA_URL": "https://jira.example"}, "JIRA_USER is missing"),
        ({"JIRA_SETTLE_SECONDS": "soon"}, "JIRA_SETTLE_SECONDS: "),
    ],
)
def test_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    assert any(named in problem for problem in problems(monkeypatch, **variables))


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(problems(monkeypatch, PORT="x", SLACK_BOT_TOKEN="xoxb-1", JIRA_URL="https://jira.example")) == 3


def test_a_secret_is_never_part_of_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    told = problems(monkeypatch, JIRA_URL="https://jira.example", JIRA_TOKEN="hunter2", JIRA_PAT="hunter3")
    assert "hunter" not in str(told)


def test_lists_of_addresses_are_comma_separated_and_case_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HR_EMAILS", "Irina@Company.example, hr@company.example")
    monkeypatch.setenv("EMAIL_DOMAINS", "company.example")
    policy = load_settings(env_file=None).main.policy
    assert policy.hr == {"irina@company.example", "hr@company.example"}
    assert policy.welcomes("New@company.example")
    assert not policy.welcomes("new@company.example.evil.example")


def test_the_file_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("PORT=9001\nORGANISATION=acme\nJIRA_SETTLE_SECONDS=5\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "9002")
    settings = load_settings(env_file=str(env))
    assert (settings.main.port, settings.main.organisation, settings.jira.settle_seconds) == (9002, "acme", 5)
