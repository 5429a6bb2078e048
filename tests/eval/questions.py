"""The sets of questions with known answers. They are read from where they lie and are no part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from bot.answers.document import Passage

ROOT = Path(__file__).parent.parent.parent
USUAL = ROOT / ".." / "shared" / "data" / "answers"


class Asked(msgspec.Struct, frozen=True):
    """A question, and the position of the passage that answers it."""

    text: str
    answer: int


class Set(msgspec.Struct, frozen=True):
    """Passages, and questions about them."""

    passages: tuple[Passage, ...]
    asked: tuple[Asked, ...]

    def reworded(self, texts: list[str]) -> Set:
        """The same questions in other words, one for each."""
        return Set(self.passages, tuple(Asked(text, one.answer) for text, one in zip(texts, self.asked, strict=True)))


class _XPassage(msgspec.Struct):
    id: int
    text: str


class _XQuery(msgspec.Struct):
    q: str
    pid: int


class _XQuad(msgspec.Struct):
    passages: list[_XPassage]
    queries: list[_XQuery]


class _Entry(msgspec.Struct):
    q: str
    a: str
    rephr: list[str]


class _Section(msgspec.Struct):
    page: str
    title: str
    head: str
    text: str


class OffTopic(msgspec.Struct):
    """Questions that no page answers."""

    ru: list[str]
    en: list[str]


class Questions:
    """All sets of a folder. FileNotFoundError: it is not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not (folder / "xquad_ru.json").exists():
            raise FileNotFoundError(f"no questions in {folder}: EVAL_DATA names their folder")

    def xquad(self, language: str) -> Set:
        """Paragraphs of an encyclopaedia; each question has one paragraph that answers it."""
        read = msgspec.json.decode(self._bytes(f"xquad_{language}"), type=_XQuad)
        places = {one.id: place for place, one in enumerate(read.passages)}
        passages = (Passage(document=str(one.id), kind="page", title="", text=one.text) for one in read.passages)
        return Set(tuple(passages), tuple(Asked(one.q, places[one.pid]) for one in read.queries))

    def stackfaq(self) -> Set:
        """An FAQ, asked in people's own words."""
        entries = msgspec.json.decode(self._bytes("stackfaq"), type=list[_Entry])
        passages = (
            Passage(document=str(place), kind="faq", title="", text=entry.a, asked=(entry.q,))
            for place, entry in enumerate(entries)
        )
        asked = (Asked(text, place) for place, entry in enumerate(entries) for text in entry.rephr)
        return Set(tuple(passages), tuple(asked))

    def handbook(self) -> Set:
        """Pages of a handbook, asked with those headings of theirs that are questions.

        Such a heading is left out of its own passage, or it would be found by itself; the other headings stay.
        """
        sections = msgspec.json.decode(self._bytes("handbook_en"), type=list[_Section])
        asks = [section.head.rstrip().endswith("?") for section in sections]
        passages = (
            Passage(
                document=one.page, kind="page", title=one.title, heading="" if question else one.head, text=one.text
            )
            for one, question in zip(sections, asks, strict=True)
        )
        asked = (Asked(one.head, place) for place, one in enumerate(sections) if asks[place])
        return Set(tuple(passages), tuple(asked))

    def off_topic(self) -> OffTopic:
        """Questions that none of the sets answers."""
        return msgspec.json.decode(self._bytes("off_topic"), type=OffTopic)

    def _bytes(self, name: str) -> bytes:
        return (self._folder / f"{name}.json").read_bytes()


def questions() -> Questions:
    """Those that EVAL_DATA names, or that lie beside the project."""
    return Questions(Path(os.environ.get("EVAL_DATA") or USUAL))
