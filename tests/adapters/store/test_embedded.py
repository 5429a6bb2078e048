"""The embedded server: real servers and real processes, killed in every way."""

import asyncio
import functools
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.store import embedded, tied_exec
from adapters.store.connect import Problem, check_server, connect
from adapters.store.embedded import (
    DataFolderBusy,
    EmbeddedServer,
    EmbeddedServerDied,
    Loading,
    find_running,
)
from adapters.store.folder_lock import LOCK_FILE, read_holder
from tests.adapters.store.bots import DEADLINE, Child, count_through_running, run_bot, servers_on, until

PATIENT = 5.0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def only_server(data_dir: Path) -> int:
    (pid,) = servers_on(data_dir)
    return pid


async def write(server: EmbeddedServer, value: str) -> None:
    async with connect(server.url) as client:
        await client.set("key", value)


async def read(server: EmbeddedServer) -> bytes:
    async with connect(server.url) as client:
        found = await client.get("key")
    assert isinstance(found, bytes)
    return found


async def test_it_keeps_its_promises_and_listens_to_nobody_else(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "data") as server, connect(server.url) as client:
        assert await check_server(client) == []
        assert (await client.config_get("port", "save", "dir")) == {
            "port": "0",
            "save": "",
            "dir": str(tmp_path / "data"),
        }


async def test_nobody_else_can_read_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    async with EmbeddedServer(folder) as server:
        await write(server, "private")
        for path in (folder, *folder.rglob("*")):
            assert mode(path) & 0o077 == 0, path


def used_folder(parent: Path) -> Path:
    folder = parent / "used"
    folder.mkdir(mode=0o755)
    (folder / "a file").touch()
    return folder


async def test_a_folder_with_other_things_in_it_keeps_its_mode(tmp_path: Path) -> None:
    folder = used_folder(tmp_path)
    async with EmbeddedServer(folder):
        assert mode(folder) == 0o755


async def test_what_was_written_is_there_after_a_stop(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path, "everysec") as server:
        await write(server, "kept")
    assert servers_on(tmp_path) == set()
    async with EmbeddedServer(tmp_path) as server:
        assert await read(server) == b"kept"


