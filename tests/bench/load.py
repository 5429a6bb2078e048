"""The load, a process of its own: many keep-alive connections, each of which sends again as soon as it is answered."""

import asyncio
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from statistics import quantiles

import msgspec

from tests.bench.activities import Signed, activities
from tests.bench.children import answer
from tests.bench.events import presses, questions
from tests.bench.jira_news import webhooks
from tests.bench.machine import cpu_seconds

CONNECTIONS = 64
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to send, and the process whose CPU time is taken before and after.

    With `steps` presses, with `news` webhooks of Jira (see `jira_news.KINDS`), with `signed` activities of Teams, else
    questions in Slack.
    """

    port: int
    pid: int
    first: int
    count: int
    steps: tuple[str, ...] = ()
    news: str = ""
    signed: Signed | None = None

    @property
    def taken(self) -> bytes:
        """The status with which each is taken."""
        return b"200" if self.signed is None else b"201"


class Loaded(msgspec.Struct, frozen=True):
    """`cpu_before` and `cpu` in seconds of the server, `p50`, `p95`, `p99` in milliseconds at this load. `began` is on
    the clock (time.perf_counter) that all processes of a machine share. `store_cpu` is of the server's store, where
    somebody has asked."""

    events: int
    began: float
    seconds: float
    cpu_before: float
    cpu: float
    p50: float
    p95: float
    p99: float
    store_cpu: float = 0.0

    @property
    def per_cpu_second(self) -> float:
        return self.events / self.cpu

    @property
    def per_second(self) -> float:
        return self.events / self.seconds


async def put_load(order: Order) -> Loaded:
    """In another process. Raises RuntimeError when anything is not taken."""
    return (await put_loads([order]))[0]


async def put_loads(orders: Sequence[Order]) -> list[Loaded]:
    """One after another, in one process: to start it takes longer than many a load. Raises as `put_load`."""
    given = msgspec.json.encode(orders)
    return msgspec.json.decode(await answer("-m", "tests.bench.load", given=given), type=list[Loaded])


class _Connection(asyncio.Protocol):
    """One request at a time. `took` gets the seconds of each, `statuses` what was answered."""

    def __init__(self, requests: Iterator[bytes], took: list[float], statuses: Counter[bytes]) -> None:
        self._requests, self._took, self._statuses = requests, took, statuses
        self._transport: asyncio.Transport | None = None
        self._sent = 0.0
        self._got = b""
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport if isinstance(transport, asyncio.Transport) else None

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(exc or ConnectionError("closed by the server"))

    def send_next(self) -> None:
        request = next(self._requests, None)
        if request is None or self._transport is None:
            self.ended.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        if is_whole(self._got):
            self._took.append(time.perf_counter() - self._sent)
            self._statuses[self._got[9:12]] += 1
            self._got = b""
            self.send_next()


def _itself(connection: _Connection) -> _Connection:
    return connection


def is_whole(answer: bytes) -> bool:
    head, end, body = answer.partition(b"\r\n\r\n")
    length = LENGTH.search(head)
    return bool(end) and len(body) >= (int(length[1]) if length else 0)


async def _run(order: Order) -> Loaded:
    requests = _requests(order)
    took: list[float] = []
    statuses: Counter[bytes] = Counter()
    shares = _shares(requests, max(1, len(order.steps)))
    loop = asyncio.get_running_loop()
    connections = [_Connection(share, took, statuses) for share in shares]
    for connection in connections:
        await loop.create_connection(partial(_itself, connection), "127.0.0.1", order.port)
    await asyncio.sleep(0.1)  # accepting them is not part of it
    cpu_before, start = cpu_seconds(order.pid), time.perf_counter()
    for connection in connections:
        connection.send_next()
    await asyncio.gather(*(connection.ended for connection in connections))
    seconds, cpu = time.perf_counter() - start, cpu_seconds(order.pid) - cpu_before
    if set(statuses) != {order.taken}:
        raise RuntimeError(f"answered: {statuses}")
    cuts = quantiles(took, n=100)
    return Loaded(len(took), start, seconds, cpu_before, cpu, *(cuts[n] * 1000 for n in (49, 94, 98)))


def _requests(order: Order) -> list[bytes]:
    if order.signed is not None:
        return activities(order.first, order.count, order.signed)
    if order.news:
        return webhooks(order.news, order.first, order.count)
    if order.steps:
        return presses(order.first, order.count, order.steps)
    return questions(order.first, order.count)


def _shares(requests: list[bytes], group: int) -> list[Iterator[bytes]]:
    """Requests by connection; `group` of them stay together and in order, since they are about one journey."""
    groups = [requests[first : first + group] for first in range(0, len(requests), group)]
    return [iter([one for each in groups[start::CONNECTIONS] for one in each]) for start in range(CONNECTIONS)]


def main() -> None:
    orders = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Order])
    sys.stdout.buffer.write(msgspec.json.encode([asyncio.run(_run(order)) for order in orders]))


if __name__ == "__main__":
    main()
