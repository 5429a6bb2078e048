"""What the tests of a stand-in as a process of its own share."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def started(module: str, *arguments: str) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    """A running process and what it says of itself; it is ended when a test leaves it running."""
    command = (sys.executable, "-m", module, *arguments)
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        yield process, json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def ended(process: Process) -> int:
    """What it returns when it ends."""
    return await asyncio.wait_for(process.wait(), 60)


def orphan(process: Process) -> None:
    """Its parent is gone, as far as it can see."""
    assert process.stdin is not None
    process.stdin.close()
