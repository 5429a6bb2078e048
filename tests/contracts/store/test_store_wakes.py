"""Wake-ups: each due one is leased, handled once, and comes back when its holder is lost."""

from adapters.store.redis_store import RedisStore
from bot.ports import Commit, DueWake
from tests.contracts.store.kit import LEASE, START, Moment


async def set_wakes(store: RedisStore, **wakes: int | None) -> None:
    assert (await store.commit(Commit(wakes=wakes))).what == "done"


async def fired(store: RedisStore, limit: int = 10) -> list[DueWake]:
    return (await store.wakes(limit, LEASE))[0]


async def fire_one(store: RedisStore) -> DueWake:
    (only,) = await fired(store)
    return only


async def test_a_journey_wakes_when_its_moment_has_come_and_not_before(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START + 500, boris=START + 90_000)
    assert await store.wakes(10, LEASE) == ([], 0.5)
    moment.pass_by(0.5)
    wake = await fire_one(store)
    assert (wake.journey, wake.due, wake.failures) == ("anna", START + 500, 0)
    assert await store.wakes(10, LEASE) == ([], 1.0)


async def test_the_commit_of_a_wake_ends_its_lease_and_sets_the_next(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    wake = await fire_one(store)
    commit = Commit(woken=wake, wakes={"anna": START + 200})
    assert (await store.commit(commit)).what == "done"
    assert (await store.commit(commit)).what == "stale"
    assert await store.wakes(10, LEASE) == ([], 0.2)
    moment.pass_by(LEASE + 1)
    assert (await fire_one(store)).due == START + 200


async def test_a_lost_worker_gives_its_wakes_to_the_next(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    lost = await fire_one(store)
    moment.pass_by(LEASE)
    found = await fire_one(store)
    assert (found.due, found.failures) == (START, 1)
    assert (await store.commit(Commit(woken=lost))).what == "stale"
    assert (await store.commit(Commit(woken=found))).what == "done"
    moment.pass_by(LEASE)
    assert await fired(store) == []


async def test_a_failed_wake_comes_back_later_with_the_same_moment(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    wake = await fire_one(store)
    await store.wake_failed(wake, 0.4, "boom")
    await store.wake_failed(wake, 0.1, "a stale token changes nothing")
    assert await store.wakes(10, LEASE) == ([], 0.4)
    moment.pass_by(0.4)
    again = await fire_one(store)
    assert (again.due, again.failures) == (START, 1)


async def test_a_wake_that_keeps_failing_becomes_a_dead_letter_and_can_be_retried(store: RedisStore) -> None:
    await set_wakes(store, anna=START)
    await store.wake_failed(await fire_one(store), None, "boom")
    (letter,) = await store.dead()
    assert (letter.kind, letter.code, letter.detail) == ("wake", "wake_failed", "boom")
    assert letter.payload == b'{"journey":"anna","due":%d}' % START
    assert await fired(store) == []
    assert await store.dead_retry(letter.id)
    assert (await fire_one(store)).failures == 0
    assert await store.dead() == []


async def test_a_commit_takes_a_wake_back(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START + 10)
    await set_wakes(store, anna=None)
    moment.pass_by(1)
    assert await fired(store) == []


async def test_a_new_time_ends_the_back_off_of_a_failed_wake(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    await store.wake_failed(await fire_one(store), 3600, "boom")
    await set_wakes(store, anna=START + 1000)
    moment.pass_by(1)
    wake = await fire_one(store)
    assert (wake.due, wake.failures) == (START + 1000, 0)


async def test_a_new_time_for_a_leased_wake_waits_for_the_lease(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    leased = await fire_one(store)
    await set_wakes(store, anna=START + 50)
    moment.pass_by(0.05)
    assert await store.wakes(10, LEASE) == ([], 1.0)
    assert (await store.commit(Commit(woken=leased))).what == "done"
    assert (await fire_one(store)).due == START + 50


async def test_a_new_time_counts_more_than_a_lease_that_ran_out(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    lost = await fire_one(store)
    await set_wakes(store, anna=START + 50)
    moment.pass_by(LEASE)
    wake = await fire_one(store)
    assert (wake.due, wake.failures) == (START + 50, 0)
    await store.wake_failed(lost, None, "stale")
    assert await store.dead() == []


async def test_a_new_time_counts_more_than_the_back_off_of_a_failure(store: RedisStore, moment: Moment) -> None:
    await set_wakes(store, anna=START)
    leased = await fire_one(store)
    await set_wakes(store, anna=START + 50)
    await store.wake_failed(leased, 3600, "boom")
    moment.pass_by(0.05)
    assert (await fire_one(store)).failures == 0


async def test_wakes_come_in_order_and_never_more_than_the_limit(store: RedisStore) -> None:
    await set_wakes(store, **{f"j{n}": START - 10 + n for n in range(10)})
    first, wait = await store.wakes(4, LEASE)
    assert ([wake.journey for wake in first], wait) == (["j0", "j1", "j2", "j3"], 0.0)
    await set_wakes(store, j0=START - 20, j1=START - 20)
    assert [wake.journey for wake in await fired(store, 5)] == ["j4", "j5", "j6", "j7", "j8"]
    assert [wake.journey for wake in await fired(store, 5)] == ["j9"]
