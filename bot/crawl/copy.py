"""A page as it is laid on the shelf: not a word that not everybody may read, and no more than fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from msgspec.structs import replace

from bot.answers.document import Document, Section

LONGEST = 300_000  # characters of one page: a long novel; what comes after is not found
ANCHORS = 300_000  # characters of its anchors: what stands further down is linked to as the page
TOGETHER = 900_000  # characters that one commit takes: six bytes each at the worst, and it may have eight million


def hidden(page: str, version: int, ancestors: tuple[str, ...]) -> Document:
    """What is kept of a page that not everybody may read, so that those below it are known to be hidden: where it
    stands, and not a word of it."""
    return Document(id=page, title="", url=None, version=version, restricted=True, ancestors=ancestors)


def copy_of(document: Document) -> Document:
    if document.restricted:
        return hidden(document.id, document.version, document.ancestors)
    return _storable(replace(document, sections=tuple(_linked(_fitting(document.sections)))))


def _linked(sections: Iterable[Section]) -> Iterator[Section]:
    """An anchor of Data Center repeats the title of the page, in percent signs: together they can outweigh its text."""
    left = ANCHORS
    for section in sections:
        left -= len(section.anchor)
        yield section if left >= 0 else replace(section, anchor="")


def _fitting(sections: tuple[Section, ...]) -> Iterator[Section]:
    left = LONGEST
    for section in sections:
        if left <= 0:
            return
        yield section if len(section.text) <= left else replace(section, text=section.text[:left])
        left -= len(section.heading) + len(section.text)


def _storable(document: Document) -> Document:
    """With `?` for half a surrogate pair, as `bot.incoming.storable` does it."""
    try:
        msgspec.json.encode(document)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        return msgspec.json.decode(plain.encode(errors="replace"), type=Document)
    return document


def parted(documents: Mapping[str, Document]) -> Iterator[dict[str, Document]]:
    """All of them, in parts that a commit can take."""
    part: dict[str, Document] = {}
    size = 0
    for one, document in documents.items():
        more = sum(len(one.heading) + len(one.anchor) + len(one.text) for one in document.sections)
        if part and size + more > TOGETHER:
            yield part
            part, size = {}, 0
        part[one] = document
        size += more
    if part:
        yield part
