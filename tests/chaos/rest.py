"""When everything has come to rest: no lane holds anything, but for what always waits for its next time."""

from __future__ import annotations

from redis.asyncio import Redis

from adapters.store.keys import lane_name
from bot import vouching
from bot.ports import Store
from bot.tracker.runs import lane

SOON = 60.0
TRACKER = "jira"
RECURRING = {one.destination: one for one in (lane(TRACKER), vouching.LANE)}  # the next reconciliation, the next round


async def at_rest(store: Store, redis: Redis, prefix: str) -> bool:
    """`prefix` is that of the organisation's keys."""
    seconds, _ = await redis.time()
    for destination, count in (await store.waiting()).items():
        recurring = RECURRING.get(destination)
        if recurring is None or count != 1:
            return False
        at = await redis.zscore(f"{prefix}ready:{destination}:bulk", lane_name(recurring))
        if at is None or at / 1000 <= seconds + SOON:
            return False
    return True
