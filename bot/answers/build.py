"""`python -m bot.answers.build`: one generation of an index, built in a process of its own.

Cutting, counting and fitting take seconds to minutes of one core; in the bot's own process people would feel them. What
comes out is a folder that is only opened, never changed.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import assert_never

import msgspec

from bot.answers import items
from bot.answers.confidence import Confidence
from bot.answers.document import Document, Passage
from bot.answers.embedder import Embedder, nano_e5
from bot.answers.engine import Engine
from bot.answers.items import Kind, Line
from bot.answers.passages import faq_passage, passages_of
from bot.answers.process import told
from bot.answers.synonyms import FILE, Synonyms, load_synonyms
from bot.answers.vector_cache import VectorCache
from bot.answers.vectors import Vectors, embed_missing, missing, vectors_of
from bot.answers.visible import Standing, hidden
from bot.faq_file import FaqEntry

ITEMS = "items.jsonl"
CATALOGUE = "catalogue.json"
CALIBRATED = "calibrated"  # an empty file: see bot.answers.calibrate
VERSION = 3  # of the engine: raised when its indexes have to be made anew
AT_ONCE = 8  # texts: a second of one core


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to build: the items of the generation `before` with `changes` (files of items), into the new folder `out`.

    `synonyms` and `vectors` are files; a vector cache that is None is not wanted. `spaces`: those of the wiki that are
    searched, None: all.
    """

    kind: Kind
    changes: str
    out: str
    before: str | None = None
    synonyms: str | None = None
    vectors: str | None = None
    spaces: tuple[str, ...] | None = None


class Known(msgspec.Struct, frozen=True):
    """What a generation knows of an item: its digest, and where the page stands among others."""

    digest: str
    restricted: bool = False
    ancestors: tuple[str, ...] = ()
    space: str = ""


class Catalogue(msgspec.Struct, frozen=True):
    """What a generation was built of, `made_with` what, and with how many vectors; `lacking`: how many texts have none
    that could have one."""

    items: dict[str, Known] = {}
    made_with: str = ""
    spaces: tuple[str, ...] | None = None
    vectors: int = 0
    lacking: int = 0


def made_with(synonyms: Path | None, spaces: Collection[str] | None) -> str:
    """Changes when an index of the same items would come out different."""
    written = synonyms.read_bytes() if synonyms is not None and synonyms.exists() else b""
    wanted = "*" if spaces is None else ",".join(sorted(spaces))
    return f"{VERSION} {hashlib.blake2b(written, digest_size=8).hexdigest()} {wanted}"


def build(order: Order) -> None:
    """An index that answers, as sure of itself as the one before it was."""
    out = Path(order.out)
    out.mkdir(parents=True)
    before = () if order.before is None else items.read(Path(order.before) / ITEMS)
    items.write(out / ITEMS, items.merged(before, items.read(Path(order.changes))))
    synonyms = None if order.synonyms is None else Path(order.synonyms)
    found = {line.id: known(order.kind, line) for line in items.read(out / ITEMS)}
    catalogue = Catalogue(found, made_with(synonyms, order.spaces), order.spaces)
    passages = list(passages_in(out, order.kind, catalogue))
    vectors, lacking = _vectors(passages, order.vectors)
    engine = Engine.build(passages, _synonyms_for(out, synonyms), vectors, None, _confidence(order.before))
    engine.save(out)
    # Last: a folder without it was left behind by a builder that did not come to its end.
    having = 0 if vectors is None else len(vectors.owners)
    catalogue = msgspec.structs.replace(catalogue, vectors=having, lacking=lacking)
    (out / CATALOGUE).write_bytes(msgspec.json.encode(catalogue))


def open_engine(generation: Path, embedder: Embedder | None) -> Engine:
    """Raises OSError or ValueError where there is no whole one."""
    return Engine.open(generation, embedder, load_synonyms(generation / FILE))


def _confidence(before: str | None) -> Confidence | None:
    try:
        return None if before is None else Confidence.open(Path(before))
    except (OSError, ValueError):  # another version's
        return None


def _synonyms_for(out: Path, synonyms: Path | None) -> Synonyms:
    """A copy stays with the generation: it is asked with what it was built with."""
    if synonyms is not None and synonyms.exists():
        shutil.copyfile(synonyms, out / FILE)
    return load_synonyms(out / FILE)


def _vectors(passages: list[Passage], path: str | None) -> tuple[Vectors | None, int]:
    """Those of the cache, and how many are missing there. A few new ones are made at once, so that what HR has just
    written is found in other words too; more of them are made in the background, and passages without one are found by
    their words meanwhile."""
    embedder = None if path is None else nano_e5()
    if path is None or embedder is None:
        return None, len(passages)
    cache = VectorCache(Path(path))
    lacking = len(missing(passages, cache))
    if lacking <= AT_ONCE:
        embed_missing(passages, cache, embedder)
        lacking = 0
    return vectors_of(passages, cache), lacking


def catalogue_of(generation: Path) -> Catalogue:
    """Raises OSError or msgspec.DecodeError where there is no whole generation."""
    return msgspec.json.decode((generation / CATALOGUE).read_bytes(), type=Catalogue)


def known(kind: Kind, line: Line) -> Known:
    if kind == "faq":
        return Known(line.digest)
    standing = msgspec.json.decode(line.item, type=Standing)
    return Known(line.digest, standing.restricted, standing.ancestors, standing.space)


def passages_in(generation: Path, kind: Kind, catalogue: Catalogue) -> Iterator[Passage]:
    """What the items of a generation that everybody may read are cut into."""
    return _passages(kind, generation / ITEMS, hidden(catalogue.items, catalogue.spaces))


def _passages(kind: Kind, path: Path, hidden: frozenset[str]) -> Iterator[Passage]:
    for line in items.read(path):
        if line.id in hidden:
            continue
        match msgspec.json.decode(line.item, type=items.TYPES[kind]):
            case Document() as document:
                yield from passages_of(document)
            case FaqEntry() as entry:
                yield faq_passage(entry)
            case other:
                assert_never(other)


if __name__ == "__main__":
    build(msgspec.json.decode(told(), type=Order))
