"""How many sensitive messages are recognised, and how many ordinary questions are taken for one.

A message that is missed may be passed on to the manager, once its author has seen that and pressed. A false alarm gets
its ordinary answer, and HR is offered instead of the manager.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from bot.faq_file import load_faq
from bot.sensitive import Topics
from bot.sensitive_file import load_sensitive
from tests.eval import miswriting
from tests.eval.measures import SEED, Figure
from tests.eval.questions import ROOT, Questions
from tests.eval.ranker import LEXICAL

GROUP = "Sensitive topics"
FOLDER = Path(__file__).parent / "sensitive"
SCENARIOS = ROOT / "scenarios"
# Entries of the shipped FAQ that are about a sensitive topic themselves.
ABOUT_ONE = frozenset(
    (
        *("sick-leave", "day-off", "medical-insurance", "parental-leave", "conflict", "probation"),
        *("salary-days", "payslip", "bank-details", "overtime", "performance-review"),
    )
)


class Said(msgspec.Struct, frozen=True):
    topic: str
    text: str


def said(name: str) -> list[Said]:
    """The messages of a file of ours, with the topic that each is about."""
    parted = (line.partition(": ") for line in _lines(name))
    return [Said(topic, text) for topic, _, text in parted]


def ordinary() -> list[str]:
    """Questions that look a little as if they were sensitive."""
    return list(_lines("ordinary"))


def of_the_faq() -> list[str]:
    """All ways to ask what the shipped FAQ answers, but for the entries about such a topic."""
    entries = [one for one in load_faq(SCENARIOS / "faq") if one.id not in ABOUT_ONE]
    return [text for one in entries for text in (one.question.ru, one.question.en, *one.also)]


def _lines(name: str) -> Iterator[str]:
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def shipped() -> Topics:
    return load_sensitive(SCENARIOS, SCENARIOS)


def measured_topics(asked: Questions) -> list[Figure]:
    """The figures, with what is promised of them."""
    topics, plain = shipped(), said("held_out")
    russian = [one for one in plain if any("а" <= letter <= "я" for letter in one.text.casefold())]
    english = [one for one in plain if one not in russian]
    chance = random.Random(SEED)
    off = asked.off_topic()
    others = [one.text for name in ("ru", "en") for one in asked.xquad(name).asked[:300]]
    return [
        _recall(topics, "recognised: said plainly", plain, at_least=0.95),
        _recall(topics, "  with slips", plain, lambda text: miswriting.with_slips(text, chance), at_least=0.9),
        _recall(topics, "  ru on the English keyboard", russian, miswriting.on_the_english_keyboard, at_least=0.9),
        _recall(topics, "  en on the Russian keyboard", english, miswriting.on_the_russian_keyboard, at_least=0.85),
        _recall(topics, "  ru in Latin letters", russian, lambda text: miswriting.in_latin_letters(text, chance), 0.85),
        _recall(topics, "recognised: told as a story, hinted at", said("hinted")),
        _recall(topics, "recognised: what the list was made with", said("developed"), at_least=0.98),
        _crisis(topics, [one for one in (*plain, *said("developed")) if one.topic == "crisis"]),
        _alarms(topics, "false alarms: look alike", ordinary(), at_most=0.2),
        _alarms(topics, "false alarms: the shipped FAQ", of_the_faq(), at_most=0.15),
        _alarms(topics, "false alarms: an FAQ of others", [one.text for one in asked.stackfaq().asked], at_most=0.1),
        _alarms(topics, "false alarms: off topic, encyclopaedia", [*off.ru, *off.en, *others], at_most=0.1),
    ]


def _recall(
    topics: Topics,
    name: str,
    every: Sequence[Said],
    written: Callable[[str], str] = str,
    at_least: float | None = None,
) -> Figure:
    found = sum(topics.of(written(one.text)) is not None for one in every)
    return _figure(name, found, len(every), at_least=at_least)


def _crisis(topics: Topics, every: Sequence[Said]) -> Figure:
    found = sum((topic := topics.of(one.text)) is not None and topic.id == "crisis" for one in every)
    return _figure("a crisis is taken for one", found, len(every), at_least=0.95)


def _alarms(topics: Topics, name: str, every: Sequence[str], at_most: float) -> Figure:
    return _figure(name, sum(topics.of(text) is not None for text in every), len(every), at_most=at_most)


def _figure(name: str, found: int, of: int, *, at_least: float | None = None, at_most: float | None = None) -> Figure:
    share = found / of
    return Figure(group=GROUP, name=name, column=LEXICAL, value=share, at_least=at_least, at_most=at_most, samples=of)
