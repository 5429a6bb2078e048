"""The stand-in as a process of its own: one line when ready, and no orphans."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from sandbox.confluence.__main__ import main

COMMAND = (sys.executable, "-m", "sandbox.confluence", "--user", "bot@example.com", "--token", "t")


@asynccontextmanager
async def started(*arguments: str) -> AsyncIterator[tuple[Process, str]]:
    """A running process and its address; it is ended when a test leaves it running."""
    process = await asyncio.create_subprocess_exec(*COMMAND, *arguments, stdin=PIPE, stdout=PIPE)
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 20)
        yield process, str(json.loads(line)["url"])
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_it_serves_the_company_and_as_many_pages_as_asked_for_and_stops_when_told() -> None:
    async with started("--deployment", "server", "--pages", "300", "--groups", "hr") as (process, url):
        async with aiohttp.ClientSession(url, headers={"Authorization": "Bearer t"}) as http:
            async with http.get("/rest/api/search", params={"cql": "space = SYN", "limit": "1"}) as answer:
                assert (await answer.json())["totalSize"] == 300
            async with http.get("/rest/api/search", params={"cql": "space in (HR, IT, INT)", "limit": "1"}) as answer:
                assert (await answer.json())["totalSize"] > 20
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


async def test_it_ends_with_its_parent_when_asked_to() -> None:
    async with started("--until-stdin-closes") as (process, _):
        assert process.stdin is not None
        process.stdin.close()
        assert await asyncio.wait_for(process.wait(), 10) == 0


def test_a_time_zone_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--user", "u", "--token", "t", "--time-zone", "Mars/Olympus"])
    assert "Mars/Olympus" in capsys.readouterr().err
