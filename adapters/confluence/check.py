"""Whether Confluence is there, lets us in, and has the spaces that the settings name."""

from __future__ import annotations

from adapters.confluence.client import ConfluenceClient
from adapters.confluence.myself import myself
from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.walk import Walk
from bot.errors import DeliveryError, Refused
from bot.flaw import Flaw, flaw_of


async def check(settings: ConfluenceSettings) -> list[Flaw]:
    """What is wrong; empty when nothing is.

    Codes: unreachable, unauthorized, redirected, forbidden, not-found, invalid (each comes alone), space-unknown, and
    search-refused, when the spaces are there and the search does not work.
    """
    client = ConfluenceClient(settings)
    try:
        await myself(client)
        lost = [key for key in settings.spaces if not await _is_seen(client, key)]
        return [Flaw("space-unknown", {"space": key}) for key in lost] or await _check_search(client, settings)
    except DeliveryError as error:
        return [flaw_of(error)]
    finally:
        await client.close()


async def _is_seen(client: ConfluenceClient, key: str) -> bool:
    try:
        await client.get(f"rest/api/space/{key}")
    except Refused as error:
        if error.code != "not-found":
            raise
        return False
    return True


async def _check_search(client: ConfluenceClient, settings: ConfluenceSettings) -> list[Flaw]:
    try:
        await Walk(client, settings.spaces, "lastmodified", ("version",), (1,)).step(None, None, None)
    except Refused as error:
        return [Flaw("search-refused", {"error": error.detail})]
    return []
