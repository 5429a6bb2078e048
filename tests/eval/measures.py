"""What is measured of a ranker: how often the right passage comes first, and how often nonsense is turned away."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from bot.answers.document import Passage
from tests.eval import miswriting
from tests.eval.questions import Questions, Set
from tests.eval.ranker import DENSE, LEXICAL, Make, Ranker

SEED = 41
KEPT = 0.95  # of the questions that have an answer are answered where it is measured what is refused


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of one column; `at_least` and `at_most` are promises."""

    group: str
    name: str
    column: str
    value: float
    at_least: float | None = None
    at_most: float | None = None
    samples: int = 0

    @property
    def missed(self) -> bool:
        low = self.at_least is not None and self.value < self.at_least
        return low or (self.at_most is not None and self.value > self.at_most)


class Promise(msgspec.Struct, frozen=True):
    """What a figure must reach in each column; None: nothing was promised."""

    lexical: float | None = None
    dense: float | None = None

    def of(self, column: str) -> float | None:
        return {LEXICAL: self.lexical, DENSE: self.dense}[column]


class Maker:
    """Makes the rankers of one column, of each collection one."""

    def __init__(self, column: str, make: Make) -> None:
        self.column = column
        self._make, self._made = make, dict[tuple[Passage, ...], Ranker]()

    def over(self, passages: tuple[Passage, ...]) -> Ranker:
        if passages not in self._made:
            self._made[passages] = self._make(passages)
        return self._made[passages]

    def recall(self, asked: Set, first: int = 1) -> float:
        """The share of the questions whose passage is among the first."""
        ranker = self.over(asked.passages)
        found = sum(one.answer in ranker.rank(one.text).positions[:first] for one in asked.asked)
        return found / len(asked.asked)


Measure = Callable[[Questions, Maker], Iterator[Figure]]


def _figure(group: str, name: str, maker: Maker, value: float, promise: Promise, samples: int = 0) -> Figure:
    return Figure(
        group=group, name=name, column=maker.column, value=value, at_least=promise.of(maker.column), samples=samples
    )


def _recall(group: str, name: str, maker: Maker, asked: Set, promise: Promise, first: int = 1) -> Figure:
    return _figure(group, name, maker, maker.recall(asked, first), promise, len(asked.asked))


def xquad_ru(questions: Questions, maker: Maker) -> Iterator[Figure]:
    asked = questions.xquad("ru")
    yield _recall("XQuAD, Russian", "recall@1", maker, asked, Promise(0.90, 0.93))
    yield _recall("XQuAD, Russian", "recall@3", maker, asked, Promise(0.965, 0.965), first=3)
    slips = _reworded(asked, miswriting.with_slips)
    yield _recall("XQuAD, Russian", "recall@1, slips in 20 % of the words", maker, slips, Promise(0.88, 0.91))


def xquad_en(questions: Questions, maker: Maker) -> Iterator[Figure]:
    asked = questions.xquad("en")
    yield _recall("XQuAD, English", "recall@1", maker, asked, Promise(0.92, 0.94))
    yield _recall("XQuAD, English", "recall@3", maker, asked, Promise(), first=3)
    slips = _reworded(asked, miswriting.with_slips)
    yield _recall("XQuAD, English", "recall@1, slips in 20 % of the words", maker, slips, Promise())


def stackfaq(questions: Questions, maker: Maker) -> Iterator[Figure]:
    asked = questions.stackfaq()
    yield _recall("StackFAQ, paraphrases", "recall@1", maker, asked, Promise(0.69, 0.83))
    yield _recall("StackFAQ, paraphrases", "recall@3", maker, asked, Promise(), first=3)


def handbook(questions: Questions, maker: Maker) -> Iterator[Figure]:
    asked = questions.handbook()
    yield _recall("Handbook, headings that are questions", "recall@1", maker, asked, Promise(0.44, 0.54))
    yield _recall("Handbook, headings that are questions", "recall@3", maker, asked, Promise(), first=3)


def across(questions: Questions, maker: Maker) -> Iterator[Figure]:
    """Words find nothing in another language, so nothing was promised of them."""
    ru, en = questions.xquad("ru"), questions.xquad("en")
    promise = Promise(None, 0.73)
    yield _recall("The other language", "Russian over English, recall@1", maker, Set(en.passages, ru.asked), promise)
    yield _recall("The other language", "English over Russian, recall@1", maker, Set(ru.passages, en.asked), promise)


def layout(questions: Questions, maker: Maker) -> Iterator[Figure]:
    kinds = (
        ("ru", "Russian", miswriting.on_the_english_keyboard, Promise(0.97, 0.97)),
        ("en", "English", miswriting.on_the_russian_keyboard, Promise()),
    )
    for language, name, typed, promise in kinds:
        asked = questions.xquad(language)
        wrong = asked.reworded([typed(one.text) for one in asked.asked])
        share = maker.recall(wrong) / maker.recall(asked)
        yield _figure("The wrong keyboard", f"{name}, recall@1 against plain", maker, share, promise, len(asked.asked))


def latin(questions: Questions, maker: Maker) -> Iterator[Figure]:
    asked = _reworded(questions.xquad("ru"), miswriting.in_latin_letters)
    yield _recall("Russian in Latin letters", "recall@1", maker, asked, Promise(0.76, 0.76))


def refusal(questions: Questions, maker: Maker) -> Iterator[Figure]:
    off = questions.off_topic()
    group = "Refused while 95 % of what can be answered is kept"
    shares = []
    for language, strangers in (("ru", off.ru), ("en", off.en)):
        asked = questions.xquad(language)
        ranker = maker.over(asked.passages)
        kept = sorted(ranker.rank(one.text).confidence for one in asked.asked)
        threshold = kept[int(len(kept) * (1 - KEPT))]
        shares.append(sum(ranker.rank(text).confidence < threshold for text in strangers) / len(strangers))
        yield _figure(group, f"off topic, {language}", maker, shares[-1], Promise(), len(strangers))
    yield _figure(group, "off topic, mean of both", maker, sum(shares) / 2, Promise(0.87, 0.94))


def _reworded(asked: Set, change: Callable[[str, random.Random], str]) -> Set:
    chance = random.Random(SEED)
    return asked.reworded([change(one.text, chance) for one in asked.asked])


MEASURES: Mapping[str, Measure] = {
    "xquad-ru": xquad_ru,
    "xquad-en": xquad_en,
    "stackfaq": stackfaq,
    "handbook": handbook,
    "across": across,
    "layout": layout,
    "latin": latin,
    "refusal": refusal,
}


def measured(names: Sequence[str], questions: Questions, makers: Iterable[Maker]) -> Iterator[Figure]:
    """The figures of these measures, of one maker after the other."""
    for maker in makers:
        for name in names:
            yield from MEASURES[name](questions, maker)
