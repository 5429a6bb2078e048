"""Long lists, a page at a time: a button leads on, from the last one shown. What is settled meanwhile skips nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, TypeVar

import msgspec

from bot.errors import Misunderstood
from bot.message import Button, Phrase

T = TypeVar("T")
SIZE = 20
Rank: TypeAlias = tuple[int, int, str]
_ranks: msgspec.json.Decoder[Rank] = msgspec.json.Decoder(Rank)
_MOST = 200  # characters of a value of ours


class Paged(msgspec.Struct, Generic[T], frozen=True):
    """The `first`th to `last`th of `count`, counted from 1; `after` is the rank of the last one where more follow."""

    members: Sequence[T]
    first: int
    count: int
    after: Rank | None = None

    @property
    def last(self) -> int:
        return self.first + len(self.members) - 1

    @property
    def is_all(self) -> bool:
        return len(self.members) == self.count

    def buttons(self, action: str) -> tuple[Button, ...]:
        """On, where more follow; else back to the beginning, where this is not all."""
        if self.after is not None:
            return (Button(action, value(self.after), Phrase("button-more")),)
        return () if self.is_all else (Button(action, "", Phrase("button-from-start")),)


def paged(found: Sequence[T], rank: Callable[[T], Rank], after: Rank | None = None) -> Paged[T]:
    """The page of what comes later than `after`, by rank; where nothing does any more, the last page."""
    ranked = sorted(found, key=rank)
    begin = 0 if after is None else sum(rank(one) <= after for one in ranked)
    if begin >= len(ranked):
        begin = max(0, len(ranked) - SIZE)
    members = ranked[begin : begin + SIZE]
    more = begin + len(members) < len(ranked)
    return Paged(members, begin + 1, len(ranked), rank(members[-1]) if more else None)


def value(rank: Rank) -> str:
    """A rank as the value of a button: one word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(rank)).decode().rstrip("=")


def rank_of(words: Sequence[str]) -> Rank | None:
    """The rank in a button that was pressed; None: from the beginning. Raises Misunderstood: no button of ours."""
    if not words:
        return None
    try:
        (word,) = words
        padded = word + "=" * (-len(word) % 4)
        return _ranks.decode(base64.urlsafe_b64decode(padded.encode("ascii")) if len(word) <= _MOST else b"")
    except (ValueError, msgspec.MsgspecError) as error:
        raise Misunderstood(Phrase("outdated")) from error
