"""A language model, where one is configured: it rewrites follow-up questions and composes answers out of passages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

CITATION = re.compile(r"\[([0-9]{1,3})\]")
"""How an answer names an excerpt."""


class Excerpt(msgspec.Struct, frozen=True):
    """A passage that an answer may be composed of, under the number by which it is cited."""

    number: int
    source: str
    text: str


class Composed(msgspec.Struct, frozen=True):
    """An answer, with the numbers of the excerpts that it cites, in the order of their first citation."""

    text: str
    cited: tuple[int, ...]


class Composer(Protocol):
    """Never raises and never waits longer than its own short limit: None means that the extract is given instead."""

    async def rewrite(self, question: str, before: str) -> str | None:
        """The follow-up question as one that can be understood without `before`, the question that came first."""

    async def compose(
        self, question: str, excerpts: Sequence[Excerpt], language: Literal["ru", "en"]
    ) -> Composed | None:
        """An answer made of the excerpts and of nothing else. Each statement cites its excerpt as [number]; None when
        it cites none, or one that does not exist, or when the excerpts do not answer."""
