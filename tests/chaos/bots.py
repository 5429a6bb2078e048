"""Bots that live and are killed, from the side of whoever kills them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from tests.chaos.kin import START_SECONDS, Kin, kin
from tests.chaos.zygote import Birth, Plan


class UnexpectedEnd(Exception):
    """A bot has ended by itself and not by a knife."""


class Bots:
    """The zygote, and at most one bot at a time."""

    def __init__(self, zygote: Kin) -> None:
        self._zygote = zygote
        self._pid = 0

    async def bear(self, plan: Plan) -> None:
        """A new bot, which is not up yet."""
        await self._zygote.tell(**msgspec.to_builtins(plan))
        self._pid = int((await self._zygote.hear())["pid"])

    async def up(self) -> None:
        """Wait until the bot listens."""
        async with asyncio.timeout(START_SECONDS):
            said = await self._zygote.hear()
        if "up" not in said:
            raise UnexpectedEnd(f"a bot could not start: status {said['ended']}")

    async def ended(self, seconds: float) -> bool:
        """Whether the bot has fallen into its knife within so many seconds; else it is killed now."""
        try:
            async with asyncio.timeout(seconds):
                await self._end()
        except TimeoutError:
            await self.kill()
            return False
        return True

    async def kill(self) -> None:
        """SIGKILL for its whole process group."""
        os.killpg(self._pid, signal.SIGKILL)
        await self._end()

    async def _end(self) -> None:
        while "ended" not in (said := await self._zygote.hear()):
            pass
        self._pid = 0
        if said["ended"] != signal.SIGKILL:
            raise UnexpectedEnd(f"a bot has ended by itself: status {said['ended']}")


@asynccontextmanager
async def bots(birth: Birth, log: Path) -> AsyncIterator[Bots]:
    """A zygote that has imported everything; with it go its bots."""
    birth_file = log.with_suffix(".birth.json")
    birth_file.write_bytes(msgspec.json.encode(birth))
    async with kin("tests.chaos.zygote", str(birth_file), log=log) as zygote:
        await zygote.hear()
        yield Bots(zygote)
