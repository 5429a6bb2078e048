"""Whoever opens connections and says nothing, or never ends, is let go; whoever means it is served meanwhile."""

import asyncio
import contextlib
import resource
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from wiring.connections import RESERVE, Connections, Limits, allowed, peer_of
from wiring.listener import listening

PATIENCE = 30.0
LIMITS = Limits(most=50, most_per_address=50)
HALF_SENT = {
    "nothing": b"",
    "half a request line": b"GET /hea",
    "half a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "all but the last line": b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
}
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@asynccontextmanager
async def server(limits: Limits = LIMITS) -> AsyncIterator[int]:
    """The port of a server with a quick answer, one that waits, a stream, a big answer and one that fails."""
    app = web.Application()
    waiting = asyncio.Event()

    async def quick(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def slow(_: web.Request) -> web.Response:
        await waiting.wait()
        return web.Response(text="at last")

    async def ring(_: web.Request) -> web.Response:
        waiting.set()
        return web.Response()

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"begun\n")
        await waiting.wait()
        await response.write(b"ended\n")
        return response

    async def big(_: web.Request) -> web.Response:
        return web.Response(body=bytes(64_000_000))

    async def fails(_: web.Request) -> web.Response:
        raise ValueError("what somebody said")

    routes = {"/healthz": quick, "/slow": slow, "/ring": ring, "/stream": stream, "/big": big, "/fails": fails}
    app.add_routes([web.get(path, handler) for path, handler in routes.items()])
    async with listening(app, "127.0.0.1", 0, limits) as port:
        yield port


class Peer:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, said: bytes) -> bytes:
        """What is sent, and the first line of the answer."""
        self.writer.write(said)
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readline()

    async def is_let_go(self) -> None:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                while await self.reader.read(65536):
                    pass


@asynccontextmanager
async def peers(port: int, count: int = 1) -> AsyncIterator[list[Peer]]:
    async with AsyncExitStack() as stack:
        made: list[Peer] = []
        for _ in range(count):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            stack.callback(writer.close)
            made.append(Peer(reader, writer))
        yield made


async def healthy(port: int) -> bool:
    async with asyncio.timeout(PATIENCE), peers(port) as (peer,):
        return await peer.says(WHOLE) == b"HTTP/1.1 200 OK\r\n"


async def comes_free(port: int) -> None:
    """Until somebody is let in, who ends all that is being answered."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with peers(port) as (peer,):
                if await peer.says(b"GET /ring HTTP/1.1\r\nHost: x\r\n\r\n") == b"HTTP/1.1 200 OK\r\n":
                    return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("sent", HALF_SENT.values(), ids=HALF_SENT)
async def test_headers_that_do_not_come_are_not_waited_for(sent: bytes) -> None:
    async with server(Limits(50, 50, headers=0.1)) as port, peers(port, 3) as made:
        for peer in made:
            peer.writer.write(sent)
        for peer in made:
            await peer.is_let_go()


async def test_headers_that_trickle_get_no_more_time_than_others() -> None:
    async with server(Limits(50, 50, headers=0.3)) as port, peers(port) as (peer,):

        async def trickle() -> None:
            peer.writer.write(b"GET / HTTP/1.1\r\nX: ")
            while True:
                peer.writer.write(b"x")
                await asyncio.sleep(0.02)

        trickling = asyncio.create_task(trickle())
        await peer.is_let_go()
        trickling.cancel()


async def test_a_further_request_of_a_connection_is_waited_for_no_longer_than_the_first() -> None:
    async with server(Limits(50, 50, headers=0.5)) as port, peers(port) as (peer,):
        assert await peer.says(WHOLE) == b"HTTP/1.1 200 OK\r\n"
        peer.writer.write(b"GET /healthz HT")
        await peer.is_let_go()


async def test_a_connection_that_is_not_used_again_is_let_go() -> None:
    async with server(Limits(50, 50, headers=PATIENCE, idle=0.1)) as port, peers(port) as (peer,):
        assert await peer.says(WHOLE) == b"HTTP/1.1 200 OK\r\n"
        await peer.is_let_go()


@pytest.mark.parametrize("path", ["/slow", "/stream"])
async def test_what_takes_its_time_to_be_answered_is_not_cut(path: str) -> None:
    async with server(Limits(50, 50, headers=0.5, idle=0.5)) as port, aiohttp.ClientSession() as session:
        asked = asyncio.create_task(session.get(f"http://127.0.0.1:{port}{path}"))
        async with peers(port) as (other,):
            await other.is_let_go()  # a time later in which the first would have been let go, too
        async with session.get(f"http://127.0.0.1:{port}/ring"), await asked as answer:
            assert (await answer.text()).endswith(("at last", "ended\n"))


async def test_who_does_not_read_the_answer_is_let_go() -> None:
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        async with server(Limits(1, 1, writing=0.1)) as port:
            loop = asyncio.get_running_loop()
            await loop.sock_connect(deaf, ("127.0.0.1", port))
            await loop.sock_sendall(deaf, b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
            await comes_free(port)


async def test_three_hundred_half_sent_requests_keep_nobody_else_out() -> None:
    async with server(Limits(20, 20, headers=PATIENCE)) as port, peers(port, 300) as slow:
        for number, peer in enumerate(slow):
            with contextlib.suppress(ConnectionError):
                peer.writer.write(list(HALF_SENT.values())[number % 4])
        for _ in range(5):
            assert await healthy(port)
        for peer in slow[:270]:
            await peer.is_let_go()


async def test_those_that_are_served_are_not_let_go_for_others_who_hear_that_there_are_too_many() -> None:
    async with server(Limits(3, 3)) as port, peers(port, 3) as served:
        for peer in served:
            assert await peer.says(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n") == b"HTTP/1.1 200 OK\r\n"
        async with peers(port) as (late,):
            assert await late.says(b"") == b"HTTP/1.1 503 Service Unavailable\r\n"
        served[0].writer.close()
        await comes_free(port)


FLOOD = """
import socket, sys
port, wanted = int(sys.argv[1]), int(sys.argv[2])
def connected():
    return socket.create_connection(("127.0.0.1", port), 30)
