"""Where connections come in: accepted one by one, never more than there is room for.

asyncio's own way accepts a hundred at a time, and where descriptors have run out it complains a hundred times, and
takes up the work again as often: more and more of it, for as long as they are missing.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import resource
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import hdrs, web
from multidict import CIMultiDict, CIMultiDictProxy

from wiring.background import ended
from wiring.connections import Connection, Connections, Limits

log = logging.getLogger(__name__)
BACKLOG = 512  # what waits in the kernel while we are busy; it costs us no descriptor
PAUSE = 0.2  # seconds in which descriptors may come free
STOP_SECONDS = 5.0
CONTINUE = "100-continue"
REFUSAL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def listening(app: web.Application, host: str, port: int, limits: Limits) -> AsyncIterator[int]:
    """Serve `app` for as long as the context lasts; yields the port. Raises OSError where nobody can listen."""
    runner, connections = web.AppRunner(app, shutdown_timeout=STOP_SECONDS), Connections(limits)
    async with AsyncExitStack() as stack:
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        server = _told_of_requests(runner)
        sockets = [stack.enter_context(one) for one in await _bound(host, port)]
        for work in (_let_go(connections), *(_accept(one, server, connections) for one in sockets)):
            stack.push_async_callback(ended, asyncio.create_task(work, name="connections"))
        yield int(sockets[0].getsockname()[1])


def open_files() -> int:
    """How many this process may have."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


def _told_of_requests(runner: web.AppRunner) -> web.Server:
    """The server of a runner that is set up; it tells a connection that the headers of a request are whole."""
    server = runner.server
    if server is None:
        raise RuntimeError("the runner is not set up")
    made = server.request_factory

    def request_factory(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
        protocol.begun()
        return made(_expecting_nothing_odd(message), payload, protocol, writer, task)

    server.request_factory = request_factory
    return server


def _expecting_nothing_odd(message: Any) -> Any:
    """What else somebody expects may be ignored; aiohttp wants to quote it, and stumbles over letters that are none."""
    if message.headers.get(hdrs.EXPECT, CONTINUE).lower() == CONTINUE:
        return message
    headers = CIMultiDict(message.headers)
    headers.popall(hdrs.EXPECT)
    return message._replace(headers=CIMultiDictProxy(headers))


async def _let_go(connections: Connections) -> None:
    limits, loop = connections.limits, asyncio.get_running_loop()
    while True:
        await asyncio.sleep(min(1.0, limits.headers / 4, limits.idle / 4, limits.writing / 4))
        connections.let_go(loop.time())


async def _bound(host: str, port: int) -> list[socket.socket]:
    """A listening socket for each address that `host` is."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    sockets: list[socket.socket] = []
    with contextlib.ExitStack() as undo:
        for family, _, _, _, address in dict.fromkeys(found):
            one = socket.create_server(address[:2], family=family, backlog=BACKLOG)
            undo.enter_context(one)
            one.setblocking(False)
            sockets.append(one)
        undo.pop_all()
    return sockets


async def _accept(listening: socket.socket, server: web.Server, connections: Connections) -> None:
    """For as long as the bot runs: whatever goes wrong with one connection, the next may come."""
    while True:
        await asyncio.sleep(0)  # a socket that is there already is taken without a pause for others
        try:
            await _accept_one(listening, server, connections)
        except (ConnectionError, BlockingIOError) as error:  # who is gone before anything could be said
            log.debug("connection lost at once", extra={"error": type(error).__name__})
        except OSError as error:
            # Mostly no descriptor is left: one comes free when somebody goes who keeps us waiting.
            log.error("no connection accepted", extra={"error": errno.errorcode.get(error.errno or 0, "unknown")})
            await asyncio.sleep(0 if connections.make_room() else PAUSE)
        except Exception:
            log.exception("no connection accepted")
            await asyncio.sleep(PAUSE)


async def _accept_one(listening: socket.socket, server: web.Server, connections: Connections) -> None:
    loop = asyncio.get_running_loop()
    await _readable(listening)
    # Without a wait in between: a loop that is stopped here would lose what `loop.sock_accept` holds for it.
    accepted, address = listening.accept()
    with contextlib.ExitStack() as undo:
        undo.enter_context(accepted)
        accepted.setblocking(False)
        if connections.admit(address[0]):
            await loop.connect_accepted_socket(lambda: Connection(server, loop, connections), accepted)
            undo.pop_all()
        else:
            log.warning("connection refused: there are too many", extra={"open": len(connections)})
            _refuse(accepted)


async def _readable(listening: socket.socket) -> None:
    """Wait until somebody waits to be accepted."""
    loop, ready = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(listening, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(listening)


def _refuse(accepted: socket.socket) -> None:
    """A fresh socket takes so few bytes without waiting."""
    with contextlib.suppress(OSError):
        accepted.send(REFUSAL)
