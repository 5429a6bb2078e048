"""Half a configuration is an error that names the variable; a secret never shows."""

import pytest
from pydantic import ValidationError

from adapters.confluence.settings import ConfluenceSettings

URL = "https://wiki.example.com"
NAMES = ("URL", "USER", "TOKEN", "PAT", "SPACES", "RESTRICTED", "TIME_ZONE", "EVERY", "TIMEOUT", "REQUESTS_PER_SECOND")
SIGNED_IN = {"URL": URL, "PAT": "p", "SPACES": "HR"}


@pytest.fixture(autouse=True)
def _no_confluence_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"CONFLUENCE_{name}", raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> ConfluenceSettings:
    for name, value in values.items():
        monkeypatch.setenv(f"CONFLUENCE_{name}", value)
    return ConfluenceSettings()


def test_without_variables_there_is_no_confluence() -> None:
    assert not ConfluenceSettings().configured


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not given(monkeypatch, URL="", PAT="", SPACES="").configured


@pytest.mark.parametrize(
    ("values", "deployment", "base"),
    [
        ({"URL": f" {URL}/ ", "PAT": "p"}, "datacenter", URL),
        ({"URL": f"{URL}/confluence/", "PAT": "p"}, "datacenter", f"{URL}/confluence"),
        ({"URL": "https://x.atlassian.net", "USER": "b", "TOKEN": "t"}, "cloud", "https://x.atlassian.net/wiki"),
        ({"URL": "https://x.atlassian.net/wiki/", "USER": "b", "TOKEN": "t"}, "cloud", "https://x.atlassian.net/wiki"),
        ({"URL": URL, "USER": "b", "TOKEN": "t"}, "cloud", f"{URL}/wiki"),
    ],
)
def test_an_address_one_way_to_sign_in_and_the_spaces_are_enough(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], deployment: str, base: str
) -> None:
    found = given(monkeypatch, SPACES=" HR, IT,~anna ,", **values)
    assert found.configured
    assert (found.deployment, found.base, found.spaces) == (deployment, base, ("HR", "IT", "~anna"))
    assert (found.restricted, found.every) == (False, 5.0)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"URL": URL, "SPACES": "HR"}, "CONFLUENCE_PAT"),
        ({"URL": URL, "USER": "bot@example.com"}, "CONFLUENCE_TOKEN is missing"),
        ({"URL": URL, "TOKEN": "secret"}, "CONFLUENCE_USER is missing"),
        ({"PAT": "secret"}, "CONFLUENCE_URL is missing"),
        ({"URL": URL, "USER": "b", "TOKEN": "secret", "PAT": "secret"}, "keep one way"),
        ({"URL": "https://x.atlassian.net", "PAT": "secret", "SPACES": "HR"}, "is for Data Center"),
        ({"URL": URL, "PAT": "secret"}, "CONFLUENCE_SPACES is missing"),
        ({"URL": URL, "PAT": "secret", "SPACES": " , "}, "CONFLUENCE_SPACES is missing"),
        ({**SIGNED_IN, "SPACES": 'HR") or (space = "X'}, "spaces"),
        ({**SIGNED_IN, "TIME_ZONE": "Mars/Olympus"}, "time_zone"),
        ({**SIGNED_IN, "TIME_ZONE": "../secret"}, "time_zone"),
        ({**SIGNED_IN, "URL": "wiki.example.com"}, "url"),
        ({**SIGNED_IN, "URL": "https://bot:secret@wiki.example.com"}, "url"),
        ({**SIGNED_IN, "EVERY": "0"}, "every"),
        ({**SIGNED_IN, "REQUESTS_PER_SECOND": "0"}, "requests_per_second"),
    ],
)
def test_what_is_missing_or_wrong_is_named(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError) as error:
        given(monkeypatch, **values)
    assert named in str(error.value)
    assert "secret" not in str(error.value)


def test_a_site_that_is_not_set_has_no_address() -> None:
    with pytest.raises(ValueError, match="CONFLUENCE_URL"):
        _ = ConfluenceSettings().base