half = [connected() for _ in range(wanted)]
for one in half:
    try:
        one.sendall(b"GET /hea")
    except ConnectionError:
        pass
for _ in range(5):
    asked = connected()
    asked.sendall(b"GET /healthz HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
    print(asked.recv(100).split(b"\\r\\n")[0].decode(), flush=True)
"""


def open_now() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def test_where_descriptors_run_out_others_are_still_served_and_little_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The limit of connections is higher here than what the system allows."""
    async with server(Limits(10_000, 10_000, headers=PATIENCE)) as port:
        flood = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FLOOD, str(port), "300", stdout=asyncio.subprocess.PIPE
        )
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_now() + 20, before[1]))
        try:
            async with asyncio.timeout(PATIENCE):
                said, _ = await flood.communicate()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        assert said.decode().splitlines() == ["HTTP/1.1 200 OK"] * 5
        assert await healthy(port)
    complaints = [record for record in caplog.records if record.getMessage() == "no connection accepted"]
    assert 0 < len(complaints) < 1000
    assert {vars(record)["error"] for record in complaints} == {"EMFILE"}
    assert {record.name for record in caplog.records} == {"wiring.listener"}


# --- of one address


def test_each_address_has_its_own_limit_and_a_proxy_has_none() -> None:
    trusted = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
    assert peer_of("203.0.113.5", trusted) == "203.0.113.5"
    assert peer_of("::ffff:203.0.113.5", trusted) == "203.0.113.5"
    assert peer_of("2001:db8::1", trusted) == peer_of("2001:db8::2:3", trusted) != peer_of("2001:db8:0:1::1", trusted)
    assert {peer_of(host, trusted) for host in ("127.0.0.1", "::1", "10.2.3.4", "fd00::1", "", "socket")} == {""}


class Somebody:
    """A connection, as far as the count of them knows it."""

    def __init__(self) -> None:
        self.gone = False

    def abort(self) -> None:
        self.gone = True


def test_one_address_takes_the_places_of_nobody_else() -> None:
    connections = Connections(Limits(most=10, most_per_address=3, trusted=(ip_network("10.0.0.1"),)))
    honest, many = Somebody(), [Somebody() for _ in range(9)]
    for one, host in ((honest, "198.51.100.1"), *((each, "203.0.113.5") for each in many)):
        assert connections.admit(host)
        connections.opened(one, host)  # type: ignore[arg-type]
    assert [one.gone for one in many] == [True] * 6 + [False] * 3
    assert not honest.gone
    for one in many[6:]:
        connections.works(one)  # type: ignore[arg-type]
    assert not connections.admit("203.0.113.5")
    assert connections.admit("203.0.113.6")
    for _ in range(5):
        assert connections.admit("10.0.0.1")
        connections.opened(Somebody(), "10.0.0.1")  # type: ignore[arg-type]
    assert len(connections) == 9


def test_whoever_is_gone_is_counted_no_more() -> None:
    connections = Connections(Limits(most=2, most_per_address=1))
    for _ in range(5):
        one = Somebody()
        assert connections.admit("203.0.113.5")
        connections.opened(one, "203.0.113.5")  # type: ignore[arg-type]
        connections.works(one)  # type: ignore[arg-type]
        connections.closed(one)  # type: ignore[arg-type]
        connections.closed(one)  # type: ignore[arg-type]
        connections.waits(one)  # type: ignore[arg-type]
    assert (len(connections), connections._of, connections._waiting) == (0, {}, {})


@pytest.mark.parametrize(("files", "most"), [(10**9, 500), (1024, 500), (700, 380), (640, 320), (256, 128), (1, 1)])
def test_there_are_fewer_where_the_system_lets_us_open_few_files(files: int, most: int) -> None:
    assert allowed(500, files) == most
    assert most == 500 or files - most >= min(RESERVE, files // 2)


# --- in our own words


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /fails HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
        b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header<script>: 1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: x<script>\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03<script>\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000,
        b"GET http://[::1 HTTP/1.1\r\n\r\n",
    ],
)
async def test_an_error_is_told_in_few_words_and_by_our_own_name(sent: bytes) -> None:
    async with server() as port, peers(port) as (peer,):
        peer.writer.write(sent + (b"" if b"\r\n\r\n" in sent else b"\r\n\r\n"))
        async with asyncio.timeout(PATIENCE):
            head = await peer.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].split()[0])
            body = await peer.reader.readexactly(length)
    assert int(head.split()[1]) in (400, 404, 405, 500)
    assert len(body) < 40
    assert b"Server: butterboard\r\n" in head
    for word in (b"script", b"Traceback", b"aiohttp", b"Python", b"somebody"):
        assert word not in head + body
