"""Who and what a workspace consists of: its people and its conversations, and how Slack writes them down."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from sandbox.slack.errors import Json


class Person(msgspec.Struct, kw_only=True):
    """A member, as `--people FILE` (a JSON list) gives it; `team_id` None means the workspace's own team."""

    id: str
    name: str
    real_name: str = ""
    email: str | None = None
    is_email_confirmed: bool = True
    tz: str = "Europe/Amsterdam"
    locale: str = "en-US"
    is_bot: bool = False
    deleted: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    team_id: str | None = None


class Channel(msgspec.Struct, kw_only=True):
    """A conversation; `dm_with` is the person of a direct message with the bot."""

    id: str
    name: str = ""
    is_private: bool = False
    is_archived: bool = False
    members: set[str] = msgspec.field(default_factory=set)
    dm_with: str | None = None

    @property
    def kind(self) -> str:
        """The name that `types` of conversations.list and the scopes are built from."""
        if self.dm_with is not None:
            return "im"
        return "private_channel" if self.is_private else "public_channel"

    @property
    def event_type(self) -> str:
        """The `channel_type` of a message event."""
        return {"im": "im", "private_channel": "group", "public_channel": "channel"}[self.kind]

    @property
    def scope_family(self) -> str:
        return {"im": "im", "private_channel": "groups", "public_channel": "channels"}[self.kind]


def user_object(person: Person, team_id: str, now: float, *, email: bool, locale: bool) -> Json:
    """The user as users.info shows it; the address only with the scope for it, the locale only when asked for."""
    local = datetime.fromtimestamp(now, ZoneInfo(person.tz))
    profile: Json = {
        "real_name": person.real_name or person.name,
        "display_name": person.name,
        "team": person.team_id or team_id,
    }
    if email and person.email is not None:
        profile["email"] = person.email
    user: Json = {
        "id": person.id,
        "team_id": person.team_id or team_id,
        "name": person.name,
        "real_name": person.real_name or person.name,
        "deleted": person.deleted,
        "tz": person.tz,
        "tz_label": local.tzname(),
        "tz_offset": int((local.utcoffset() or timedelta()).total_seconds()),
        "profile": profile,
        "is_bot": person.is_bot,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "is_email_confirmed": person.is_email_confirmed,
        "updated": 0,
    }
    if person.is_stranger:
        user["is_stranger"] = True
    if locale:
        user["locale"] = person.locale
    return user


def channel_object(channel: Channel, bot_user: str) -> Json:
    """The conversation as conversations.list shows it."""
    if channel.dm_with is not None:
        return {"id": channel.id, "is_im": True, "user": channel.dm_with, "is_archived": channel.is_archived}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": bot_user in channel.members,
        "num_members": len(channel.members),
    }
