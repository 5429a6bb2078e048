"""Every setting is given values that it cannot have: each is refused in a sentence that names it."""

import os
import socket
from pathlib import Path

import pytest

from tests.wiring.forked import Commanded
from wiring.settings import KINDS, NAMES, SettingsError, load_settings

SECRET = "s3cr3t-t0ken"
WHOLE = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_SIGNING_SECRET": "signs",
    "TEAMS_APP_ID": "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02",
    "TEAMS_TENANT_ID": "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01",
    "TEAMS_APP_PASSWORD": "secret",
    "JIRA_URL": "https://jira.example",
    "JIRA_USER": "bot@company.example",
    "JIRA_TOKEN": "secret",
    "CONFLUENCE_URL": "https://wiki.example",
    "CONFLUENCE_USER": "bot@company.example",
    "CONFLUENCE_TOKEN": "secret",
    "CONFLUENCE_SPACES": "HR",
    "LLM_URL": "https://llm.example/v1",
    "LLM_MODEL": "small",
}
WORDS = [
    "foo",
    "ключ",
    "☃",
    "nan",
    "inf",
    "-1",
    "0",
    "1e400",
    "9" * 40,
    "[",
    "{}",
    "'",
    "a b",
    "../..",
    "x;y",
    "@",
    ",,",
]
BROKEN = ["one\ntwo", "windows\r", "tab\tbed", os.fsdecode(b"\xff\xfe"), "\x1b[31m"]
ADDRESSES = ["foo", "http://", "https://", "//host", "ftp://h", "https://u:p@h", "https://h?x=1", "https://h#x", "https://h:x",
             "https://h:99999", "https:///path", "https://a b", "https://[", "https://[::1", "https:\\\\h"]  # fmt: skip
NO_NUMBERS = ["foo", "nan", "inf", "-1", "1e400", "9" * 40, "[", "a b"]
NUMBERS = sorted(
    f"{kind.model_config.get('env_prefix') or ''}{name}".upper()
    for kind in KINDS.values()
    for name, field in kind.model_fields.items()
    if field.annotation in (int, float)
)
URLS = sorted({"TEAMS_TOKEN_ISSUER", *(name for name in NAMES.known - {"REDIS_URL"} if name.endswith("_URL"))})


@pytest.fixture(autouse=True)
def _whole_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper() in NAMES.known]:
        monkeypatch.delenv(name)
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def problems() -> list[str]:
    try:
        load_settings(env_file=None)
    except SettingsError as error:
        return error.problems
    return []


@pytest.mark.parametrize("name", sorted(NAMES.known))
def test_no_value_ends_in_anything_but_settings_or_a_sentence_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in [*WORDS, *BROKEN, *ADDRESSES]:
        monkeypatch.setenv(name, value)
        found = problems()
        assert all(one.isprintable() for one in found), (value, found)
        assert not found or any(name in one for one in found), (value, found)
        assert value not in BROKEN or any(one.startswith(f"{name}: expected one line") for one in found), (value, found)


def test_there_are_numbers_and_addresses_among_the_settings() -> None:
    assert {"PORT", "LEASE_SECONDS", "SLACK_BURST", "JIRA_SLOTS", "CONFLUENCE_EVERY", "LLM_TIMEOUT"} <= {*NUMBERS}
    assert {"PUBLIC_URL", "JIRA_URL", "CONFLUENCE_URL", "LLM_URL", "SLACK_API_URL", "TEAMS_LOGIN_URL"} <= {*URLS}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_a_number_that_can_be_worked_with(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for value in NO_NUMBERS:
        monkeypatch.setenv(name, value)
        (found,) = problems()
        assert found.startswith(f"{name}: expected "), (value, found)


@pytest.mark.parametrize("name", URLS)
def test_an_address_has_a_scheme_and_a_host_and_nothing_that_must_not_be_passed_on(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for value in ADDRESSES:
        if name.startswith("TEAMS_") and value in ("https://h?x=1", "https://h#x", "https://a b", "https:\\\\h"):
            continue  # of Microsoft's own, which nobody is sent
        monkeypatch.setenv(name, value)
        (found,) = problems()
        assert found.startswith(name), (value, found)
        assert "u:p" not in found


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "JIRA_TOKEN", "JIRA_USER", "CONFLUENCE_TOKEN", "LLM_KEY"])
def test_a_credential_that_no_header_carries_is_refused_and_not_quoted(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, f"{SECRET}ы")
    (found,) = problems()
    assert found.startswith(f"{name}: expected")
    assert SECRET not in found


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("HR_EMAILS", "irina", "e-mail addresses separated by commas"),
        ("ADMIN_EMAILS", "a@company.com;b@company.com", "e-mail addresses separated by commas"),
        ("EMAIL_DOMAINS", "https://company.com", "mail domains"),
        ("HOST", "http://0.0.0.0", "an address to listen on"),
        ("HOST", "0.0.0.0:8080", "an address to listen on"),
        ("ORGANISATION", "a b", "letters, digits, _ and -"),
        ("REDIS_URL", "redis://localhost/0?colour=red", "no options"),
        ("REDIS_URL", "rediss://localhost/0?ssl_cert_reqs=perhaps", "no options"),
        ("PORT", "65536", "at most 65535"),
        ("SANDBOX", "maybe", "'auto', 'on' or 'off'"),
        ("LLM_COMPOSE", "maybe", "true or false"),
        ("JIRA_WEBHOOK_SECRET", "short", "at least 16 characters"),
        ("CONFLUENCE_TIME_ZONE", "Mars/Olympus", "a time zone like Europe/Moscow"),
        ("PUBLIC_URL", "onboarding.company.com", "https:// and a host"),
    ],
)
def test_what_is_expected_is_said(monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str) -> None:
    monkeypatch.setenv(name, value)
    (found,) = problems()
    assert found.startswith(f"{name}: expected ")
    assert expected in found


