"""A commit: all or nothing, once, and only on what was read."""

import asyncio
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from bot.ports import Commit, DueWake, Loaded, Lookup, Membership, Score, Verdict, Write
from tests.contracts.store.kit import LEASE, Moment, claim, claim_one, claimed, drain, effect, enqueue, settlement

DONE, CONFLICT, STALE = Verdict("done"), Verdict("conflict"), Verdict("stale")


def everything(*, marks: tuple[str, ...] = ("event",), version: int = 0, vacant: bool = False) -> Commit:
    return Commit(
        marks=marks,
        reply=b"the reply",
        writes=(Write("journey:1", version, b"\xff any bytes \x00"),),
        lookups=(Lookup("issue:ONB-1", "journey:1", vacant=vacant),),
        memberships=(Membership("managed-by:boss", "anna"),),
        scores=(Score("by-date", "journey:1", 7), Score("by-date", "journey:0", 9)),
        effects=(effect("welcome"),),
        wakes={"journey:1": 5},
        logs={"journey:1": (b"JourneyStarted", b"StepOpened")},
    )


async def contents(client: Redis, organisation: str) -> dict[Any, Any]:
    """Every key of the organisation, with what is in it."""
    keys = sorted(await client.keys(f"bb:{{{organisation}}}:*"))
    return {key: await client.dump(key) for key in keys if b":batch:" not in key}


async def test_everything_of_a_commit_is_there_afterwards(store: RedisStore) -> None:
    assert await store.commit(everything()) == DONE
    assert await store.load(["journey:1", "journey:2"]) == [
        Loaded("journey:1", 1, b"\xff any bytes \x00"),
        Loaded("journey:2", 0, None),
    ]
    assert await store.lookup(["issue:ONB-1", "issue:ONB-2"]) == ["journey:1", None]
    assert await store.members("managed-by:boss") == ["anna"]
    assert await store.ranked("by-date", 0, 5) == (["journey:1", "journey:0"], 2)
    assert await store.log("journey:1") == [b"JourneyStarted", b"StepOpened"]
    assert [wake.due for wake in (await store.wakes(10, LEASE))[0]] == [5]
    assert await claimed(store) == ["welcome"]


async def test_an_ordered_index_is_read_page_by_page_and_a_member_moves_in_it(store: RedisStore) -> None:
    scores = tuple(Score("by-date", name, value) for name, value in (("c", 3), ("a", -1), ("b", 2), ("d", 9)))
    await store.commit(Commit(scores=scores))
    assert await store.ranked("by-date", 0, 2) == (["a", "b"], 4)
    await store.commit(Commit(scores=(Score("by-date", "a", 20), Score("by-date", "b", None))))
    assert await store.ranked("by-date", 0, 2) == (["c", "d"], 3)
    assert await store.ranked("by-date", 2, 2) == (["a"], 3)
    assert await store.ranked("by-date", 5, 2) == ([], 3)
    assert await store.ranked("nothing", 0, 2) == ([], 0)


async def test_the_same_event_again_writes_nothing_and_gets_the_kept_reply(
    store: RedisStore, redis_client: Redis, organisation: str
) -> None:
    await store.commit(everything(marks=("event", "post:1.2")))
    before = await contents(redis_client, organisation)
    assert await store.commit(everything(marks=("other", "post:1.2"), version=1)) == Verdict("duplicate", b"the reply")
    assert await contents(redis_client, organisation) == before


async def test_a_mark_is_forgotten_after_its_time(redis_client: Redis, organisation: str) -> None:
    store = RedisStore(redis_client, organisation, mark_ttl=100)
    await store.commit(everything())
    left = await redis_client.pttl(f"bb:{{{organisation}}}:m:event")
    assert 90_000 < left <= 100_000


@pytest.mark.parametrize(
    "late",
    [everything(marks=("b",), version=0), everything(marks=("b",), version=2), everything(marks=("b",), version=7)],
)
async def test_another_version_than_was_read_is_a_conflict_and_writes_nothing(
    store: RedisStore, redis_client: Redis, organisation: str, late: Commit
) -> None:
    await store.commit(everything())
    before = await contents(redis_client, organisation)
    assert await store.commit(late) == CONFLICT
    assert await contents(redis_client, organisation) == before


async def test_a_name_that_is_taken_is_a_conflict_only_for_who_needs_it_vacant(
    store: RedisStore, redis_client: Redis, organisation: str
) -> None:
    assert await store.commit(everything(vacant=True)) == DONE
    before = await contents(redis_client, organisation)
    assert await store.commit(everything(marks=("b",), version=1, vacant=True)) == CONFLICT
    assert await contents(redis_client, organisation) == before
    assert await store.commit(everything(marks=("b",), version=1)) == DONE


