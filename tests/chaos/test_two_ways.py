"""Journeys that are steered in the chat and in Jira at once, while news get lost, Jira fails, and the bot is killed."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from sandbox.faults import Kind, Rule
from sandbox.jira.webhooks import WebhookFaults
from tests.chaos.agreement import (
    Sides,
    by_step_status,
    changed_in_jira,
    comments_told,
    disagreements,
    gather_sides,
    twins,
)
from tests.chaos.arena import ORGANISATION, Arena, arena
from tests.chaos.both_sides import SCENARIO, Book, Chat, JiraPage
from tests.chaos.figures import HUNG, REST_SECONDS, SEED, SIDES, SIDES_ACTS, Counts
from tests.chaos.rest import at_rest
from tests.chaos.stands import LATE
from tests.chaos.summary import Tally
from tests.chaos.verdict import verdict_of
from tests.chaos.waiting import until
from tests.chaos.zygote import WEBHOOK_SECRET, Plan, settings_of
from wiring.syncing import Found, reconciled

pytestmark = pytest.mark.chaos

IN_JIRA = 6  # people who work there
KNIVES = ("committed", "called", "exec-sent", "claimed", "committed")  # each after a kill at a random moment
MOST_PASSES = 12
LIFE = 30.0
MOST_REPAIRED = 0.7  # a fifth of the news is lost, and webhooks hide e-mails: the rest must not wait for reconciliation
NEWS = WebhookFaults(drop=0.2, double=0.2, shuffle=2.0, retry_delay=0.4, timeout=5.0, seed=SEED)
WRITES = ("PUT /rest/api/2/issue/", "/transitions ")
FAULTS = (
    Rule(kind=Kind.RATE_LIMIT, match="/rest/api/", chance=0.01, times=8),
    Rule(kind=Kind.LATE, match="POST /rest/api/2/issue ", chance=0.04, times=HUNG, seconds=LATE),
    Rule(kind=Kind.LOST, match="POST /rest/api/2/issue ", chance=0.06),
    *(Rule(kind=Kind.LATE, match=match, chance=0.02, times=HUNG, seconds=LATE) for match in WRITES),
    *(Rule(kind=Kind.LOST, match=match, chance=0.05) for match in WRITES),
    Rule(kind=Kind.HANG, match="/rest/api/", chance=0.005, times=HUNG, seconds=LATE),
    Rule(kind=Kind.ERROR, match="/rest/api/", chance=0.03),
)


async def test_both_sides_agree_after_one_reconciliation_whatever_went_wrong(
    tmp_path: Path, counts: Counts, tally: Tally
) -> None:
    began = time.monotonic()
    async with arena(tmp_path, SIDES, SEED, SCENARIO) as on:
        await on.stands.tell_of_news(f"{on.address}/jira/webhook", WEBHOOK_SECRET)
        await on.bots.bear(Plan(people=True))
        await on.bots.up()
        await on.stands.spoil_webhooks(NEWS)
        await on.stands.show((), FAULTS)
        book, kills = await _live_and_torment(on)
        shown = (await on.stands.shown())["jira"]
        await on.stands.heal()
        await _calm(on)
        counts("seconds until all is at rest", round(time.monotonic() - began))
        found = await _reconcile(on)
        writes = await on.stands.writes()
        _count(on, counts, book, kills, shown, found, writes)
        counts("webhooks", dict(await on.stands.webhooks()))
        sides = await _gathered(on, counts, book)
        verdict = verdict_of(disagreements(sides))
        tally(SEED, kills.total(), verdict.wrong)
        verdict.stands()
        assert found.summary is not None
        changed = changed_in_jira(sides)
        counts("issues changed by people in Jira, and repaired", (changed, found.summary.repaired))
        assert found.summary.repaired <= changed * MOST_REPAIRED, "news that arrive are not followed"
        again = await _reconcile(on)
        assert await on.stands.writes() == writes, "a second reconciliation has written"
        assert again.drifts == (), "a second reconciliation has found something"
    counts("seconds", round(time.monotonic() - began))


# --- the torment


async def _live_and_torment(on: Arena) -> tuple[Book, Counter[str]]:
    """People do all they want on both sides, and ten bots are killed meanwhile."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, asyncio.TaskGroup() as group:
        chat = Chat(on.company, on.address, session, SEED, SIDES_ACTS)
        group.create_task(chat.live(), name="chat")
        for number in range(IN_JIRA):
            acts = SIDES * SIDES_ACTS // IN_JIRA
            page = JiraPage(on.company, on.stands.jira_url, session, SEED + number, chat.book, acts)
            group.create_task(page.live(), name=f"jira {number}")
        kills = await group.create_task(_torment(on, chat, random.Random(SEED)), name="kills")
    return chat.book, kills


async def _torment(on: Arena, chat: Chat, draw: random.Random) -> Counter[str]:
    """At equal parts of what people do: a bot is killed, and the next one falls into its knife."""
    kills: Counter[str] = Counter()
    for number, moment in enumerate(KNIVES, start=1):
        await until(partial(_has_come, chat, number / (len(KNIVES) + 1)), REST_SECONDS)
        await on.bots.kill()
        await on.bots.bear(Plan(moment, draw.randint(1, MOST_PASSES)))
        fell = await on.bots.ended(LIFE)
        await on.bots.bear(Plan())
        kills["at random"] += 1
        kills[moment if fell else "at random"] += 1
    return kills


async def _has_come(chat: Chat, share: float) -> bool:
    return chat.share >= share


# --- the end


async def _calm(on: Arena) -> None:
    """Until nothing waits or is on its way, and the last call that hung has landed."""
    async with connect(on.store.url) as client:
        store = RedisStore(client, ORGANISATION)
        since, before = time.monotonic(), Counter[str]()

        async def still() -> bool:
            nonlocal since, before
            resting = await at_rest(store, client, on.prefix)
            now = await on.stands.writes() + await on.stands.webhooks()
            if not resting or now["under_way"] or now != before:
                since, before = time.monotonic(), now
            return time.monotonic() - since > LATE + 1.0

        await until(still, REST_SECONDS)


async def _reconcile(on: Arena) -> Found:
    """As `app.py sync` does it; and what it has asked for is done when this returns."""
    found = await reconciled(settings_of(on.birth, Plan()), REST_SECONDS, lambda _: None)
    assert found.summary is not None, "the reconciliation has not ended"
    await _calm(on)
    return found


async def _gathered(on: Arena, counts: Counts, book: Book) -> Sides:
    async with connect(on.store.url) as client:
        sides = await gather_sides(on.company, book, on.stands, RedisStore(client, ORGANISATION))
    counts("issues", f"{len(sides.issues)}, linked {dict(by_step_status(sides))}, duplicates closed {twins(sides)}")
    counts("comments told", comments_told(sides))
    return sides


def _count(
    on: Arena,
    counts: Counts,
    book: Book,
    kills: Counter[str],
    shown: Counter[str],
    found: Found,
    writes: Counter[str],
) -> None:
    counts("journeys", len(on.company.newcomers))
    counts("bot killed", dict(kills))
    counts("commands sent", dict(book.said))
    counts("commands taken", dict(book.taken))
    counts("done in Jira", f"{dict(book.done)}")
    counts("faults shown by jira", dict(shown))
    counts("attempts", dict(on.attempts()))
    counts("writes of the bot", dict(writes))
    counts("reconciliation", found.summary)
    counts("drift entries", dict(Counter(f"{one.field} {one.why}" for one in found.drifts)))
