"""When everything has come to rest: no lane holds anything, but for the next reconciliation, which always waits."""

from __future__ import annotations

from redis.asyncio import Redis

from adapters.store.keys import lane_name
from bot.ports import Store
from bot.tracker.runs import lane

SOON = 60.0
TRACKER = "jira"


async def at_rest(store: Store, redis: Redis, prefix: str) -> bool:
    """`prefix` is that of the organisation's keys."""
    waiting = await store.waiting()
    if waiting != {TRACKER: 1}:
        return not waiting
    at = await redis.zscore(f"{prefix}ready:{TRACKER}:bulk", lane_name(lane(TRACKER)))
    seconds, _ = await redis.time()
    return at is not None and at / 1000 > seconds + SOON