def test_people_come_to_an_address_that_is_encrypted_or_allowed_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "http://inside.lan:8080")
    (found,) = problems()
    assert found == (
        "PUBLIC_URL: http://inside.lan would carry people's links unencrypted. "
        "Use https://, or set ALLOW_HTTP=inside.lan"
    )
    monkeypatch.setenv("ALLOW_HTTP", "inside.lan")
    assert problems() == []
    monkeypatch.setenv("PUBLIC_URL", "http://127.0.0.1:8080")
    monkeypatch.delenv("ALLOW_HTTP")
    assert problems() == []


# --- what only shows when it is used


@pytest.mark.parametrize(
    ("args", "variables", "said"),
    [
        (("people", "list"), {"DATA_DIR": "file/data"}, "settings: DATA_DIR: file/data: Not a directory"),
        (("check",), {"DATA_DIR": "file"}, "settings: DATA_DIR: file: File exists"),
        ((), {"DATA_DIR": "/proc/data"}, "settings: DATA_DIR: /proc/data: No such file or directory"),
        (("people", "list"), {"DATA_DIR": "l" * 300}, "File name too long"),
        (("ask", "vpn"), {"DATA_DIR": "file/data"}, "settings: DATA_DIR: file/data: Not a directory"),
        ((), {"PEOPLE_FILE": "missing.yaml"}, "PEOPLE_FILE: missing.yaml: cannot be read"),
        ((), {"SCENARIOS_DIR": "missing"}, "SCENARIOS_DIR: missing: cannot be read"),
        ((), {"HOST": "8.8.8.8"}, "HOST: cannot listen on 8.8.8.8: it is no address of this machine"),
        (("people", "list"), {"REDIS_URL": "redis://127.0.0.1:1/0"}, "REDIS_URL: the store cannot be used"),
        (("check",), {"JIRA_URL": "foo"}, "settings: JIRA_URL: expected an address like https://"),
        (("ask", "vpn", "--locale", "de"), {}, "'de' is not one of"),
        (("simulate", "newcomer", "--timezone", "../etc"), {}, "--timezone: ../etc is not known"),
    ],
)
def test_a_setting_that_cannot_be_used_ends_the_command_with_a_sentence(
    tmp_path: Path, args: tuple[str, ...], variables: dict[str, str], said: str, forked: Commanded
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    ended = forked(tmp_path, *args, **{"DATA_DIR": str(tmp_path / "data"), **variables})
    assert ended.returncode == 2, ended.stderr
    assert said in ended.stderr.replace("\n", " ")
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path, forked: Commanded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = forked(tmp_path, DATA_DIR=str(tmp_path / "data"), PORT=str(port))
    assert ended.returncode == 2
    assert f"PORT: cannot listen on 127.0.0.1:{port}: " in ended.stderr


def test_check_of_a_store_that_is_away_says_so_and_looks_at_the_rest(tmp_path: Path, forked: Commanded) -> None:
    ended = forked(tmp_path, "check", REDIS_URL="redis://127.0.0.1:1/0", PEOPLE_FILE="missing.yaml")
    assert ended.returncode == 1, ended.stderr
    assert "store      unreachable" in ended.stdout
    assert "PEOPLE_FILE: missing.yaml: cannot be read" in ended.stdout
