"""Whether Confluence is there, lets us in, and has the spaces that the settings name."""

from __future__ import annotations

import msgspec

from adapters.confluence.client import ConfluenceClient
from adapters.confluence.myself import myself
from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.walk import Walk
from bot.errors import DeliveryError, Refused, Unauthorized


class Finding(msgspec.Struct, frozen=True):
    """Something that would make a crawl fail; a text is made elsewhere from `code` and `detail`."""

    code: str
    detail: dict[str, str]


async def check(settings: ConfluenceSettings) -> list[Finding]:
    """What is wrong; empty when nothing is.

    Codes: unreachable, unauthorized, redirected, forbidden, not-found, invalid (each comes alone), space-unknown, and
    search-refused, when the spaces are there and the search does not work.
    """
    client = ConfluenceClient(settings)
    try:
        await myself(client)
        lost = [key for key in settings.spaces if not await _is_seen(client, key)]
        return [Finding("space-unknown", {"space": key}) for key in lost] or await _check_search(client, settings)
    except Unauthorized as error:
        return [Finding("unauthorized", {"error": error.detail})]
    except Refused as error:
        return [Finding(error.code, {"error": error.detail})]
    except DeliveryError as error:
        return [Finding("unreachable", {"error": error.detail})]
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


async def _check_search(client: ConfluenceClient, settings: ConfluenceSettings) -> list[Finding]:
    try:
        await Walk(client, settings.spaces, "lastmodified", ("version",), (1,)).step(None, None, None)
    except Refused as error:
        return [Finding("search-refused", {"error": error.detail})]
    return []
