"""The two lines of a store: commits that wait at the same moment go in one script call, reads in one pipeline.

Under `appendfsync always` the first is a group commit: one fsync for all of them. A call of the script with many
commits is what a MULTI of many calls would be, with one answer instead of one for each command: every commit in it is
still all or nothing by itself.
"""

import secrets
from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis
import msgspec
from redis.asyncio import ConnectionPool
from redis.exceptions import ResponseError

from adapters.store.line import Line
from adapters.store.scripts import COMMIT, LOAD_BY_ACCOUNT
from bot.errors import NotReplicated

KEPT_MILLISECONDS = 60_000  # longer than a batch can still be on its way
REPLICA_MILLISECONDS = 1_000

pack_command = cast(Callable[[tuple[str | bytes | int, ...]], bytes], hiredis.pack_command)


class Reads(Line):
    """Every question is a packed command that only reads."""

    scripts = (LOAD_BY_ACCOUNT,)

    def _pack(self, questions: Sequence[bytes]) -> tuple[bytes, int]:
        return b"".join(questions), len(questions)

    def _unpack(self, replies: Sequence[Any], questions: int) -> Sequence[Any]:  # noqa: ARG002
        return replies


class Terms(msgspec.Struct, frozen=True):
    """What holds for all commits of a store; times in ms. `replicas`: that many must have a commit."""

    mark_ttl: int
    once_ttl: int
    log_cap: int
    replicas: int


class Commits(Line):
    """Every question is a commit as `codec.encode_commit` packs it; the answers are those of `scripts/commit.lua`.

    Batches are numbered, and the script keeps the answers to the last one of each sender: that makes it safe to send
    one again. Commits then hear what the first copy was told; and a copy that the network brings late, after later
    batches, does nothing.
    """

    scripts = (COMMIT,)

    def __init__(
        self,
        pool: ConnectionPool,
        prefix: str,
        terms: Terms,
        clock: Callable[[], int] | None,
        probe: Callable[[str], None],
    ) -> None:
        super().__init__(pool, lambda: probe("exec-sent"))
        self._prefix = prefix
        self._replicas = terms.replicas
        self._clock = clock
        self._number = 0
        self._args: dict[str, str | int | bool] = {
            "sender": secrets.token_hex(8),
            "batch_ttl": KEPT_MILLISECONDS,
            "mark_ttl": terms.mark_ttl,
            "once_ttl": terms.once_ttl,
            "log_cap": terms.log_cap,
            # WAIT waits for this connection's last write; a duplicate writes nothing and must wait for the original.
            "always_write": terms.replicas > 0,
        }
        self._encode = msgspec.msgpack.Encoder().encode

    def _pack(self, questions: Sequence[bytes]) -> tuple[bytes, int]:
        self._number += 1
        self._args["number"] = self._number
        if self._clock is not None:
            self._args["now"] = self._clock()
        packed = pack_command(("EVALSHA", COMMIT.sha, 1, self._prefix, self._encode(self._args), *questions))
        if not self._replicas:
            return packed, 1
        return packed + pack_command(("WAIT", self._replicas, REPLICA_MILLISECONDS)), 2

    def _unpack(self, replies: Sequence[Any], questions: int) -> Sequence[Any]:
        answers, *replicas = replies
        if isinstance(answers, ResponseError):
            return [answers] * questions
        everywhere = not replicas or replicas[0] >= self._replicas
        return [self._answer(answer, everywhere) for answer in answers]

    def _answer(self, answer: Any, everywhere: bool) -> Any:
        if isinstance(answer, bytes):
            return ResponseError(answer.decode(errors="replace"))
        if not everywhere and (answer == 0 or isinstance(answer, list)):
            return NotReplicated(f"fewer than {self._replicas} replicas have it")
        return answer
