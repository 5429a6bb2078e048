"""A setting whose name has a slip in it is told with its line, and never with its value."""

import os
from pathlib import Path

import pytest

from wiring.settings import NAMES, SettingsError, load_settings

SECRET = "xoxb-s3cr3t"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper() in NAMES.known]:
        monkeypatch.delenv(name)


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def problems(file: Path | None, text: str = "") -> list[str]:
    if file is not None:
        file.write_bytes(text.encode())
    found: list[str] = []
    try:
        load_settings(None if file is None else str(file))
    except SettingsError as error:
        found = error.problems
    assert "s3cr3t" not in str(found)
    return found


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLACK_BOT_TOEKN", "SLACK_BOT_TOKEN"),
        ("slack_bot_tokn", "SLACK_BOT_TOKEN"),
        ("SLACK-BOT-TOKEN", "SLACK_BOT_TOKEN"),
        ("SLAK_BOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("PUBLIC_URI", "PUBLIC_URL"),
        ("DATADIR", "DATA_DIR"),
        ("ORGANIZATION", "ORGANISATION"),
        ("HR_EMAIL", "HR_EMAILS"),
        ("TRUSTED_PROXYS", "TRUSTED_PROXIES"),
        ("PROT", "PORT"),
        ("JIRA_PROJECTS", "JIRA_PROJECT"),
        ("CONFLUENCE_SPACE", "CONFLUENCE_SPACES"),
    ],
)
def test_a_name_with_a_slip_is_an_error_with_its_line_and_what_was_meant(env_file: Path, name: str, meant: str) -> None:
    (found,) = problems(env_file, f"# the bot\n\nLOG_LEVEL=info\n{name}={SECRET}\n")
    assert found.startswith(f"{env_file} line 4: {name.upper()} is no setting: did you mean {meant}")


def test_a_name_that_only_begins_like_ours_is_an_error_with_those_that_are_alike(env_file: Path) -> None:
    (found,) = problems(env_file, f"SLACK_TOKEN={SECRET}\n")
    assert found == f"{env_file} line 1: SLACK_TOKEN is no setting: did you mean SLACK_APP_TOKEN or SLACK_BOT_TOKEN?"
    (found,) = problems(env_file, f"JIRA_XYZZY_PLUGH={SECRET}\n")
    assert found == f"{env_file} line 1: JIRA_XYZZY_PLUGH is no setting: .env.example names them all"


@pytest.mark.parametrize(
    "line",
    [
        "COMPOSE_PROJECT_NAME=butterboard",
        "TZ=Europe/Moscow",
        "HTTP_PROXY=http://proxy.lan:3128",
        "NO_PROXY=jira.lan",
        "LANG=C.UTF-8",
        "HOSTNAME=bot",
        "HOME=/root",
        "POSTGRES_PASSWORD=x",
        "REDIS_PASSWORD=x",
        "VALKEY_EXTRA_FLAGS=--loglevel debug",
        "DOCKER_HOST=unix:///run/docker.sock",
        "SSL_CERT_FILE=/etc/ssl/own.pem",
        "some.other-thing=1",
        "PASSED_ON",
    ],
)
def test_what_is_plainly_somebody_elses_is_left_alone(env_file: Path, line: str) -> None:
    assert problems(env_file, f"{line}\n") == []


@pytest.mark.parametrize(
    "line",
    [
        f"SLACK_BOT_TOKEN {SECRET}",
        f"SLACK_BOT_TOKEN: {SECRET}",
        f'SLACK_BOT_TOKEN="{SECRET}',
        f"={SECRET}",
        f"{SECRET}",
        f"'{SECRET}'",
        f"just {SECRET} words",
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_with_its_number_and_without_its_text(env_file: Path, line: str) -> None:
    found = problems(env_file, f"LOG_LEVEL=info\n\n{line}\nPORT=0\n")
    assert len(found) == 1
    assert found[0].startswith(f"{env_file} line 3: ")
    assert "expected NAME=value" in found[0]


def test_a_name_of_ours_without_a_value_is_told(env_file: Path) -> None:
    assert problems(env_file, "PORT\n") == [f"{env_file} line 1: PORT has no = and no value: expected PORT=value"]


def test_a_quotation_mark_that_is_never_closed_is_found_where_the_value_begins(env_file: Path) -> None:
    found = problems(env_file, f'SLACK_BOT_TOKEN="{SECRET}\nSLACK_SIGNING_SECRET="{SECRET}"\n')
    assert any(one.startswith(f"{env_file} line 1: ") for one in found)


def test_every_problem_is_told_at_once(env_file: Path) -> None:
    found = problems(env_file, "PROT=1\nPORT=x\nJIRA URL=x\nDATA_DRI=x\n")
    assert [one.removeprefix(f"{env_file} ").partition(":")[0] for one in found] == [
        "line 1",
        "line 3",
        "line 4",
        "PORT",
    ]


def test_a_file_of_windows_is_read(env_file: Path) -> None:
    env_file.write_bytes("\ufeffPORT=9001\r\nORGANISATION=acme\r\n".encode())
    settings = load_settings(str(env_file))
    assert (settings.main.port, settings.main.organisation) == (9001, "acme")


def test_a_folder_in_the_place_of_the_file_is_said_to_be_that(env_file: Path) -> None:
    env_file.mkdir()
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_settings(str(env_file))


def test_the_example_names_every_setting_and_no_other() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    given = [line.removeprefix("#") for line in example.splitlines() if line[:1] == "#" and line[1:2] != " "]
    names = {line.partition("=")[0] for line in given if line}
    assert names == NAMES.known


# --- the environment, which other programs share


def test_one_slip_in_the_environment_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKN", SECRET)
    (found,) = problems(None)
    assert found.startswith("SLACK_BOT_TOKN in the environment is no setting: did you mean SLACK_BOT_TOKEN?")


@pytest.mark.parametrize(
    "name",
    ["SLACK_TOKEN", "JIRA_PORT", "CONFLUENCE_PORT", "REDIS_PORT", "JIRA_SERVICE_HOST", "HOSTS", "POST", "HOSTNAME"],
)
def test_what_other_programs_and_clusters_set_in_the_environment_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "tcp://10.0.0.7:8080")
    assert problems(None) == []


@pytest.mark.parametrize("value", ["info", ""])
def test_another_programs_name_may_stay_beside_ours(
    monkeypatch: pytest.MonkeyPatch, env_file: Path, value: str
) -> None:
    monkeypatch.setenv("LOGLEVEL", "debug")
    assert len(problems(None)) == 1
    assert problems(env_file, f"LOG_LEVEL={value}\n") == []
    monkeypatch.setenv("LOG_LEVEL", value)
    assert problems(None) == []
