"""Some 9 MB a second that nobody has signed: what they cost the bot, and whether it answers meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles

import aiohttp

from tests.bench.acknowledging import ours
from tests.bench.children import child
from tests.bench.figures import Figure, Section, Tell
from tests.bench.machine import cpu_seconds

# Half of a smiley: JSON that only the slowest way of reading takes.
BODY = b'{"a":"\\ud83d","b":[' + b",".join([b"[1]"] * 220_000) + b"]}"
PER_SECOND = 10  # of some 0.9 MB each
CONNECTIONS = 4
PROMISED_CPU = 0.2  # of one core
KINDS = {"no signature": False, "a false signature": True}


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    seconds = 4.0 if quick else 15.0
    async with (
        child("-m", "tests.bench.silent_slack") as slack,
        ours(folder / "unsigned", "unsigned", "always", "ack", slack=f"http://127.0.0.1:{slack.said}/api/") as server,
    ):
        url = f"http://127.0.0.1:{server.process.said}"
        quiet = await _health(url, seconds / 4)
        figures = [_figure("/healthz alone: p99", quiet)]
        for name, claims in KINDS.items():
            before, start = cpu_seconds(server.process.pid), time.monotonic()
            async with _junk(f"{url}/slack/events", claims):
                found = await _health(url, seconds)
            used = (cpu_seconds(server.process.pid) - before) / (time.monotonic() - start)
            tell(f"  {name}: {used:.2f} of a core")
            figures.append(Figure(name=f"{name}: CPU, with /healthz, of one core", value=used, at_most=PROMISED_CPU))
            figures.append(_figure(f"{name}: /healthz p99", found))
    return [Section(f"{PER_SECOND * len(BODY) / 1e6:.0f} MB of JSON a second that nobody has signed", tuple(figures))]


def _figure(name: str, found: list[float]) -> Figure:
    return Figure(name=name, value=quantiles(found, n=100)[-1] * 1000, unit="ms", shaky=True)


async def _health(url: str, seconds: float) -> list[float]:
    """How long each answer took, one asked after the other."""
    found: list[float] = []
    end = time.monotonic() + seconds
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < end:
            start = time.monotonic()
            async with session.get(f"{url}/healthz") as answer:
                await answer.read()
            found.append(time.monotonic() - start)
            await asyncio.sleep(0.02)
    return found


@asynccontextmanager
async def _junk(url: str, claims: bool) -> AsyncIterator[None]:
    """Sent for as long as the context lasts, at a steady pace whatever becomes of it."""
    tasks = [asyncio.create_task(_send(url, claims)) for _ in range(CONNECTIONS)]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(url: str, claims: bool) -> None:
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    while True:
        claimed = (
            f"X-Slack-Request-Timestamp: {int(time.time())}\r\nX-Slack-Signature: v0={'0' * 64}\r\n" if claims else ""
        )
        head = (
            f"POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n{claimed}"
        )
        reader, writer = await asyncio.open_connection(name, int(port))
        try:
            writer.write(f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
            await writer.drain()
            await reader.readline()
        except ConnectionError:
            pass  # it was refused, and did not wait for the rest
        finally:
            writer.transport.abort()
        await asyncio.sleep(CONNECTIONS / PER_SECOND)
