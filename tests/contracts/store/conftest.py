"""A store of the test's own, with a clock that the test moves."""

import pytest
from redis.asyncio import Redis

from adapters.store.redis_store import RedisStore
from tests.contracts.store.kit import Moment


@pytest.fixture
def moment() -> Moment:
    return Moment()


@pytest.fixture
def store(redis_client: Redis, organisation: str, moment: Moment) -> RedisStore:
    return RedisStore(redis_client, organisation, clock=moment)
