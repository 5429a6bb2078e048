"""Answers from the FAQ: an index in memory proposes entries, and the words they share with the question decide."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Literal

import msgspec
import tantivy

from bot.faq_file import FaqEntry
from bot.knowledge import Answer, Found
from bot.words import misspelt, related, stem, stems, words

MAX_QUESTION = 400
MAX_WORDS = 24
CANDIDATES = 12
# Below this an answer is about something else more often than not; tests hold it in place from both sides.
GOOD_ENOUGH = 0.45
# One common word is covered by many entries and is no question yet: some phrasing has to be near it as well.
NEAR_ENOUGH = 0.4

# How much a word counts when only its root, or its misspelling, is what the FAQ has.
_SAME_ROOT = 0.85
_MISSPELT = 0.75
# A word of the answer says less about what is asked than one of the question.
_IN_ANSWER = 0.5
# In how many entries an unknown word counts as found: rarer than rare, for it is what the FAQ is silent about.
_UNKNOWN = 0.5

# Where the index looks, and how much a match there counts when it proposes entries.
_FIELDS = {"asked": 3.0, "answer": 1.0}

# What one word of a question may stand for in the FAQ: stem -> how much like it, 0 to 1.
Meanings = Mapping[str, float]


class _Page(msgspec.Struct, frozen=True):
    """An entry as stems: every way to ask it by itself, and the weight of every stem it has."""

    entry: FaqEntry
    phrasings: tuple[frozenset[str], ...]
    words: dict[str, float]


class FaqSearch:
    """`Knowledge` over FAQ entries. Building it takes a moment; asking takes a few milliseconds."""

    def __init__(self, entries: Iterable[FaqEntry]) -> None:
        self._pages = tuple(map(_page, entries))
        self._pages_with = Counter(chain.from_iterable(page.words for page in self._pages))
        self._most = self._rarity(_UNKNOWN)
        self._weights = {known: self._rarity(pages) for known, pages in self._pages_with.items()}
        self._by_letter = _by_letter(page.entry for page in self._pages)
        self._meanings = lru_cache(maxsize=20_000)(self._found_meanings)  # of words that people use day by day
        self._schema = _schema()
        self._searcher = _searcher(self._schema, self._pages)

    async def find(self, question: str, locale: str, before: str = "") -> Found:  # noqa: ARG002
        """See `Knowledge`. Only words are taken from the question: no syntax in it reaches the index."""
        best = self._best(question, locale)
        language: Literal["ru", "en"] = "en" if locale[:2].casefold() == "en" else "ru"
        return Found(band="answer" if best else "unknown", language=language, best=best)

    async def read(self, answer: str, question: str, locale: str) -> Answer | None:  # noqa: ARG002
        return next((_answer(page.entry, locale, 1.0) for page in self._pages if page.entry.id == answer), None)

    async def search(self, words: str, locale: str, limit: int = 8) -> tuple[Answer, ...]:
        found = [self._best(words, locale)]
        return tuple(one for one in found if one is not None)[:limit]

    def _best(self, question: str, locale: str) -> Answer | None:
        asked = [self._meanings(word) for word in _words(question)]
        scored = [(self._score(page, asked), page.entry) for page in self._candidates(asked)]
        score, entry = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return _answer(entry, locale, score) if entry and score >= GOOD_ENOUGH else None

    def _found_meanings(self, word: str) -> Meanings:
        """The stems of the FAQ that the word may stand for; its own, unknown, if there is none."""
        nearby, own = self._by_letter.get(word[0], {}), stem(word)
        found = {known: _SAME_ROOT for known in nearby.values() if related(own, known)}
        if own in self._pages_with:
            return {**found, own: 1.0}
        slips = {known: _MISSPELT for written, known in nearby.items() if misspelt(word, written)}
        return found or slips or {own: 0.0}

    def _candidates(self, asked: list[Meanings]) -> list[_Page]:
        stems_asked = dict.fromkeys(chain.from_iterable(asked))
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, known), boost))
            for known in stems_asked
            for field, boost in _FIELDS.items()
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), CANDIDATES).hits
        return [self._pages[self._searcher.doc(address)["page"][0]] for _, address in hits]

    def _term(self, field: str, known: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, known)

    def _score(self, page: _Page, asked: list[Meanings]) -> float:
        """Half of it: how much of the question the entry covers. The other half: how near it is to a phrasing."""
        said = frozenset(chain.from_iterable(asked))
        touched = (phrasing for phrasing in page.phrasings if not said.isdisjoint(phrasing))
        alike = max((self._likeness(phrasing, asked, said) for phrasing in touched), default=0.0)
        return (self._share(asked, page.words) + alike) / 2 if alike >= NEAR_ENOUGH else 0.0

    def _likeness(self, phrasing: frozenset[str], asked: list[Meanings], said: frozenset[str]) -> float:
        """How much of each is in the other, as a harmonic mean: 1.0 for the same words."""
        covered = self._share(asked, dict.fromkeys(phrasing, 1.0))
        used = sum(map(self._weight, phrasing & said)) / sum(map(self._weight, phrasing))
        return 2 * covered * used / (covered + used) if covered else 0.0

    def _share(self, asked: list[Meanings], held: Mapping[str, float]) -> float:
        """The part of the question, by weight, that the words cover."""
        total = covered = 0.0
        for meanings in asked:
            weight = max(map(self._weight, meanings))
            total += weight
            covered += weight * max(like * held.get(known, 0.0) for known, like in meanings.items())
        return covered / total

    def _weight(self, known: str) -> float:
        """What a word says: the rarer, the more; one that the FAQ does not have weighs most of all."""
        return self._weights.get(known, self._most)

    def _rarity(self, pages: float) -> float:
        return math.log(1 + len(self._pages) / pages)


def _words(question: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words(question[:MAX_QUESTION])))[:MAX_WORDS]


def _page(entry: FaqEntry) -> _Page:
    phrasings = tuple(filter(None, (frozenset(stems(text)) for text in _ways_to_ask(entry))))
    answer = dict.fromkeys(chain(stems(entry.answer.ru), stems(entry.answer.en)), _IN_ANSWER)
    return _Page(entry, phrasings, answer | dict.fromkeys(chain.from_iterable(phrasings), 1.0))


def _ways_to_ask(entry: FaqEntry) -> tuple[str, ...]:
    return (entry.question.ru, entry.question.en, *entry.also, *entry.keywords)


def _all_texts(entry: FaqEntry) -> tuple[str, ...]:
    return (*_ways_to_ask(entry), entry.answer.ru, entry.answer.en)


def _by_letter(entries: Iterable[FaqEntry]) -> dict[str, dict[str, str]]:
    """Every word of the FAQ and its stem, by first letter: whatever resembles a word begins as it does."""
    groups: dict[str, dict[str, str]] = {}
    for word in chain.from_iterable(words(text) for entry in entries for text in _all_texts(entry)):
        groups.setdefault(word[0], {})[word] = stem(word)
    return groups


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder().add_unsigned_field("page", stored=True)
    for field in _FIELDS:
        # The texts come as stems already.
        builder.add_text_field(field, tokenizer_name="whitespace")
    return builder.build()


def _searcher(schema: tantivy.Schema, pages: tuple[_Page, ...]) -> tantivy.Searcher:
    index = tantivy.Index(schema)
    with index.writer(heap_size=15_000_000, num_threads=1) as writer:
        for number, page in enumerate(pages):
            writer.add_document(_document(number, page))
    index.reload()
    return index.searcher()


def _document(number: int, page: _Page) -> tantivy.Document:
    answer = [known for known, weight in page.words.items() if weight == _IN_ANSWER]
    asked = chain.from_iterable(page.phrasings)
    return tantivy.Document(page=number, asked=" ".join(asked), answer=" ".join(answer))


def _answer(entry: FaqEntry, locale: str, score: float) -> Answer:
    language = locale[:2].casefold()
    return Answer(
        id=entry.id,
        label=entry.question.in_language(language),
        text=entry.answer.in_language(language),
        source=entry.source_title.in_language(language),
        url=entry.source_url,
        confidence=round(min(score, 1.0), 3),
        kind="faq",
    )
