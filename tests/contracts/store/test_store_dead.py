"""Dead letters: nothing is lost, and what needs each other stays together."""

import datetime
import json

import msgspec
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from bot.ports import Commit, DeadLetter, Verdict
from tests.contracts.store.kit import START, claim, claim_one, drain, effect, enqueue, settle

NOW = datetime.datetime.fromtimestamp(START / 1000, datetime.UTC)


async def bury_head(store: RedisStore, code: str = "no_project") -> None:
    await settle(store, await claim_one(store), "dead", code=code, detail="Jira says no")


async def test_a_dead_effect_leaves_its_lane_with_all_that_needs_it(store: RedisStore) -> None:
    await enqueue(
        store,
        effect("issue"),
        effect("other"),
        effect("link", needs="issue"),
        effect("verify", needs="link"),
        effect("needs-other", needs="other"),
    )
    await bury_head(store)
    (letter,) = await store.dead()
    assert letter == DeadLetter(
        id="issue", kind="effect", at=NOW, code="no_project", detail="Jira says no", payload=letter.payload, parked=2
    )
    assert json.loads(letter.payload)["id"] == "issue"
    assert await drain(store) == ["other", "needs-other"]


async def test_a_retry_brings_everything_back_in_order_before_what_waits(store: RedisStore) -> None:
    await enqueue(store, effect("issue"), effect("link", needs="issue"), effect("verify", needs="link"))
    await settle(store, await claim_one(store), "later")
    await bury_head(store)
    await enqueue(store, effect("later-1"), effect("later-2"))
    assert await store.dead_retry("issue")
    assert not await store.dead_retry("issue")
    assert await store.dead() == []
    head = await claim_one(store)
    assert (head.effect.id, head.attempts) == ("issue", 0)
    await settle(store, head)
    assert await drain(store) == ["link", "verify", "later-1", "later-2"]


async def test_a_retry_does_not_come_between_a_head_in_flight_and_its_settlement(store: RedisStore) -> None:
    await enqueue(store, effect("issue"), effect("link", needs="issue"), effect("next"))
    await bury_head(store)
    head = await claim_one(store)
    assert head.effect.id == "next"
    assert await store.dead_retry("issue")
    assert await claim(store) == []
    await settle(store, head)
    assert await drain(store) == ["issue", "link"]


async def test_a_retry_does_not_inherit_the_attempts_of_a_head_that_waits(store: RedisStore) -> None:
    await enqueue(store, effect("issue"), effect("next"))
    await bury_head(store)
    await settle(store, await claim_one(store), "later", doubt=True)
    assert await store.dead_retry("issue")
    head = await claim_one(store)
    assert (head.effect.id, head.attempts, head.doubt) == ("next", 1, True)
    await settle(store, head)
    assert await drain(store) == ["issue"]


async def test_what_needs_a_dead_effect_is_parked_also_when_it_comes_later(store: RedisStore) -> None:
    await enqueue(store, effect("issue"))
    await bury_head(store)
    await enqueue(store, effect("link", needs="issue"), effect("free"))
    assert [letter.parked for letter in await store.dead()] == [1]
    assert await drain(store) == ["free"]
    await store.dead_retry("issue")
    assert await drain(store) == ["issue", "link"]


async def test_another_lane_does_not_park_with_a_letter_that_is_not_its_own(store: RedisStore) -> None:
    await enqueue(store, effect("issue"))
    await bury_head(store)
    await enqueue(store, effect("tell", key="boss", needs="issue"))
    assert await drain(store) == ["tell"]


async def test_the_same_effect_dead_again_is_one_letter_and_keeps_all_that_is_parked(store: RedisStore) -> None:
    for needing in ("one", "two"):
        await enqueue(store, effect("list"), effect(needing, needs="list"))
        await bury_head(store, code=needing)
    (letter,) = await store.dead()
    assert (letter.code, letter.parked) == ("two", 2)
    await store.dead_retry("list")
    assert await drain(store) == ["list", "one", "two"]


async def test_a_thousand_parked_effects_come_back(store: RedisStore) -> None:
    await enqueue(store, effect("issue"))
    for batch in range(30):
        await enqueue(store, *(effect(f"p{batch}-{n}", needs="issue") for n in range(500)))
    await bury_head(store)
    assert (await store.dead())[0].parked == 15_000
    await store.dead_retry("issue")
    head = await claim_one(store)
    await settle(store, head)
    assert head.effect.id == "issue"
    assert (await claim_one(store)).effect.id == "p0-0"


async def test_a_dropped_letter_is_gone_for_good(store: RedisStore, redis_client: Redis, organisation: str) -> None:
    await enqueue(store, effect("issue"), effect("link", needs="issue"))
    await bury_head(store)
    assert await store.dead_drop("issue")
    assert not await store.dead_drop("issue")
    assert await store.dead() == []
    left = await redis_client.keys(f"bb:{{{organisation}}}:*")
    assert all(b":destinations" in key or b":batch:" in key for key in left)


async def test_quarantine_is_kept_until_it_is_dropped_and_letters_stand_oldest_first(store: RedisStore) -> None:
    await enqueue(store, effect("issue"))
    await bury_head(store)
    earlier = NOW - datetime.timedelta(minutes=5)
    letter = DeadLetter(
        id="error-7", kind="quarantine", at=earlier, code="handler", detail="KeyError", payload=b'{"raw": "\xc3\xa9"}'
    )
    commit = Commit(marks=("act",), quarantined=letter)
    assert await store.commit(commit) == Verdict("done")
    again = msgspec.structs.replace(letter, detail="sent again")
    assert (await store.commit(msgspec.structs.replace(commit, quarantined=again))).what == "duplicate"
    assert [kept.id for kept in await store.dead()] == ["error-7", "issue"]
    assert (await store.dead())[0] == letter
    assert not await store.dead_retry("error-7")
    assert (await store.dead())[0] == letter
    assert await store.dead_drop("error-7")
