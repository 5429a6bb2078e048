"""What a question asks for: each of its words with the known stems that it may stand for, once it is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from bot.answers.analysis import STOP_WORDS, plain, stem, words
from bot.answers.grams import Grams
from bot.answers.postings import Postings
from bot.answers.repair import nearest, other_layout
from bot.answers.synonyms import Synonyms
from bot.answers.transliteration import spellings

MAX_WORDS = 40

# Below this coverage a question may be written on the wrong keyboard, or in the wrong letters.
DOUBTFUL = 0.5
SYNONYM = 0.7
# A word that carries a question and not its subject.
STOP_WORD = 0.3

LEAST_ALIKE, MOST_ALIKE = 0.3, 20
LEAST_NEAR, MOST_NEAR = 0.15, 200


class Vocabulary:
    """The stems of a collection: their numbers, where they stand, and what they look like."""

    def __init__(self, terms: Sequence[str], postings: Postings, grams: Grams) -> None:
        self.terms, self.postings, self.grams = terms, postings, grams
        self.numbers = {term: number for number, term in enumerate(terms)}

    def __len__(self) -> int:
        return len(self.terms)


class AskedWord(msgspec.Struct, frozen=True):
    """A word of the question, in the spelling that is known. `meanings`: known stems, by number, and how much each is what was meant, 0 to 1; `alike`:
    those that share letters with it, and what sharing them is worth; `weight`: how rare it is."""

    text: str
    stem: str
    meanings: dict[int, float]
    alike: dict[int, float]
    weight: float


class Asked(msgspec.Struct, frozen=True):
    """The question as it was understood. `coverage`: the share of it, by rarity, that is known."""

    text: str
    words: tuple[AskedWord, ...]
    coverage: float


def understand(question: str, known: Vocabulary, synonyms: Synonyms) -> Asked:
    """The reading that the collection knows most of: as it stands, or repaired."""
    asked = _read(question, [(word,) for word in words(question)[:MAX_WORDS]], known, synonyms)
    if asked.coverage >= DOUBTFUL or not STOP_WORDS.isdisjoint(re.findall("[a-z]+", plain(question))):
        return asked
    swapped = other_layout(question)
    on_other_keys = _read(swapped, [(word,) for word in words(swapped)[:MAX_WORDS]], known, synonyms)
    cyrillic = [spellings(word) if word.isascii() else (word,) for word in _latin_words(question)[:MAX_WORDS]]
    in_other_letters = _read("", cyrillic, known, synonyms)
    return max((asked, on_other_keys, in_other_letters), key=lambda reading: reading.coverage)


def _latin_words(question: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]*)*", plain(question))


def _read(text: str, written: Sequence[Sequence[str]], known: Vocabulary, synonyms: Synonyms) -> Asked:
    """Of words, each in the spellings that it may have. Without a text it is put together of these."""
    asked = list({word.stem: word for word in (_word(spelt, known) for spelt in written)}.values())
    _add_synonyms(asked, known, synonyms)
    total = sum(word.weight for word in asked)
    covered = sum(word.weight * max(word.meanings.values(), default=0.0) for word in asked)
    text = text or " ".join(word.text for word in asked)
    return Asked(text, tuple(asked), covered / total if total else 0.0)


def _word(spelt: Sequence[str], known: Vocabulary) -> AskedWord:
    exact = {known.numbers[own]: 1.0 for own in map(stem, spelt) if own in known.numbers}
    best = next((word for word in spelt if stem(word) in known.numbers), spelt[0])
    own, stop = stem(best), STOP_WORD if best in STOP_WORDS else 1.0
    alike, letters = _alike(own, known)
    meanings = exact or _slips(spelt, known)
    rarity = max((float(known.postings.rarity[term]) for term in meanings), default=known.postings.unknown)
    worth = {term: share * letters * stop for term, share in alike.items()}
    return AskedWord(best, own, meanings, worth, rarity * stop)


def _alike(own: str, known: Vocabulary) -> tuple[dict[int, float], float]:
    terms, shares, letters = known.grams.alike(own, LEAST_ALIKE, MOST_ALIKE, known.postings.unknown)
    return dict(zip(terms.tolist(), shares.tolist(), strict=True)), letters


def _slips(spelt: Sequence[str], known: Vocabulary) -> dict[int, float]:
    found: dict[int, float] = {}
    for word in spelt[:8]:
        near = known.grams.alike(stem(word), LEAST_NEAR, MOST_NEAR, known.postings.unknown)[0]
        for term, like in nearest(word, ((number, known.terms[number]) for number in near.tolist())).items():
            found[term] = max(like, found.get(term, 0.0))
    best = max(found.values(), default=0.0)
    return {term: like for term, like in found.items() if like == best}


def _add_synonyms(asked: list[AskedWord], known: Vocabulary, synonyms: Synonyms) -> None:
    for start, end, phrase in synonyms.found([word.stem for word in asked]):
        share = SYNONYM / len(phrase)
        numbers = [known.numbers[one] for one in phrase if one in known.numbers]
        for word in asked[start:end]:
            for number in numbers:
                word.meanings[number] = max(word.meanings.get(number, 0.0), share)
