"""What an operator sets: a secret never comes back in an error, nor reaches people, and no figure stops the bot."""

import os
from pathlib import Path

import pytest

from wiring.settings import SettingsError, load_settings

SECRET = "s3cr3t"
OURS = ("SLACK_", "JIRA_", "REDIS_", "SANDBOX", "HOST", "PORT", "LEASE_")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)


def problem(monkeypatch: pytest.MonkeyPatch, **variables: str) -> str:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(env_file=None)
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize("mark", ["/", "#", "?", "[", ":x/"])
def test_a_password_that_breaks_the_address_of_the_store_is_not_quoted(
    monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    said = problem(monkeypatch, REDIS_URL=f"redis://:{SECRET}{mark}rest@127.0.0.1:6379/0")
    assert said.startswith("REDIS_URL: ")
    assert SECRET not in said


def test_a_password_in_the_address_of_jira_is_refused_as_links_begin_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = problem(monkeypatch, JIRA_URL=f"https://bot:{SECRET}@jira.example/base", JIRA_PAT="p")
    assert said.startswith("JIRA_URL: ")
    assert SECRET not in said


@pytest.mark.parametrize("url", ["https://jira.example", "https://jira.example:8443/base", "http://[::1]:8080/"])
def test_other_addresses_of_jira_are_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("JIRA_URL", url)
    monkeypatch.setenv("JIRA_PAT", "p")
    assert load_settings(env_file=None).jira.configured


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf"])
@pytest.mark.parametrize(
    "name",
    [
        "SLACK_POSTS_PER_SECOND",
        "SLACK_POSTS_PER_SECOND_PER_CONVERSATION",
        "SLACK_TIMEOUT_SECONDS",
        "SLACK_BURST",
        "JIRA_REQUESTS_PER_SECOND",
        "JIRA_TIMEOUT",
        "LEASE_SECONDS",
    ],
)
def test_a_figure_that_nothing_can_work_with_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert problem(monkeypatch, **{name: value}).startswith(f"{name}: ")


def test_a_file_that_is_not_utf_8_is_said_to_be_that(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"HOST=127.0.0.1\n# \xcf\xee\xf0\xf2\n")
    with pytest.raises(SettingsError, match="is not UTF-8 at byte 17"):
        load_settings(str(file))
