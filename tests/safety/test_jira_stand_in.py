"""Requests to the stand-in that are no HTTP of a decent program are refused, and are no failure."""

import asyncio
from urllib.parse import urlsplit

import pytest

from tests.sandbox.jira_kit import standing


async def answer_to(url: str, head: bytes) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(b"GET /rest/api/2/myself HTTP/1.1\r\nConnection: close\r\n" + head + b"\r\n\r\n")
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return status.split()[1]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Host: [::1", b"403"),
        (b"Host: localhost\r\nOrigin: http://[", b"403"),
        (b"Host: localhost\r\nOrigin: null", b"403"),
        (b"Host: localhost\r\nAuthorization: Basic \xd1\x8f", b"401"),
        (b"Host: localhost\r\nAuthorization: Bearer \xff\xfe", b"401"),
    ],
)
async def test_odd_requests_are_refused(head: bytes, status: bytes) -> None:
    async with standing() as ready:
        assert await answer_to(ready.url, head) == status
