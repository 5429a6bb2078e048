"""Rate limits in Jira's words: on demand, and for too many writes to one issue."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.faults import Kind, Rule
from sandbox.jira import Deployment
from tests.sandbox.jira_kit import Stand, standing

ISSUE = "/rest/api/2/issue/ONB-1"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        await ready.create()
        yield ready


async def write(stand: Stand, times: int = 1) -> list[int]:
    """The statuses of so many comments."""
    statuses = []
    for _ in range(times):
        async with stand.http.post(f"{ISSUE}/comment", json={"body": "раз"}) as answer:
            statuses.append(answer.status)
    return statuses


async def limited(stand: Stand, path: str = "/rest/api/2/myself") -> aiohttp.ClientResponse:
    async with stand.http.get(path) as answer:
        assert answer.status == 429
        return answer


async def test_a_rate_limit_on_cloud_says_why_how_long_and_until_when(stand: Stand) -> None:
    stand.faults.add(Rule(kind=Kind.RATE_LIMIT, times=1, retry_after=5))
    stand.faults.add(Rule(kind=Kind.RATE_LIMIT, times=1, reason="jira-quota-global-based"))
    answer = await limited(stand)
    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["RateLimit-Reason"] == "jira-burst-based"
    assert answer.headers["X-RateLimit-Limit"] == "100"
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert answer.headers["X-RateLimit-NearLimit"] == "true"
    assert answer.headers["X-RateLimit-Reset"] == "2026-11-24T09:00:05Z"
    assert (await limited(stand)).headers["RateLimit-Reason"] == "jira-quota-global-based"


async def test_a_rate_limit_on_data_center_gives_no_reason() -> None:
    async with standing(Deployment.SERVER) as stand:
        stand.faults.add(Rule(kind=Kind.RATE_LIMIT, times=1, retry_after=5))
        answer = await limited(stand)
        assert answer.headers["Retry-After"] == "5"
        assert "X-RateLimit-FillRate" in answer.headers
        assert "RateLimit-Reason" not in answer.headers


async def test_an_issue_takes_twenty_writes_in_two_seconds(stand: Stand) -> None:
    assert await write(stand, 20) == [201] * 20
    async with stand.http.post(f"{ISSUE}/comment", json={"body": "раз"}) as answer:
        assert answer.status == 429
        assert answer.headers["RateLimit-Reason"] == "jira-per-issue-on-write"
        assert answer.headers["Retry-After"] == "2"
        assert answer.headers["X-RateLimit-Limit"] == "20"
        assert (await answer.json())["errorMessages"] == ["Rate limit exceeded."]
    assert len(stand.state.issue("ONB-1").comments) == 20
    stand.clock.tick(2)
    assert await write(stand) == [201]


async def test_an_issue_takes_a_hundred_writes_in_thirty_seconds(stand: Stand) -> None:
    for _ in range(5):
        assert await write(stand, 20) == [201] * 20
        stand.clock.tick(2)
    assert await write(stand) == [429]
    stand.clock.tick(19)
    assert await write(stand) == [429]
    stand.clock.tick(1)
    assert await write(stand, 21) == [201] * 20 + [429]


async def test_every_issue_has_limits_of_its_own_by_key_and_id_alike(stand: Stand) -> None:
    other = await stand.create()
    await write(stand, 20)
    for name, status in ((other.key, 204), (stand.state.issue("ONB-1").id, 429)):
        async with stand.http.put(f"/rest/api/2/issue/{name}", json={"fields": {"summary": "иначе"}}) as answer:
            assert answer.status == status


async def test_reads_are_not_counted(stand: Stand) -> None:
    await write(stand, 20)
    assert (await stand.get(ISSUE))["key"] == "ONB-1"


async def test_the_limits_can_be_switched_off_and_data_center_has_none(stand: Stand) -> None:
    assert (await stand.post("/_sandbox/settings", {"write_limits": False}))[0] == 200
    assert await write(stand, 25) == [201] * 25
    async with standing(Deployment.SERVER) as server:
        await server.create()
        assert await write(server, 25) == [201] * 25
