"""What the tests of the store are written with."""

from typing import Any

from adapters.store.redis_store import RedisStore
from bot.effects import Effect, Lane, Say
from bot.message import Message
from bot.ports import Claim, Commit, Settlement

START = 1_800_000_000_000
LEASE = 30.0


class Moment:
    """A clock for the store that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += round(seconds * 1000)


def effect(name: str, key: str = "anna", destination: str = "slack", *, bulk: bool = False, **fields: Any) -> Effect:
    act = Say(Message(fields.pop("text", name)), person=key)
    return Effect(id=name, lane=Lane(destination, key, bulk), act=act, **fields)


async def enqueue(store: RedisStore, *effects: Effect) -> None:
    verdict = await store.commit(Commit(effects=effects))
    assert verdict.what == "done"


async def claim(store: RedisStore, limit: int = 100, destination: str = "slack") -> list[Claim]:
    return list((await store.claim(destination, limit, LEASE)).claims)


async def claim_one(store: RedisStore, destination: str = "slack") -> Claim:
    (only,) = await claim(store, destination=destination)
    return only


async def claimed(store: RedisStore, limit: int = 100) -> list[str]:
    """The ids of what can be claimed now."""
    return [one.effect.id for one in await claim(store, limit)]


def settlement(claim: Claim, outcome: Any = "done", **fields: Any) -> Settlement:
    return Settlement(lane=claim.lane, destination=claim.destination, token=claim.token, outcome=outcome, **fields)


async def settle(store: RedisStore, claim: Claim, outcome: Any = "done", **fields: Any) -> None:
    assert await store.settle(settlement(claim, outcome, **fields))


async def drain(store: RedisStore) -> list[str]:
    """Claim and settle until nothing can be claimed; the ids, in the order in which they came."""
    drained = []
    while claims := await claim(store):
        for one in claims:
            drained.append(one.effect.id)
            await settle(store, one)
    return drained
