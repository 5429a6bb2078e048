"""Which pages not everybody may read, asked page by page where a search does not say it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.confluence import pages
from adapters.confluence.client import ConfluenceClient, together
from bot import payload
from bot.errors import Refused
from bot.payload import Json

WHO = {"expand": "restrictions.user,restrictions.group"}


async def restricted(client: ConfluenceClient, found: Sequence[Json]) -> list[bool]:
    """For each page whether it, or a folder above it, has read restrictions. What cannot be told is restricted.

    Of the pages above a page a list tells; folders are in none, and what shuts them shuts what is in them.
    """
    folders = {number: one for page in found for number, one in _folders(page).items()}
    own = await together(_is_restricted(client, page) for page in found)
    above = await together(_is_restricted(client, one) for one in folders.values())
    shut = {number for number, one in zip(folders, above, strict=True) if one}
    return [one or not shut.isdisjoint(_folders(page)) for page, one in zip(found, own, strict=True)]


def _folders(page: Json) -> dict[str, Json]:
    return {pages.number_of(one): one for one in pages.above(page) if not pages.is_page(one)}


async def _is_restricted(client: ConfluenceClient, page: Json) -> bool:
    told = pages.readers(payload.part(payload.part(page, "restrictions"), "read"))
    if told is None:
        told = await _asked(client, pages.number_of(page))
    return told is not False


async def _asked(client: ConfluenceClient, number: str) -> bool | None:
    try:
        return pages.readers(await client.get(f"rest/api/content/{number}/restriction/byOperation/read", WHO))
    except Refused:
        return None
