"""Processes of the bot's own: they get one order, no secrets, and end when the bot does."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import msgspec

from bot.child_environment import child_environment
from bot.errors import ButterboardError

ROOT = Path(__file__).parents[1]
TAIL = 300  # characters of what a failed process has said


class ChildFailed(ButterboardError):
    """It has ended with an error; the text is the last that it said."""


async def child(module: str, order: msgspec.Struct, within: float | None = None) -> str:
    """Run a module that takes its order as `bot.answers.process` does; what it has said. Raises ChildFailed, and
    OSError where no process can be started. `within`: seconds, after which it hangs and is killed.

    Cancelled, it kills the process. One thread is enough for it: it runs beside the bot, not instead of it.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env=child_environment(OMP_NUM_THREADS="1", OMP_WAIT_POLICY="passive"),
    )
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise RuntimeError("a process without pipes")
    try:
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        async with asyncio.timeout(within):
            said, wrong = await asyncio.gather(process.stdout.read(), process.stderr.read())
            code = await process.wait()
        if code != 0:
            last = wrong.decode(errors="replace").strip().rpartition("\n")[2]
            raise ChildFailed(f"{module}: {last[-TAIL:]}")
        return said.decode(errors="replace").strip()
    except TimeoutError as error:
        raise ChildFailed(f"{module}: not done within {within:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        process.stdin.close()
