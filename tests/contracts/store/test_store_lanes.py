"""Lanes: order, leases, doubt, pace, replacement, classes, rates and pauses."""

import asyncio

import pytest
from redis.asyncio import Redis

from adapters.store.redis_store import Rate, RedisStore
from bot.ports import Commit
from tests.contracts.store.kit import (
    LEASE,
    Moment,
    claim,
    claim_one,
    claimed,
    drain,
    effect,
    enqueue,
    settle,
    settlement,
)


async def test_effects_of_a_lane_come_one_by_one_in_order(store: RedisStore) -> None:
    await enqueue(store, effect("a"), effect("b"))
    await enqueue(store, effect("c"))
    head = await claim_one(store)
    assert head.effect == effect("a")
    assert await claimed(store) == []
    await settle(store, head)
    assert await drain(store) == ["b", "c"]
    assert await store.waiting() == {}


async def test_lanes_do_not_wait_for_each_other(store: RedisStore) -> None:
    await enqueue(store, effect("a", key="anna"), effect("b", key="boris"), effect("j", destination="jira"))
    assert sorted(await claimed(store)) == ["a", "b"]
    assert await store.waiting() == {"slack": 2, "jira": 1}


async def test_a_drained_lane_leaves_nothing_behind(store: RedisStore, redis_client: Redis, organisation: str) -> None:
    await enqueue(store, *(effect(f"{key}{n}", key=key) for key in "abc" for n in range(3)))
    await drain(store)
    left = await redis_client.keys(f"bb:{{{organisation}}}:*")
    assert all(b":destinations" in key or b":batch:" in key for key in left)


