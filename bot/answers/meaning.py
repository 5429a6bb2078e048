"""What a question asks for: each of its words with the known stems that it may stand for, once it is understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec
import numpy as np

from bot.answers.analysis import ENGLISH, STOP_WORDS, plain, stem, words
from bot.answers.grams import Grams
from bot.answers.postings import Postings
from bot.answers.repair import nearest, other_layout
from bot.answers.synonyms import Synonyms
from bot.answers.transliteration import spellings

MAX_WORDS = 40

# Below this coverage a question may be written on the wrong keyboard, or in the wrong letters.
DOUBTFUL = 0.5
# What another reading must cover: by chance some word of it is always near to a known one.
LIKELY = 0.25
# One word or two in Latin letters may well be English ("vacation policy"): more of them must be known just as they are.
FEW_WORDS, LIKELY_OF_FEW = 2, 0.5
SYNONYM = 0.7
# A word that carries a question and not its subject.
STOP_WORD = 0.3
COMMON = 0.7  # the rarity of what stands in every second passage

LEAST_ALIKE, MOST_ALIKE = 0.3, 20
LEAST_NEAR, MOST_NEAR = 0.15, 200
MENDED = 3  # spellings of a word that are looked at for slips

_LATIN = re.compile(r"[^\W_]+(?:'[^\W_]*)*")


class Vocabulary:
    """The stems of a collection: their numbers, where they stand, and what they look like."""

    def __init__(self, terms: Sequence[str], postings: Postings, grams: Grams) -> None:
        self.terms, self.postings, self.grams = terms, postings, grams
        self.numbers = {term: number for number, term in enumerate(terms)}

    def __len__(self) -> int:
        return len(self.terms)


class AskedWord(msgspec.Struct, frozen=True):
    """A word of the question. `text`: in the spelling that is known; `meanings`: known stems, by number, and how much
    each is what was meant, 0 to 1; `alike`: those that share letters with it, and what sharing them is worth; `weight`:
    how rare it is, less for one that carries a question and not its subject."""

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


class _Heard:
    """A word while it is being understood: the spellings that it may have, and the stems that these may stand for."""

    def __init__(self, spelt: Sequence[str], known: Vocabulary) -> None:
        numbers = known.numbers
        self.spelt = spelt
        self.text = next((word for word in spelt if stem(word) in numbers), spelt[0])
        self.stem = stem(self.text)
        self.meanings = {numbers[own]: 1.0 for own in map(stem, spelt) if own in numbers}
        self.importance = STOP_WORD if self.text in STOP_WORDS else 1.0

    def weight(self, known: Vocabulary) -> float:
        if not self.meanings and self.text in STOP_WORDS:
            return STOP_WORD * COMMON  # that a small collection does not have it does not make it rare
        rarity = max((float(known.postings.rarity[term]) for term in self.meanings), default=known.postings.unknown)
        return rarity * self.importance


def understand(question: str, known: Vocabulary, synonyms: Synonyms) -> Asked:
    """The reading that the collection knows most of: as it stands, or repaired."""
    asked = _heard([(word,) for word in words(question)], known, synonyms)
    _mend(asked, known)
    if _coverage(asked, known) < DOUBTFUL and ENGLISH.isdisjoint(_bare(question)):
        text, other = _otherwise(question, known, synonyms)
        some_known = _coverage(other, known) > 0
        _mend(other, known)
        if some_known and _coverage(other, known) > max(_coverage(asked, known), LIKELY):
            return _asked(text, other, known)
    return _asked(question, asked, known)


def _otherwise(question: str, known: Vocabulary, synonyms: Synonyms) -> tuple[str, list[_Heard]]:
    """On the other keyboard, or in the other letters: whichever has more words that are known as they are."""
    swapped = " ".join(_on_either_keys(piece, known) for piece in question.split()[:MAX_WORDS])
    on_other_keys = _heard([(word,) for word in words(swapped)], known, synonyms)
    latin = _LATIN.findall(plain(question))
    in_other_letters = _heard(
        [(*spellings(word), word) if word.isascii() else (word,) for word in latin], known, synonyms
    )
    by_letters, by_keys = _coverage(in_other_letters, known), _coverage(on_other_keys, known)
    if by_letters > by_keys and (len(latin) > FEW_WORDS or by_letters > LIKELY_OF_FEW):
        return " ".join(word.text for word in in_other_letters), in_other_letters
    return swapped, on_other_keys


def _on_either_keys(piece: str, known: Vocabulary) -> str:
    """The piece as the other keyboard has it, if not only its own words are known: names stay as they are. So does what
    would fall to pieces there."""
    swapped = other_layout(piece)
    own, other = words(piece), words(swapped)
    if len(other) > len(own):
        return piece
    return piece if _all_known(own, known) and not _all_known(other, known) else swapped


def _all_known(written: Sequence[str], known: Vocabulary) -> bool:
    return all(stem(word) in known.numbers for word in written)


def _bare(question: str) -> list[str]:
    return [piece.strip("?!.,;:()\"'") for piece in plain(question).split()]


def _heard(written: Sequence[Sequence[str]], known: Vocabulary, synonyms: Synonyms) -> list[_Heard]:
    """The words, each once, with what they and their synonyms are known as."""
    heard = list({word.stem: word for word in (_Heard(spelt, known) for spelt in written[:MAX_WORDS])}.values())
    for start, end, phrase in synonyms.found([word.stem for word in heard]):
        share = SYNONYM / len(phrase)
        numbers = [known.numbers[one] for one in phrase if one in known.numbers]
        for word in heard[start:end]:
            word.meanings |= {number: max(word.meanings.get(number, 0.0), share) for number in numbers}
    return heard


def _coverage(heard: Sequence[_Heard], known: Vocabulary) -> float:
    weights = [word.weight(known) for word in heard]
    pairs = zip(weights, heard, strict=True)
    covered = sum(weight * max(word.meanings.values(), default=0.0) for weight, word in pairs)
    return covered / total if (total := sum(weights)) else 0.0


def _mend(heard: Sequence[_Heard], known: Vocabulary) -> None:
    """Give the words that are not known the meanings of those that they may be a slip of the finger for."""
    for word in heard:
        if not word.meanings:
            word.meanings = _slips(word.spelt[:MENDED], known)


def _slips(spelt: Sequence[str], known: Vocabulary) -> dict[int, float]:
    found: dict[int, float] = {}
    for word in spelt:
        near = known.grams.alike(stem(word), LEAST_NEAR, MOST_NEAR, known.postings.unknown)[0]
        for term, like in nearest(word, ((number, known.terms[number]) for number in near.tolist())).items():
            found[term] = max(like, found.get(term, 0.0))
    best = max(found.values(), default=0.0)
    return {term: like for term, like in found.items() if like == best}


def _asked(text: str, heard: Sequence[_Heard], known: Vocabulary) -> Asked:
    return Asked(text, tuple(_word(word, known) for word in heard), _coverage(heard, known))


def _word(heard: _Heard, known: Vocabulary) -> AskedWord:
    terms, shares, letters = known.grams.alike(heard.stem, LEAST_ALIKE, MOST_ALIKE, known.postings.unknown)
    worth = (shares * np.float32(letters * heard.importance)).tolist()
    alike = dict(zip(terms.tolist(), worth, strict=True))
    for term, like in heard.meanings.items():  # a synonym need not look alike, and counts as if it did
        alike[term] = max(alike.get(term, 0.0), like * float(known.grams.sizes[term]) * heard.importance)
    return AskedWord(heard.text, heard.stem, heard.meanings, alike, heard.weight(known))
