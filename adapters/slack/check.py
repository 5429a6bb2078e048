"""Whether the Slack that the settings name would work: tokens and scopes, asked of Slack itself."""

from pathlib import Path

import yaml
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import web_client
from adapters.slack.errors import translated
from adapters.slack.settings import SlackSettings
from bot.errors import DeliveryError, Unauthorized
from bot.flaw import Flaw

MANIFEST = Path(__file__).with_name("manifest.yaml")


async def check(settings: SlackSettings) -> list[Flaw]:
    """Everything that is wrong; empty when all is well or the channel is off."""
    if not settings.configured:
        return []
    async with web_client(settings) as client:
        return [*await _bot_token(client), *await _app_token(client, settings)]


def manifest_scopes() -> frozenset[str]:
    """The scopes that our manifest asks for."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


async def _bot_token(client: AsyncWebClient) -> list[Flaw]:
    try:
        with translated(writes=False):
            answer = await client.auth_test()
    except DeliveryError as error:
        return [_failed(error, "SLACK_BOT_TOKEN")]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = sorted(manifest_scopes() - granted)
    return [Flaw("slack-scopes", {"missing": ", ".join(missing)})] if missing else []


async def _app_token(client: AsyncWebClient, settings: SlackSettings) -> list[Flaw]:
    """Asking for a socket's address opens no socket."""
    if settings.app_token is None:
        return []
    try:
        with translated(writes=False):
            await client.apps_connections_open(app_token=settings.app_token.get_secret_value())
    except DeliveryError as error:
        return [_failed(error, "SLACK_APP_TOKEN")]
    return []


def _failed(error: DeliveryError, variable: str) -> Flaw:
    code = "slack-unauthorized" if isinstance(error, Unauthorized) else "slack-unreachable"
    return Flaw(code, {"variable": variable, "reason": error.detail})