async def test_one_conflict_among_many_writes_leaves_them_all(store: RedisStore) -> None:
    await store.commit(Commit(writes=(Write("a", 0, b"1"),)))
    assert await store.commit(Commit(writes=(Write("b", 0, b"1"), Write("a", 0, b"2")))) == CONFLICT
    assert [loaded.version for loaded in await store.load(["a", "b"])] == [1, 0]


async def test_of_commits_at_the_same_moment_one_wins(store: RedisStore) -> None:
    commits = [Commit(marks=(f"e{n}",), writes=(Write("a", 0, b"%d" % n),)) for n in range(300)]
    verdicts = await asyncio.gather(*map(store.commit, commits))
    assert verdicts.count(DONE) == 1
    assert verdicts.count(CONFLICT) == 299
    (loaded,) = await store.load(["a"])
    assert loaded == Loaded("a", 1, b"%d" % verdicts.index(DONE))


async def test_versions_count_up_and_a_forgotten_aggregate_takes_its_log_along(store: RedisStore) -> None:
    for version in range(12):
        assert await store.commit(Commit(writes=(Write("a", version, b"s"),), logs={"a": (b"e",)})) == DONE
    assert await store.commit(Commit(writes=(Write("a", 12, None),))) == DONE
    assert await store.load(["a"]) == [Loaded("a", 0, None)]
    assert await store.log("a") == []


async def test_lookups_and_memberships_are_taken_back(store: RedisStore) -> None:
    await store.commit(everything())
    gone = Commit(
        lookups=(Lookup("issue:ONB-1", None),), memberships=(Membership("managed-by:boss", "anna", present=False),)
    )
    assert await store.commit(gone) == DONE
    assert await store.lookup(["issue:ONB-1"]) == [None]
    assert await store.members("managed-by:boss") == []


async def test_the_person_behind_an_account_is_read_in_one_step(store: RedisStore) -> None:
    assert await store.load_by_account("slack:U1") == (None, [])
    await store.commit(Commit(lookups=(Lookup("account:slack:U1", "person:anna"),)))
    assert await store.load_by_account("slack:U1") == (Loaded("person:anna", 0, None), [])
    await store.commit(Commit(writes=(Write("person:anna", 0, b"{}"),)))
    assert await store.load_by_account("slack:U1") == (Loaded("person:anna", 1, b"{}"), [])


async def test_what_stands_beside_an_account_is_read_with_it_whoever_has_it(store: RedisStore) -> None:
    await store.commit(Commit(writes=(Write("asked:slack:U1", 0, b"[]"),)))
    beside = [Loaded("gone", 0, None), Loaded("asked:slack:U1", 1, b"[]")]
    assert await store.load_by_account("slack:U1", ["gone", "asked:slack:U1"]) == (None, beside)
    await store.commit(Commit(lookups=(Lookup("account:slack:U1", "person:anna"),)))
    found = (Loaded("person:anna", 0, None), beside)
    assert await store.load_by_account("slack:U1", ["gone", "asked:slack:U1"]) == found


async def test_a_log_keeps_its_last_entries(redis_client: Redis, organisation: str) -> None:
    store = RedisStore(redis_client, organisation, log_cap=3)
    await store.commit(Commit(logs={"a": (b"1", b"2")}))
    await store.commit(Commit(logs={"a": (b"3", b"4")}))
    assert await store.log("a") == [b"2", b"3", b"4"]


async def test_a_log_takes_more_entries_at_once_than_lua_unpacks(redis_client: Redis, organisation: str) -> None:
    store = RedisStore(redis_client, organisation, log_cap=20_000)
    entries = tuple(b"%d" % n for n in range(10_000))
    await store.commit(Commit(logs={"a": entries}))
    assert await store.log("a") == list(entries)


async def test_results_are_committed_together_with_the_end_of_their_claim(store: RedisStore) -> None:
    await enqueue(store, effect("create"), effect("then"))
    head = await claim_one(store)
    written = Commit(
        settle=settlement(head), writes=(Write("journey:1", 0, b"key"),), effects=(effect("tell", key="boss"),)
    )
    assert await store.commit(written) == DONE
    assert sorted(await claimed(store)) == ["tell", "then"]


