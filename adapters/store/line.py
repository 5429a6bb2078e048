"""A line to the store: what waits at the same moment travels together.

While a batch is on its way the next one gathers. The client pays for one write, one wake-up of the event loop and few
answers, however many wait; that is why a line has a connection of its own and talks RESP itself: for one command
redis-py's pipeline costs more than all the rest of a commit.

A batch whose answer is lost is sent again, so it must be safe to be carried out twice.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import BusyLoadingError, NoScriptError, RedisError, ResponseError

from adapters.store.faults import LOST, refusal
from adapters.store.scripts import Script
from bot.errors import StoreError, StoreUnavailable

MOST_AT_ONCE = 128  # a longer script would keep the server from everybody else for too long
BYTES_AT_ONCE = 4 * 1024 * 1024

ANSWER_SECONDS = 2.0  # then the connection is given up and the batch sent again
PATIENCE_SECONDS = 5.0  # then whoever waits hears StoreUnavailable
RESEND_PAUSE = 0.1

Answer = asyncio.Future[Any]


class _Lost(NamedTuple):
    """No answer. `sent`: the batch may have been carried out all the same."""

    error: Exception
    sent: bool


class Line(ABC):
    """A connection on which all that waits at the same moment is asked together.

    It comes from the pool with the first question and is kept; closing the pool closes it.
    """

    scripts: Sequence[Script]

    def __init__(self, pool: ConnectionPool, sent: Callable[[], None] = lambda: None) -> None:
        """`sent` is called when a batch is sent and its answer is not yet read."""
        self._pool = pool
        self._sent = sent
        self._connection: AbstractConnection | None = None
        self._in_step = True
        self._waiting: list[tuple[bytes, Answer]] = []
        self._pump: asyncio.Task[None] | None = None

    def ask(self, question: bytes) -> Answer:
        """The answer to come; or StoreUnavailable, or the ResponseError of a question that is wrong."""
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        self._waiting.append((question, answer))
        if self._pump is None:
            # A task starts in the next round of the event loop: whoever asks in this round travels along.
            self._pump = loop.create_task(self._carry_all())
        return answer

    @abstractmethod
    def _pack(self, questions: Sequence[bytes]) -> tuple[bytes, int]:
        """A batch as it goes over the wire, safe to be sent twice, and how many replies it has."""

    @abstractmethod
    def _unpack(self, replies: Sequence[Any], questions: int) -> Sequence[Any]:
        """The answers to so many questions of a batch; a failed one is an exception."""

    async def _carry_all(self) -> None:
        batch: list[tuple[bytes, Answer]] = []
        try:
            while self._waiting:
                batch = self._take()
                await self._carry(batch)
        finally:
            self._pump = None
            for _, answer in (*batch, *self._waiting):
                answer.cancel()  # does nothing to what is answered: only a loop that shuts down leaves any

    def _take(self) -> list[tuple[bytes, Answer]]:
        taken = size = 0
        for question, _ in self._waiting[:MOST_AT_ONCE]:
            size += len(question)
            if taken and size > BYTES_AT_ONCE:
                break
            taken += 1
        batch, self._waiting = self._waiting[:taken], self._waiting[taken:]
        return batch

    async def _carry(self, batch: list[tuple[bytes, Answer]]) -> None:
        try:
            answers = await self._answers([question for question, _ in batch])
        except (StoreError, RedisError) as error:
            answers = [type(error)(str(error)) for _ in batch]
        for (_, waiting), answer in zip(batch, answers, strict=True):
            if waiting.done():
                continue  # whoever asked has been cancelled
            if isinstance(answer, Exception):
                waiting.set_exception(answer)
            else:
                waiting.set_result(answer)

    async def _answers(self, questions: Sequence[bytes]) -> Sequence[Any]:
        packed, count = self._pack(questions)
        loop = asyncio.get_running_loop()
        give_up = loop.time() + PATIENCE_SECONDS
        doubt = False
        while True:
            replies = await self._try(packed, count, give_up)
            if not isinstance(replies, _Lost):
                return self._judge(self._unpack(replies, len(questions)))
            doubt = doubt or replies.sent
            # As long as nothing was sent, nothing has happened, and the caller may know so at once.
            if not doubt or loop.time() + RESEND_PAUSE > give_up:
                raise StoreUnavailable(str(replies.error)) from replies.error
            await asyncio.sleep(RESEND_PAUSE)

    def _judge(self, answers: Sequence[Any]) -> Sequence[Any]:
        """The same answers, with the errors of the server in our words."""
        judged = [refusal(answer) if isinstance(answer, ResponseError) else answer for answer in answers]
        if any(isinstance(answer, StoreUnavailable) for answer in judged):
            self._in_step = False  # a primary that was demoted may have a successor at the same address
        return judged

    async def _try(self, packed: bytes, count: int, give_up: float) -> list[Any] | _Lost:
        sent = False
        try:
            async with asyncio.timeout_at(give_up) as limit:
                connection = await self._connected()
                sent = True
                limit.reschedule(min(give_up, asyncio.get_running_loop().time() + ANSWER_SECONDS))
                replies = await self._exchange(connection, packed, count)
            self._in_step = True
        except BusyLoadingError as error:
            return _Lost(error, sent=False)
        except LOST as error:
            return _Lost(error, sent)
        return replies

    async def _connected(self) -> AbstractConnection:
        """The connection, connected, and out of step until somebody has read all that is sent now."""
        if self._connection is None:
            self._connection = await self._pool.get_connection()  # type: ignore[no-untyped-call]
            self._connection.socket_timeout = None  # a timer for each reply is dear; here each batch has one
        connection = self._connection
        # Something to read: the server has closed it while it was idle. To know that now spares us the doubt later.
        if connection.is_connected and (not self._in_step or await connection.can_read()):
            await connection.disconnect(nowait=True)
        self._in_step = False
        if not connection.is_connected:
            await connection.connect()
        return connection

    async def _exchange(self, connection: AbstractConnection, packed: bytes, count: int) -> list[Any]:
        replies = await self._once(connection, packed, count)
        if any(isinstance(reply, NoScriptError) for reply in replies):
            for script in self.scripts:
                await connection.send_command("SCRIPT LOAD", script.text, check_health=False)
                await connection.read_response()
            replies = await self._once(connection, packed, count)
        return replies

    async def _once(self, connection: AbstractConnection, packed: bytes, count: int) -> list[Any]:
        await connection.send_packed_command(packed, check_health=False)
        self._sent()
        return [await _reply(connection) for _ in range(count)]


async def _reply(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response()
    except ResponseError as error:
        return error
