"""The stand-in as a process of its own: one line when ready, loopback only, and no orphans."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from sandbox.jira.__main__ import main
from tests.sandbox.jira_kit import task
from tests.sandbox.process_kit import ended, orphan, started


@asynccontextmanager
async def started_jira(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """The process and its address."""
    async with started("sandbox.jira", "--user", "bot@example.com", "--token", "t", *arguments) as (process, facts):
        yield process, facts["url"]


def signed_in(url: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(url, headers={"Authorization": aiohttp.encode_basic_auth("bot@example.com", "t")})


async def test_it_says_where_it_is_serves_and_stops_when_told(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"name": "anna", "displayName": "Анна"}]))
    options = ("--projects", "HR, ONB", "--people", str(people), "--search-lag", "3", "--pat", "p")
    async with started_jira(*options, "--deployment", "Server", "--names", "ru") as (process, url):
        async with aiohttp.ClientSession(url, headers={"Authorization": "Bearer p"}) as http:
            async with http.get("/rest/api/2/serverInfo") as answer:
                assert (await answer.json())["deploymentType"] == "Server"
            async with http.get("/rest/api/2/project") as answer:
                assert [project["key"] for project in await answer.json()] == ["HR", "ONB"]
            async with http.get("/rest/api/2/user", params={"username": "anna"}) as answer:
                assert (await answer.json())["displayName"] == "Анна"
            async with http.get("/rest/api/2/priority/1") as answer:
                assert (await answer.json())["name"] == "Самый высокий"
            async with http.get("/_sandbox/settings") as answer:
                assert await answer.json() == {"search_lag": 3.0, "write_limits": True}
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0


async def test_it_keeps_its_issues_over_a_restart_even_when_killed(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "jira.json"))
    async with started_jira(*data) as (process, url):
        async with signed_in(url) as http, http.post("/rest/api/2/issue", json={"fields": task()}) as answer:
            assert answer.status == 201
        process.kill()
        await ended(process)
    async with (
        started_jira(*data) as (_, url),
        signed_in(url) as http,
        http.get("/rest/api/2/issue/ONB-1") as answer,
    ):
        assert (await answer.json())["fields"]["summary"] == "Выдать ноутбук"


async def test_it_stops_when_its_stdin_closes_if_told_to() -> None:
    async with started_jira("--until-stdin-closes") as (process, _):
        orphan(process)
        assert await ended(process) == 0


async def test_it_outlives_a_closed_stdin_otherwise() -> None:
    async with started_jira() as (process, url):
        orphan(process)
        async with signed_in(url) as http, http.get("/rest/api/2/myself") as answer:
            assert answer.status == 200
        assert process.returncode is None


async def until_shown(http: aiohttp.ClientSession) -> None:
    """Waits until the first fault has been shown to someone."""
    shown = 0
    async with asyncio.timeout(60):
        while not shown:
            async with http.get("/_sandbox/faults") as answer:
                shown = (await answer.json())[0]["shown"]


async def test_a_hanging_request_does_not_hold_up_its_stop() -> None:
    async with started_jira() as (process, url), signed_in(url) as http:
        await http.post("/_sandbox/faults", json=[{"kind": "hang", "seconds": 60, "match": "myself"}])
        hanging = asyncio.create_task(http.get("/rest/api/2/myself").__aenter__())
        await until_shown(http)
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0
        with pytest.raises(aiohttp.ClientError):
            await hanging


def listening_addresses(port: int | None) -> list[str]:
    """The addresses, as the kernel writes them, on which somebody listens at this port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = [row[1].split(":") for row in rows if row[3] == "0A"]
    return [address for address, at in sockets if int(at, 16) == port]


async def test_it_listens_on_loopback_only() -> None:
    async with started_jira() as (_, url):
        assert urlsplit(url).hostname == "127.0.0.1"
        port = urlsplit(url).port
        assert listening_addresses(port) == ["0100007F"]


def test_a_broken_file_or_a_taken_port_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "jira.json"
    broken.write_text("{")
    given = ["--user", "u", "--token", "t"]
    assert main([*given, "--data", str(broken)]) == 1
    assert main([*given, "--people", os.devnull + "/none"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.startswith("sandbox.jira: ") for line in said.err.splitlines()] == [True, True]