async def test_a_lost_worker_leaves_its_effect_in_doubt_to_the_next(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"))
    lost = await claim_one(store)
    assert (lost.attempts, lost.doubt, lost.doubt_age) == (0, False, 0.0)
    moment.pass_by(LEASE - 1)
    assert await claimed(store) == []
    moment.pass_by(11)
    found = await claim_one(store)
    assert (found.effect.id, found.attempts, found.doubt, found.doubt_age) == ("a", 0, True, LEASE + 10)
    assert found.doubt_over == 10.0, "a call has ended by the end of its lease"
    assert not await store.settle(settlement(lost))
    await settle(store, found)


async def test_who_is_late_may_settle_as_long_as_nobody_has_claimed_since(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"))
    late = await claim_one(store)
    moment.pass_by(LEASE + 1)
    await settle(store, late)
    assert await store.waiting() == {}


async def test_doubt_stays_with_its_age_until_somebody_has_looked(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"))
    await settle(store, await claim_one(store), "later", after=5, doubt=True)
    moment.pass_by(5)
    again = await claim_one(store)
    assert (again.attempts, again.doubt, again.doubt_age, again.doubt_over) == (1, True, 5.0, 5.0)
    await settle(store, again, "later", after=10, doubt=True)
    moment.pass_by(10)
    third = await claim_one(store)
    assert (third.attempts, third.doubt_age, third.doubt_over) == (2, 15.0, 10.0)
    await settle(store, third, "later", after=2, doubt=True, counts=False)
    moment.pass_by(2)
    put_off = await claim_one(store)
    assert (put_off.attempts, put_off.doubt_age, put_off.doubt_over) == (2, 17.0, 12.0), "nothing was attempted"
    await settle(store, put_off, "later", doubt=False)
    fourth = await claim_one(store)
    assert (fourth.attempts, fourth.doubt) == (3, False)


async def test_later_keeps_the_head_first_and_waits_as_long_as_asked(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"), effect("b"))
    await settle(store, await claim_one(store), "later", after=20, counts=False)
    moment.pass_by(19.9)
    assert await claimed(store) == []
    moment.pass_by(0.1)
    head = await claim_one(store)
    assert (head.effect.id, head.attempts, head.doubt) == ("a", 0, False)


async def test_the_next_effect_starts_without_the_attempts_of_the_one_before(store: RedisStore) -> None:
    await enqueue(store, effect("a"), effect("b"))
    await settle(store, await claim_one(store), "later", doubt=True)
    await settle(store, await claim_one(store), "dropped")
    head = await claim_one(store)
    assert (head.effect.id, head.attempts, head.doubt) == ("b", 0, False)


async def test_a_lane_rests_for_its_pace(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"), effect("b"))
    await settle(store, await claim_one(store), pace=1.5)
    moment.pass_by(1.4)
    assert await claimed(store) == []
    moment.pass_by(0.1)
    assert await claimed(store) == ["b"]


async def test_an_empty_lane_rests_too_and_is_then_forgotten(
    store: RedisStore, moment: Moment, redis_client: Redis, organisation: str
) -> None:
    await enqueue(store, effect("a"))
    await settle(store, await claim_one(store), pace=2)
    await enqueue(store, effect("b"))
    assert await claimed(store) == []
    moment.pass_by(2)
    assert await drain(store) == ["b"]
    assert await redis_client.exists(f"bb:{{{organisation}}}:rest:slack") == 0


async def test_an_update_takes_the_place_of_the_one_that_waits(store: RedisStore) -> None:
    await enqueue(store, effect("a"), effect("list", text="old"), effect("b"))
    await enqueue(store, effect("list", text="new", replaces=True))
    first = await claim_one(store)
    await settle(store, first)
    second = await claim_one(store)
    assert second.effect == effect("list", text="new", replaces=True)
    await settle(store, second)
    assert await drain(store) == ["b"]


async def test_an_update_of_a_head_that_was_surely_not_done_takes_its_place(store: RedisStore) -> None:
    await enqueue(store, effect("list", text="old"))
    await settle(store, await claim_one(store), "later", doubt=False)
    await enqueue(store, effect("list", text="new", replaces=True))
    head = await claim_one(store)
    assert (head.effect.act, head.attempts) == (effect("list", text="new").act, 1)


@pytest.mark.parametrize("outcome", [None, "later"])
async def test_an_update_never_changes_what_may_have_happened(store: RedisStore, outcome: str | None) -> None:
    await enqueue(store, effect("list", text="old"))
    head = await claim_one(store)
    if outcome is not None:
        await settle(store, head, outcome, doubt=True)
    for text in ("new", "newest"):
        await enqueue(store, effect("list", text=text, replaces=True))
    if outcome is not None:
        head = await claim_one(store)
    assert head.effect.act == effect("list", text="old").act
    await settle(store, head)
    assert (await claim_one(store)).effect.act == effect("list", text="newest").act


async def test_an_effect_once_is_enqueued_once(store: RedisStore) -> None:
    await enqueue(store, effect("hello", once=True), effect("hello", key="boris", once=True))
    await enqueue(store, effect("hello", once=True))
    assert await drain(store) == ["hello"]
    await enqueue(store, effect("hello", once=True))
    assert await drain(store) == []


async def test_two_workers_never_hold_the_same_lane(store: RedisStore, redis_client: Redis, organisation: str) -> None:
    await enqueue(store, *(effect(f"e{n}", key=f"k{n}") for n in range(100)))
    other = RedisStore(redis_client, organisation)
    claims = await asyncio.gather(*(claim(worker, 10) for worker in (store, other) * 10))
    ids = [one.effect.id for batch in claims for one in batch]
    assert len(ids) == len(set(ids)) == 100
    assert len({one.token for batch in claims for one in batch}) == 100


async def test_never_more_than_the_limit(store: RedisStore) -> None:
    await enqueue(store, *(effect(f"e{n}", key=f"k{n}") for n in range(10)))
    claims = await store.claim("slack", 4, LEASE)
    assert (len(claims.claims), claims.wait) == (4, 0.0)
    assert len(await claimed(store, 0)) == 0
    assert len(await claimed(store, 5_000)) == 6


async def test_expired_leases_come_first(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("lost", key="z"))
    await claim(store)
    moment.pass_by(LEASE)
    await enqueue(store, effect("new", key="a"))
    assert await claimed(store, 1) == ["lost"]


async def test_people_who_wait_go_before_bulk_and_bulk_still_gets_its_share(store: RedisStore) -> None:
    bulk = [effect(f"b{n}", key=f"k{n}", bulk=True) for n in range(50)]
    await enqueue(store, *bulk, *(effect(f"n{n}", key=f"k{n}") for n in range(50)))
    ids = await claimed(store, 16)
    assert [name[0] for name in ids] == ["n"] * 14 + ["b"] * 2


async def test_bulk_does_not_starve_when_places_come_free_one_by_one(store: RedisStore) -> None:
    bulk = [effect(f"b{n}", key=f"k{n}", bulk=True) for n in range(20)]
    await enqueue(store, *bulk, *(effect(f"n{n}", key=f"k{n}") for n in range(200)))
    ids = [name for _ in range(80) for name in await claimed(store, 1)]
    assert len([name for name in ids if name[0] == "b"]) == 10


async def test_bulk_uses_what_nobody_else_needs(store: RedisStore) -> None:
    await enqueue(store, effect("n"), *(effect(f"b{n}", key=f"k{n}", bulk=True) for n in range(9)))
    assert len(await claimed(store, 8)) == 8


async def test_a_destination_is_never_claimed_faster_than_its_rate(
    redis_client: Redis, organisation: str, moment: Moment
) -> None:
    rates = {"slack": Rate(per_second=2, burst=3)}
    one, two = (RedisStore(redis_client, organisation, clock=moment, rates=rates) for _ in range(2))
    await enqueue(one, *(effect(f"e{n}", key=f"k{n}") for n in range(20)))
    assert len(await claimed(one)) == 3
    empty = await two.claim("slack", 100, LEASE)
    assert (empty.claims, empty.wait) == ((), 0.5)
    moment.pass_by(0.5)
    assert len(await claimed(two)) == 1
    moment.pass_by(0.25)
    assert (await one.claim("slack", 100, LEASE)).wait == 0.25
    moment.pass_by(60)
    await enqueue(one, effect("j", destination="jira"))
    assert len(await claim(one, destination="jira")) == 1
    assert (await one.claim("slack", 2, 1000)).wait == 0
    assert len((await two.claim("slack", 100, 1000)).claims) == 1


async def test_a_rate_that_is_not_used_up_holds_nothing_back(
    redis_client: Redis, organisation: str, moment: Moment
) -> None:
    store = RedisStore(redis_client, organisation, clock=moment, rates={"slack": Rate(10, 1)})
    for n in range(50):
        await enqueue(store, effect(f"e{n}", key=f"k{n}"))
        assert await claimed(store) == [f"e{n}"]
        moment.pass_by(0.1)


async def test_nothing_of_a_paused_destination_is_claimed(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"), effect("j", destination="jira"))
    await store.pause("slack", 0.7)
    paused = await store.claim("slack", 10, LEASE)
    assert (paused.claims, paused.wait) == ((), 0.7)
    assert len(await claim(store, destination="jira")) == 1
    moment.pass_by(0.7)
    assert await claimed(store) == ["a"]


async def test_a_pause_can_be_ended(store: RedisStore) -> None:
    await enqueue(store, effect("a"))
    await store.pause("slack", 3600)
    await store.pause("slack", 0)
    assert await claimed(store) == ["a"]


async def test_a_claim_says_when_to_come_again(store: RedisStore, moment: Moment) -> None:
    assert (await store.claim("slack", 10, LEASE)).wait == 1.0
    await enqueue(store, effect("a"))
    await settle(store, await claim_one(store), "later", after=0.3)
    assert (await store.claim("slack", 10, LEASE)).wait == 0.3
    moment.pass_by(0.3)
    assert (await store.claim("slack", 10, 0.2)).wait == 0.2


async def test_a_lane_without_effects_is_cleaned_away(
    store: RedisStore, redis_client: Redis, organisation: str
) -> None:
    await redis_client.zadd(f"bb:{{{organisation}}}:ready:slack:now", {"slack|now|ghost": 0})
    assert await claimed(store) == []
    assert await store.waiting() == {}


async def test_an_effect_that_nobody_can_read_holds_up_nothing(
    store: RedisStore, redis_client: Redis, organisation: str
) -> None:
    await enqueue(store, effect("a"), effect("b"))
    await redis_client.lset(f"bb:{{{organisation}}}:q:slack|now|anna", 0, 'a\n\n{"id": "a", "from": "the future"}')
    assert await claimed(store) == []
    assert await claimed(store) == ["b"]
    (letter,) = await store.dead()
    assert (letter.id, letter.code) == ("a", "unreadable")
    assert letter.payload == b'{"id": "a", "from": "the future"}'


async def test_settlements_at_the_same_moment_do_not_mix(store: RedisStore) -> None:
    await enqueue(store, *(effect(f"e{n}", key=f"k{n}") for n in range(300)))
    claims = await claim(store, 300)
    stale = [settlement(one) for one in claims[:100]]
    await asyncio.gather(*(store.settle(one) for one in stale))
    answers = await asyncio.gather(*(store.settle(one) for one in [settlement(one) for one in claims]))
    assert answers == [False] * 100 + [True] * 200
    assert await store.waiting() == {}


@pytest.mark.parametrize("wait", [{"after": float("inf")}, {"pace": float("nan")}, {"after": -1.0}])
async def test_a_time_that_is_none_is_refused_before_it_is_sent(store: RedisStore, wait: dict[str, float]) -> None:
    await enqueue(store, effect("a"))
    wrong = settlement(await claim_one(store), "later", **wait)
    with pytest.raises(ValueError, match="time to wait"):
        await store.settle(wrong)
    with pytest.raises(ValueError, match="time to wait"):
        await store.commit(Commit(settle=wrong))


async def test_the_clock_of_the_server_counts_when_none_is_handed_in(redis_client: Redis, organisation: str) -> None:
    store = RedisStore(redis_client, organisation)
    await enqueue(store, effect("a"))
    await settle(store, await claim_one(store), "later", after=3600)
    score = await redis_client.zscore(f"bb:{{{organisation}}}:ready:slack:now", "slack|now|anna")
    seconds, _ = await redis_client.time()
    assert score is not None
    assert abs(score / 1000 - 3600 - seconds) < 600


# --- one in the place of several


async def test_one_effect_takes_the_place_of_the_first_of_a_lane_and_the_others_stay_behind_it(
    store: RedisStore,
) -> None:
    await enqueue(store, effect("a"), effect("b"), effect("c"))
    head = await claim_one(store)
    waiting = await store.following(head, 2)
    assert [one.effect.id for one in waiting] == ["a", "b"]
    assert await store.bundle(head, waiting, effect("both"))
    assert not await store.settle(settlement(head)), "the claim is over"
    assert await drain(store) == ["both", "c"]
    assert await store.waiting() == {}


async def test_nothing_takes_the_place_of_what_was_replaced_meanwhile(store: RedisStore) -> None:
    await enqueue(store, effect("a"), effect("b"))
    head = await claim_one(store)
    waiting = await store.following(head, 10)
    await enqueue(store, effect("b", text="as it is now", replaces=True))
    assert not await store.bundle(head, waiting, effect("both"))
    await settle(store, head)
    assert (await claim_one(store)).effect == effect("b", text="as it is now", replaces=True)


async def test_whose_lease_has_ended_puts_nothing_in_the_place_of_anything(store: RedisStore, moment: Moment) -> None:
    await enqueue(store, effect("a"), effect("b"))
    lost = await claim_one(store)
    waiting = await store.following(lost, 10)
    moment.pass_by(LEASE + 1)
    found = await claim_one(store)
    assert not await store.bundle(lost, waiting, effect("both"))
    await settle(store, found)
    assert await drain(store) == ["b"]
