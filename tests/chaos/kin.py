"""Processes of a test: each is killed by the kernel when the one that started it is gone, whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PR_SET_PDEATHSIG = 1  # linux/prctl.h
LONGEST_LINE = 16 * 1024 * 1024
START_SECONDS = 300.0
LOG_TAIL = 3000


def die_with_parent() -> None:
    """From now on this process gets SIGKILL when the thread that started it ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


class Kin:
    """A process that speaks in lines of JSON. It ends when its stdin closes."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self._log = log

    async def hear(self) -> dict[str, Any]:
        """The next line; EOFError when the process has ended."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise EOFError(f"process {self.process.pid} has ended; its log ends with\n{self._tail()}")
        said: dict[str, Any] = json.loads(line)
        return said

    def _tail(self) -> str:
        return self._log.read_text("utf-8", errors="replace")[-LOG_TAIL:]

    async def tell(self, **words: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")
        await self.process.stdin.drain()

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def kin(module: str, *options: str, log: Path) -> AsyncIterator[Kin]:
    """`python -m module` in a process of its own; its stderr is appended to `log`."""
    with log.open("ab") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *options),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            limit=LONGEST_LINE,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
    one = Kin(process, log)
    try:
        yield one
    finally:
        await one.end()
