"""A made-up wiki for figures: as many pages as wanted, out of the sentences of the FAQ."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.answers.document import Document, Section
from bot.faq_file import FaqEntry, load_faq
from tests.made_up import Author

FAQ = Path(__file__).parents[2] / "scenarios" / "faq"
SECTIONS, WORDS = 3, 100  # of a page; of a section
COINED, EVENNESS = 200_000, 0.3  # words that no FAQ has
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
    sentences = [sentence.split() for entry in load_faq(FAQ) for text in _texts(entry) for sentence in text.split(". ")]
    author = Author(sentences, COINED, EVENNESS, random.Random(SEED))
    for number in range(count):
        yield Document(
            id=f"wiki:{number}",
            title=" ".join(author.sentence()[:5]),
            url=f"https://wiki.example/pages/{number}",
            version=1,
            sections=tuple(_section(at, author) for at in range(SECTIONS)),
        )


def _section(number: int, author: Author) -> Section:
    words = author.text(WORDS)
    return Section(" ".join(author.sentence()[:4]), f"part-{number}", " ".join(words))


def _texts(entry: FaqEntry) -> tuple[str, ...]:
    return entry.question.ru, entry.question.en, entry.answer.ru, entry.answer.en


def _slipped(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
