"""Bots in processes of their own, to be killed, and what the system says about their servers."""

import asyncio
import functools
import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Self

import msgspec

from adapters.store.connect import connect
from adapters.store.embedded import DataFolderBusy, EmbeddedServer, find_running, socket_url
from adapters.store.folder_lock import read_holder

DEADLINE = 60.0
ROOT = Path(__file__).parents[3]


class Said(msgspec.Struct, frozen=True):
    """What a bot says once: its server's process id and how often the folder was started, or why it could not."""

    server_pid: int = 0
    starts: int = 0
    refusal: str = ""


def run_bot(data_dir: Path, patience: float, line: Connection) -> None:
    """A bot: starts its server, counts the start in the store, says so, and stays until it is killed."""
    asyncio.run(_live(data_dir, patience, line))


async def _live(data_dir: Path, patience: float, line: Connection) -> None:
    server = EmbeddedServer(data_dir, patience=patience)
    try:
        await server.start()
    except DataFolderBusy as busy:
        line.send(Said(refusal=str(busy)))
        return
    async with connect(server.url) as client:
        starts = await client.incr("starts")
    holder = read_holder(data_dir)
    line.send(Said(server_pid=(holder and holder.server_pid) or 0, starts=starts))
    await asyncio.Event().wait()


def count_through_running(data_dir: Path, line: Connection) -> None:
    """A sub-command beside the bot: says the number of starts that it reads from the bot's server."""
    asyncio.run(_count(data_dir, line))


async def _count(data_dir: Path, line: Connection) -> None:
    socket = find_running(data_dir)
    if socket is None:
        line.send(Said(refusal="nothing runs"))
        return
    async with connect(socket_url(socket)) as client:
        line.send(Said(starts=int(await client.get("starts") or 0)))


class Child:
    """A process that runs `target(*arguments, line)` and says one thing on the line. Leave with `kill`."""

    def __init__(self, target: Callable[..., None], *arguments: object) -> None:
        self._line, theirs = _nursery().Pipe(duplex=False)
        self._process = _nursery().Process(target=target, args=(*arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def said(self, meanwhile: Callable[[], None] = lambda: None) -> Said:
        """What it says, within the deadline; `meanwhile` is called again and again until then."""
        deadline = time.monotonic() + DEADLINE
        while not self._line.poll(0.005):
            assert time.monotonic() < deadline, "the process said nothing"
            meanwhile()
        answer = self._line.recv()
        assert isinstance(answer, Said)
        return answer

    def kill(self) -> None:
        """SIGKILL, and wait for the process to be gone."""
        self._process.kill()
        self._process.join(DEADLINE)
        assert self._process.exitcode is not None
        self._process.close()
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


@functools.cache
def _nursery() -> multiprocessing.context.ForkServerContext:
    """Starts processes by a fork of one that has imported everything: a bot is up in 0.1 s."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.adapters.store.bots"])
    # Python 3.11 does not hand its own search path to the preloading process.
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


def servers_on(data_dir: Path) -> set[int]:
    """The process ids of all living servers that work in the folder."""
    return {int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _serves(entry, data_dir)}


def only_server(data_dir: Path) -> int:
    """The process id of the one server that works in the folder."""
    (pid,) = servers_on(data_dir)
    return pid


def _serves(entry: Path, data_dir: Path) -> bool:
    try:
        program = (entry / "exe").readlink().name
        return program == "valkey-server" and (entry / "cwd").readlink() == data_dir
    except OSError:  # gone meanwhile, or a zombie
        return False


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition; fails after the deadline."""
    async with asyncio.timeout(DEADLINE):
        while not condition():  # noqa: ASYNC110 - what it waits for happens in another process
            await asyncio.sleep(0.005)
