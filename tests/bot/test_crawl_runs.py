"""Runs of the crawl across restarts, crashes and several processes: one chain, nothing read twice for nothing."""

import asyncio
import datetime
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from bot.crawl.runs import EVERY, STATE, plan_next, standing_of, under_way
from bot.errors import Retry, StoreUnavailable
from bot.incoming import Wrote
from bot.message import Phrase, Reply, Text
from bot.ports import Commit, Loaded, Verdict
from tests.bot.kit import ADAM, HELGA
from tests.bot.office import LEASE, PATIENCE, Office, open_office
from tests.bot.platform import HANGS
from tests.bot.test_crawl import begins, last, lists_left, reindexes, shelf, texts
from tests.bot.test_runner import phrases
from tests.bot.wiki import Wiki
from wiring.parts import Bot, assemble


@pytest.fixture
def wiki() -> Wiki:
    return Wiki()


@pytest.fixture
async def office(redis_client: Redis, organisation: str, wiki: Wiki) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, wiki=wiki) as opened:
        wiki.clock = opened.clock
        yield opened


def phrase(reply: Reply | None) -> Text | None:
    return None if reply is None or reply.message is None else reply.message.text


def runs(wiki: Wiki) -> int:
    """How many have begun: only then is there no cursor."""
    return sum(cursor is None for _, cursor in wiki.asked)


# --- the chain


async def test_there_is_one_chain_however_often_and_wherever_it_is_started(office: Office, wiki: Wiki) -> None:
    wiki.has(3)
    for _ in range(5):
        await begins(office)
    before = runs(wiki)
    for _ in range(4):
        await office.passes(minutes=5)
    assert runs(wiki) == before + 4
    assert datetime.timedelta(minutes=5) == EVERY


