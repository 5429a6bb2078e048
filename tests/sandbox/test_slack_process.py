"""The stand-in as a process of its own."""

import json
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.process_kit import ended, orphan, started

SIGNED_IN = ("--token", "xoxb-1", "--signing-secret", "s")


async def test_it_serves_its_people_on_loopback_and_ends_on_sigterm(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    people.write_text(json.dumps([{"id": "U1", "name": "ann", "email": "ann@example.com"}]))
    async with started("sandbox.slack", *SIGNED_IN, "--people", str(people)) as (running, facts):
        assert facts["url"].startswith("http://127.0.0.1:")
        client = AsyncWebClient("xoxb-1", base_url=f"{facts['url']}/api/")
        assert (await client.users_lookupByEmail(email="ann@example.com"))["user"]["id"] == "U1"
        running.terminate()
        assert await ended(running) == 0


async def test_it_ends_when_its_stdin_closes() -> None:
    async with started("sandbox.slack", *SIGNED_IN, "--until-stdin-closes") as (running, _):
        orphan(running)
        assert await ended(running) == 0
