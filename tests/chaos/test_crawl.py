"""A first crawl whose bot is killed five times ends complete: every page once on the shelf, with all of its text."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from bot.answers.document import Document
from bot.crawl.runs import Summary, last_summary
from bot.ports import Store
from bot.shelf import PAGES, digests, fetch
from sandbox.confluence.company import company
from sandbox.confluence.page import Page
from sandbox.confluence.people import Deployment
from sandbox.confluence.synthetic import fill
from tests.chaos.crawling import TOKEN, USER, Crawl
from tests.chaos.figures import FULL, REST_SECONDS, SEED, Counts
from tests.chaos.kin import kin
from tests.chaos.store_process import store_process
from tests.chaos.summary import Tally
from tests.chaos.waiting import until
from tests.chaos.zygote import Plan

pytestmark = pytest.mark.chaos

SPACE = "SYN"
WANTED = 20_000 if FULL else 600
RANDOM = ""
KNIVES = ("claimed", "called", RANDOM, "exec-sent", RANDOM)
MOST_PASSES = 40 if FULL else 2


async def test_a_crawl_whose_bot_is_killed_five_times_ends_complete(
    tmp_path: Path, counts: Counts, tally: Tally
) -> None:
    began = time.monotonic()
    async with store_process(tmp_path / "store") as server, _wiki(tmp_path) as url, connect(server.url) as client:
        store = RedisStore(client, "crawl")
        birth = Crawl(server.url, "crawl", url, (SPACE,))
        killed = await _torment(birth, store, tmp_path, random.Random(SEED))
        async with _bot(tmp_path, birth):
            await until(partial(last_summary, store), REST_SECONDS)
        summary = await last_summary(store)
        found = await _shelf(store)
        members = await store.members(PAGES)
        left = [key async for key in client.scan_iter(match="*:a:listed:*")]
        dead = await store.dead()
    assert summary is not None
    wrong = _differences(found)
    tally(SEED, len(killed), {"lost": len(wrong)})
    assert not wrong, "\n".join([f"{len(wrong)} pages are wrong", *wrong[:20]])
    assert len(members) == WANTED
    assert (left, dead) == ([], [])
    _count(counts, killed, summary, time.monotonic() - began)
    assert killed == [share for share in killed if share < WANTED], "the bots were killed after the crawl"
    assert summary.read < WANTED * 1.5, "a bot that comes back begins anew"


def _count(counts: Counts, killed: list[int], summary: Summary, seconds: float) -> None:
    counts("pages on the shelf when the crawling bot was killed", killed)
    counts("pages crawled", f"{WANTED}, readings {summary.read}, removed {summary.removed}")
    counts("seconds of the crawl", round(seconds))


@asynccontextmanager
async def _wiki(folder: Path) -> AsyncIterator[str]:
    given = ("--user", USER, "--token", TOKEN, "--pages", str(WANTED), "--seed", str(SEED), "--until-stdin-closes")
    async with kin("sandbox.confluence", *given, log=folder / "wiki.log") as stand:
        yield (await stand.hear())["url"]


@asynccontextmanager
async def _bot(folder: Path, birth: Crawl) -> AsyncIterator[None]:
    """It is killed in the end, if it has not fallen into its knife before."""
    file = folder / "crawl.json"
    file.write_bytes(msgspec.json.encode(birth))
    async with kin("tests.chaos.crawling", str(file), log=folder / "bot.log") as bot:
        if not birth.plan.knife:
            await bot.hear()
            yield
            return
        yield
        assert await bot.process.wait() == -signal.SIGKILL


async def _torment(birth: Crawl, store: Store, folder: Path, draw: random.Random) -> list[int]:
    """How many pages were there each time."""
    killed = []
    for number, moment in enumerate(KNIVES, start=1):
        plan = Plan(moment, draw.randint(1, MOST_PASSES)) if moment else Plan()
        async with _bot(folder, replace(birth, plan=plan)):
            if moment == RANDOM:
                enough = WANTED * number // (len(KNIVES) + 2)
                await until(partial(_has, store, enough), REST_SECONDS, 0.01)
        killed.append(len(await store.members(PAGES)))
    return killed


async def _has(store: Store, enough: int) -> bool:
    return len(await store.members(PAGES)) >= enough


async def _shelf(store: Store) -> dict[str, Document]:
    ids = sorted(await digests(store, PAGES))
    return {one: msgspec.json.decode(state, type=Document) async for one, state in fetch(store, PAGES, ids)}


def _differences(found: dict[str, Document]) -> list[str]:
    """Against the same wiki, made once more from the same seed."""
    state = company(Deployment.CLOUD)
    made = {f"confluence:{one}": state.page(one) for one in fill(state, WANTED, seed=SEED, space=SPACE)}
    strange = [f"{one} is none of the space" for one in found.keys() - made.keys()]
    missing = [f"{one} is missing" for one in made.keys() - found.keys()]
    return strange + missing + [one for one in found if one in made and not _is_whole(found[one], made[one])]


def _is_whole(document: Document, page: Page) -> bool:
    headings = [section.heading for section in document.sections if section.heading]
    texts = [section.text for section in document.sections]
    return document.title == page.title and len(headings) == page.body.count("<h2>") and all(texts)
