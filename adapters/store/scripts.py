"""The Lua scripts, each with a typed Python signature. What they do stands in their own files, in `scripts/`."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from adapters.store.faults import as_store_errors
from bot.errors import StoreUnavailable

_FOLDER = Path(__file__).with_suffix("")


class Script(msgspec.Struct, frozen=True):
    text: str
    sha: str


class Rate(msgspec.Struct, frozen=True):
    """A token bucket: so many claims a second, and at most `burst` (1 or more) at once after a silence."""

    per_second: float
    burst: int


def _script(*names: str) -> Script:
    text = "\n".join((_FOLDER / f"{name}.lua").read_text("utf-8") for name in names)
    return Script(text, hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest())


COMMIT = _script("prelude", "lanes", "commit")
LOAD_BY_ACCOUNT = _script("load_by_account")

_CLAIM = _script("prelude", "lanes", "claim")
_WAKES = _script("prelude", "wakes")
_WAKE_FAILED = _script("prelude", "wake_failed")
_PAUSE = _script("prelude", "pause")
_DEAD = _script("prelude", "dead")
_DEAD_RETRY = _script("prelude", "lanes", "dead_retry")
_DEAD_DROP = _script("prelude", "dead_drop")
_WAITING = _script("prelude", "waiting")
_BUNDLE = _script("prelude", "lanes", "bundle")

RawClaim = tuple[bytes, bytes, int, int, int, bytes]
"""Lane, token, attempts, age of the doubt in ms (-1: none), ms since the last doubtful attempt was over, record."""

RawWake = tuple[bytes, int, bytes, int]
"""Journey, due, token, failures."""

RawLetter = tuple[bytes, int, tuple[bytes, bytes, bytes, bytes | None, bytes | None], int]
"""Id, when it died, kind, code, detail, payload, record, how many are parked with it."""


class Scripts:
    """The scripts that run by themselves. `prefix` is that of the keys, `clock` as for RedisStore.

    Every method raises StoreUnavailable when the store cannot answer now.
    """

    def __init__(self, client: Redis, prefix: str, clock: Callable[[], int] | None) -> None:
        self._client = client
        self._prefix = prefix
        self._clock = clock
        self._pack = msgspec.msgpack.Encoder().encode

    async def claim(
        self, destination: str, limit: int, lease: float, *, claim: str, turn: int, rate: Rate | None
    ) -> tuple[list[RawClaim], int]:
        """The claimed lanes, and in how many ms there may be more. `claim` starts every token and must be unique."""
        args = {"destination": destination, "limit": limit, "lease": _ms(lease), "claim": claim, "turn": turn}
        if rate is not None:
            args |= {"rate": rate.per_second, "burst": rate.burst}
        claims, wait = await self._run(_CLAIM, args)
        return claims, wait

    async def wakes(self, limit: int, lease: float, *, claim: str) -> tuple[list[RawWake], int]:
        """The leased journeys, and in how many ms there may be more."""
        fired, wait = await self._run(_WAKES, {"limit": limit, "lease": _ms(lease), "claim": claim})
        return fired, wait

    async def wake_failed(
        self, journey: str, token: str, after: float | None, *, letter: str, detail: str, payload: str
    ) -> bool:
        """False: stale. `letter`, `detail` and `payload` make the dead letter when `after` is None."""
        args = {"journey": journey, "token": token, "letter": letter, "detail": detail, "payload": payload}
        return bool(await self._run(_WAKE_FAILED, args | ({} if after is None else {"after": after})))

    async def pause(self, destination: str, seconds: float) -> None:
        await self._run(_PAUSE, {"destination": destination, "seconds": seconds})

    async def dead(self) -> list[RawLetter]:
        letters: list[RawLetter] = await self._run(_DEAD, {})
        return letters

    async def dead_retry(self, letter: str) -> bool:
        return bool(await self._run(_DEAD_RETRY, {"letter": letter}))

    async def dead_drop(self, letter: str) -> bool:
        return bool(await self._run(_DEAD_DROP, {"letter": letter}))

    async def waiting(self) -> dict[str, int]:
        counts = await self._run(_WAITING, {})
        return {destination.decode(): lanes for destination, lanes in counts}

    async def bundle(self, lane: str, token: str, records: list[str], record: str) -> bool:
        """`records` are the SHA-1 of those to be replaced by `record`, the head first. False: they have changed."""
        args = {"lane": lane, "token": token, "records": records, "record": record}
        return bool(await self._run(_BUNDLE, args))

    async def _run(self, script: Script, args: dict[str, Any]) -> Any:
        if self._clock is not None:
            args = args | {"now": self._clock()}
        packed = self._pack(args)
        try:
            with as_store_errors():
                return await self._call(script, packed)
        except StoreUnavailable:
            # A primary that was demoted keeps its connections; its successor may have the same address.
            await self._client.connection_pool.disconnect(inuse_connections=False)
            raise

    async def _call(self, script: Script, packed: bytes) -> Any:
        try:
            return await self._client.evalsha(script.sha, 1, self._prefix, packed)
        except NoScriptError:
            return await self._client.eval(script.text, 1, self._prefix, packed)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
