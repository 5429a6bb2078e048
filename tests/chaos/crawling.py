"""A bot that does nothing but crawl a wiki, and may have a knife.

`python -m tests.chaos.crawling CRAWL.json` says {"up"} when it has begun, and lives until it is killed.
"""

from __future__ import annotations

import asyncio
import datetime
import sys
from pathlib import Path

import msgspec
from pydantic import SecretStr

from adapters.confluence.settings import ConfluenceSettings
from adapters.confluence.wiki import ConfluenceWiki
from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from bot.crawl.crawler import Crawler
from bot.crawl.destination import WikiDestination
from bot.crawl.runs import plan_next
from bot.delivery import Delivery
from bot.people import Policy
from bot.ports import Commit
from bot.runner import Runner
from handlers.routes import ROUTES, results
from tests.chaos.kin import die_with_parent
from tests.chaos.zygote import Plan, knife, report
from wiring.logs import set_up_logs
from wiring.parts import company, utc_now

LEASE = 3.0
CALL = 2.5
EVERY = datetime.timedelta(hours=1)
USER, TOKEN = "bot@company.example", "token"


class Crawl(msgspec.Struct, frozen=True):
    """What a bot is born with, and how it dies."""

    store_url: str
    organisation: str
    wiki_url: str
    spaces: tuple[str, ...]
    plan: Plan = Plan()

    @property
    def settings(self) -> ConfluenceSettings:
        return ConfluenceSettings(
            url=self.wiki_url,
            user=USER,
            token=SecretStr(TOKEN),
            spaces=self.spaces,
            requests_per_second=1e6,
            timeout=CALL,
        )


async def live(birth: Crawl) -> None:
    probe = knife(birth.plan)
    wiki = ConfluenceWiki(birth.settings)
    async with connect(birth.store_url) as client:
        store = RedisStore(client, birth.organisation, probe=probe)
        of = company(store, {}, Policy(), (), None, wiki=wiki.name)
        works: list[Delivery] = []

        def committed(commit: Commit) -> None:
            for delivery in works:
                delivery.nudge({effect.lane.destination for effect in commit.effects})

        runner = Runner(of, ROUTES, results(), utc_now, committed, probe)
        destination = WikiDestination(wiki, Crawler(wiki, runner), timeout=CALL)
        works.append(Delivery(runner, {destination.name: destination}, lease=LEASE, probe=probe))
        await plan_next(runner, EVERY)
        report(up=True)
        await works[0].run()


if __name__ == "__main__":
    die_with_parent()
    set_up_logs("warning", "json")
    asyncio.run(live(msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Crawl)))
