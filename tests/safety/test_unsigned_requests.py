"""Whoever is nobody's customer costs us next to nothing: their body is not read, and never parsed."""

import asyncio
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.adapters.slack.kit import Slack, slack
from tests.adapters.slack.kit import door as door_of_slack
from tests.adapters.teams.door_kit import SERVICE_URL, Teams, teams
from tests.adapters.teams.test_authentication import bad_tokens

PATIENCE = 30.0
SHAPE = "v0=" + "0" * 64
# Half of a smiley: JSON that only the slowest way of reading takes.
COSTLY = b'{"a":"\\ud83d","b":[' + b",".join([b"[1]"] * 200_000) + b"]}"


@pytest.fixture
async def in_slack() -> AsyncIterator[tuple[Slack, str]]:
    async with slack() as made, door_of_slack(made) as url:
        yield made, f"{url}/slack/events"


@pytest.fixture
async def in_teams() -> AsyncIterator[Teams]:
    async with teams() as made:
        yield made


async def endless() -> AsyncIterator[bytes]:
    """A body that begins and never ends: whoever wants to read it cannot answer."""
    yield b"{"
    await asyncio.Event().wait()


async def status_before_the_body(url: str, headers: dict[str, str]) -> int:
    async with (
        asyncio.timeout(PATIENCE),
        aiohttp.ClientSession() as session,
        session.post(url, data=endless(), headers=headers) as answer,
    ):
        return answer.status


@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize(
    "claimed",
    [
        {},
        {"X-Slack-Signature": SHAPE},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "0", "X-Slack-Signature": SHAPE},
        {"X-Slack-Request-Timestamp": "999999999999", "X-Slack-Signature": SHAPE},
        {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": SHAPE},
        {"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0=0"},
    ],
)
async def test_slack_without_a_signature_that_could_hold_is_refused_before_its_body(
    in_slack: tuple[Slack, str], claimed: dict[str, str], content_type: str
) -> None:
    made, url = in_slack
    headers = {name: value.replace("now", str(int(time.time()))) for name, value in claimed.items()}
    assert await status_before_the_body(url, {**headers, "Content-Type": content_type}) == 401
    assert made.inbox.received == []


async def test_a_body_that_tells_its_size_is_too_large_before_it_is_sent(in_slack: tuple[Slack, str]) -> None:
    _, url = in_slack
    host = url.split("/")[2]
    for headers, status in (
        (f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: {SHAPE}\r\n", b"413"),
        ("", b"401"),
    ):
        reader, writer = await asyncio.open_connection(*host.split(":"))
        writer.write(
            f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9000000\r\n{headers}\r\n".encode()
        )
        async with asyncio.timeout(PATIENCE):
            assert (await reader.readline()).split()[1] == status
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("body", [b"zz\r\n", b"5\r\nab", b"-1\r\n\r\n", b"5\r\nabcdefgh\r\n"])
async def test_chunks_that_are_none_are_400_or_nothing_and_no_error_of_ours(
    in_slack: tuple[Slack, str], body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    _, url = in_slack
    host = url.split("/")[2]
    head = f"POST /slack/events HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n"
    signed = f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: {SHAPE}\r\n\r\n"
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(f"{head}{signed}".encode())
    await asyncio.sleep(0.05)  # the body comes when the headers are being worked on, most often
    writer.write(body)
    writer.write_eof()
    async with asyncio.timeout(PATIENCE):
        assert (await reader.readline()).split()[1:2] in ([b"400"], [])
    writer.close()
    assert [record for record in caplog.records if "ConnectionResetError" in str(record.exc_info)] == []


async def test_only_slacks_look_at_our_certificate_is_answered_unsigned(in_slack: tuple[Slack, str]) -> None:
    _, url = in_slack
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bodies = {b"ssl_check=1&token=old": 200, b"ssl_check=1&token=" + b"x" * 1000: 401, b"ssl_check=0": 401, b"": 401}
    async with aiohttp.ClientSession() as session:
        for body, status in bodies.items():
            async with session.post(url, data=body, headers=form) as answer:
                assert (answer.status, await answer.read()) == (status, b"")
        async with session.post(
            url, data=b'{"ssl_check": "1"}', headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status == 401


async def test_json_under_a_false_signature_costs_no_more_than_noise(in_slack: tuple[Slack, str]) -> None:
    """A ratio of CPU time, the least of several rounds: parsing this JSON is some twenty times the rest."""
    made, url = in_slack
    spent: dict[bytes, list[float]] = {COSTLY: [], bytes(len(COSTLY)): []}
    async with aiohttp.ClientSession() as session:
        for _ in range(5):
            for body, found in spent.items():
                headers = {
                    "X-Slack-Request-Timestamp": str(int(time.time())),
                    "X-Slack-Signature": SHAPE,
                    "Content-Type": "application/json",
                }
                start = time.process_time()
                async with session.post(url, data=body, headers=headers) as answer:
                    assert answer.status == 401
                found.append(time.process_time() - start)
    json, noise = (min(found) for found in spent.values())
    assert json < 5 * noise
    assert made.inbox.received == []


async def test_teams_reads_no_body_under_a_bad_token(in_teams: Teams) -> None:
    url = f"{in_teams.url}/api/messages"
    for name, authorization in bad_tokens(in_teams.issuer).items():
        if name not in ("for another service URL", "for a part of the service URL"):  # the body says for which
            headers = {"Content-Type": "application/json", "Authorization": authorization}
            assert await status_before_the_body(url, headers) == 401, name
    assert in_teams.inbox.received == []


async def test_what_is_no_json_under_a_bad_token_is_401_and_under_a_good_one_400(in_teams: Teams) -> None:
    assert (await in_teams.send(b"{", "Bearer a.b.c")).status == 401
    expired = in_teams.issuer.token(SERVICE_URL, expires_in=-1000)
    assert (await in_teams.send(b"{", f"Bearer {expired}")).status == 401
    assert (await in_teams.send(b"{")).status == 400
