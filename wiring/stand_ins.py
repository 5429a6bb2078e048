"""What runs beside the bot of the sandbox and can be looked at in a browser: the links of the start page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import urlsplit

from adapters.web.pages import PageLink
from bot.message import Phrase
from bot.web_address import host_of, is_loopback

TEAMS_CLIENT = "http://127.0.0.1:56150"  # where `make teams-client` serves Microsoft's own client
LOOKS = 0.3  # seconds until a client that does not answer counts as not started


async def running_stand_ins(
    jira: str | None, confluence: str | None, model: str | None, client: str = TEAMS_CLIENT
) -> Sequence[PageLink]:
    """Those that run. A language model that is not on this machine is none of ours. The client of Teams is started by
    hand: until then its line says how."""
    links = []
    if jira is not None:
        links.append(PageLink(Phrase("web-link-jira"), jira))
    if confluence is not None:
        links.append(PageLink(Phrase("web-link-confluence"), confluence))
    teams = await _listens(client)
    links.append(PageLink(Phrase("web-link-teams" if teams else "web-link-teams-off"), client if teams else None))
    if model is not None and is_loopback(host_of(model)):
        links.append(PageLink(Phrase("web-link-model"), f"http://{urlsplit(model).netloc}"))
    return links


async def _listens(url: str) -> bool:
    address = urlsplit(url)
    try:
        async with asyncio.timeout(LOOKS):
            _, writer = await asyncio.open_connection(address.hostname, address.port)
    except OSError:  # TimeoutError is one, too
        return False
    writer.close()
    return True
