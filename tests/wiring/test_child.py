"""Processes of the bot's own: what they are told, what they cannot see, and how they end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from bot.answers.build import Order, catalogue_of
from bot.answers.document import Document, Section
from bot.answers.items import Line, write
from bot.shelf import digest
from tests.wiring.waiting import PATIENCE, until
from wiring.child import ChildFailed, child

PARENT = """
import asyncio, sys
import msgspec
from bot.answers.build import Order
from wiring.child import child
asyncio.run(child("bot.answers.build", msgspec.json.decode(sys.argv[1], type=Order)))
"""


def order(folder: Path, changes: str = "changes") -> Order:
    return Order(kind="page", changes=str(folder / changes), out=str(folder / "1"))


def waiting(folder: Path) -> Order:
    """A builder that gets this waits for a writer of a pipe that nobody opens."""
    os.mkfifo(folder / "pipe")
    return order(folder, "pipe")


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return status != "Z"


def builders(parent: int) -> list[int]:
    """The builders that a process has started and that live."""
    return [int(one.name) for one in Path("/proc").glob("[0-9]*") if _builds_for(one, parent) and alive(int(one.name))]


def _builds_for(process: Path, parent: int) -> bool:
    try:
        whose = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        return whose == parent and b"bot.answers.build" in (process / "cmdline").read_bytes()
    except OSError:  # it has just ended
        return False


async def building() -> int:
    """The builder that this process has started, once it is there."""
    await asyncio.to_thread(until, lambda: bool(builders(os.getpid())), "the builder")
    (one,) = builders(os.getpid())
    return one


async def test_a_builder_does_what_it_is_told(tmp_path: Path) -> None:
    page = Document(id="1", title="VPN", url=None, version=1, sections=(Section("", "", "Open the client."),))
    item = msgspec.json.encode(page)
    write(tmp_path / "changes", [Line("1", digest(item), msgspec.Raw(item))])
    await child("bot.answers.build", order(tmp_path))
    assert catalogue_of(tmp_path / "1").items.keys() == {"1"}


async def test_one_that_fails_is_told_by_its_last_line(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match=r"bot\.answers\.build: .*FileNotFoundError"):
        await child("bot.answers.build", order(tmp_path, "no such file"))


async def test_a_module_that_does_not_exist_is_an_error_and_no_silence(tmp_path: Path) -> None:
    with pytest.raises(ChildFailed, match="No module named"):
        await child("bot.answers.nothing", order(tmp_path))


async def test_it_sees_no_secret_of_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "JIRA_TOKEN", "LLM_KEY", "SECRET_KEY", "REDIS_URL"):
        monkeypatch.setenv(name, "a secret of the bot")
    running = asyncio.create_task(child("bot.answers.build", waiting(tmp_path)))
    one = await building()
    seen = await asyncio.to_thread(Path(f"/proc/{one}/environ").read_bytes)
    assert b"PATH=" in seen
    assert b"a secret of the bot" not in seen
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not alive(one)


async def test_one_that_is_no_longer_wanted_is_killed(tmp_path: Path) -> None:
    running = asyncio.create_task(child("bot.answers.build", waiting(tmp_path)))
    one = await building()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not alive(one)


def test_a_bot_that_is_killed_leaves_no_builder_behind(tmp_path: Path) -> None:
    told = msgspec.json.encode(waiting(tmp_path)).decode()
    with subprocess.Popen([sys.executable, "-c", PARENT, told], cwd=Path(__file__).parents[2]) as parent:
        until(lambda: bool(builders(parent.pid)), "the builder")
        (one,) = builders(parent.pid)
        parent.send_signal(signal.SIGKILL)
        parent.wait(PATIENCE)
    until(lambda: not alive(one), "the end of the builder")
