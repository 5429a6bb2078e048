"""Answers over real engines, without the processes that build them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.answers.document import Document, Passage
from bot.answers.embedder import Embedder
from bot.answers.engine import Engine
from bot.answers.passages import faq_passage, passages_of
from bot.answers.service import Answers, Served, Serving
from bot.answers.synonyms import Synonyms
from bot.answers.vector_cache import VectorCache
from bot.answers.vectors import Vectors, embed_missing, vectors_of
from bot.composer import Composer
from bot.faq_file import FaqEntry
from bot.knowledge import Answer, Found


def answering(
    entries: Sequence[FaqEntry] = (),
    pages: Sequence[Document] = (),
    *,
    composer: Composer | None = None,
    synonyms: Synonyms | None = None,
    model: tuple[Embedder, Path] | None = None,
) -> Answers:
    """Answers out of these entries and pages; with a model and a file for its vectors by their meaning, too."""
    answers = Answers(composer=composer)
    faq = engine([faq_passage(entry) for entry in entries], synonyms, model)
    of_pages = engine([passage for page in pages for passage in passages_of(page)], synonyms, model)
    answers.served = Served(
        faq=Serving(faq) if entries else None,
        pages=Serving(of_pages) if pages else None,
        entries={entry.id: entry for entry in entries},
    )
    return answers


def engine(
    passages: Sequence[Passage], synonyms: Synonyms | None = None, model: tuple[Embedder, Path] | None = None
) -> Engine:
    if model is None:
        return Engine.build(passages, synonyms).calibrated()
    embedder, path = model
    return Engine.build(passages, synonyms, embedded(passages, embedder, path), embedder).calibrated()


def embedded(passages: Sequence[Passage], embedder: Embedder, path: Path) -> Vectors:
    cache = VectorCache(path)
    embed_missing(passages, cache, embedder)
    return vectors_of(passages, cache)


def shown(found: Found) -> tuple[Answer, ...]:
    """All that is shown for a question, the likeliest first."""
    return found.others if found.best is None else (found.best, *found.others)


def first(found: Found) -> str | None:
    """The id of what is answered, or of what is offered first."""
    return next((answer.id for answer in shown(found)), None)
