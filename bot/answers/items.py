"""What a collection of answers is made of, in a file: one JSON line for each document or entry, with its digest.

The file lies beside the index that was built from it, so that the next index needs to be told only what has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from bot.answers.document import Document
from bot.faq_file import FaqEntry

Kind = Literal["faq", "page"]
TYPES: dict[Kind, type[Document] | type[FaqEntry]] = {"page": Document, "faq": FaqEntry}


_NOTHING = msgspec.Raw(b"null")


class Line(msgspec.Struct, frozen=True):
    """An item as JSON; `null`: it is gone."""

    id: str
    digest: str = ""
    item: msgspec.Raw = _NOTHING

    @property
    def gone(self) -> bool:
        return bytes(self.item) == b"null"


_lines = msgspec.json.Decoder(Line)


def encoded(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"


def write(path: Path, lines: Iterable[Line]) -> None:
    with path.open("wb") as file:
        file.writelines(map(encoded, lines))


def read(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        for line in file:
            yield _lines.decode(line)


def merged(before: Iterable[Line], changes: Iterable[Line]) -> Iterator[Line]:
    """The items after the changes: those that stayed in their old order, the new ones behind them."""
    changed = {line.id: line for line in changes}
    for line in before:
        now = changed.pop(line.id, line)
        if not now.gone:
            yield now
    yield from (line for line in changed.values() if not line.gone)
