"""A bot that is killed at every dangerous moment, again and again, while two hundred journeys run."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.chaos.arena import Arena, arena
from tests.chaos.figures import JOURNEYS, KILLS, SEED, Counts
from tests.chaos.summary import Tally
from tests.chaos.verdict import judge
from tests.chaos.zygote import Plan

pytestmark = pytest.mark.chaos

# Between claim and call, call and settle, a commit and its answer, a commit and the acknowledgement.
FAILPOINTS = ("claimed", "called", "exec-sent", "committed")
RANDOM = "at random"
MOST_PASSES = 24
LIFE = 30.0  # a bot that has not met its knife by then is killed all the same; it takes some tenths of a second
MOST_LIVES = 3 * KILLS * (len(FAILPOINTS) + 1)


async def test_nothing_is_lost_doubled_or_out_of_order_when_the_bot_is_killed(
    tmp_path: Path, counts: Counts, tally: Tally
) -> None:
    began = time.monotonic()
    async with arena(tmp_path, JOURNEYS, SEED) as on:
        await on.first_bot()
        await on.bots.kill()
        kills = await _torment(on, random.Random(SEED))
        await on.bots.bear(Plan())
        await on.enough()
        counts("bot killed", dict(kills))
        verdict = await judge(on, counts)
    counts("seconds", round(time.monotonic() - began))
    tally(SEED, kills.total() + 1, verdict.wrong)
    verdict.stands()


async def _torment(on: Arena, draw: random.Random) -> Counter[str]:
    """Every bot has a knife; on with it until each failpoint, and chance, has had its share."""
    kills: Counter[str] = Counter()
    while wanting := [moment for moment in (*FAILPOINTS, RANDOM) if kills[moment] < KILLS]:
        assert kills.total() < MOST_LIVES, f"the knives do not meet their moments: {kills}"
        on.check_people()
        kills[await _live_and_die(on, draw.choice(wanting), draw)] += 1
    return kills


async def _live_and_die(on: Arena, moment: str, draw: random.Random) -> str:
    """One life; what has ended it."""
    if moment == RANDOM:
        await on.bots.bear(Plan())
        await on.bots.ended(draw.uniform(0.05, 2.0))
        return RANDOM
    await on.bots.bear(Plan(moment, draw.randint(1, MOST_PASSES)))
    return moment if await on.bots.ended(LIFE) else RANDOM
