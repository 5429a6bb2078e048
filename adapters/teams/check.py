"""Whether the Teams that the settings name would work: the keys of its tokens and our own token, asked of Microsoft."""

from __future__ import annotations

from adapters.teams.classify import CHANNEL_ID
from adapters.teams.connector import http_session
from adapters.teams.credentials import Credentials
from adapters.teams.settings import TeamsSettings
from adapters.teams.signing_keys import KeysUnavailable, SigningKeys
from bot.errors import DeliveryError, Unauthorized
from bot.flaw import Flaw

SECRETS = {"SingleTenant": "TEAMS_APP_PASSWORD", "UserAssignedMSI": "TEAMS_APP_ID"}


async def check(settings: TeamsSettings) -> list[Flaw]:
    """Everything that is wrong; empty when all is well or the channel is off."""
    if not settings.configured:
        return []
    return [*await _keys(settings), *await _token(settings)]


async def _keys(settings: TeamsSettings) -> list[Flaw]:
    """Without them nobody is believed."""
    detail = {"variable": "TEAMS_OPENID_METADATA_URL"}
    async with http_session(settings) as session:
        try:
            found = await SigningKeys(session, settings.openid_metadata_url).refresh()
        except KeysUnavailable as error:
            return [Flaw("teams-keys-unreachable", {**detail, "reason": str(error)})]
    endorsed = any(CHANNEL_ID in key.endorsements for key in found.values())
    return [] if endorsed else [Flaw("teams-keys-of-another", detail)]


async def _token(settings: TeamsSettings) -> list[Flaw]:
    """Without it nothing can be said."""
    try:
        await Credentials(settings).token()
    except Unauthorized as error:
        return [Flaw("teams-unauthorized", {"variable": SECRETS[settings.app_type], "reason": error.detail})]
    except DeliveryError as error:
        return [Flaw("teams-unreachable", {"variable": "TEAMS_LOGIN_URL", "reason": error.detail})]
    return []
