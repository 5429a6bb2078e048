"""One server for each data folder: the lock, and who holds it.

The kernel keeps an flock for as long as any process has the locked file open. The bot has it open, and so
has its server, which inherits the open file. So a bot that was killed leaves its folder locked exactly
until its server has gone too, and a lock file that outlived a reboot locks nothing. The lock is only ever
closed, never unlocked: an explicit unlock by one process would unlock it for all of them.
"""

import asyncio
import contextlib
import fcntl
import os
from pathlib import Path

import msgspec

from adapters.store.server_socket import accepts
from bot.errors import ButterboardError

LOCK_FILE = "lock"
# Written in one piece and always as long, so that a reader finds an old record or a new one, never half of each.
RECORD_BYTES = 4096
COMMAND_CHARS = 500
RETRY_SECONDS = 0.05


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """What the lock file says about the process that holds the folder.

    `since` is ISO 8601 in UTC, `socket` the path of the server's unix socket; `server_pid` is None until
    the server process exists.
    """

    pid: int
    since: str
    command: str
    socket: str
    server_pid: int | None = None


class DataFolderBusy(ButterboardError):
    """Another process uses the data folder. `holder` is None if that process has not yet said who it is."""

    def __init__(self, data_dir: Path, holder: Holder | None) -> None:
        self.data_dir = data_dir
        self.holder = holder
        super().__init__(f"The data folder {data_dir} is in use {_by_whom(holder)}")


def _by_whom(holder: Holder | None) -> str:
    if holder is None:
        return "by a process that is just starting. Try again in a moment."
    server = f", its server has process id {holder.server_pid}" if holder.server_pid else ""
    return (
        f"by process {holder.pid} since {holder.since} ({holder.command}){server}. Stop it first, or give this "
        "one a data folder of its own. If that process is gone and its server is not, stop the server."
    )


class FolderLock:
    """The lock on a data folder, held until `release()` and the end of every process that inherited `fd`."""

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def write(self, holder: Holder) -> None:
        """Say in the lock file who holds the folder."""
        short = msgspec.structs.replace(holder, command=holder.command[:COMMAND_CHARS])
        os.pwrite(self.fd, msgspec.json.encode(short).ljust(RECORD_BYTES - 1) + b"\n", 0)

    def release(self) -> None:
        """Empty the lock file and give up this process's hold on it."""
        os.ftruncate(self.fd, 0)
        os.close(self.fd)


async def lock_folder(data_dir: Path, patience: float) -> FolderLock:
    """Create `data_dir` if need be and lock it, waiting up to `patience` seconds for another holder to go.

    Raises DataFolderBusy. The wait is for what an earlier bot left behind: its server is still writing.
    """
    fd = _open_lock_file(data_dir)
    deadline = asyncio.get_running_loop().time() + patience
    with contextlib.ExitStack() as undo:
        undo.callback(os.close, fd)
        while not _try_lock(fd):
            if asyncio.get_running_loop().time() >= deadline:
                raise DataFolderBusy(data_dir, read_holder(data_dir))
            await asyncio.sleep(RETRY_SECONDS)
        undo.pop_all()
    return FolderLock(fd)


def _open_lock_file(data_dir: Path) -> int:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not any(data_dir.iterdir()):
        # An empty folder is ours to close. One with other things in it may be somebody's /tmp or home, and
        # a mounted volume may belong to root: there the server's own umask keeps its files private.
        with contextlib.suppress(PermissionError):
            data_dir.chmod(0o700)
    return os.open(data_dir / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try_lock(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_holder(data_dir: Path) -> Holder | None:
    """What the lock file says; None without a lock file or a record in it. The holder may be dead by now."""
    try:
        return msgspec.json.decode((data_dir / LOCK_FILE).read_bytes(), type=Holder)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None


def find_running(data_dir: Path) -> Path | None:
    """The unix socket of the server that runs on `data_dir`, or None. It may still be loading its data."""
    holder = read_holder(data_dir)
    if holder is None or not accepts(Path(holder.socket)):
        return None
    return Path(holder.socket)
