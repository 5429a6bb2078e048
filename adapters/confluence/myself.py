"""Who we are there, and in which time zone Confluence reads the times of our queries."""

from __future__ import annotations

import datetime

from adapters.confluence.client import ConfluenceClient
from adapters.confluence.moments import zone_named
from adapters.confluence.settings import ConfluenceSettings
from bot import payload
from bot.errors import Refused, Unauthorized
from bot.payload import Json


async def myself(client: ConfluenceClient) -> Json:
    """Raises DeliveryErrors; Unauthorized where we are a stranger, to whom a search shows nothing at all."""
    found = await client.get("rest/api/user/current")
    if payload.text(found, "type") == "anonymous":
        raise Unauthorized("taken for a stranger")
    return found


async def zone_of(client: ConfluenceClient, settings: ConfluenceSettings) -> datetime.tzinfo | None:
    """None: nobody says it. Data Center does not, and Cloud does not where the account keeps it to itself."""
    try:
        told = payload.text(await myself(client), "timeZone")
    except Refused:
        told = ""
    return zone_named(settings.time_zone or told)
