"""Settings: everything is optional, and what is wrong names the variable and what is expected."""

import os
from pathlib import Path

import msgspec
import pytest

from wiring.settings import SettingsError, load_settings

OURS = (
    "SLACK_", "TEAMS_", "JIRA_", "REDIS_", "SANDBOX", "HOST", "PORT", "DATA_DIR", "SECRET_KEY", "ORGANISATION",
    "PEOPLE_FILE", "PUBLIC_URL", "HR_EMAILS", "ADMIN_EMAILS", "EMAIL_DOMAINS", "CONFLUENCE_", "LLM_", "ALLOW_HTTP",
    "MAX_CONNECTIONS", "TRUSTED_PROXIES", "HEADER_SECONDS", "ACTS_",
    "PRIVACY_", "TERMS_", "QUIET_HOURS",
)  # fmt: skip
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
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
    ("variables", "why"),
    [
        ({"REDIS_URL": "redis://localhost/0"}, "REDIS_URL is set"),
        ({"HOST": "0.0.0.0"}, "HOST is not an address of this machine"),
        ({"HOST": "192.168.0.7"}, "HOST is not an address of this machine"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}, "SLACK_BOT_TOKEN is set"),
        (TEAMS, "TEAMS_APP_ID is set"),
        ({"JIRA_URL": "https://jira.example", "JIRA_PAT": "p"}, "JIRA_URL is set"),
        ({"PUBLIC_URL": "https://onboarding.example"}, "PUBLIC_URL is set"),
        ({"PEOPLE_FILE": "people.yaml"}, "PEOPLE_FILE is set"),
        ({"HR_EMAILS": "irina@company.example"}, "HR_EMAILS is set"),
        ({"ADMIN_EMAILS": "admin@company.example"}, "ADMIN_EMAILS is set"),
        ({"EMAIL_DOMAINS": "company.example"}, "EMAIL_DOMAINS is set"),
    ],
)
def test_anything_real_or_reachable_turns_the_automatic_sandbox_off_and_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], why: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(env_file=None)
    assert not settings.sandboxed
    assert str(settings.why_unsandboxed).startswith(f"The sandbox is off, because {why}.")


def test_whoever_has_turned_the_sandbox_off_is_reminded_of_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX", "off")
    monkeypatch.setenv("PEOPLE_FILE", "people.yaml")
    settings = load_settings(env_file=None)
    assert not settings.sandboxed
    assert settings.why_unsandboxed == "The sandbox is off, because SANDBOX=off."


@pytest.mark.parametrize(
    "variables",
    [{"PEOPLE_FILE": "people.yaml"}, {"HR_EMAILS": "irina@company.example"}, {"PUBLIC_URL": "http://127.0.0.1:8080"}],
)
def test_on_this_machine_a_sandbox_may_be_asked_for_with_people_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    for name, value in {**variables, "SANDBOX": "on"}.items():
        monkeypatch.setenv(name, value)
    assert load_settings(env_file=None).sandboxed


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PUBLIC_URL": "https://onboarding.example"}, "SANDBOX=on beside PUBLIC_URL"),
        ({"HOST": "192.168.0.7"}, "set HOST=127.0.0.1"),
    ],
)
def test_a_sandbox_that_nobody_could_reach_is_refused(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    (problem,) = problems(monkeypatch, SANDBOX="on", **variables)
    assert named in problem


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8081"),
        ("0.0.0.0", "http://127.0.0.1:8081"),
        ("::", "http://[::1]:8081"),
        ("::1", "http://[::1]:8081"),
        ("localhost", "http://localhost:8081"),
    ],
)
def test_the_address_that_is_printed_is_one_that_a_browser_of_this_machine_opens(
    monkeypatch: pytest.MonkeyPatch, host: str, address: str
) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("SANDBOX", "on")
    assert load_settings(env_file=None).address(8081) == address


@pytest.mark.parametrize("key", [KEY, f"{KEY}{KEY}{KEY[:-1]}!", "correct horse battery staple, and so on", "9" + KEY])
def test_a_long_key_is_taken(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    assert load_settings(env_file=None).main.secret_key is not None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("q", "at least 32 characters"),
        (KEY[:31], "at least 32 characters"),
        (f"{KEY[:30]}     ", "at least 32 characters"),
        ("a" * 64, "no repeated text"),
        ("0123456789" * 5, "no repeated text"),
        ("change-me-please" * 2 + "change", "no repeated text"),
        ("abababcd" * 3 + "abcdabcdabcdabcd", "no repeated text"),
    ],
)
def test_a_key_that_can_be_guessed_is_refused_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, key: str, expected: str
) -> None:
    (problem,) = problems(monkeypatch, SECRET_KEY=key)
    assert problem.startswith("SECRET_KEY: expected")
    assert expected in problem
    assert key not in problem


