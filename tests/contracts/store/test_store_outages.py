"""The store cannot answer, or has answered and nobody heard it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from adapters.store import batch, line
from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from bot.errors import NotReplicated, StoreUnavailable
from bot.ports import Commit, Loaded, Verdict, Write
from tests.contracts.store.cable import Cable, cable_to
from tests.contracts.store.kit import Moment, claim, claim_one, claimed, effect, enqueue, settlement

LOADING = b"-LOADING Redis is loading the dataset in memory\r\n"
READONLY = b"-READONLY You can't write against a read only replica.\r\n"
MISCONF = b"-MISCONF Errors writing to the AOF file: No space left on device\r\n"
WRITE = Commit(writes=(Write("a", 0, b"s"),))


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "RESEND_PAUSE", 0.001)
    monkeypatch.setattr(line, "ANSWER_SECONDS", 0.2)


@pytest.fixture
async def cable(store_url: str) -> AsyncIterator[Cable]:
    async with cable_to(store_url) as cable:
        yield cable


@pytest.fixture
async def far_store(cable: Cable, organisation: str, moment: Moment) -> AsyncIterator[RedisStore]:
    """The store of the test's organisation at the other end of the cable."""
    async with connect(cable.url) as client:
        store = RedisStore(client, organisation, clock=moment)
        await store.commit(Commit())
        yield store


async def test_scripts_that_the_server_has_forgotten_are_brought_again(store: RedisStore, redis_client: Redis) -> None:
    await enqueue(store, effect("a"), effect("b", key="boris"))
    await redis_client.script_flush()
    assert await store.load_by_account("slack:U1") == (None, [])
    await redis_client.script_flush()
    claims = await claim(store)
    await redis_client.script_flush()
    assert all(await asyncio.gather(*(store.settle(settlement(one)) for one in claims)))
    await redis_client.script_flush()
    assert await store.waiting() == {}


@pytest.mark.parametrize("times", [1, 3])
async def test_a_commit_whose_answer_was_lost_is_done_once_and_says_so(
    cable: Cable, far_store: RedisStore, times: int
) -> None:
    cable.lose_answers(times)
    before = cable.carried
    commits = [
        Commit(marks=(f"m{n}",), writes=(Write(f"a{n}", 0, b"s"),), effects=(effect(f"e{n}"),)) for n in range(5)
    ]
    verdicts = await asyncio.gather(*map(far_store.commit, [*commits, commits[0]]))
    assert verdicts == [Verdict("done")] * 5 + [Verdict("duplicate")]
    assert cable.carried == before + times + 1
    loaded = await far_store.load([f"a{n}" for n in range(5)])
    assert [one.version for one in loaded] == [1] * 5
    assert len(await claimed(far_store)) == 1


async def test_a_settlement_whose_answer_was_lost_is_not_stale(cable: Cable, far_store: RedisStore) -> None:
    await enqueue(far_store, effect("a"), effect("b"))
    head = await claim_one(far_store)
    cable.lose_answers(1)
    assert await far_store.settle(settlement(head))
    assert await claimed(far_store) == ["b"]


async def test_a_commit_that_never_arrived_is_done_when_sent_again(cable: Cable, far_store: RedisStore) -> None:
    cable.lose_question()
    assert await far_store.commit(WRITE) == Verdict("done")


async def test_an_old_copy_that_arrives_late_does_nothing(cable: Cable, far_store: RedisStore) -> None:
    await enqueue(far_store, effect("a"))
    head = await claim_one(far_store)
    cable.lose_question()
    assert await far_store.settle(settlement(head, "later"))
    assert (await cable.deliver_late()).startswith(b"*1\r\n:0")
    await far_store.commit(WRITE)
    cable.lose_question()
    assert await far_store.commit(Commit(effects=(effect("b"),))) == Verdict("done")
    await far_store.commit(Commit(effects=(effect("c"),)))
    assert b"after its successor" in await cable.deliver_late()
    assert (await claim_one(far_store)).attempts == 1


async def test_a_read_whose_answer_was_lost_is_read_again(cable: Cable, far_store: RedisStore) -> None:
    await far_store.commit(WRITE)
    cable.lose_answers(1)
    assert await far_store.load(["a"]) == [Loaded("a", 1, b"s")]


async def test_a_server_that_stays_silent_is_asked_again_over_another_connection(
    cable: Cable, far_store: RedisStore
) -> None:
    before = cable.connections
    cable.swallow()
    assert await far_store.commit(WRITE) == Verdict("done")
    assert cable.connections == before + 1


