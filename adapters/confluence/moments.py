"""Times as Confluence writes them, and as its queries take them."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

# Where nobody says which zone is ours: no zone is later, so nothing is missed.
LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=-12))


def moment(text: str) -> datetime.datetime | None:
    """ "2026-11-24T09:00:00.000+03:00" in UTC; None where it is no time with a zone."""
    try:
        found = datetime.datetime.fromisoformat(text)
        return None if found.tzinfo is None else found.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return None


def written(at: datetime.datetime, zone: datetime.tzinfo) -> str:
    """The minute of a moment in a zone. In the hour that comes twice when summer ends Confluence would have to guess
    which is meant, so it is one before that."""
    local = at.astimezone(zone).replace(second=0, microsecond=0)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local = (local.astimezone(datetime.UTC) - datetime.timedelta(hours=1)).astimezone(zone)
    return f"{local:%Y/%m/%d %H:%M}"


def zone_named(name: str) -> datetime.tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (LookupError, ValueError, OSError):
        return None
