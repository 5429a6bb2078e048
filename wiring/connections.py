"""How long a connection may keep us waiting, and how many there may be: of all, and of one address."""

from __future__ import annotations

import asyncio
import ipaddress
import math
from collections import Counter
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import msgspec
from aiohttp import hdrs, web

RESERVE = 320  # open files for the store (64), outgoing connections, indexes, what is being accepted
NAME = "butterboard"  # in place of the names and versions of the libraries
Network = IPv4Network | IPv6Network


class Limits(msgspec.Struct, frozen=True):
    """All times in seconds. `most` counts every connection, also those with a stream.

    `headers`: from the accept, or from the first byte of a further request, to the end of its headers.
    `idle`: between two requests; longer than proxies keep theirs, so that it is they who close.
    `writing`: how long a peer may take nothing of what waits for it.
    `trusted`: addresses that many people share, which have no limit of their own; those of this machine never have.
    """

    most: int
    most_per_address: int
    trusted: tuple[Network, ...] = ()
    headers: float = 10.0
    idle: float = 75.0
    writing: float = 30.0


def allowed(wanted: int, open_files: int) -> int:
    """How many connections leave enough of `open_files` for everything else; never more than are wanted."""
    spare = open_files - RESERVE if open_files >= 2 * RESERVE else open_files // 2
    return max(1, min(wanted, spare))


class Connections:
    """Those that are open. Full, it lets the one go that has kept us waiting longest: whoever means it sends a request
    at once, so it is never they who go."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()
        self._waiting: dict[Connection, None] = {}  # for whom nothing is being done, the longest first

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, host: str) -> bool:
        """Whether one more may come from this address; there is room for it then."""
        address = peer_of(host, self.limits.trusted)
        if address and self._of[address] >= self.limits.most_per_address and not self.make_room(address):
            return False
        return len(self._open) < self.limits.most or self.make_room()

    def make_room(self, address: str = "") -> bool:
        """Let one go that waits, of this address or of any. False: everybody is being served."""
        for connection in self._waiting:
            if not address or self._open[connection] == address:
                self.closed(connection)
                connection.abort()
                return True
        return False

    def opened(self, connection: Connection, host: str) -> None:
        self._open[connection] = address = peer_of(host, self.limits.trusted)
        self._of[address] += 1
        self.waits(connection)

    def waits(self, connection: Connection) -> None:
        """From now on we wait for this one."""
        self._waiting.pop(connection, None)
        if connection in self._open:
            self._waiting[connection] = None

    def works(self, connection: Connection) -> None:
        """A request of it is being answered."""
        self._waiting.pop(connection, None)

    def let_go(self, now: float) -> None:
        """Those whose time is over. To be called again and again: a timer for each request would cost more."""
        for connection in [one for one in self._open if one.deadline <= now]:
            self.closed(connection)
            connection.abort()

    def closed(self, connection: Connection) -> None:
        self._waiting.pop(connection, None)
        address = self._open.pop(connection, None)
        if address is not None:
            self._of[address] -= 1
            if not self._of[address]:
                del self._of[address]


class Connection(web.RequestHandler):
    """One connection. aiohttp waits for headers for an hour, and for ever for a peer that does not read its answer."""

    def __init__(self, server: web.Server, loop: asyncio.AbstractEventLoop, connections: Connections) -> None:
        super().__init__(
            server,
            loop=loop,
            access_log=None,  # type: ignore[arg-type]  # it takes None for "none": addresses hold what lets people in
            # No platform compresses what it sends us; a few kilobytes that unfold into megabytes come from others.
            auto_decompress=False,
            lingering_time=2.0,  # for a refused body, so that the refusal is heard
        )
        self._clock, self._connections = loop, connections
        self._idle = False
        self._waits_until = self._writes_until = math.inf
        self._transport: asyncio.Transport | None = None

    @property
    def deadline(self) -> float:
        """When it is let go, unless it moves; on the clock of the loop."""
        return min(self._waits_until, self._writes_until)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._transport = self.transport
        host = (transport.get_extra_info("peername") or ("",))[0]
        self._connections.opened(self, host)
        self._wait(self._connections.limits.headers)

    def data_received(self, data: bytes) -> None:
        if self._idle and data:
            self._idle = False
            self._connections.waits(self)
            self._wait(self._connections.limits.headers)
        super().data_received(data)

    def begun(self) -> None:
        """The headers of a request are there. However long it takes to answer it, and a stream has no end, is ours."""
        self._idle = False
        self._waits_until = math.inf
        self._connections.works(self)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Write the answer. Who is refused before their body is read cannot use this connection again."""
        refused = isinstance(resp, web.StreamResponse) and resp.status >= HTTPStatus.BAD_REQUEST
        if refused and not resp.prepared and not request.content.is_eof():
            resp.force_close()
        if isinstance(resp, web.StreamResponse) and not resp.prepared:
            resp.headers[hdrs.SERVER] = NAME
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            if self.transport is not None:
                self._idle = True
                self._connections.waits(self)
                self._wait(self._connections.limits.idle)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """In our own words: aiohttp's quote what could not be read."""
        answer = super().handle_error(request, status, exc, message)
        if isinstance(answer, web.Response):
            answer.content_type, answer.text = "text/plain", HTTPStatus(status).phrase
        return answer

    def pause_writing(self) -> None:
        super().pause_writing()
        self._writes_until = self._clock.time() + self._connections.limits.writing

    def resume_writing(self) -> None:
        super().resume_writing()
        self._writes_until = math.inf

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.closed(self)
        super().connection_lost(exc)
        self._transport = None

    def abort(self) -> None:
        """Close it now, with what was still to be written."""
        if self._transport is not None:
            self._transport.abort()

    def _wait(self, seconds: float) -> None:
        self._waits_until = self._clock.time() + seconds


def peer_of(host: str, trusted: tuple[Network, ...]) -> str:
    """Whose limit counts for an address: its own, in IPv6 that of its network, since there everybody has many.

    Empty: nobody's.
    """
    try:
        address: IPv4Address | IPv6Address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback or any(address in network for network in trusted):
        return ""
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), 64), strict=False))
    return str(address)
