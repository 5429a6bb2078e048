"""Whether the Teams that the settings name would work: the keys of its tokens and our own token, asked of Microsoft."""

from __future__ import annotations

import msgspec

from adapters.teams.classify import CHANNEL_ID
from adapters.teams.connector import http_session
from adapters.teams.credentials import Credentials
from adapters.teams.settings import TeamsSettings
from adapters.teams.signing_keys import KeysUnavailable, SigningKeys
from bot.errors import DeliveryError, Unauthorized

SECRETS = {"SingleTenant": "TEAMS_APP_PASSWORD", "UserAssignedMSI": "TEAMS_APP_ID"}


class Finding(msgspec.Struct, frozen=True):
    """Something that keeps Teams from working. People read a text that is made elsewhere from `code` and `detail`."""

    code: str
    detail: dict[str, str] = {}


async def check(settings: TeamsSettings) -> list[Finding]:
    """Everything that is wrong; empty when all is well or the channel is off."""
    if not settings.configured:
        return []
    return [*await _keys(settings), *await _token(settings)]


async def _keys(settings: TeamsSettings) -> list[Finding]:
    """Without them nobody is believed."""
    detail = {"variable": "TEAMS_OPENID_METADATA_URL"}
    async with http_session(settings) as session:
        try:
            found = await SigningKeys(session, settings.openid_metadata_url).refresh()
        except KeysUnavailable as error:
            return [Finding("teams-keys-unreachable", {**detail, "reason": str(error)})]
    endorsed = any(CHANNEL_ID in key.endorsements for key in found.values())
    return [] if endorsed else [Finding("teams-keys-of-another", detail)]


async def _token(settings: TeamsSettings) -> list[Finding]:
    """Without it nothing can be said."""
    try:
        await Credentials(settings).token()
    except Unauthorized as error:
        return [Finding("teams-unauthorized", {"variable": SECRETS[settings.app_type], "reason": error.detail})]
    except DeliveryError as error:
        return [Finding("teams-unreachable", {"variable": "TEAMS_LOGIN_URL", "reason": error.detail})]
    return []
