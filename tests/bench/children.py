"""Processes of a run: each says on one line that it is ready, and ends when its stdin does, so that none is left."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import msgspec

READY_SECONDS = 60.0
STOP_SECONDS = 30.0


class Child(msgspec.Struct, frozen=True):
    """`said` is the last word of the line by which it became ready: its port or address."""

    pid: int
    said: str


@asynccontextmanager
async def child(
    *command: str, ready: str = "ready", environment: Mapping[str, str] | None = None, by_signal: bool = False
) -> AsyncIterator[Child]:
    """`python command ...`, from the line that holds `ready` on, until the context ends.

    `by_signal`: it is no program of this folder, and ends with SIGTERM.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *command),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment,
        start_new_session=True,  # Ctrl-C is for the run alone, which then ends them
    )
    try:
        async with asyncio.timeout(READY_SECONDS):
            line = await _line(process, ready)
        yield Child(process.pid, line.split()[-1])
    finally:
        if by_signal:
            process.terminate()
        await _end(process)


async def answer(*command: str, given: bytes) -> bytes:
    """What `python command ...` prints when it is given so much on its stdin. Raises RuntimeError when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        said, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return said


async def until_stdin_ends() -> None:
    """For a child: wait until whoever started it wants it to end, or is gone."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


def say_ready(port: int) -> None:
    sys.stdout.write(f"ready {port}\n")
    sys.stdout.flush()


async def _line(process: asyncio.subprocess.Process, ready: str) -> str:
    if process.stdout is None:
        raise RuntimeError("a child without stdout")
    while line := await process.stdout.readline():
        if ready in line.decode():
            return line.decode()
    raise RuntimeError("a process of the run ended before it was ready")


async def _end(process: asyncio.subprocess.Process) -> None:
    """By its stdin; one that hangs, with SIGKILL."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
