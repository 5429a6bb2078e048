"""Confluence, wired: the wiki that is crawled."""

from __future__ import annotations

from contextlib import AsyncExitStack

from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.wiki import ConfluenceWiki


def wire_confluence(stack: AsyncExitStack, settings: ConfluenceSettings) -> ConfluenceWiki | None:
    """None: no wiki is configured."""
    if not settings.configured:
        return None
    wiki = ConfluenceWiki(settings)
    stack.push_async_callback(wiki.close)
    return wiki
