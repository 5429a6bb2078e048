"""The store of the bot: `bot.ports.Store` on Redis or Valkey, from version 6.2 on."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from redis.asyncio import Redis

from adapters.store import codec
from adapters.store.batch import Commits, Reads, Terms, pack_command
from adapters.store.faults import as_store_errors
from adapters.store.keys import Keys, lane_name
from adapters.store.scripts import LOAD_BY_ACCOUNT, Rate, RawClaim, Scripts
from bot.effects import Effect, Lane
from bot.ports import Claim, Claims, Commit, DeadLetter, DueWake, Loaded, Settlement, Store, Verdict, Waiting

__all__ = ["Rate", "RedisStore"]

log = logging.getLogger(__name__)

THREE_DAYS = 3 * 24 * 3600.0
LOG_CAP = 200
MOST_CLAIMS = 1000
PAGE = 500  # members of an index that are read at once


class RedisStore(Store):
    """One organisation's state.

    `client` answers in bytes and does not retry by itself (`connect`); two of its connections stay with the store.
    `clock` (epoch ms) is for tests: without it the server's own time counts. `wait_replicas`: so many replicas must
    have a commit, else NotReplicated. `rates`: the token buckets of destinations; one that is not named has none.
    Dedupe marks are kept for `mark_ttl` seconds, the marks of `once` effects for `once_ttl`; of an aggregate's log
    the last `log_cap` entries. `probe` is called with the name of a moment at which a test may want to kill.
    """

    def __init__(
        self,
        client: Redis,
        organisation: str,
        *,
        clock: Callable[[], int] | None = None,
        wait_replicas: int = 0,
        rates: Mapping[str, Rate] | None = None,
        mark_ttl: float = THREE_DAYS,
        once_ttl: float = THREE_DAYS,
        log_cap: int = LOG_CAP,
        probe: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._client = client
        self._keys = Keys(organisation)
        self._rates = rates or {}
        self._scripts = Scripts(client, self._keys.prefix, clock)
        self._reads = Reads(client.connection_pool)
        terms = Terms(
            mark_ttl=round(mark_ttl * 1000), once_ttl=round(once_ttl * 1000), log_cap=log_cap, replicas=wait_replicas
        )
        self._commits = Commits(client.connection_pool, self._keys.prefix, terms, clock, probe)
        self._claimer = secrets.token_hex(6)
        self._turn = 0

    async def load(self, ids: Sequence[str]) -> list[Loaded]:
        values = await self._get(map(self._keys.aggregate, ids))
        return [codec.decode_loaded(aggregate, value) for aggregate, value in zip(ids, values, strict=True)]

    async def load_by_account(self, account: str, beside: Sequence[str] = ()) -> tuple[Loaded | None, list[Loaded]]:
        command: tuple[str | int, ...] = ("EVALSHA", LOAD_BY_ACCOUNT.sha, 1, self._keys.prefix, account, *beside)
        owner, state, *others = await self._reads.ask(pack_command(command))
        found = None if owner is None else codec.decode_loaded(owner.decode(), state)
        return found, [codec.decode_loaded(one, value) for one, value in zip(beside, others, strict=True)]

    async def lookup(self, names: Sequence[str]) -> list[str | None]:
        return [value and value.decode() for value in await self._get(map(self._keys.lookup, names))]

    async def members(self, index: str) -> list[str]:
        found = await self._reads.ask(pack_command(("SMEMBERS", self._keys.index(index))))
        return sorted(member.decode() for member in found)

    async def ranked(self, index: str, first: int, count: int) -> tuple[list[str], int]:
        key = self._keys.ordered(index)
        # Asked in one round of the event loop, they go in one batch.
        page = self._reads.ask(pack_command(("ZRANGE", key, first, first + count - 1)))
        size = self._reads.ask(pack_command(("ZCARD", key)))
        found, total = await asyncio.gather(page, size)
        return [member.decode() for member in found], total

    async def pages(self, index: str) -> AsyncIterator[list[str]]:
        cursor = b"0"
        while True:
            command = ("SSCAN", self._keys.index(index), cursor, "COUNT", PAGE)
            cursor, found = await self._reads.ask(pack_command(command))
            yield [member.decode() for member in found]
            if cursor == b"0":
                return

    async def log(self, aggregate: str) -> list[bytes]:
        entries: list[bytes] = await self._reads.ask(pack_command(("LRANGE", self._keys.log(aggregate), 0, -1)))
        return entries

    async def commit(self, commit: Commit) -> Verdict:
        return codec.decode_verdict(await self._commits.ask(codec.encode_commit(commit)))

    async def settle(self, settlement: Settlement) -> bool:
        return bool(await self._commits.ask(codec.encode_settlement(settlement)) == 0)

    async def claim(self, destination: str, limit: int, lease: float) -> Claims:
        raw, wait = await self._scripts.claim(
            destination,
            min(limit, MOST_CLAIMS),
            lease,
            claim=self._new_claim(),
            turn=self._turn,
            rate=self._rates.get(destination),
        )
        claims = [await self._readable(destination, one) for one in raw]
        return Claims(tuple(claim for claim in claims if claim is not None), wait / 1000)

    async def is_waiting(self, lane: Lane) -> bool:
        return bool(await self._reads.ask(pack_command(("EXISTS", self._keys.queue(lane_name(lane))))))

    async def following(self, claim: Claim, limit: int) -> list[Waiting]:
        command = ("LRANGE", self._keys.queue(claim.lane), 0, limit - 1)
        return codec.decode_waiting(await self._reads.ask(pack_command(command)))

    async def bundle(self, claim: Claim, waiting: Sequence[Waiting], effect: Effect) -> bool:
        records = [one.digest for one in waiting]
        return await self._scripts.bundle(claim.lane, claim.token, records, codec.record_of(effect))

    async def wakes(self, limit: int, lease: float) -> tuple[list[DueWake], float]:
        fired, wait = await self._scripts.wakes(limit, lease, claim=self._new_claim())
        due = [DueWake(journey.decode(), at, token.decode(), failures) for journey, at, token, failures in fired]
        return due, wait / 1000

    async def wake_failed(self, wake: DueWake, after: float | None, detail: str) -> None:
        await self._scripts.wake_failed(
            wake.journey,
            wake.token,
            after,
            letter=f"wake:{wake.journey}:{wake.due}",
            detail=detail,
            payload=codec.wake_payload(wake),
        )

    async def pause(self, destination: str, seconds: float) -> None:
        await self._scripts.pause(destination, seconds)

    async def dead(self) -> list[DeadLetter]:
        return [codec.decode_letter(raw) for raw in await self._scripts.dead()]

    async def dead_retry(self, letter_id: str) -> bool:
        """An effect or a wake-up goes back. What is in quarantine has no lane: False, and it stays."""
        return await self._scripts.dead_retry(letter_id)

    async def dead_drop(self, letter_id: str) -> bool:
        return await self._scripts.dead_drop(letter_id)

    async def keep_version(self, kind: str, version: str, content: bytes) -> None:
        with as_store_errors():
            await self._client.set(self._keys.version(kind, version), content, nx=True)

    async def version(self, kind: str, version: str) -> bytes | None:
        content: bytes | None = (await self._get([self._keys.version(kind, version)]))[0]
        return content

    async def waiting(self) -> dict[str, int]:
        return await self._scripts.waiting()

    async def _get(self, keys: Iterable[str]) -> list[Any]:
        names = tuple(keys)
        return await self._reads.ask(pack_command(("MGET", *names))) if names else []

    def _new_claim(self) -> str:
        """What starts the tokens of a claim: never used before, by any process, at any time."""
        self._turn += 1
        return f"{self._claimer}{self._turn}"

    async def _readable(self, destination: str, raw: RawClaim) -> Claim | None:
        try:
            return codec.decode_claim(destination, raw)
        except msgspec.DecodeError as error:
            # Written by another version of the software. It must not hold up its lane, nor those claimed with it.
            log.error("effect unreadable", extra={"effect": codec.effect_id(raw), "destination": destination})
            await self.settle(codec.unreadable(destination, raw, error))
            return None