async def test_a_killed_server_is_noticed_and_loses_nothing(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        await write(server, "kept")
        died = asyncio.create_task(server.died())
        os.kill(only_server(tmp_path), signal.SIGKILL)
        error = await asyncio.wait_for(died, DEADLINE)
        assert isinstance(error, EmbeddedServerDied)
        assert error.exit_code == -signal.SIGKILL
        assert "Ready to accept connections" in str(error)
        assert find_running(tmp_path) is None
    async with EmbeddedServer(tmp_path) as server:
        assert await read(server) == b"kept"


async def test_stop_can_be_called_again_and_is_no_death(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    await server.stop()
    await server.start()
    died = asyncio.create_task(server.died())
    await server.stop()
    await server.stop()
    assert await asyncio.wait_for(died, DEADLINE) is None


async def test_one_object_can_be_started_again_but_not_twice(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        with pytest.raises(RuntimeError):
            await server.start()
        await server.stop()
        await server.start()
        await write(server, "still one")


async def test_before_the_start_there_is_nothing_to_ask(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path)
    with pytest.raises(RuntimeError):
        _ = server.url
    with pytest.raises(RuntimeError):
        await server.died()


async def test_a_server_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "STOP_SECONDS", 0.1)
    async with EmbeddedServer(tmp_path):
        os.kill(only_server(tmp_path), signal.SIGSTOP)
    assert servers_on(tmp_path) == set()


async def test_a_damaged_folder_is_a_clear_error_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        pass
    log = tmp_path / "appendonlydir" / "appendonly.aof.1.incr.aof"
    log.write_bytes(b"not what a server writes\r\n" * 10)
    with pytest.raises(EmbeddedServerDied, match="Bad file format"):
        await EmbeddedServer(tmp_path).start()
    assert servers_on(tmp_path) == set()
    log.write_bytes(b"")
    async with EmbeddedServer(tmp_path, patience=0):
        assert find_running(tmp_path) is not None


async def test_a_start_that_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    start = asyncio.create_task(EmbeddedServer(tmp_path).start())
    await until(lambda: bool(servers_on(tmp_path)))
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start
    assert servers_on(tmp_path) == set()
    async with EmbeddedServer(tmp_path, patience=0):
        pass


async def test_a_large_folder_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(tmp_path, 8_000)
    load_slowly(monkeypatch)
    progress: list[Loading] = []
    server = EmbeddedServer(tmp_path, on_loading=progress.append)
    start = asyncio.create_task(server.start())
    await until(lambda: bool(progress))
    assert 0 < progress[0].percent <= 100
    async with connect(server.url) as client:
        assert await check_server(client) == [Problem("loading", True, {})]
        await start
        assert await client.dbsize() == 8_000
    await server.stop()


async def test_a_connection_that_is_open_learns_how_far_loading_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(tmp_path, 8_000)
    load_slowly(monkeypatch)
    start = asyncio.create_task((server := EmbeddedServer(tmp_path)).start())
    await until(lambda: find_running(tmp_path) is not None)
    async with connect(f"{server.url}?health_check_interval=0") as client:
        (problem,) = await check_server(client)
        assert (problem.code, problem.fatal) == ("loading", True)
        assert 0 < float(problem.detail["percent"]) <= 100
    start.cancel()
    with pytest.raises(asyncio.CancelledError):
        await start


async def fill(data_dir: Path, keys: int) -> None:
    async with EmbeddedServer(data_dir, "everysec") as server, connect(server.url) as client:
        pipe = client.pipeline(transaction=False)
        for number in range(keys):
            pipe.set(f"k{number}", number)
        await pipe.execute()


def load_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers started from now on pause after each command that they load; they answer after each 1,024."""
    options = embedded._options
    monkeypatch.setattr(embedded, "_options", lambda *given: [*options(*given), "--key-load-delay", "20"])


async def test_a_deep_folder_has_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["папка с пробелом"] * 8)
    async with EmbeddedServer(deep) as server:
        await write(server, "deep")
        socket = find_running(deep)
        assert socket is not None
        assert not socket.is_relative_to(deep)
        assert mode(socket.parent) == 0o700
    assert not socket.parent.exists()
    async with EmbeddedServer(deep) as server:
        assert await read(server) == b"deep"


async def test_a_killed_bot_leaves_no_socket_folder_for_long(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["папка"] * 20)
    with Child(run_bot, deep, PATIENT) as bot:
        bot.said()
        left = find_running(deep)
        assert left is not None
    async with EmbeddedServer(deep):
        assert find_running(deep) != left
        assert not left.parent.exists()


async def test_a_second_bot_is_told_who_has_the_folder(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        await write(server, "first")
        with pytest.raises(DataFolderBusy, match=str(os.getpid())) as refused:
            await EmbeddedServer(tmp_path, patience=0).start()
        holder = refused.value.holder
        assert holder is not None
        assert (holder.pid, holder.server_pid) == (os.getpid(), only_server(tmp_path))
        assert holder.since in str(refused.value)
        assert holder.command in str(refused.value)
        assert await read(server) == b"first"


def test_of_eight_bots_at_once_one_has_the_folder(tmp_path: Path) -> None:
    bots = [Child(run_bot, tmp_path, 1.0) for _ in range(8)]
    try:
        said = [(bot.pid, bot.said()) for bot in bots]
        (winner,) = [pid for pid, answer in said if not answer.refusal]
        assert all(f"by process {winner} " in answer.refusal for pid, answer in said if pid != winner)
        assert len(servers_on(tmp_path)) == 1
    finally:
        for bot in bots:
            bot.kill()


async def test_a_killed_bot_takes_its_server_with_it(tmp_path: Path) -> None:
    with Child(run_bot, tmp_path, PATIENT) as bot:
        server_pid = bot.said().server_pid
        assert servers_on(tmp_path) == {server_pid}
    await until(lambda: servers_on(tmp_path) == set())
    assert find_running(tmp_path) is None
    assert "bye bye" in (tmp_path / "valkey.log").read_text(), "it had time to write"


def test_a_bot_killed_again_and_again_never_has_two_servers(tmp_path: Path) -> None:
    def one_server_at_most() -> None:
        assert len(servers_on(tmp_path)) <= 1

    for number in range(1, 21):
        with Child(run_bot, tmp_path, PATIENT) as bot:
            answer = bot.said(meanwhile=one_server_at_most)
            assert answer.starts == number, answer
            assert servers_on(tmp_path) == {answer.server_pid}


def locked_by(data_dir: Path, bot: int) -> bool:
    holder = read_holder(data_dir)
    return holder is not None and holder.pid == bot


def served_for(data_dir: Path, bot: int) -> bool:
    return locked_by(data_dir, bot) and bool(servers_on(data_dir))


async def test_a_bot_killed_while_it_starts_leaves_nothing_behind(tmp_path: Path) -> None:
    for moment in (locked_by, served_for) * 3:
        with Child(run_bot, tmp_path, PATIENT) as bot:
            await until(functools.partial(moment, tmp_path, bot.pid))
        await until(lambda: servers_on(tmp_path) == set())
    async with EmbeddedServer(tmp_path):
        assert len(servers_on(tmp_path)) == 1


async def test_the_server_of_a_killed_bot_keeps_the_folder_until_it_is_gone(tmp_path: Path) -> None:
    with Child(run_bot, tmp_path, PATIENT) as bot:
        server_pid = bot.said().server_pid
        os.kill(server_pid, signal.SIGSTOP)
    with pytest.raises(DataFolderBusy, match=f"its server has process id {server_pid}"):
        await EmbeddedServer(tmp_path, patience=0.2).start()
    server = EmbeddedServer(tmp_path, patience=PATIENT)
    start = asyncio.create_task(server.start())
    os.kill(server_pid, signal.SIGCONT)
    await start
    assert only_server(tmp_path) != server_pid
    await server.stop()


async def test_a_lock_file_from_before_a_reboot_is_no_obstacle(tmp_path: Path) -> None:
    gone = '{"pid":1,"since":"2020-01-01T00:00:00+00:00","command":"bot run","socket":"/nowhere/valkey.sock"}'
    (tmp_path / LOCK_FILE).write_text(gone)
    assert find_running(tmp_path) is None
    async with EmbeddedServer(tmp_path, patience=0):
        holder = read_holder(tmp_path)
        assert holder is not None
        assert holder.pid == os.getpid()


def test_a_sub_command_uses_the_server_that_runs(tmp_path: Path) -> None:
    assert find_running(tmp_path / "not there") is None
    with Child(run_bot, tmp_path, PATIENT) as bot:
        bot.said()
        with Child(count_through_running, tmp_path) as command:
            assert command.said().starts == 1


@pytest.mark.parametrize("how", ["kernel", "watcher"])
def test_a_tied_program_ends_with_its_starter(how: str) -> None:
    """Both ways, the starter killed: it starts `sleep`, prints its process id and waits."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, tied_exec.__file__, how], stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout is not None
        program = int(starter.stdout.readline())
        status = Path(f"/proc/{program}/status")
        deadline = time.monotonic() + DEADLINE
        while "sleep" not in status.read_text():
            assert time.monotonic() < deadline
        starter.kill()
    while status.exists() and "Z (zombie)" not in status.read_text():
        assert time.monotonic() < deadline


STARTER = """
import os, subprocess, sys, time
tie = [sys.executable, "-I", "-S", sys.argv[1], sys.argv[2], str(os.getpid()), "/bin/sleep", "60"]
print(subprocess.Popen(tie, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL).pid, flush=True)
time.sleep(60)
"""


def test_a_program_whose_starter_is_gone_does_not_start() -> None:
    tied = [sys.executable, "-I", "-S", tied_exec.__file__, "kernel", "1", "/bin/echo", "started"]
    done = subprocess.run(tied, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
