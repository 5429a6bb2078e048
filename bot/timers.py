"""Wake-ups: when a journey's moment has come, the core is asked what is due; one more wakes what forgets. Nothing else
schedules anything."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import logging
import random

from bot import alerts, commands, retention
from bot.errors import StoreError
from bot.ports import DueWake
from bot.retry import backoff
from bot.runner import Decision, Runner
from bot.work import Work

log = logging.getLogger(__name__)
BATCH = 32
GIVE_UP_AFTER = 12
STORE_REST = 0.5


class Timers:
    """Fires due wake-ups until it is stopped."""

    def __init__(self, runner: Runner, *, lease: float = 30.0, draw: random.Random | None = None) -> None:
        self._runner = runner
        self._lease = lease
        self._draw = draw or random.Random()  # noqa: S311  -- jitter, not a secret
        self._waker = asyncio.Event()
        self._stopping = False

    def nudge(self) -> None:
        self._waker.set()

    def stop(self) -> None:
        self._stopping = True
        self.nudge()

    async def run(self) -> None:
        while not self._stopping:
            self._waker.clear()
            wait = await self.fire()
            if wait > 0 and not self._stopping:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._waker.wait()

    async def fire(self) -> float:
        """Fire what is due now; the seconds until there may be more."""
        try:
            due, wait = await self._runner.company.store.wakes(BATCH, self._lease)
        except StoreError:
            return STORE_REST
        await asyncio.gather(*(self._wake(wake) for wake in due))
        return wait

    async def _wake(self, wake: DueWake) -> None:
        try:
            await self._runner.woken(wake, _decision(wake))
        except StoreError:
            log.warning("wake not committed", extra={"journey": wake.journey})
        except Exception as error:
            # One journey that cannot be woken must not hold up the others; it is tried again, then set aside.
            log.error("wake failed", extra={"journey": wake.journey, "error": type(error).__name__})
            with contextlib.suppress(StoreError):
                await self._failed(wake, type(error).__name__)

    async def _failed(self, wake: DueWake, detail: str) -> None:
        last = wake.failures + 1 >= GIVE_UP_AFTER
        after = None if last else backoff(wake.failures, self._draw)
        await self._runner.company.store.wake_failed(wake, after, detail)
        if last:
            await self._runner.run(wake.journey, lambda work: alerts.set_aside(work, wake.journey, detail))


def _decision(wake: DueWake) -> Decision:
    due = datetime.datetime.fromtimestamp(wake.due / 1000, datetime.UTC)

    async def decision(work: Work) -> None:
        # The store's clock says that the moment has come. Ours may be slow, and would set the same wake-up again.
        work.now = max(work.now, due)
        if wake.journey == retention.NAME:
            await retention.sweep(work)
            return
        journey = await work.journey(wake.journey)
        if journey is not None:
            await work.decide(journey, commands.Wake(), await work.scenario(journey))

    return decision
