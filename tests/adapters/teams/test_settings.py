"""A Teams that is half configured is named as such, a secret is never shown, and no token goes out in the open."""

import pytest
from pydantic import ValidationError

from adapters.teams.settings import TeamsSettings

APP, TENANT = "0b0e0b0e-1111-4222-8333-444455556666", "7e7e7e7e-1111-4222-8333-444455556666"
SINGLE = {"app_id": APP, "app_password": "hunter2-secret", "tenant_id": TENANT}
MANAGED = {"app_id": APP, "tenant_id": TENANT, "app_type": "UserAssignedMSI"}


def settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> TeamsSettings:
    for name, value in given.items():
        monkeypatch.setenv(f"TEAMS_{name.upper()}", value)
    return TeamsSettings()


def test_without_settings_the_channel_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    off = settings(monkeypatch, app_id="", app_password="")
    assert not off.configured
    for what in ("app", "tenant", "password"):
        with pytest.raises(ValueError, match="TEAMS_"):
            getattr(off, what)


def test_an_app_of_one_tenant_has_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    on = settings(monkeypatch, **SINGLE)
    assert on.configured
    assert (on.app, on.tenant, on.password) == (APP, TENANT, "hunter2-secret")
    assert on.scope == "https://api.botframework.com/.default"


def test_a_managed_identity_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, **MANAGED).configured


def test_ids_are_compared_in_small_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    on = settings(monkeypatch, **{**SINGLE, "tenant_id": TENANT.upper(), "app_id": APP.upper()})
    assert (on.app, on.tenant) == (APP, TENANT)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"app_id": APP}, "also set TEAMS_APP_PASSWORD and TEAMS_TENANT_ID"),
        ({"app_id": APP, "tenant_id": TENANT}, "also set TEAMS_APP_PASSWORD"),
        ({"app_id": APP, "app_password": "hunter2-secret"}, "also set TEAMS_TENANT_ID"),
        ({"app_password": "hunter2-secret"}, "TEAMS_APP_PASSWORD is set: also set TEAMS_APP_ID"),
        ({"tenant_id": TENANT}, "TEAMS_TENANT_ID is set: also set TEAMS_APP_ID"),
        ({"app_id": APP, "app_type": "UserAssignedMSI"}, "also set TEAMS_TENANT_ID"),
        ({**MANAGED, "app_password": "hunter2-secret"}, "unset TEAMS_APP_PASSWORD"),
        ({**SINGLE, "app_type": "MultiTenant"}, "choose SingleTenant .* or UserAssignedMSI"),
        ({**SINGLE, "app_type": "Robot"}, "app_type"),
        ({**SINGLE, "app_id": "hunter2-secret"}, "TEAMS_APP_ID must be an id"),
        ({**SINGLE, "tenant_id": "contoso.onmicrosoft.com"}, "TEAMS_TENANT_ID must be an id"),
        ({"login_url": "http://login.example.com"}, "TEAMS_LOGIN_URL must begin with https"),
        ({"login_url": "https://"}, "TEAMS_LOGIN_URL"),
        ({"login_url": "https://[::1"}, "TEAMS_LOGIN_URL"),
        ({"openid_metadata_url": "ftp://login.example.com"}, "TEAMS_OPENID_METADATA_URL"),
        ({"token_issuer": "api.botframework.com"}, "TEAMS_TOKEN_ISSUER"),
        ({"service_url": "https://who@smba.example.com"}, "TEAMS_SERVICE_URL"),
        ({"requests_per_second": "0"}, "requests_per_second"),
    ],
)
def test_what_is_wrong_is_named(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as raised:
        settings(monkeypatch, **given)
    assert "hunter2" not in str(raised.value)


def test_a_sovereign_cloud_has_tokens_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    on = settings(monkeypatch, **SINGLE, token_issuer="https://api.botframework.us/")
    assert on.scope == "https://api.botframework.us/.default"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8090", "http://localhost:1/", "http://[::1]:8090"])
def test_plain_http_is_for_this_machine_alone(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert settings(monkeypatch, login_url=url).login_url == url.rstrip("/")


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "hunter2" not in repr(settings(monkeypatch, **SINGLE))
