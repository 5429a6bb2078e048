"""The stand-in as a process of its own."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def process(*options: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The running stand-in and its address; killed at the end if it still runs."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sandbox.slack", "--port", "0", "--token", "xoxb-1", "--signing-secret", "s"),
        *options,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    try:
        yield started, json.loads(await started.stdout.readline())["url"]
    finally:
        if started.returncode is None:
            started.kill()
        await started.wait()


async def test_it_serves_its_people_on_loopback_and_ends_on_sigterm(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"id": "U1", "name": "ann", "email": "ann@example.com"}]))
    async with process("--people", str(people)) as (running, url):
        assert url.startswith("http://127.0.0.1:")
        client = AsyncWebClient("xoxb-1", base_url=f"{url}/api/")
        assert (await client.users_lookupByEmail(email="ann@example.com"))["user"]["id"] == "U1"
        running.terminate()
        assert await asyncio.wait_for(running.wait(), 5) == 0


async def test_it_ends_when_its_stdin_closes() -> None:
    async with process("--until-stdin-closes") as (running, _):
        assert running.stdin is not None
        running.stdin.close()
        assert await asyncio.wait_for(running.wait(), 5) == 0