async def test_a_server_that_never_answers_is_unavailable_in_the_end(
    cable: Cable, far_store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(line, "ANSWER_SECONDS", 0.05)
    for _ in range(20):
        cable.swallow()
    with pytest.raises(StoreUnavailable):
        await far_store.commit(WRITE)


@pytest.mark.parametrize("error", [LOADING, READONLY, MISCONF])
async def test_a_server_that_cannot_now_is_unavailable_and_nothing_is_committed(
    cable: Cable, far_store: RedisStore, error: bytes
) -> None:
    cable.answer(error)
    with pytest.raises(StoreUnavailable):
        await far_store.commit(WRITE)
    cable.answer(error)
    with pytest.raises(StoreUnavailable):
        await far_store.load(["a"])
    cable.answer(error)
    with pytest.raises(StoreUnavailable):
        await far_store.claim("slack", 1, 1)
    assert await far_store.load(["a"]) == [Loaded("a", 0, None)]


async def test_a_demoted_primary_is_left_for_its_successor(cable: Cable, far_store: RedisStore) -> None:
    before = cable.connections
    cable.answer(READONLY)
    with pytest.raises(StoreUnavailable):
        await far_store.commit(WRITE)
    assert await far_store.commit(WRITE) == Verdict("done")
    assert cable.connections == before + 1


async def test_a_store_that_is_gone_is_unavailable_at_once(
    cable: Cable, far_store: RedisStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "PATIENCE_SECONDS", 600.0)
    assert await far_store.load(["a"])
    await cable.cut()
    async with asyncio.timeout(60):
        for act in (far_store.commit(WRITE), far_store.load(["a"]), far_store.waiting(), far_store.version("s", "v")):
            with pytest.raises(StoreUnavailable):
                await act
        with pytest.raises(StoreUnavailable):
            await far_store.keep_version("s", "v", b"")


async def test_everybody_who_waits_hears_of_the_outage(cable: Cable, far_store: RedisStore) -> None:
    await cable.cut()
    heard = await asyncio.gather(*(far_store.commit(WRITE) for _ in range(300)), return_exceptions=True)
    assert all(isinstance(one, StoreUnavailable) for one in heard)


@asynccontextmanager
async def full(client: Redis) -> AsyncIterator[None]:
    before = str((await client.config_get("maxmemory"))["maxmemory"])
    await client.config_set("maxmemory", "1")
    try:
        yield
    finally:
        await client.config_set("maxmemory", before)


async def test_a_full_store_takes_on_nothing_new(store: RedisStore, redis_client: Redis) -> None:
    async with full(redis_client):
        with pytest.raises(StoreUnavailable, match="OOM"):
            await store.commit(Commit(marks=("m",), writes=(Write("a", 0, b"s"),), effects=(effect("a"),)))
        with pytest.raises(StoreUnavailable, match="memory"):
            await store.keep_version("scenario", "v", b"")
    assert await store.load(["a"]) == [Loaded("a", 0, None)]
    assert await store.commit(Commit(marks=("m",))) == Verdict("done")


async def test_a_full_store_lets_what_is_there_be_finished(store: RedisStore, redis_client: Redis) -> None:
    await enqueue(store, effect("a"), effect("b", key="boris"), effect("c", key="clara"))
    async with full(redis_client):
        done, later, dead = await claim(store)
        assert await store.commit(Commit(settle=settlement(done), marks=("m",), writes=(Write("a", 0, b"s"),)))
        assert await store.settle(settlement(later, "later"))
        assert await store.settle(settlement(dead, "dead"))
    assert await store.waiting() == {"slack": 1}
    assert await store.load(["a"]) == [Loaded("a", 1, b"s")]


async def test_whoever_stops_waiting_disturbs_nobody_else(store: RedisStore) -> None:
    impatient = asyncio.create_task(store.commit(Commit(marks=("m",))))
    others = [asyncio.create_task(store.commit(Commit(writes=(Write(f"a{n}", 0, b"s"),)))) for n in range(3)]
    await asyncio.sleep(0)
    impatient.cancel()
    assert await asyncio.gather(*others) == [Verdict("done")] * 3
    assert impatient.cancelled()


async def test_one_question_that_is_wrong_does_not_spoil_the_others(
    store: RedisStore, redis_client: Redis, organisation: str
) -> None:
    await redis_client.rpush(f"bb:{{{organisation}}}:a:wrong", "not a string")
    wrong = Commit(writes=(Write("wrong", 0, b"s"),))
    answers = await asyncio.gather(store.commit(wrong), store.commit(WRITE), return_exceptions=True)
    assert isinstance(answers[0], ResponseError)
    assert "WRONGTYPE" in str(answers[0])
    assert answers[1] == Verdict("done")


async def test_too_few_replicas_are_told_also_to_who_repeats_the_event(
    redis_client: Redis, organisation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "REPLICA_MILLISECONDS", 10)
    store = RedisStore(redis_client, organisation, wait_replicas=1)
    event = Commit(marks=("m",), writes=(Write("a", 0, b"s"),))
    for _ in range(2):
        with pytest.raises(NotReplicated):
            await store.commit(event)
    assert await store.load(["a"]) == [Loaded("a", 1, b"s")]
    assert await store.commit(Commit(writes=(Write("a", 0, b"s"),))) == Verdict("conflict")


async def test_a_test_may_kill_between_a_commit_and_its_answer(redis_client: Redis, organisation: str) -> None:
    moments: list[str] = []
    store = RedisStore(redis_client, organisation, probe=moments.append)
    await asyncio.gather(*(store.commit(Commit(marks=(f"m{n}",))) for n in range(3)))
    assert moments == ["exec-sent"]


async def test_a_large_crowd_travels_in_batches_and_everybody_gets_the_own_answer(store: RedisStore) -> None:
    big = b"x" * (1024 * 1024)
    commits = [Commit(writes=(Write(f"a{n}", n % 2, big if n < 10 else b"s"),)) for n in range(400)]
    verdicts = await asyncio.gather(*map(store.commit, commits))
    assert [verdict.what for verdict in verdicts] == ["done", "conflict"] * 200
    reads = await asyncio.gather(*(store.load([f"a{n}"]) for n in range(400)))
    assert [loaded.version for (loaded,) in reads] == [1, 0] * 200
