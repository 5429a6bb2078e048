"""What of a passage is given to the model of dense vectors, and which of it is still to be done.

Vectors are optional everywhere: a passage that has none yet is found by its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from bot.answers.document import Passage
from bot.answers.embedder import Embedder
from bot.answers.vector_cache import VectorCache, key_of

MOST_CHARACTERS = 2000  # of a passage: about what the model reads at once
BATCH = 8  # texts that are kept at once: a second or two of one core


class Vectors(msgspec.Struct, frozen=True):
    """Vectors of length 1, (m, dim) float32; `owners` (m,) int32, ascending: the position of the passage that each
    belongs to. An entry of the FAQ has several, some passages may have none. `asked` (m,) bool: is it of a way to ask?
    """

    rows: NDArray[np.float32]
    owners: NDArray[np.int32]
    asked: NDArray[np.bool_]


class Text(msgspec.Struct, frozen=True):
    """What the model is given: questions and passages are told apart."""

    kind: Literal["query", "passage"]
    text: str

    @property
    def key(self) -> bytes:
        return key_of(self.kind, self.text)


def texts_of(passage: Passage) -> tuple[Text, ...]:
    """A passage of a page is one text with its title and heading; an entry of the FAQ is each way to ask it, and the
    question with its answer."""
    if passage.kind == "page":
        heads = dict.fromkeys(head for head in (passage.title, passage.heading) if head)
        return (Text("passage", "\n".join((*heads, passage.text))[:MOST_CHARACTERS]),)
    asked = tuple(Text("query", one) for one in passage.asked)
    return (*asked, Text("passage", "\n".join((*passage.asked[:1], passage.text))[:MOST_CHARACTERS]))


def vectors_of(passages: Iterable[Passage], cache: VectorCache) -> Vectors:
    """The vectors of these passages that are in the cache."""
    all_texts = [(at, text) for at, passage in enumerate(passages) for text in texts_of(passage)]
    rows, known = cache.get([text.key for _, text in all_texts])
    owners = np.fromiter((at for at, _ in all_texts), np.int32, len(all_texts))
    asked = np.fromiter((text.kind == "query" for _, text in all_texts), np.bool_, len(all_texts))
    return Vectors(rows[known], owners[known], asked[known])


def missing(passages: Iterable[Passage], cache: VectorCache) -> list[Text]:
    """What the model has still to be given, each text once."""
    wanted = {text.key: text for passage in passages for text in texts_of(passage)}
    return [text for key, text in wanted.items() if key not in cache]


def embed_missing(
    passages: Iterable[Passage],
    cache: VectorCache,
    embedder: Embedder,
    batch: int = BATCH,
) -> int:
    """Make the vectors that the cache lacks; how many. Each batch is kept at once, so that whoever is stopped goes on
    where they were."""
    wanted = missing(passages, cache)
    for texts in _batches(wanted, batch):
        cache.append([text.key for text in texts], _embedded(texts, embedder))
    return len(wanted)


def _embedded(texts: Sequence[Text], embedder: Embedder) -> NDArray[np.float32]:
    return np.stack(
        [embedder.passages([one.text])[0] if one.kind == "passage" else embedder.query(one.text) for one in texts]
    )


def _batches(texts: Sequence[Text], size: int) -> Iterator[Sequence[Text]]:
    return (texts[at : at + size] for at in range(0, len(texts), size))