async def test_a_start_in_the_middle_of_a_run_lets_it_go_on(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(12)
    wiki.meets(None, Retry("busy", 60.0))
    await begins(office)
    for _ in range(3):
        await begins(office)
    await office.passes(seconds=61)
    assert sorted(await texts(office)) == ids
    assert runs(wiki) == 1
    before = runs(wiki)
    await office.passes(minutes=5)
    assert runs(wiki) == before + 1


async def test_a_bot_that_stops_is_followed_by_one_that_goes_on(
    redis_client: Redis, organisation: str, wiki: Wiki
) -> None:
    ids = wiki.has(30)
    async with open_office(redis_client, organisation, wiki=wiki) as first:
        wiki.clock = first.clock
        wiki.meets(None, None, None, Retry("busy", 60.0))
        await begins(first)
        assert len(await shelf(first)) == 12
        way = await under_way(first.store)
        assert way is not None
        assert (way.phase, way.read) == ("changed", 12)
    async with open_office(redis_client, organisation, wiki=wiki) as second:
        second.clock.now += datetime.timedelta(minutes=2)
        await begins(second)
        assert sorted(await texts(second)) == ids
        assert (await last(second)).read == 30
    assert runs(wiki) == 1


async def test_how_often_runs_come_can_be_changed_with_a_start(office: Office, wiki: Wiki) -> None:
    wiki.has(1)
    await plan_next(office.bot.runner, datetime.timedelta(hours=1))
    await office.idle()
    await office.passes(minutes=59)
    assert runs(wiki) == 1
    await plan_next(office.bot.runner, datetime.timedelta(minutes=2))
    await office.passes(minutes=1)
    assert runs(wiki) == 2
    await office.passes(minutes=2)
    assert runs(wiki) == 3


async def test_without_a_wiki_there_are_no_runs(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation) as office:
        await plan_next(office.bot.runner)
        await office.idle()
        assert await office.store.waiting() == {}


async def test_a_run_that_is_asked_for_moves_none_that_comes_by_itself(office: Office, wiki: Wiki) -> None:
    wiki.has(5)
    await begins(office)
    began = (await last(office)).began
    await reindexes(office)
    assert wiki.asked[-2][0] is None
    assert (await last(office)).run == "asked"
    (loaded,) = await office.store.load([STATE])
    own = standing_of(loaded.state).last
    assert own is not None
    assert own.began == began
    before = runs(wiki)
    await office.passes(minutes=5)
    assert runs(wiki) == before + 1


async def test_whoever_asks_while_one_is_under_way_is_told_of_its_end_too(office: Office, wiki: Wiki) -> None:
    wiki.has(5)
    wiki.meets(Retry("busy", after=60.0))
    assert phrase(await office.commands(HELGA, "answers reindex")) == Phrase("answers-reindexing")
    await office.passes(seconds=5)
    for who in (ADAM, ADAM, HELGA):
        told = Phrase("answers-reindexing-already", {"since": "12:00"})
        assert phrase(await office.commands(who, "answers reindex")) == told
    await office.passes(minutes=2)
    assert runs(wiki) == 2  # the first time it was busy
    assert phrases(office, HELGA) == phrases(office, ADAM) == ["crawl-done"]
    assert phrase(await office.commands(ADAM, "answers reindex")) == Phrase("answers-reindexing")
    assert phrases(office, ADAM) == ["crawl-done"] * 2
    assert phrases(office, HELGA) == ["crawl-done"]


async def test_one_that_is_given_up_is_told_to_all_who_asked(office: Office, wiki: Wiki) -> None:
    wiki.has(5)
    wiki.meets(*[RuntimeError("broken")] * 5)
    await office.bot.runner.receive(office.incoming(HELGA, Wrote("answers reindex")))
    await office.commands(ADAM, "answers reindex")
    for _ in range(10):
        await office.passes(minutes=10)
    assert phrases(office, HELGA).count("crawl-given-up") == phrases(office, ADAM).count("crawl-given-up") == 1
    assert phrase(await office.commands(ADAM, "answers reindex")) == Phrase("answers-reindexing")


# --- crashes


def dies_before(office: Office, monkeypatch: pytest.MonkeyPatch, number: int) -> asyncio.Event:
    """The bot is gone before the `number`-th page is settled; its lane comes back when the lease ends."""
    commit, settled, died = office.store.commit, 0, asyncio.Event()

    async def dying(wanted: Commit) -> Verdict:
        nonlocal settled
        if wanted.settle is not None and wanted.settle.destination == "wiki":
            settled += 1
            if settled == number:
                died.set()
                raise StoreUnavailable("away")
        return await commit(wanted)

    monkeypatch.setattr(office.store, "commit", dying)
    return died


PAGES_OF_A_RUN = 6  # three batches of changes, two of the list, and the look at what differs


@pytest.mark.parametrize("number", range(1, PAGES_OF_A_RUN + 1))
async def test_a_page_that_was_laid_and_not_settled_is_read_again_and_nothing_is_doubled(
    office: Office,
    wiki: Wiki,
    monkeypatch: pytest.MonkeyPatch,
    redis_client: Redis,
    organisation: str,
    number: int,
) -> None:
    ids = wiki.has(12)
    await begins(office)
    wiki.trashes("p00003")
    wiki.restricts("p00008")
    wiki.writes("fresh", "New here.", "p00008")
    died = dies_before(office, monkeypatch, number)
    office.clock.now += datetime.timedelta(minutes=16)
    office.nudge()
    async with asyncio.timeout(PATIENCE):
        await died.wait()
    await office.passes(seconds=LEASE + 1)
    kept = [one for one in ids if one not in ("p00003", "p00008")]
    assert await texts(office) == {one: f"All about {one}." for one in kept}
    assert (await under_way(office.store)) is None
    assert await lists_left(redis_client, organisation) == []
    assert await office.dead() == []


async def test_a_call_that_hangs_is_tried_again(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(8)
    wiki.meets(None, HANGS)
    await begins(office)
    await office.passes(minutes=1)
    assert sorted(await shelf(office)) == ids
    assert await office.dead() == []


# --- several processes


@asynccontextmanager
async def second_process(office: Office, wiki: Wiki) -> AsyncIterator[Bot]:
    bot = assemble(office.company, lambda _: (), None, office.handbook, wiki=wiki, clock=office.clock, lease=LEASE)
    working = asyncio.create_task(bot.run())
    try:
        yield bot
    finally:
        bot.stop()
        await working


async def test_two_processes_share_one_chain(office: Office, wiki: Wiki) -> None:
    ids = wiki.has(40)
    async with second_process(office, wiki) as other:
        await asyncio.gather(plan_next(office.bot.runner), plan_next(other.runner))
        await office.idle()
        assert sorted(await texts(office)) == ids
        for _ in range(3):
            before = runs(wiki)
            office.clock.now += datetime.timedelta(minutes=30)
            other.delivery.nudge()
            office.nudge()
            await office.idle()
            assert runs(wiki) == before + 1
    assert await office.dead() == []


async def test_runs_of_both_kinds_at_once_leave_one_copy_of_every_page(
    office: Office, wiki: Wiki, redis_client: Redis, organisation: str
) -> None:
    ids = wiki.has(60)
    async with second_process(office, wiki) as other:
        await asyncio.gather(
            plan_next(other.runner), reindexes(office, "one"), reindexes(office, "two"), plan_next(office.bot.runner)
        )
        await office.idle()
    assert await texts(office) == {one: f"All about {one}." for one in ids}
    assert len(await office.store.members("page")) == 60
    assert await lists_left(redis_client, organisation) == []


# --- the cost


async def test_a_batch_of_pages_costs_two_commits_and_few_reads(
    office: Office, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In round trips to the store; the batch itself is one call of the wiki, as far as we know."""
    wiki.batch = wiki.list_batch = 50
    wiki.has(500)
    commits, loads = 0, 0
    commit, load = office.store.commit, office.store.load

    async def committing(wanted: Commit) -> Verdict:
        nonlocal commits
        commits += 1
        return await commit(wanted)

    async def loading(ids: Sequence[str]) -> list[Loaded]:
        nonlocal loads
        loads += 1
        return await load(ids)

    monkeypatch.setattr(office.store, "commit", committing)
    monkeypatch.setattr(office.store, "load", loading)
    await begins(office)
    batches = 10 + 10  # of changes, and of the list
    assert wiki.calls.count("changed") + wiki.calls.count("listed") == batches
    assert commits <= 2 * batches + 3  # and the plan, and the look at what differs
    assert loads <= 4 * batches + 5
