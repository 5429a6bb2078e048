"""Documents and entries of the FAQ, cut into passages: each can answer by itself, and is short enough to be compared
with a question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from urllib.parse import quote, urldefrag

from bot.answers.document import Document, Passage, Section
from bot.answers.sentences import sentences
from bot.faq_file import FaqEntry

WORDS = 250  # that a passage has when its section has to be cut; without what it shares with the one before
MOST_WORDS = 300
MOST_SHARED = 40  # words: a longer sentence is not repeated

_OF_A_FRAGMENT = "-._~!$&'()*+,;=:@/?%"


def passages_of(document: Document) -> list[Passage]:
    """The passages of a page, in their order: a heading begins a new one; a long section is cut between its paragraphs,
    a long paragraph between its sentences. All but the first of a section begin with the last sentence of the one
    before. A heading without text of its own has none."""
    return [
        Passage(
            document=document.id,
            kind="page",
            title=document.title,
            heading=section.heading,
            text=text,
            url=_address(document.url, section.anchor),
        )
        for section in document.sections
        for text in _texts(section)
    ]


def faq_passage(entry: FaqEntry) -> Passage:
    """An entry with all ways to ask it and its answer in both languages."""
    return Passage(
        document=entry.id,
        kind="faq",
        title=entry.source_title.ru,
        text=f"{entry.answer.ru}\n\n{entry.answer.en}",
        url=entry.source_url,
        asked=tuple(dict.fromkeys((entry.question.ru, entry.question.en, *entry.also, *entry.keywords))),
    )


def _address(url: str | None, anchor: str) -> str | None:
    if not url or not anchor:
        return url
    return f"{urldefrag(url).url}#{quote(anchor, safe=_OF_A_FRAGMENT)}"


def _texts(section: Section) -> Iterator[str]:
    before = ""
    for pieces in _packed(list(_pieces(section.text))):
        raw = "".join(pieces)
        yield (_shared(before) if before else "") + raw.strip()
        before = raw


def _shared(raw: str) -> str:
    """The last sentence, with the space that parts it from what follows."""
    last = sentences(raw.strip())[-1]
    if _words(last) > MOST_SHARED:
        return ""
    return last.strip() + ("\n" if raw.endswith("\n") else " ")


def _packed(pieces: list[str]) -> Iterator[list[str]]:
    """Neighbouring pieces, in groups of about the same length."""
    total = sum(map(_words, pieces))
    wanted = total if total <= MOST_WORDS else total / ceil(total / WORDS)
    group: list[str] = []
    held, due, seen = 0, wanted, 0
    for piece in pieces:
        size = _words(piece)
        if held and (held + size > MOST_WORDS or seen + size / 2 > due):
            yield group
            group, held, due = [], 0, due + wanted
        group.append(piece)
        held, seen = held + size, seen + size
    if held:
        yield group


def _pieces(text: str) -> Iterator[str]:
    """What may be parted: paragraphs, of long ones sentences, of long sentences as many words as fit; each with the
    space that follows it."""
    for paragraph in _paragraphs(text.replace("\r\n", "\n")):
        if _words(paragraph) <= WORDS:
            yield paragraph.strip("\n").rstrip() + "\n\n"
        else:
            yield from _with_breaks(paragraph)


def _paragraphs(text: str) -> Iterator[str]:
    """What stands between lines without a word."""
    held: list[str] = []
    for line in text.split("\n"):
        if line and not line.isspace():
            held.append(line)
        elif held:
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


def _with_breaks(paragraph: str) -> Iterator[str]:
    for line in paragraph.splitlines():
        parts = [part for one in sentences(line) for part in _short(one)]
        yield from (f"{part} " for part in parts[:-1])
        yield from (f"{part}\n" for part in parts[-1:])
    yield "\n"


def _short(sentence: str) -> Iterable[str]:
    words = sentence.split()
    if len(words) <= WORDS:
        return (sentence,)
    return (" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS))


def _words(text: str) -> int:
    return len(text.split())
