"""`python -m bot.answers.embed`: the vectors that a generation of an index still lacks, made in a process of its own.

Hours of one core for a large wiki: whatever is done is kept at once, and a later process goes on from there.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from bot.answers.build import catalogue_of, passages_in
from bot.answers.embedder import nano_e5
from bot.answers.items import Kind
from bot.answers.process import say, told
from bot.answers.vector_cache import VectorCache
from bot.answers.vectors import embed_missing, vectors_of


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`generation` is the folder of an index, `vectors` the file to add to."""

    kind: Kind
    generation: str
    vectors: str


def embed(order: Order) -> int:
    """For how many texts there are vectors now."""
    embedder = nano_e5()
    if embedder is None:
        return 0
    generation = Path(order.generation)
    passages = list(passages_in(generation, order.kind, catalogue_of(generation)))
    cache = VectorCache(Path(order.vectors))
    embed_missing(passages, cache, embedder)
    return len(vectors_of(passages, cache).owners)


if __name__ == "__main__":
    say(str(embed(msgspec.json.decode(told(), type=Order))))
