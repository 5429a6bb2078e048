"""A Slack that is half configured is named as such, and a secret is never shown."""

import pytest
from pydantic import ValidationError

from adapters.slack.settings import SlackSettings


def settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> SlackSettings:
    for name, value in given.items():
        monkeypatch.setenv(f"SLACK_{name.upper()}", value)
    return SlackSettings()


def test_without_settings_the_channel_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    off = settings(monkeypatch, bot_token="", signing_secret="")
    assert not off.configured
    assert not off.socket_mode
    with pytest.raises(ValueError, match="SLACK_BOT_TOKEN"):
        assert off.token


@pytest.mark.parametrize("way_in", ["signing_secret", "app_token"])
def test_one_way_in_is_enough(monkeypatch: pytest.MonkeyPatch, way_in: str) -> None:
    on = settings(monkeypatch, bot_token="xoxb-1", **{way_in: "s"})
    assert on.configured
    assert on.token == "xoxb-1"
    assert on.socket_mode == (way_in == "app_token")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"bot_token": "xoxb-secret"}, "SLACK_SIGNING_SECRET"),
        ({"signing_secret": "xoxb-secret"}, "SLACK_SIGNING_SECRET is set: also set SLACK_BOT_TOKEN"),
        ({"app_token": "xoxb-secret"}, "SLACK_APP_TOKEN is set: also set SLACK_BOT_TOKEN"),
        ({"api_url": "slack.com"}, "api_url"),
    ],
)
def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as raised:
        settings(monkeypatch, **given)
    assert "xoxb-secret" not in str(raised.value)


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "xoxb-1" not in repr(settings(monkeypatch, bot_token="xoxb-1", signing_secret="s"))


def test_the_address_of_the_web_api_ends_with_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, api_url="https://slack-gov.com/api").api_url == "https://slack-gov.com/api/"