REAL = {
    "SLACK_API_URL": {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
    "JIRA_URL": {"JIRA_PAT": "p"},
    "CONFLUENCE_URL": {"CONFLUENCE_PAT": "p", "CONFLUENCE_SPACES": "HR"},
    "LLM_URL": {"LLM_MODEL": "m"},
}


@pytest.mark.parametrize("name", REAL)
def test_secrets_are_not_sent_in_the_open_unless_that_is_allowed_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (problem,) = problems(monkeypatch, **REAL[name], **{name: "http://Inside.lan:8080/base"})
    assert problem == (
        f"{name}: http://inside.lan would be sent secrets unencrypted. Use https://, or set ALLOW_HTTP=inside.lan"
    )
    monkeypatch.setenv("ALLOW_HTTP", "other.lan")
    with pytest.raises(SettingsError):
        load_settings(env_file=None)
    monkeypatch.setenv("ALLOW_HTTP", "other.lan, INSIDE.lan")
    assert load_settings(env_file=None).unencrypted == {name: "inside.lan"}


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("url", ["https://inside.lan", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:2"])
def test_https_and_this_machine_need_no_permission(monkeypatch: pytest.MonkeyPatch, name: str, url: str) -> None:
    for variable, value in {**REAL[name], name: url}.items():
        monkeypatch.setenv(variable, value)
    assert load_settings(env_file=None).unencrypted == {}


def test_every_address_in_the_open_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    urls = dict.fromkeys(REAL, "http://inside.lan")
    others = {variable: value for given in REAL.values() for variable, value in given.items()}
    assert [one.partition(":")[0] for one in problems(monkeypatch, **urls, **others)] == list(REAL)


def test_keys_and_tokens_of_teams_never_go_in_the_open(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"TEAMS_OPENID_METADATA_URL": "http://inside.lan/keys", "ALLOW_HTTP": "inside.lan"}
    assert any("TEAMS_OPENID_METADATA_URL" in one for one in problems(monkeypatch, **TEAMS, **given))


@pytest.mark.parametrize("hosts", ["http://jira.lan", "jira.lan/base", "jira.lan:8080", "jira lan"])
def test_what_is_no_host_is_not_allowed_anything(monkeypatch: pytest.MonkeyPatch, hosts: str) -> None:
    (problem,) = problems(monkeypatch, ALLOW_HTTP=hosts)
    assert problem.startswith("ALLOW_HTTP: expected hosts like")


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
        ({"SANDBOX": "maybe"}, "SANDBOX: expected 'auto', 'on' or 'off'"),
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


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.5, 192.168.1.7/16,fd00::/8")
    proxies = load_settings(env_file=None).main.trusted_proxies
    assert [str(one) for one in proxies] == ["10.0.0.5/32", "192.168.0.0/16", "fd00::/8"]
    (problem,) = problems(monkeypatch, TRUSTED_PROXIES="proxy.example.com")
    assert problem.startswith("TRUSTED_PROXIES: expected addresses or networks with commas")


@pytest.mark.parametrize("name", ["MAX_CONNECTIONS", "MAX_CONNECTIONS_PER_ADDRESS", "HEADER_SECONDS"])
def test_a_limit_of_nothing_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (problem,) = problems(monkeypatch, **{name: "0"})
    assert problem.startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("variables", "keeps"),
    [
        ({"SANDBOX": "on"}, False),
        ({"SANDBOX": "on", "QUIET_HOURS": "on"}, True),
        ({"SANDBOX": "off"}, True),
        ({"SANDBOX": "off", "QUIET_HOURS": "off"}, False),
    ],
)
def test_working_hours_are_kept_but_where_one_person_tries_everything(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, keeps: bool
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert load_settings(env_file=None).keeps_quiet_hours is keeps


def test_quiet_hours_that_are_no_word_of_ours_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (problem,) = problems(monkeypatch, QUIET_HOURS="maybe")
    assert "QUIET_HOURS" in problem


@pytest.mark.parametrize("name", ["PRIVACY_FILE", "TERMS_FILE"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\xff\xfe", "is not UTF-8 at byte 0"),
        (b" \n\n", "is empty"),
        (b"x" * 65_537, "is longer than 64 KB"),
    ],
)
def test_a_page_that_cannot_be_shown_is_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes | None, expected: str
) -> None:
    path = tmp_path / "page.txt"
    if content is not None:
        path.write_bytes(content)
    assert problems(monkeypatch, **{name: str(path)}) == [f"{name}: {path} {expected}"]


def test_a_page_in_two_languages_is_two_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ru.txt").write_text("Текст", encoding="utf-8")
    found = problems(monkeypatch, PRIVACY_FILE=str(tmp_path / "{lang}.txt"))
    assert found == [f"PRIVACY_FILE: {tmp_path / 'en.txt'} cannot be read: No such file or directory"]