@pytest.mark.parametrize("spoilt", ["token", "lane"])
async def test_a_claim_that_is_no_longer_ours_commits_nothing(
    store: RedisStore, redis_client: Redis, organisation: str, moment: Moment, spoilt: str
) -> None:
    await enqueue(store, effect("create"), effect("other", key="boss"))
    first, second = await claim(store)
    moment.pass_by(LEASE + 1)
    await claim(store)
    stale = {"token": settlement(first), "lane": settlement(msgspec.structs.replace(first, lane=second.lane))}[spoilt]
    before = await contents(redis_client, organisation)
    assert await store.commit(Commit(settle=stale, marks=("m",), writes=(Write("a", 0, b"s"),))) == STALE
    assert await contents(redis_client, organisation) == before


async def test_a_conflict_leaves_the_claim_for_another_try(store: RedisStore) -> None:
    await enqueue(store, effect("create"))
    head = await claim_one(store)
    assert await store.commit(Commit(settle=settlement(head), writes=(Write("a", 5, b""),))) == CONFLICT
    assert await store.commit(Commit(settle=settlement(head), writes=(Write("a", 0, b""),))) == DONE


async def test_a_wake_that_is_no_longer_ours_commits_nothing(store: RedisStore) -> None:
    wake = DueWake("journey:1", 5, "never-given", 0)
    assert await store.commit(Commit(woken=wake, writes=(Write("a", 0, b"s"),))) == STALE
    assert await store.load(["a"]) == [Loaded("a", 0, None)]


async def test_what_a_commit_enqueues_comes_after_what_it_settles(store: RedisStore) -> None:
    await enqueue(store, effect("first"))
    head = await claim_one(store)
    await store.commit(Commit(settle=settlement(head), effects=(effect("second"), effect("third"))))
    assert await drain(store) == ["second", "third"]


async def test_five_hundred_effects_fit_and_no_more(store: RedisStore) -> None:
    effects = tuple(effect(f"e{n}", key=f"k{n % 7}") for n in range(501))
    with pytest.raises(ValueError, match="501 effects"):
        await store.commit(Commit(effects=effects))
    assert await store.commit(Commit(effects=effects[:500])) == DONE
    assert len(await drain(store)) == 500


@pytest.mark.parametrize(
    "wrong",
    [
        Commit(writes=(Write("a", 0, b"1"), Write("a", 0, b"2"))),
        Commit(writes=(Write("a", 0, b"x" * (9 * 1024 * 1024)),)),
        Commit(effects=(effect("two\nlines"),)),
        Commit(effects=(effect(""),)),
        Commit(effects=(effect("e", needs="two\nlines"),)),
        Commit(effects=(effect("e", destination="sl|ack"),)),
        Commit(effects=(effect("e", destination=""),)),
    ],
)
async def test_what_the_script_could_not_carry_out_is_refused_before(store: RedisStore, wrong: Commit) -> None:
    with pytest.raises(ValueError, match=r"."):
        await store.commit(wrong)


async def test_two_organisations_do_not_see_each_other(store: RedisStore, redis_client: Redis) -> None:
    other = RedisStore(redis_client, "somebody-else")
    await store.commit(everything())
    assert await other.load(["journey:1"]) == [Loaded("journey:1", 0, None)]
    assert await other.lookup(["issue:ONB-1"]) == [None]
    assert await claimed(other) == []
    assert await other.waiting() == {}


@pytest.mark.parametrize("name", ["", "a{b", "a}b"])
def test_an_organisation_must_not_break_the_hash_tag(redis_client: Redis, name: str) -> None:
    with pytest.raises(ValueError, match="organisation"):
        RedisStore(redis_client, name)


async def test_versions_of_a_scenario_are_kept_and_never_change(store: RedisStore) -> None:
    await store.keep_version("scenario", "abc", b"first")
    await store.keep_version("scenario", "abc", b"second")
    assert await store.version("scenario", "abc") == b"first"
    assert await store.version("scenario", "xyz") is None


async def test_nothing_asked_is_answered_by_nothing(store: RedisStore) -> None:
    assert await store.load([]) == []
    assert await store.lookup([]) == []
    assert await store.commit(Commit()) == DONE


async def test_a_large_index_is_read_in_pages_that_hold_everybody(store: RedisStore) -> None:
    names = [f"p{number}" for number in range(2000)]
    await store.commit(Commit(memberships=tuple(Membership("people", one) for one in names)))
    pages = [page async for page in store.pages("people")]
    assert {one for page in pages for one in page} == set(names)
    assert max(map(len, pages)) < 1000
    assert [page async for page in store.pages("nobody")] == [[]]
