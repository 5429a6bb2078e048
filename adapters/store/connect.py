"""The connection to the store, and what a store must be like for the bot to keep its promises."""

from typing import Any

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.maint_notifications import MaintNotificationsConfig

MAX_CONNECTIONS = 64
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
POOL_WAIT_SECONDS = 10.0
HEALTH_CHECK_SECONDS = 30

OLDEST_VERSION = (6, 2)

Facts = dict[str, Any]  # the answer of INFO, parsed


class Problem(msgspec.Struct, frozen=True):
    """Something about the store that breaks a promise; on a fatal one the bot must not run.

    People read a text that is made elsewhere from `code` and `detail`.
    """

    code: str
    fatal: bool
    detail: dict[str, str]


def connect(url: str, max_connections: int = MAX_CONNECTIONS) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://` that connects with its first command.

    Answers are bytes. A command waits up to 10 s for a free connection, up to 5 s to connect and up to 10 s
    for its answer, so nothing that blocks in the server for longer may be sent. Raises ValueError for
    another scheme. Close it with `aclose()` or `async with`.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=max_connections,
        timeout=POOL_WAIT_SECONDS,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        # An idle connection may be dead without a sign (a firewall forgot it): PING before a use after 30 s.
        health_check_interval=HEALTH_CHECK_SECONDS,
        # A `Redis()` of redis-py 8 sends a command again, up to 10 times with growing pauses, when the
        # connection breaks or the answer is late: also one that the server has carried out already. Here it
        # raises, once; the commit knows what is safe to send again. With an explicit Retry no option in the
        # URL brings that back.
        retry=Retry(NoBackoff(), 0),
        # By default a TCP connection asks for the notices of a managed Redis. They change its timeouts, and
        # the pool then no longer notices before use that the server has closed an idle connection.
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
    )
    return Redis.from_pool(pool)


async def check_server(client: Redis) -> list[Problem]:
    """What is wrong with the store, fatal or not; empty when every promise holds.

    Everything fatal is read from INFO, which managed stores answer too; what it leaves out counts as not held.
    `unreachable` and `loading` come alone, the latter with its percentage if an open connection asks.
    """
    try:
        facts = await client.info()
        if facts.get("loading"):  # until it has, it says that it keeps no append-only file
            return [Problem("loading", True, {"percent": str(facts.get("loading_loaded_perc"))})]
        found = [_version(facts), _role(facts), _noeviction(facts), _append_only(facts)]
        if facts.get("aof_enabled"):
            found.append(await _fsync(client))
    except (RedisConnectionError, RedisTimeoutError) as error:
        return [_unanswered(error)]
    return [problem for problem in found if problem is not None]


def _unanswered(error: RedisError) -> Problem:
    # redis-py wraps what the PING of a new connection got in a plain ConnectionError.
    if isinstance(error, BusyLoadingError) or isinstance(error.__cause__, BusyLoadingError):
        return Problem("loading", True, {})
    return Problem("unreachable", True, {"error": str(error)})


def _version(facts: Facts) -> Problem | None:
    # Valkey says here which Redis it is compatible with.
    version = str(facts.get("redis_version", "0.0"))
    if tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_VERSION:
        return None
    return Problem("version_too_old", True, {"found": version, "needed": ".".join(map(str, OLDEST_VERSION))})


def _role(facts: Facts) -> Problem | None:
    role = str(facts.get("role", "unknown"))
    return None if role == "master" else Problem("not_primary", True, {"found": role})


def _noeviction(facts: Facts) -> Problem | None:
    policy = str(facts.get("maxmemory_policy", "unknown"))
    return None if policy == "noeviction" else Problem("evicts_keys", True, {"found": policy})


def _append_only(facts: Facts) -> Problem | None:
    return None if facts.get("aof_enabled") else Problem("no_append_only_file", True, {})


async def _fsync(client: Redis) -> Problem | None:
    """Only `always` keeps all that was acknowledged. The operator may knowingly choose less.

    A crash of the machine loses under `everysec` the last second (two when the disk is slow), under `no`
    what the system had not yet written, some 30 s on Linux.
    """
    try:
        found = (await client.config_get("appendfsync"))["appendfsync"]
    except ResponseError:  # a managed store that hides its settings
        return Problem("appendfsync_unknown", False, {})
    return None if found == "always" else Problem(f"appendfsync_{found}", False, {})
