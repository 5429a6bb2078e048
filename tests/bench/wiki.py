"""A made-up wiki for figures: as many pages as wanted, with a vocabulary that grows as that of a real one does."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.answers.document import Document, Section
from bot.faq_file import FaqEntry, load_faq

FAQ = Path(__file__).parents[2] / "scenarios" / "faq"
SECTIONS, WORDS = 3, 100  # of a page; of a section
COINED, OTHER = 200_000, 0.12  # words that no FAQ has, and the share of a text that they make up
SEED = 7


def questions(count: int, pages: Sequence[Document]) -> list[str]:
    """As people ask: half in words of the FAQ, half about a page; every fifth with a slip of the finger."""
    draw = random.Random(SEED)
    asked = [way for entry in load_faq(FAQ) for way in (entry.question.ru, entry.question.en, *entry.also)]
    found = []
    for number in range(count):
        text = draw.choice(asked)
        if number % 2:
            words = draw.choice(draw.choice(pages).sections).text.split()
            start = draw.randrange(len(words) - 8)
            text = " ".join(words[start : start + 7])
        found.append(_slipped(text, draw) if number % 5 == 0 else text)
    return found


def pages(count: int) -> Iterator[Document]:
    draw = random.Random(SEED)
    sentences = [sentence.split() for entry in load_faq(FAQ) for text in _texts(entry) for sentence in text.split(". ")]
    known = sorted({word for sentence in sentences for word in sentence if word.isalpha() and len(word) > 3})
    coined = [_coined(draw.choice(known), draw.choice(known)) for _ in range(COINED)]
    for number in range(count):
        yield Document(
            id=f"wiki:{number}",
            title=" ".join(draw.choice(sentences)[:5]),
            url=f"https://wiki.example/pages/{number}",
            version=1,
            sections=tuple(_section(at, sentences, coined, draw) for at in range(SECTIONS)),
        )


def _section(number: int, sentences: Sequence[Sequence[str]], coined: Sequence[str], draw: random.Random) -> Section:
    words: list[str] = []
    while len(words) < WORDS:
        words += draw.choice(sentences)
    for _ in range(int(len(words) * OTHER)):
        words[draw.randrange(len(words))] = coined[int(draw.paretovariate(0.3)) % len(coined)]
    return Section(" ".join(draw.choice(sentences)[:4]), f"part-{number}", " ".join(words))


def _coined(one: str, other: str) -> str:
    return one[: len(one) // 2 + 1] + other[len(other) // 2 :]


def _texts(entry: FaqEntry) -> tuple[str, ...]:
    return entry.question.ru, entry.question.en, entry.answer.ru, entry.answer.en


def _slipped(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
