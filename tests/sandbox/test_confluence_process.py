"""The stand-in as a process of its own: one line when ready, and no orphans."""

import signal

import aiohttp
import pytest

from sandbox.confluence.__main__ import main
from tests.sandbox.process_kit import ended, orphan, started

SIGNED_IN = ("--user", "bot@example.com", "--token", "t")


async def test_it_serves_the_company_and_as_many_pages_as_asked_for_and_stops_when_told() -> None:
    async with started(
        "sandbox.confluence", *SIGNED_IN, "--deployment", "server", "--pages", "300", "--groups", "hr"
    ) as (process, facts):
        async with aiohttp.ClientSession(facts["url"], headers={"Authorization": "Bearer t"}) as http:
            async with http.get("/rest/api/search", params={"cql": "space = SYN", "limit": "1"}) as answer:
                assert (await answer.json())["totalSize"] == 300
            async with http.get("/rest/api/search", params={"cql": "space in (HR, IT, INT)", "limit": "1"}) as answer:
                assert (await answer.json())["totalSize"] > 20
        process.send_signal(signal.SIGTERM)
        assert await ended(process) == 0


async def test_it_ends_with_its_parent_when_asked_to() -> None:
    async with started("sandbox.confluence", *SIGNED_IN, "--until-stdin-closes") as (process, _):
        orphan(process)
        assert await ended(process) == 0


def test_a_time_zone_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--user", "u", "--token", "t", "--time-zone", "Mars/Olympus"])
    assert "Mars/Olympus" in capsys.readouterr().err
