"""`Knowledge` over the FAQ and the wiki: each has an index that is swapped whole; the better of both is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from typing import Literal, TypeVar

import msgspec

from bot.answers.bands import band_of
from bot.answers.document import Passage
from bot.answers.engine import Engine
from bot.answers.extract import extract
from bot.answers.language import language_of
from bot.answers.leaning import answers_to, leans, refers
from bot.composer import CITATION, Composed, Composer, Excerpt
from bot.faq_file import FaqEntry
from bot.knowledge import Answer, Cited, Found

T = TypeVar("T")
Language = Literal["ru", "en"]
LONGEST = 4000  # characters of a question that are looked at
BESIDE = 2  # other answers beside the best
INSTEAD = 3  # answers to choose from where none is good enough
CITED = 5  # passages that an answer is composed of
LINE = 160  # characters of a search hit
NEAR = 0.95  # of the confidence in a passage of the wiki: an entry of the FAQ that is as likely goes before it
HELD = 0.1  # of the words, in what has to do with them: vectors find something near to any word
LIKELY = 0.25  # of the confidence in the best: what is less likely is not offered beside it


class Serving(msgspec.Struct, frozen=True):
    """An index that serves. `hidden`: documents that have left since it was built."""

    engine: Engine
    hidden: frozenset[str] = frozenset()


class Served(msgspec.Struct, frozen=True):
    """What one moment answers from; a change replaces it whole. `entries` are those of the FAQ, by id."""

    faq: Serving | None = None
    pages: Serving | None = None
    entries: Mapping[str, FaqEntry] = {}


class Hit(msgspec.Struct, frozen=True):
    """A passage that may answer; `asked` is the question as its index has understood it. `related`: it has words of the
    question, or is likely the answer to it."""

    passage: Passage
    confidence: float
    asked: str
    related: bool = True


class Answers:
    """`Knowledge`. The counting is done in `threads`, so that nobody else waits for it."""

    def __init__(self, threads: Executor | None = None, composer: Composer | None = None) -> None:
        self.served = Served()
        self._threads, self._composer = threads, composer

    async def find(self, question: str, locale: str, before: str = "", *, private: bool = False) -> Found:
        """See `Knowledge`."""
        asked, before = question[:LONGEST], before[:LONGEST]
        if private:
            return await self._found_privately(self.served, asked, locale)
        if self._composer is not None and leans(asked, before):
            asked = await self._composer.rewrite(asked, before) or asked
        served = self.served
        hits = await self._hits(served, asked)
        language = language_of(_understood(hits, asked), locale)
        if asked == question[:LONGEST] and refers(asked, before) and band_of(_best(hits)) == "unknown":
            both = await self._hits(served, f"{before} {asked}")
            hits = [hit for hit in both if answers_to(asked, _all_of(hit.passage))]
        return await self._composed(served, asked, hits, found_of(hits, served.entries, language))

    async def _found_privately(self, served: Served, asked: str, locale: str) -> Found:
        """By the indexes of this process alone, with all that is confidential."""
        hits = await self._hits(served, asked)
        language = language_of(_understood(hits, asked), locale)
        safe = [_within(served, entry.id, asked) for entry in served.entries.values() if entry.confidential]
        answers = tuple(_answer(hit, served.entries, language) for hit in safe if hit is not None)
        return msgspec.structs.replace(found_of(hits, served.entries, language), confidential=answers)

    async def read(self, answer: str, question: str, locale: str) -> Answer | None:
        """See `Knowledge`."""
        served, asked = self.served, question[:LONGEST]
        hit = await self._in_thread(lambda: _within(served, answer, asked))
        return None if hit is None else _answer(hit, served.entries, language_of(hit.asked, locale))

    async def search(self, words: str, locale: str, limit: int = 8) -> tuple[Answer, ...]:
        """See `Knowledge`."""
        served = self.served
        hits = [hit for hit in await self._hits(served, words[:LONGEST], limit) if hit.related][:limit]
        language = language_of(_understood(hits, words), locale)
        return tuple(_answer(hit, served.entries, language, LINE) for hit in hits)

    async def _hits(self, served: Served, asked: str, limit: int = CITED) -> list[Hit]:
        return await self._in_thread(lambda: ranked(served, asked, limit))

    async def _composed(self, served: Served, asked: str, hits: list[Hit], found: Found) -> Found:
        """With an answer that the language model makes of the passages, where there is one and it cites them. What HR
        has written is given word for word."""
        if self._composer is None or found.band == "unknown" or hits[0].passage.kind == "faq":
            return found
        excerpts = [Excerpt(at, source(hit.passage), hit.passage.text) for at, hit in enumerate(hits, 1)]
        made = await self._composer.compose(asked, excerpts, found.language)
        if made is None:
            return found
        best = _made_of(made, hits, _answer(hits[made.cited[0] - 1], served.entries, found.language))
        others = tuple(one for one in (found.best, *found.others) if one is not None and one.id != best.id)
        return Found(band="answer", language=found.language, best=best, others=others[:BESIDE])

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def ranked(served: Served, asked: str, limit: int) -> list[Hit]:
    """The likeliest passages of both indexes, the best first, one of each document. Where HR and the wiki answer
    equally well, HR has the first word."""
    found = [hit for one in (served.faq, served.pages) if one is not None for hit in _of(one, asked, limit)]
    found.sort(key=lambda hit: -hit.confidence)
    first = next((hit for hit in found if hit.passage.kind == "faq"), None)
    if first is None or first.confidence < NEAR * found[0].confidence:
        return found
    return [first, *(hit for hit in found if hit is not first)]


def _of(serving: Serving, asked: str, limit: int) -> Iterator[Hit]:
    """Of one index: the confidence in its best, and in the others as much less as they score less."""
    ranking = serving.engine.rank(asked, limit, serving.hidden)
    for hit in ranking.hits:
        share = hit.score / ranking.hits[0].score if ranking.hits[0].score > 0 else 0.0
        likely = hit is ranking.hits[0] and band_of(ranking.confidence) != "unknown"
        yield Hit(hit.passage, ranking.confidence * share, ranking.repaired, likely or hit.held >= HELD)


def found_of(hits: list[Hit], entries: Mapping[str, FaqEntry], language: Language) -> Found:
    """What the hits are worth: an answer, something to choose from, or nothing."""
    band = band_of(_best(hits))
    if band == "unknown":
        return Found(band=band, language=language)
    likely = [hit for hit in hits if hit.confidence >= LIKELY * hits[0].confidence]
    answers = tuple(_answer(hit, entries, language) for hit in likely)
    if band == "maybe":
        return Found(band=band, language=language, others=answers[:INSTEAD])
    return Found(band=band, language=language, best=answers[0], others=answers[1 : 1 + BESIDE])


def _made_of(made: Composed, hits: list[Hit], first: Answer) -> Answer:
    """With what it cites numbered anew, in the order in which it is cited."""
    numbers = {old: new for new, old in enumerate(made.cited, 1)}
    cited = tuple(Cited(source(hits[old - 1].passage), hits[old - 1].passage.url) for old in made.cited)
    text = CITATION.sub(lambda found: f"[{numbers[int(found[1])]}]", made.text)
    return msgspec.structs.replace(first, text=text, kind="composed", cited=cited)


def _all_of(passage: Passage) -> str:
    return "\n".join((passage.title, passage.heading, *passage.asked, passage.text))


def _best(hits: list[Hit]) -> float:
    return hits[0].confidence if hits else 0.0


def _understood(hits: list[Hit], asked: str) -> str:
    """`ghbdtn` is Russian, when something was found for it so; what leads nowhere is in the language it is in."""
    return asked if band_of(_best(hits)) == "unknown" else hits[0].asked


def _within(served: Served, document: str, asked: str) -> Hit | None:
    """What of one document answers best."""
    if document in served.entries:
        entry = served.entries[document]
        return Hit(Passage(document=document, kind="faq", title=entry.source_title.ru, text=""), 1.0, asked)
    if served.pages is None or document in served.pages.hidden:
        return None
    passage = served.pages.engine.best_of(document, asked)
    return None if passage is None else Hit(passage, 1.0, asked)


def source(passage: Passage) -> str:
    """Where a passage stands, as people are told it."""
    return f"{passage.title} > {passage.heading}" if passage.heading else passage.title


def _answer(hit: Hit, entries: Mapping[str, FaqEntry], language: Language, limit: int | None = None) -> Answer:
    """In the language where the source has it; of a page, and of everything with a `limit`, an extract."""
    passage, entry = hit.passage, entries.get(hit.passage.document)
    if entry is not None:
        whole = entry.answer.in_language(language)
        return Answer(
            id=entry.id,
            label=entry.question.in_language(language),
            text=whole if limit is None else extract(whole, hit.asked, limit),
            source=entry.source_title.in_language(language),
            url=entry.source_url,
            confidence=hit.confidence,
            kind="faq",
        )
    return Answer(
        id=passage.document,
        label=f"{passage.title}: {passage.heading}" if passage.heading else passage.title,
        text=extract(passage.text, hit.asked) if limit is None else extract(passage.text, hit.asked, limit),
        source=source(passage),
        url=passage.url,
        confidence=hit.confidence,
        kind="page",
    )
