"""What an element of the storage format is called and carries, without the addresses of its name spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from adapters.confluence.storage_markup import SPACES

_PREFIXES = {address: prefix for prefix, address in SPACES.items()}
_GAPS = re.compile(r"[\s\u00a0]+")
_NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))


def name_of(element: etree._Element) -> str:
    """ "p", "ac:link"."""
    if not isinstance(element.tag, str):  # an entity that nobody has defined
        return ""
    address, bracket, local = element.tag.rpartition("}")
    return f"{_PREFIXES.get(address[1:], '')}:{local}" if bracket else local.lower()


def attribute(element: etree._Element, prefix: str, name: str) -> str:
    return element.get(f"{{{SPACES[prefix]}}}{name}") or ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (child for child in element if name_of(child) in names)


def around(root: etree._Element, name: str) -> frozenset[etree._Element]:
    """Everything around the `ac:` elements of a name; where they stand inside each other nothing is asked twice."""
    found: set[etree._Element] = set()
    for inside in root.iter(f"{{{SPACES['ac']}}}{name}"):
        for outer in inside.iterancestors():
            if outer in found:
                break
            found.add(outer)
    return frozenset(found)


def parameter(macro: etree._Element, name: str) -> str:
    found = (one for one in children(macro, "ac:parameter") if attribute(one, "ac", "name") == name)
    return squeezed("".join("".join(one.itertext()) for one in found))


def visible(text: str) -> str:
    """Without characters that have no width."""
    return text.translate(_NO_WIDTH)


def squeezed(text: str) -> str:
    """One space for every gap, and none around it."""
    return _GAPS.sub(" ", visible(text)).strip()
