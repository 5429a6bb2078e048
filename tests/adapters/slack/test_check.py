"""`check` names what would keep Slack from working."""

from pydantic import SecretStr

from adapters.slack.check import check, manifest_scopes
from adapters.slack.settings import SlackSettings
from bot.flaw import Flaw
from sandbox.slack.workspace import BOT_SCOPES
from tests.adapters.slack.kit import slack


async def test_nothing_is_found_when_all_is_well() -> None:
    async with slack() as made:
        assert await check(made.settings) == []


async def test_a_channel_that_is_off_is_not_asked_about() -> None:
    assert await check(SlackSettings()) == []


HISTORY = "channels:history, groups:history"


async def test_scopes_that_are_missing_are_named() -> None:
    async with slack() as made:
        made.workspace.scopes = ("chat:write", "commands", "im:write", "users:read", "im:history")
        assert await check(made.settings) == [
            Flaw("slack-scopes", {"missing": f"app_mentions:read, {HISTORY}, users:read.email"})
        ]


async def test_tokens_that_are_refused_are_named() -> None:
    async with slack() as made:
        refused = SecretStr("xoxb-old")
        found = await check(made.settings.model_copy(update={"bot_token": refused, "app_token": refused}))
    assert found == [
        Flaw("slack-unauthorized", {"variable": "SLACK_BOT_TOKEN", "reason": "invalid_auth"}),
        Flaw("slack-unauthorized", {"variable": "SLACK_APP_TOKEN", "reason": "invalid_auth"}),
    ]


async def test_a_slack_that_is_not_there_is_named() -> None:
    async with slack() as made:
        away = made.settings.model_copy(update={"api_url": "http://127.0.0.1:9/api/", "app_token": None})
        (found,) = await check(away)
    assert (found.code, found.detail["variable"]) == ("slack-unreachable", "SLACK_BOT_TOKEN")


def test_the_manifest_asks_for_what_the_stand_in_grants() -> None:
    assert manifest_scopes() == set(BOT_SCOPES)
