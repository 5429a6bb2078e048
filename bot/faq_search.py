"""Answers from the FAQ: an index in memory proposes entries, and the words they share with the question decide."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain

import msgspec
import tantivy

from bot.faq_file import FaqEntry
from bot.knowledge import Answer
from bot.words import misspelt, related, stems

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
        self._by_letter = _by_letter(self._pages_with)
        self._schema = _schema()
        self._searcher = _searcher(self._schema, self._pages)

    async def find(self, question: str, locale: str) -> Answer | None:
        """See `Knowledge`. Only words are taken from the question: no syntax in it reaches the index."""
        asked = [self._meanings(word) for word in _words(question)]
        scored = [(self._score(page, asked), page.entry) for page in self._candidates(asked)]
        score, entry = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return _answer(entry, locale, score) if entry and score >= GOOD_ENOUGH else None

    def _meanings(self, word: str) -> Meanings:
        """The stems of the FAQ that the word may stand for; the word itself, unknown, if there is none."""
        nearby = self._by_letter.get(word[0], ())
        found = {stem: _SAME_ROOT for stem in nearby if related(word, stem)}
        if word in self._pages_with:
            return {**found, word: 1.0}
        return found or {stem: _MISSPELT for stem in nearby if misspelt(word, stem)} or {word: 0.0}

    def _candidates(self, asked: list[Meanings]) -> list[_Page]:
        stems_asked = dict.fromkeys(chain.from_iterable(asked))
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, stem), boost))
            for stem in stems_asked
            for field, boost in _FIELDS.items()
        ]
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), CANDIDATES).hits
        return [self._pages[self._searcher.doc(address)["page"][0]] for _, address in hits]

    def _term(self, field: str, stem: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, stem)

    def _score(self, page: _Page, asked: list[Meanings]) -> float:
        """Half of it: how much of the question the entry covers. The other half: how near it is to a phrasing."""
        covered = self._share(asked, page.words)
        alike = max(self._likeness(phrasing, asked) for phrasing in page.phrasings)
        return (covered + alike) / 2 if alike >= NEAR_ENOUGH else 0.0

    def _likeness(self, phrasing: frozenset[str], asked: list[Meanings]) -> float:
        """How much of each is in the other, as a harmonic mean: 1.0 for the same words."""
        known = self._share(asked, dict.fromkeys(phrasing, 1.0))
        said = set(chain.from_iterable(asked))
        weights = {stem: self._weight(stem) for stem in phrasing}
        used = sum(weight for stem, weight in weights.items() if stem in said) / sum(weights.values())
        return 2 * known * used / (known + used) if known else 0.0

    def _share(self, asked: list[Meanings], words: Mapping[str, float]) -> float:
        """The part of the question, by weight, that the words cover."""
        total = covered = 0.0
        for meanings in asked:
            weight = max(map(self._weight, meanings))
            total += weight
            covered += weight * max(like * words.get(stem, 0.0) for stem, like in meanings.items())
        return covered / total

    def _weight(self, stem: str) -> float:
        """What a word says: the rarer, the more; one that the FAQ does not have weighs most of all."""
        return math.log(1 + len(self._pages) / max(1, self._pages_with[stem]))


def _words(question: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(stems(question[:MAX_QUESTION])))[:MAX_WORDS]


def _page(entry: FaqEntry) -> _Page:
    asked = (entry.question.ru, entry.question.en, *entry.also, *entry.keywords)
    phrasings = tuple(filter(None, (frozenset(stems(text)) for text in asked)))
    answer = dict.fromkeys(chain(stems(entry.answer.ru), stems(entry.answer.en)), _IN_ANSWER)
    return _Page(entry, phrasings, answer | dict.fromkeys(chain.from_iterable(phrasings), 1.0))


def _by_letter(known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Stems by first letter: whatever resembles a word begins as it does."""
    groups: dict[str, list[str]] = {}
    for stem in sorted(known):
        groups.setdefault(stem[0], []).append(stem)
    return {letter: tuple(group) for letter, group in groups.items()}


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
    answer = [stem for stem, weight in page.words.items() if weight == _IN_ANSWER]
    asked = chain.from_iterable(page.phrasings)
    return tantivy.Document(page=number, asked=" ".join(asked), answer=" ".join(answer))


def _answer(entry: FaqEntry, locale: str, score: float) -> Answer:
    language = locale[:2].casefold()
    return Answer(
        text=entry.answer.in_language(language),
        source_title=entry.source_title.in_language(language),
        source_url=entry.source_url,
        entry_id=entry.id,
        score=round(min(score, 1.0), 3),
    )
