"""A store that is killed and comes back on its folder, again and again, while a bot runs two hundred journeys."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.keys import Keys
from sandbox.slack.delivery import HttpTransport, Kind
from tests.chaos.arena import ORGANISATION, Arena, arena
from tests.chaos.figures import JOURNEYS, OUTAGES, SEED, Counts
from tests.chaos.summary import Tally
from tests.chaos.verdict import judge

pytestmark = pytest.mark.chaos

LONG_OUTAGES = 2
WITNESS_SECONDS = 120.0


class Witness:
    """Somebody who writes while the store is away, and is refused."""

    def __init__(self, url: str) -> None:
        self.statuses: Counter[int] = Counter()
        self.refused: list[str] = []
        self._transport = HttpTransport(url, "sandbox-signing-secret", time.time, timeout=WITNESS_SECONDS)

    async def until_refused(self) -> None:
        """Write until the bot says 503; it must never say that it has taken something."""
        async with asyncio.timeout(WITNESS_SECONDS):
            while (status := await self._write()) != 503:
                assert status == 0, f"{status} while nothing can be committed"

    async def _write(self) -> int:
        event_id = f"EvWITNESS{len(self.refused)}"
        event = {"type": "app_home_opened", "user": "U0WITNESS", "channel": "D0WITNESS", "tab": "home"}
        payload = {"type": "event_callback", "event_id": event_id, "event": event}
        self.refused.append(f"slack:{event_id}")
        status = (await self._transport.attempt(Kind.EVENT, payload, None)).status
        self.statuses[status] += 1
        return status

    async def kept(self, client: Redis) -> list[str]:
        """What was refused and is kept all the same."""
        keys = [f"{Keys(ORGANISATION).prefix}m:{event}" for event in self.refused]
        return [event for event, mark in zip(self.refused, await client.mget(keys), strict=True) if mark is not None]


async def test_nothing_is_lost_doubled_or_out_of_order_when_the_store_is_killed(
    tmp_path: Path, counts: Counts, tally: Tally
) -> None:
    began = time.monotonic()
    async with arena(tmp_path, JOURNEYS, SEED + 1) as on:
        await on.first_bot()
        witness = Witness(on.address)
        await _torment(on, witness, random.Random(SEED))
        await on.enough()
        counts("store killed", OUTAGES)
        counts("answers while it was away", dict(witness.statuses))
        verdict = await judge(on, counts)
        async with connect(on.store.url) as client:
            kept = await witness.kept(client)
    counts("seconds", round(time.monotonic() - began))
    tally(SEED + 1, OUTAGES, verdict.wrong + Counter({"otherwise wrong": len(kept)}))
    verdict.stands()
    assert kept == []


async def _torment(on: Arena, witness: Witness, draw: random.Random) -> None:
    address = on.store.url
    for outage in range(OUTAGES):
        await asyncio.sleep(draw.uniform(0.3, 1.2))  # a random moment of the run
        on.check_people()
        await on.store.kill()
        if outage < LONG_OUTAGES:
            await witness.until_refused()
        else:
            await asyncio.sleep(draw.uniform(0.0, 0.7))
        await on.store.start()
        assert on.store.url == address
