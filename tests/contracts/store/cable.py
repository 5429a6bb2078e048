"""A cable between the bot and its store that can be cut at the worst moment."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from urllib.parse import unquote, urlsplit

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Cable:
    """Forwards to a store, unless it was told what to do with the next thing of ours that comes along.

    Ours are the commands that the bot's own lines send, not the greetings of the client library.
    """

    def __init__(self, upstream: str) -> None:
        self._upstream = urlsplit(upstream)
        self._tricks: list[Callable[[bytes, Streams], bytes | None]] = []
        self._writers: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._held: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._lose_answer = False
        self.connections = 0
        self.carried = 0

    @property
    def url(self) -> str:
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"redis://{host}:{port}"

    def lose_answers(self, times: int) -> None:
        """The store carries out what comes next, and the connection breaks before the answer."""
        self._tricks += [self._after] * times

    def lose_question(self) -> None:
        """The connection breaks before the store hears what comes next; `deliver_late` brings it all the same."""
        self._tricks.append(self._hold)

    def answer(self, text: bytes) -> None:
        """What comes next is answered so, and the store does not hear of it."""

        def trick(_: bytes, client: Streams) -> None:
            client[1].write(text)

        self._tricks.append(trick)

    def swallow(self) -> None:
        """What comes next is never answered, and the connection stays."""
        self._tricks.append(lambda *_: None)

    async def deliver_late(self) -> bytes:
        """Bring to the store what was held back; its answer."""
        reader, writer = await self._open()
        writer.write(self._held.pop())
        answer = await reader.read(1000)
        writer.close()
        await writer.wait_closed()
        return answer

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        await self._server.wait_closed()
        await asyncio.gather(*self._serving)

    async def _open(self) -> Streams:
        if self._upstream.scheme == "unix":
            return await asyncio.open_unix_connection(unquote(self._upstream.path))
        return await asyncio.open_connection(self._upstream.hostname, self._upstream.port or 6379)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        client, server = (reader, writer), await self._open()
        self._writers |= {writer, server[1]}
        answers = asyncio.create_task(self._bring_back(server[0], writer))
        with contextlib.suppress(ConnectionError):
            while question := await reader.read(1 << 20):
                self._ask(question, client, server)
        for end in (writer, server[1]):
            end.close()
        await answers
        self._writers -= {writer, server[1]}

    def _ask(self, question: bytes, client: Streams, server: Streams) -> None:
        ours = b"EVALSHA" in question or b"MGET" in question
        self.carried += ours
        forward: bytes | None = question
        if ours and self._tricks:
            forward = self._tricks.pop(0)(question, client)
        if forward is not None:
            server[1].write(forward)

    def _after(self, question: bytes, _: Streams) -> bytes:
        self._lose_answer = True
        return question

    def _hold(self, question: bytes, client: Streams) -> None:
        self._held.append(question)
        client[1].close()

    async def _bring_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while answer := await reader.read(1 << 20):
                if self._lose_answer:
                    self._lose_answer = False
                    break
                writer.write(answer)
        writer.close()


@contextlib.asynccontextmanager
async def cable_to(url: str) -> AsyncIterator[Cable]:
    cable = Cable(url)
    await cable.start()
    try:
        yield cable
    finally:
        await cable.cut()
