"""Half a configuration is an error that names the variable; a secret never shows."""

import pytest
from pydantic import ValidationError

from adapters.jira.settings import JiraSettings

URL = "https://jira.example.com"


@pytest.fixture(autouse=True)
def _no_jira_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("URL", "USER", "TOKEN", "PAT", "PROJECT", "WEBHOOK_SECRET", "PRIORITIES", "FORMER_ACCOUNTS"):
        monkeypatch.delenv(f"JIRA_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> JiraSettings:
    for name, value in values.items():
        monkeypatch.setenv(f"JIRA_{name}", value)
    return JiraSettings()


def test_without_variables_there_is_no_jira() -> None:
    assert not JiraSettings().configured


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not given(monkeypatch, URL="", PAT="").configured


@pytest.mark.parametrize("sign_in", [{"USER": "bot@example.com", "TOKEN": "t"}, {"PAT": "p"}])
def test_an_address_and_one_way_to_sign_in_are_enough(monkeypatch: pytest.MonkeyPatch, sign_in: dict[str, str]) -> None:
    settings = given(monkeypatch, URL=f" {URL}/ ", **sign_in)
    assert settings.configured
    assert settings.base == URL


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"URL": URL}, "JIRA_PAT"),
        ({"URL": URL, "USER": "bot@example.com"}, "JIRA_TOKEN is missing"),
        ({"URL": URL, "TOKEN": "secret"}, "JIRA_USER is missing"),
        ({"PAT": "secret"}, "JIRA_URL is missing"),
        ({"USER": "bot@example.com", "TOKEN": "secret"}, "JIRA_URL is missing"),
        ({"URL": URL, "USER": "bot@example.com", "TOKEN": "secret", "PAT": "secret"}, "keep one way"),
        ({"URL": "jira.example.com", "PAT": "secret"}, "url"),
    ],
)
def test_half_a_configuration_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str
) -> None:
    with pytest.raises(ValidationError) as error:
        given(monkeypatch, **values)
    assert named in str(error.value)
    assert "secret" not in str(error.value)


def test_former_accounts_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, URL=URL, PAT="p").former_accounts == ()
    assert given(monkeypatch, FORMER_ACCOUNTS=" 712020:5b10a, JIRAUSER100 ,").former_accounts == (
        "712020:5b10a",
        "JIRAUSER100",
    )


def test_a_site_that_is_not_set_has_no_address() -> None:
    with pytest.raises(ValueError, match="JIRA_URL"):
        _ = JiraSettings().base


SIGNED_IN = {"URL": URL, "PAT": "p"}


def test_the_secret_of_the_webhook_is_long_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = given(monkeypatch, **SIGNED_IN, WEBHOOK_SECRET="0123456789abcdef")
    assert settings.webhook_secret is not None
    assert settings.webhook_secret.get_secret_value() == "0123456789abcdef"
    assert "0123456789abcdef" not in repr(settings)
    with pytest.raises(ValidationError) as error:
        given(monkeypatch, WEBHOOK_SECRET="0123456789abcde")
    assert "0123456789abcde" not in str(error.value)


def test_an_empty_secret_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, **SIGNED_IN, WEBHOOK_SECRET="").webhook_secret is None


@pytest.mark.parametrize(
    ("text", "priorities"),
    [
        ("", {}),
        ("high=P1", {"high": "P1"}),
        (" high = P1 , low=Очень потом,", {"high": "P1", "low": "Очень потом"}),
        ("high=A=B", {"high": "A=B"}),
    ],
)
def test_priorities_are_pairs(monkeypatch: pytest.MonkeyPatch, text: str, priorities: dict[str, str]) -> None:
    assert given(monkeypatch, **SIGNED_IN, PRIORITIES=text).priorities == priorities


@pytest.mark.parametrize("text", ["P1", "high=", "=P1", "urgent=P1", "high=P1,high=P2", "high=P1,low=p1"])
def test_priorities_that_are_none_of_ours_or_say_two_things_are_an_error(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with pytest.raises(ValidationError, match="JIRA_PRIORITIES"):
        given(monkeypatch, **SIGNED_IN, PRIORITIES=text)
