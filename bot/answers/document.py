"""What can be an answer: pages with their sections, and the passages that they are cut into."""

from __future__ import annotations

from typing import Literal

import msgspec


class Section(msgspec.Struct, frozen=True):
    """A heading with what stands below it, up to the next one. `anchor` is the heading's fragment in the page's address
    ("": it has none). Paragraphs of `text` are parted by an empty line; an item of a list is a line of its own."""

    heading: str
    anchor: str
    text: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a wiki, as plain text.

    `restricted`: not everybody may read it. `ancestors` are the ids of the pages above it: whoever may not read one of
    these may not read this one. A page that must not be shown is kept without its text, so that those below it are
    known to be hidden too. `unreadable`: why its text could not be read (too-much-markup, too-slow, no-text, broken);
    it has none then, and is read again when it is changed.
    """

    id: str
    title: str
    url: str | None
    version: int
    sections: tuple[Section, ...] = ()
    restricted: bool = False
    ancestors: tuple[str, ...] = ()
    space: str = ""
    unreadable: str = ""


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a document that can answer by itself: an entry of the FAQ, or up to 300 words below one heading.

    `document` is the id of what it is part of. `asked` are the ways to ask an entry of the FAQ; a page has none.
    `heading` is "" above the first heading. `url` leads to the heading.
    """

    document: str
    kind: Literal["faq", "page"]
    title: str
    text: str
    heading: str = ""
    url: str | None = None
    asked: tuple[str, ...] = ()
