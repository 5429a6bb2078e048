"""One embedded server: what it promises, how it starts, stops and dies."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import pytest

from adapters.store import embedded
from adapters.store.connect import Problem, check_server, connect
from adapters.store.embedded import EmbeddedServer, EmbeddedServerDied, Loading, find_running
from adapters.store.folder_lock import read_holder
from tests.adapters.store.bots import DEADLINE, only_server, servers_on, until


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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


def memory_of(pid: int | None) -> bytes:
    """All that a process has written, as root or its owner may read it."""
    found = []
    with Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            span, rights, *_, name = line.split(maxsplit=5) if len(line.split()) > 5 else (*line.split(), "")
            first, last = (int(part, 16) for part in span.split("-"))
            if rights.startswith("rw") and not name.startswith(("[v", "/")):
                memory.seek(first)
                found.append(memory.read(last - first))
    return b"".join(found)


async def test_no_secret_of_the_bot_is_in_the_memory_of_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SLACK_BOT_TOKEN", "JIRA_TOKEN", "LLM_KEY", "SECRET_KEY", "ANYTHING_ELSE"):
        monkeypatch.setenv(name, "hunter2 of the bot")
    async with EmbeddedServer(tmp_path / "data") as server:
        await write(server, "what is stored")
        holder = read_holder(tmp_path / "data")
        assert holder is not None
        seen = await asyncio.to_thread(memory_of, holder.server_pid)
    assert b"what is stored" in seen
    assert b"hunter2 of the bot" not in seen


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


async def test_an_interrupt_from_the_terminal_is_not_for_the_server(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        assert os.getpgid(only_server(tmp_path)) != os.getpgrp()


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
