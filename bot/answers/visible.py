"""Who may read a page: everybody, unless it or a page above it is restricted, or its space is not one of those that are
searched."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

import msgspec


class Stands(Protocol):
    """Where a page stands among others, however it is kept."""

    @property
    def restricted(self) -> bool: ...

    @property
    def ancestors(self) -> tuple[str, ...]: ...

    @property
    def space(self) -> str: ...


class Standing(msgspec.Struct, frozen=True):
    """Of a document as JSON only what tells who may read it."""

    restricted: bool = False
    ancestors: tuple[str, ...] = ()
    space: str = ""


def hidden(pages: Mapping[str, Stands], spaces: Collection[str] | None = None) -> frozenset[str]:
    """The ids of those that not everybody may read, or that are in none of the `spaces` (None: all), whose keys may be
    written in any case, as in a search.

    A page above that is not among them hides nothing: what stands below a page that our account may not see, it may not
    see either. Step by step downwards: when a page is moved, those below it do not know yet what they stand below.
    """
    below: dict[str, list[str]] = {}
    for one, page in pages.items():
        for above in page.ancestors:
            below.setdefault(above, []).append(one)
    keys = None if spaces is None else {key.casefold() for key in spaces}
    elsewhere = set() if keys is None else {one for one, page in pages.items() if page.space.casefold() not in keys}
    restricted: set[str] = set()
    left = [one for one, page in pages.items() if page.restricted]
    while left:
        one = left.pop()
        if one not in restricted:
            restricted.add(one)
            left += below.get(one, ())
    return frozenset(elsewhere | restricted)
