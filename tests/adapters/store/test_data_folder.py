"""One server for each data folder, and none that outlives its bot: bots in real processes, killed at any moment."""

import asyncio
import functools
import os
import signal
from pathlib import Path

import pytest

from adapters.store.embedded import DataFolderBusy, EmbeddedServer, find_running
from adapters.store.folder_lock import LOCK_FILE, read_holder
from tests.adapters.store.bots import Child, count_through_running, only_server, run_bot, servers_on, until

PATIENT = 60.0


async def test_a_second_bot_is_told_who_has_the_folder(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        with pytest.raises(DataFolderBusy, match=str(os.getpid())) as refused:
            await EmbeddedServer(tmp_path, patience=0).start()
        holder = refused.value.holder
        assert holder is not None
        assert (holder.pid, holder.server_pid) == (os.getpid(), only_server(tmp_path))
        assert holder.since in str(refused.value)
        assert holder.command in str(refused.value)
        assert len(servers_on(tmp_path)) == 1


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


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.chaos)])
def test_a_bot_killed_again_and_again_never_has_two_servers(tmp_path: Path, kills: int) -> None:
    def one_server_at_most() -> None:
        assert len(servers_on(tmp_path)) <= 1

    for number in range(1, kills + 1):
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
    try:
        with pytest.raises(DataFolderBusy, match=f"its server has process id {server_pid}"):
            await EmbeddedServer(tmp_path, patience=0.2).start()
        server = EmbeddedServer(tmp_path, patience=PATIENT)
        start = asyncio.create_task(server.start())
    finally:
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


async def test_a_killed_bot_leaves_no_socket_folder_for_long(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["папка"] * 20)
    with Child(run_bot, deep, PATIENT) as bot:
        bot.said()
        left = find_running(deep)
        assert left is not None
    async with EmbeddedServer(deep):
        assert find_running(deep) != left
        assert not left.parent.exists()
