"""What the wiki holds: spaces and pages."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from sandbox.confluence.people import Readers

CURRENT, TRASHED = "current", "trashed"


class Space(Struct, frozen=True, kw_only=True):
    """`readers`: who may see anything of it. `homepage` is the id of a page."""

    id: str
    key: str
    name: str
    readers: Readers = Readers()
    homepage: str | None = None


class Page(Struct, frozen=True, kw_only=True):
    """One version of a page. `space` is a key, `parent` an id, `body` is storage format; `readers` are its own."""

    id: str
    space: str
    title: str
    body: str
    parent: str | None = None
    labels: tuple[str, ...] = ()
    readers: Readers = Readers()
    version: int = 1
    created: datetime
    modified: datetime
    author: str = "wiki"
    editor: str = "wiki"
    message: str = ""
    status: str = CURRENT
