"""Whatever happens in whatever order: a lane keeps its order, and nothing is lost or comes twice."""

import asyncio
from collections import defaultdict
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from redis.asyncio import Redis

from adapters.store.connect import connect
from adapters.store.redis_store import RedisStore
from bot.ports import Claim, Commit, Write
from tests.contracts.store.kit import LEASE, Moment, claim, effect, settlement
from tests.generated import examples
from tests.store_server import new_organisation

KEYS = ("anna", "boris", "clara")
LANES = [(key, bulk) for key in KEYS for bulk in (False, True)]


class Lanes(RuleBasedStateMachine):
    """The model: for each lane a list of ids, and of its head how often it was tried and whether it is in doubt."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.moment = Moment()
        self.organisation = new_organisation()
        self.client, self.store = self.loop.run(self._connect())
        self.lanes: dict[str, list[str]] = defaultdict(list)
        self.attempts: dict[str, int] = defaultdict(int)
        self.doubted: set[str] = set()
        self.held: dict[str, Claim] = {}
        self.stale: list[Claim] = []
        self.dead: dict[str, str] = {}
        self.count = 0
        self.version = 0

    async def _connect(self) -> tuple[Redis, RedisStore]:
        client = connect(self.url)
        return client, RedisStore(client, self.organisation, clock=self.moment)

    def teardown(self) -> None:
        self.loop.run(self.client.aclose())
        self.loop.close()

    def commit(self, commit: Commit) -> str:
        return self.loop.run(self.store.commit(commit)).what

    def new(self, lane: tuple[str, bool], number: int) -> tuple[Any, ...]:
        key, bulk = lane
        effects = tuple(effect(f"e{self.count + n}", key=key, bulk=bulk) for n in range(number))
        self.count += number
        return effects

    def note(self, lane: tuple[str, bool], effects: tuple[Any, ...]) -> None:
        self.lanes[name(lane)] += [one.id for one in effects]

    @rule(lane=st.sampled_from(LANES), number=st.integers(1, 3))
    def enqueue(self, lane: tuple[str, bool], number: int) -> None:
        effects = self.new(lane, number)
        assert self.commit(Commit(effects=effects, writes=(self.write(),))) == "done"
        self.version += 1
        self.note(lane, effects)

    @rule(lane=st.sampled_from(LANES))
    def enqueue_in_conflict(self, lane: tuple[str, bool]) -> None:
        late = Write("doc", self.version + 1, b"s")
        assert self.commit(Commit(effects=self.new(lane, 2), writes=(late,))) == "conflict"

    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        claims = self.loop.run(claim(self.store, limit))
        assert len(claims) <= limit
        for one in claims:
            self.check_claim(one)
            self.held[one.lane] = one

    def check_claim(self, one: Claim) -> None:
        lost = self.held.pop(one.lane, None)
        if lost is not None:  # only a lease that ran out is claimed again
            self.stale.append(lost)
            self.doubted.add(one.lane)
        assert one.effect.id == self.lanes[one.lane][0]
        assert one.attempts == self.attempts[one.lane]
        assert one.doubt == (one.lane in self.doubted)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), outcome=st.sampled_from(["done", "dropped", "dead"]), pace=st.sampled_from([0.0, 3.0]))
    def finish(self, data: st.DataObject, outcome: str, pace: float) -> None:
        one = self.pick(data)
        assert self.loop.run(self.store.settle(settlement(one, outcome, pace=pace)))
        self.leave(one, outcome)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), lane=st.sampled_from(LANES))
    def finish_and_enqueue(self, data: st.DataObject, lane: tuple[str, bool]) -> None:
        one = self.pick(data)
        effects = self.new(lane, 2)
        commit = Commit(settle=settlement(one), effects=effects, writes=(self.write(),))
        assert self.commit(commit) == "done"
        self.version += 1
        self.leave(one, "done")
        self.note(lane, effects)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), after=st.sampled_from([0.0, 5.0]), doubt=st.booleans(), counts=st.booleans())
    def put_off(self, data: st.DataObject, after: float, doubt: bool, counts: bool) -> None:
        one = self.pick(data)
        assert self.loop.run(self.store.settle(settlement(one, "later", after=after, doubt=doubt, counts=counts)))
        del self.held[one.lane]
        self.attempts[one.lane] += counts
        (self.doubted.add if doubt else self.doubted.discard)(one.lane)

    @precondition(lambda self: self.stale)
    @rule(data=st.data(), outcome=st.sampled_from(["done", "later", "dead"]))
    def settle_what_is_stale(self, data: st.DataObject, outcome: str) -> None:
        one = data.draw(st.sampled_from(self.stale))
        assert not self.loop.run(self.store.settle(settlement(one, outcome)))
        assert self.commit(Commit(settle=settlement(one, outcome), effects=self.new(LANES[0], 1))) == "stale"

    @rule(seconds=st.sampled_from([1.0, 5.0, LEASE]))
    def pass_by(self, seconds: float) -> None:
        self.moment.pass_by(seconds)

    @precondition(lambda self: self.dead)
    @rule(data=st.data())
    def bring_back(self, data: st.DataObject) -> None:
        letter = data.draw(st.sampled_from(sorted(self.dead)))
        lane = self.dead.pop(letter)
        assert self.loop.run(self.store.dead_retry(letter))
        tried = lane in self.held or self.attempts[lane] > 0 or lane in self.doubted
        self.lanes[lane].insert(1 if tried else 0, letter)

    @invariant()
    def every_lane_with_effects_is_ready_or_leased_and_no_other(self) -> None:
        prefix = f"bb:{{{self.organisation}}}:"
        listed = self.loop.run(self._listed(prefix))
        assert sorted(listed) == sorted(lane for lane, waiting in self.lanes.items() if waiting)
        assert sum(self.loop.run(self.store.waiting()).values()) == len(listed)
        assert {letter.id for letter in self.loop.run(self.store.dead())} == set(self.dead)

    async def _listed(self, prefix: str) -> list[str]:
        names = ("ready:slack:now", "ready:slack:bulk", "leased:slack")
        found: list[Any] = [lane for key in names for lane in await self.client.zrange(prefix + key, 0, -1)]
        return [lane.decode() for lane in found]

    def write(self) -> Write:
        return Write("doc", self.version, b"s")

    def pick(self, data: st.DataObject) -> Claim:
        return self.held[data.draw(st.sampled_from(sorted(self.held)))]

    def leave(self, one: Claim, outcome: str) -> None:
        del self.held[one.lane]
        left = self.lanes[one.lane].pop(0)
        self.attempts.pop(one.lane, None)
        self.doubted.discard(one.lane)
        if outcome == "dead":
            self.dead[left] = one.lane


def name(lane: tuple[str, bool]) -> str:
    key, bulk = lane
    return f"slack|{'bulk' if bulk else 'now'}|{key}"


def test_lanes_keep_their_order_and_lose_nothing_whatever_happens(store_url: str) -> None:
    class LanesHere(Lanes):
        url = store_url

    run_state_machine_as_test(
        LanesHere,
        settings=settings(examples(60, *HealthCheck), stateful_step_count=40),
    )
