"""The wiki, as a lane leads to it."""

from __future__ import annotations

from bot.crawl.crawler import Crawler
from bot.effects import Crawl, Effect
from bot.errors import Refused
from bot.results import Result
from bot.wiki import Wiki


class WikiDestination:
    """Pages are read slowly and in batches; reading them twice harms nobody."""

    can_look = False
    look_after = 0.0
    pace = 0.0

    def __init__(self, wiki: Wiki, crawler: Crawler, *, slots: int = 2, timeout: float = 25.0) -> None:
        self.name = wiki.name
        self.slots, self.timeout = slots, timeout
        self._crawler = crawler

    async def deliver(self, effect: Effect) -> Result:
        if not isinstance(effect.act, Crawl):
            raise Refused("unfit", f"{self.name} cannot do {type(effect.act).__name__}")
        return await self._crawler.page(effect.act)

    async def look(self, effect: Effect, age: float) -> Result | None:  # noqa: ARG002  -- nothing is left behind
        return None
