"""Socket Mode: the WebSockets over which Slack sends envelopes to an app and waits for its acknowledgements."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from sandbox.slack.errors import Json

PATH = "/link/"
CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)

    def acknowledge(self, text: str) -> None:
        message: Json = json.loads(text)
        future = self.waiting.pop(message.get("envelope_id", ""), None)
        if future is not None and not future.done():
            future.set_result(message)

    def lose(self) -> None:
        """Tell everybody who still waits that the app went away without an answer."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError("the app closed its socket"))


class Sockets:
    """The open connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str, changed: Callable[[], None]) -> None:
        self._app_id = app_id
        self._changed = changed
        self._tickets: set[str] = set()
        self._turn = 0
        self.connections: list[Connection] = []

    def url(self, host: str, ticket: str) -> str:
        """A WebSocket address that can be used once."""
        self._tickets.add(ticket)
        return f"ws://{host}{PATH}?ticket={ticket}&app_id={self._app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized(text="this address was used or never given out")
        self._tickets.discard(ticket)
        connection = Connection(web.WebSocketResponse())
        await connection.socket.prepare(request)
        if len(self.connections) >= CONNECTIONS:
            await connection.socket.send_json(self._goodbye("too_many_websockets"))
            await connection.socket.close()
            return connection.socket
        return await self._talk(connection, request.host)

    async def _talk(self, connection: Connection, host: str) -> web.StreamResponse:
        self.connections.append(connection)
        try:
            await connection.socket.send_json(self._hello(host))
            self._changed()
            async for message in connection.socket:
                if message.type == WSMsgType.TEXT:
                    connection.acknowledge(message.data)
        finally:
            self.connections.remove(connection)
            connection.lose()
            self._changed()
        return connection.socket

    async def send(self, envelope: Json) -> Json:
        """Send an envelope and return its acknowledgement; ConnectionError when no app is connected."""
        if not self.connections:
            raise ConnectionRefusedError("no app is connected")
        self._turn += 1
        connection = self.connections[self._turn % len(self.connections)]
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            await connection.socket.send_json(envelope)
            return await future
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come again at a new address, as Slack does every few hours."""
        for connection in list(self.connections):
            await connection.socket.send_json(self._goodbye(reason))

    async def close(self) -> None:
        for connection in list(self.connections):
            await connection.socket.close()

    def _hello(self, host: str) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": host, "approximate_connection_time": 18060},
        }

    @staticmethod
    def _goodbye(reason: str) -> Json:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
