"""`python -m tests.eval.prior`: the confidence that an index begins with, fitted to questions with known answers.

A question with its answer is a yes; the same without the document that answers is a no that counts 0.4, as some other
passage may answer, too (across the languages 1: vectors alone find something near to any question); a question about
something else is a no. Collections count the same however many questions they have. Beside the public sets there are
all of them in one, as a wiki holds many things, and our own FAQ, of each entry one way to ask it, taken out of the
index. Across the languages there are its answers as short pages of one language, asked for in the other: to a short
passage every question is nearer than to a long one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from bot.answers.confidence import Signals
from bot.answers.document import Passage
from bot.answers.engine import Engine
from bot.answers.language import language_of
from bot.answers.logistic import Logistic, blank
from bot.answers.passages import faq_passage
from bot.faq_file import FaqEntry, load_faq
from tests.eval.questions import ROOT, Asked, Questions, Set, questions
from tests.eval.remembered import Remembered, remembered

Language = Literal["ru", "en"]
REMOVED, REMOVED_ACROSS = 0.4, 1.0
EACH = 300  # what a collection's yeses weigh together, and its noes of each kind
MODELS = ("LEXICAL", "DENSE", "ACROSS")


class Observed(NamedTuple):
    signals: Signals
    answered: bool
    weight: float


def main() -> None:
    asked, model = questions(), remembered()
    if model is None:
        sys.exit("the wheel of the model is not installed")
    for at, name in enumerate(MODELS):
        rows = [one for one in _observed(asked, name, model) if one.signals.seen_by == at]
        parts = (", ".join(f"{value:.3g}" for value in part) for part in _fitted(rows))
        sys.stdout.write(f"{name} = _known([{'], ['.join(parts)}])\n")


def _observed(asked: Questions, name: str, model: Remembered) -> Iterator[Observed]:
    off = asked.off_topic()
    ru, en = asked.xquad("ru"), asked.xquad("en")
    if name == "ACROSS":
        for one in (Set(en.passages, ru.asked), _short("en", "ru")):
            yield from _of_set(one, off.ru, model, REMOVED_ACROSS)
        for one in (Set(ru.passages, en.asked), _short("ru", "en")):
            yield from _of_set(one, off.en, model, REMOVED_ACROSS)
        return
    used = model if name == "DENSE" else None
    english = (en, asked.stackfaq(), asked.handbook())
    yield from _of_set(ru, off.ru, used)
    for one in english:
        yield from _of_set(one, off.en, used)
    yield from _of_set(_all_of(ru, *english), off.ru + off.en, used)
    yield from _of_own(off.ru + off.en, used)


def _of_set(
    asked: Set, strangers: Sequence[str], model: Remembered | None, removed: float = REMOVED
) -> Iterator[Observed]:
    engine = _engine(asked.passages, model)
    for one in asked.asked:
        yield from _with_and_without(engine, one.text, one.answer, len(asked.asked), removed)
    yield from _strange(engine, strangers)


def _all_of(*sets: Set) -> Set:
    """In one collection; of the questions every third."""
    passages: list[Passage] = []
    asked: list[Asked] = []
    for at, one in enumerate(sets):
        asked += [Asked(each.text, each.answer + len(passages)) for each in one.asked[::3]]
        passages += [msgspec.structs.replace(each, document=f"{at} {each.document}") for each in one.passages]
    return Set(tuple(passages), tuple(asked))


def _of_own(strangers: Sequence[str], model: Remembered | None) -> Iterator[Observed]:
    entries = [faq_passage(entry) for entry in load_faq(Path(ROOT) / "scenarios" / "faq")]
    count = sum(len(entry.asked) for entry in entries)
    for at, entry in enumerate(entries):
        for way in entry.asked[1:]:  # the first is part of what stands for the whole entry
            others = tuple(one for one in entry.asked if one != way)
            left = [*entries[:at], msgspec.structs.replace(entry, asked=others), *entries[at + 1 :]]
            yield from _with_and_without(_engine(left, model), way, at, count)
    yield from _strange(_engine(entries, model), strangers)


def _short(written: Language, asked: Language) -> Set:
    """Our own FAQ as a wiki of one language, and the ways to ask for it in the other."""
    entries = load_faq(Path(ROOT) / "scenarios" / "faq")
    ways = ((way, at) for at, entry in enumerate(entries) for way in faq_passage(entry).asked)
    return Set(
        tuple(_page(entry, written) for entry in entries),
        tuple(Asked(way, at) for way, at in ways if language_of(way, written) == asked),
    )


def _page(entry: FaqEntry, written: Language) -> Passage:
    title, heading, text = (one.in_language(written) for one in (entry.source_title, entry.question, entry.answer))
    return Passage(document=entry.id, kind="page", title=title, heading=heading, text=text)


def _engine(passages: Sequence[Passage], model: Remembered | None) -> Engine:
    return Engine.build(passages, vectors=None if model is None else model.vectors(passages), embedder=model)


def _with_and_without(
    engine: Engine, question: str, answer: int, count: int, removed: float = REMOVED
) -> Iterator[Observed]:
    for signals, answered in engine.tried(question, answer):
        yield Observed(signals, answered, EACH / count * (1.0 if answered else removed))


def _strange(engine: Engine, strangers: Sequence[str]) -> Iterator[Observed]:
    for text in strangers:
        for signals, _ in engine.tried(text):
            yield Observed(signals, False, EACH / len(strangers))


def _fitted(seen: Iterable[Observed]) -> Logistic:
    """A weight is that many observations."""
    signals, answered, weights = zip(*seen, strict=True)
    rows = np.stack([one.row() for one in signals])
    return blank(rows).fitted(rows, np.array(answered, float), 1.0, np.array(weights))


if __name__ == "__main__":
    main()
