"""Lanes: claim, ask whether it is still wanted, deliver, settle, try again, give up. Knows no platform."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable, Iterable, Mapping

import msgspec

from bot import alerts, closed_accounts, elsewhere
from bot.crawl import runs as crawls
from bot.effects import CreateIssue, Digest, Effect, Say
from bot.errors import Conflict, DeliveryError, Refused, Retry, StoreError, Unauthorized, Unknown
from bot.failures import described
from bot.holding import Holding
from bot.journey.wanted import Defer, Drop, Hold
from bot.ports import Claim, Destination, Settlement
from bot.results import Abandoned, Issue, Nothing, Posted, Result
from bot.retry import backoff, next_attempt
from bot.runner import Runner
from bot.tracker import runs
from bot.work import Work

log = logging.getLogger(__name__)
PAUSE = 60.0  # how long a destination that refuses our credentials rests before it is tried again
STORE_REST = 0.5


def _no_probe(_: str) -> None:
    """Where the tests of crashes put their knife."""


class Delivery:
    """Works the lanes of every destination until it is stopped. One for a process; any number share a store."""

    def __init__(
        self,
        runner: Runner,
        destinations: Mapping[str, Destination],
        *,
        lease: float = 30.0,
        probe: Callable[[str], None] = _no_probe,
        draw: random.Random | None = None,
    ) -> None:
        for destination in destinations.values():
            if destination.timeout >= lease:
                raise ValueError(f"{destination.name}: a call must end before its lease of {lease} s")
        self._runner = runner
        self._store = runner.company.store
        self._holding = Holding(runner)
        self._destinations = destinations
        self._lease = lease
        self._probe = probe
        self._draw = draw or random.Random()  # noqa: S311  -- jitter, not a secret
        self._wakers = {name: asyncio.Event() for name in destinations}
        self._stopping = False

    def nudge(self, destinations: Iterable[str] | None = None) -> None:
        """Something was committed: look at the lanes of these destinations at once; None: of all."""
        for name in self._wakers if destinations is None else self._wakers.keys() & destinations:
            self._wakers[name].set()

    async def run(self) -> None:
        """Work until `stop`; what is in flight then is finished."""
        async with asyncio.TaskGroup() as group:
            for destination in self._destinations.values():
                group.create_task(self._work(destination), name=f"lanes of {destination.name}")

    def stop(self) -> None:
        self._stopping = True
        self.nudge()

    async def _work(self, destination: Destination) -> None:
        running: set[asyncio.Task[None]] = set()
        waker = self._wakers[destination.name]
        while not self._stopping:
            waker.clear()
            wait = await self._claim(destination, running) if len(running) < destination.slots else self._lease
            if wait > 0 and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await waker.wait()
        if running:
            await asyncio.wait(running)

    async def _claim(self, destination: Destination, running: set[asyncio.Task[None]]) -> float:
        """Claim what there are free slots for; the seconds after which to look again."""
        try:
            claimed = await self._store.claim(destination.name, destination.slots - len(running), self._lease)
        except StoreError:
            return STORE_REST
        for claim in claimed.claims:
            task = asyncio.create_task(self._handle(destination, claim))
            running.add(task)
            task.add_done_callback(lambda done: self._finished(destination, running, done))
        return claimed.wait

    def _finished(self, destination: Destination, running: set[asyncio.Task[None]], done: asyncio.Task[None]) -> None:
        running.discard(done)
        self._wakers[destination.name].set()
        error = None if done.cancelled() else done.exception()
        if error is not None:
            log.error("lane failed", extra={"destination": destination.name, "error": type(error).__name__})

    async def _handle(self, destination: Destination, claim: Claim) -> None:
        self._probe("claimed")
        try:
            if _always_wanted(claim.effect) or await self._still_wanted(destination, claim):
                await self._attempt(destination, claim)
        except Conflict:
            # Others were faster each time. It may have been done, and the lane need not wait for its lease to end.
            with contextlib.suppress(StoreError):
                await self._put_back(claim, backoff(0, self._draw), doubt=True, counts=False)
        except StoreError:
            # Not settled: the lease ends, and the lane comes back as one that may have been done.
            log.warning("not settled", extra={"effect": claim.effect.id})
        except Exception as error:
            # Whatever cannot be asked of the core, or followed by it, must not come back for ever.
            await self._undecided(claim, error)

    async def _still_wanted(self, destination: Destination, claim: Claim) -> bool:
        """Ask the core; what is not to be sent now is settled."""
        match await self._holding.verdict(claim.effect):
            case Drop(why=why):
                log.info("dropped", extra={"effect": claim.effect.id, "why": why})
                await self._drop(claim)
                return False
            case Hold() if not claim.effect.lane.bulk:
                await self._attempt(destination, claim, hold=True)
                return False
            case Defer(until=until) | Hold(until=until):
                after = (until - self._runner.now()).total_seconds()
                await self._put_back(claim, after, doubt=claim.doubt, counts=False)
                return False
        return not await self._holding.bundle(claim)

    async def _drop(self, claim: Claim) -> None:
        """An issue that is no longer wanted may have been made all the same."""
        settlement = _settlement(claim, outcome="dropped")
        if claim.doubt and isinstance(claim.effect.act, CreateIssue):
            await self._runner.result(claim, Abandoned(), settlement)
        else:
            await self._store.settle(settlement)

    async def _attempt(self, destination: Destination, claim: Claim, *, hold: bool = False) -> None:
        """`hold`: it keeps working hours, and is not to be done now. Only whether it was done is looked at."""
        try:
            async with asyncio.timeout(destination.timeout):
                result = await self._do(destination, claim, hold=hold)
        except _Held:
            await self._holding.hold(claim, _settlement(claim, outcome="dropped"))
        except _LookLater as later:
            await self._put_back(claim, later.after, doubt=True, counts=False)
        except TimeoutError:
            await self._failed(claim, Unknown("no answer in time").answered(None, "timeout"))
        except StoreError:
            raise
        except Exception as error:
            # Anything unmapped is tried five times, then it is a dead letter with an alert.
            await self._failed(claim, error)
        else:
            await self._done(destination, claim, result)

    async def _do(self, destination: Destination, claim: Claim, *, hold: bool) -> Result:
        """Look first where an earlier attempt may have done it already; else, or if it did not, do it."""
        if claim.doubt:
            if not destination.can_look and claim.effect.in_doubt == "give_up":
                raise Refused("uncertain", "it may have been sent, and the destination cannot be looked at")
            if destination.can_look:
                if claim.doubt_over < destination.look_after:
                    raise _LookLater(destination.look_after - claim.doubt_over)
                found = await destination.look(claim.effect, claim.doubt_age)
                if found is not None:
                    return found
        if hold:
            raise _Held
        result = await destination.deliver(claim.effect)
        self._probe("called")
        if claim.doubt and isinstance(result, Issue):
            return msgspec.structs.replace(result, doubted=True)
        return result

    async def _done(self, destination: Destination, claim: Claim, result: Result) -> None:
        rest = result.rest if isinstance(result, Posted) else 0.0
        settlement = _settlement(claim, outcome="done", pace=max(destination.pace, rest))
        if self._follows(claim, result):
            await self._runner.result(claim, result, settlement)
        else:
            await self._store.settle(settlement)

    def _follows(self, claim: Claim, result: Result) -> bool:
        """Most messages leave nothing to remember; they are settled in bulk."""
        if isinstance(result, Nothing) or not self._runner.minds(result):
            return False
        if isinstance(result, Posted) and isinstance(claim.effect.act, Say | Digest):
            return any(one is not None for one in (result.account, result.address, result.locale))
        return True

    async def _failed(self, claim: Claim, error: Exception) -> None:
        detail = error.detail if isinstance(error, DeliveryError) else type(error).__name__
        after = None if isinstance(error, Refused) else next_attempt(error, claim.attempts, self._draw)
        log.warning(
            "attempt failed",
            extra={"effect": claim.effect.id, "attempt": claim.attempts + 1, **described(error)},
        )
        if isinstance(error, Unauthorized):
            await self._unauthorized(claim, detail)
        elif after is None:
            code = error.code if isinstance(error, Refused) else "gave-up"
            if not await self._moved(claim, code) and not await self._ended(claim, code):
                await self._bury(claim, code, detail)
        else:
            if isinstance(error, Retry) and error.everywhere:
                await self._store.pause(claim.destination, after)
            doubt = claim.doubt if isinstance(error, Retry) else True
            await self._put_back(claim, after, doubt=doubt, counts=True)

    async def _put_back(self, claim: Claim, after: float, *, doubt: bool, counts: bool) -> None:
        await self._store.settle(_settlement(claim, outcome="later", after=after, doubt=doubt, counts=counts))

    async def _unauthorized(self, claim: Claim, detail: str) -> None:
        """Nothing is wrong with the effect: the destination rests, people are told, and it is tried again."""
        await self._store.pause(claim.destination, PAUSE)

        async def decision(work: Work) -> None:
            await alerts.unauthorized(work, claim)

        settlement = _settlement(claim, outcome="later", after=PAUSE, doubt=claim.doubt, counts=False, detail=detail)
        await self._runner.settle(claim, settlement, decision)

    async def _moved(self, claim: Claim, code: str) -> bool:
        """Whoever cannot be reached on this channel is told on another; False: there is none."""
        work = Work(self._runner.company, self._runner.now())
        channel = await elsewhere.next_channel(work, claim, code)
        if channel is None:
            return False

        async def decision(work: Work) -> None:
            await elsewhere.move(work, claim, code, channel)

        log.info("moved", extra={"effect": claim.effect.id, "why": code, "to": channel})
        await self._runner.settle(claim, _settlement(claim, outcome="dropped"), decision)
        return True

    async def _ended(self, claim: Claim, code: str) -> bool:
        """What goes to a closed account, and nowhere else, is nobody's trouble; False: it is another matter."""
        if await closed_accounts.whose(Work(self._runner.company, self._runner.now()), claim, code) is None:
            return False

        async def decision(work: Work) -> None:
            person = await closed_accounts.whose(work, claim, code)
            if person is not None and code == closed_accounts.LEFT:
                closed_accounts.close(work, person, claim.destination)

        log.info("left", extra={"effect": claim.effect.id, "destination": claim.destination})
        await self._runner.settle(claim, _settlement(claim, outcome="dropped"), decision)
        return True

    async def _bury(self, claim: Claim, code: str, detail: str) -> None:
        async def decision(work: Work) -> None:
            await alerts.buried(work, claim, code)
            await runs.given_up(work, claim)
            await crawls.given_up(work, claim)

        await self._runner.settle(claim, _dead(claim, code, detail), decision)

    async def _undecided(self, claim: Claim, error: Exception) -> None:
        """Tried again like anything unmapped; its dead letter asks nothing of the core, which may be what fails."""
        name = type(error).__name__

        async def decision(work: Work) -> None:
            await alerts.set_aside(work, claim.destination, name)
            await runs.given_up(work, claim)
            await crawls.given_up(work, claim)

        log.error("outcome undecided", extra={"effect": claim.effect.id, "error": name})
        after = next_attempt(error, claim.attempts, self._draw)
        with contextlib.suppress(StoreError):
            if after is None:
                await self._runner.settle(claim, _dead(claim, "undecided", name), decision)
            else:
                await self._put_back(claim, after, doubt=True, counts=True)


class _Held(Exception):
    """It was not done, and waits for working hours."""


class _LookLater(Exception):
    """Too early to look: what was written does not show yet."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


def _always_wanted(effect: Effect) -> bool:
    """Nothing about the effect depends on the moment: no need to load anything."""
    if effect.subject is not None and (effect.steps or isinstance(effect.act, CreateIssue)):
        return False
    return not effect.quiet and effect.expires is None and effect.not_before is None


def _dead(claim: Claim, code: str, detail: str) -> Settlement:
    return _settlement(claim, outcome="dead", code=code, detail=detail[:500])


def _settlement(claim: Claim, **fields: object) -> Settlement:
    return msgspec.convert(
        {"lane": claim.lane, "destination": claim.destination, "token": claim.token, **fields}, Settlement
    )
