"""Storage format as a tree of elements, and what is inside of its macros and links."""

from __future__ import annotations

import html
import re
from typing import Any

from lxml import etree

Element = Any  # lxml says nothing of its types
AC, RI = "http://atlassian.com/content", "http://atlassian.com/resource/identifier"
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#)(\w{2,32});")


def tree_of(body: str) -> Element:
    """The root of all blocks. What is broken is mended as well as it can be; nothing is ever fetched."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    pieces = (piece if piece.startswith("<![CDATA[") else _opened(piece) for piece in _CDATA.split(writable(body)))
    root = etree.fromstring(f'<root xmlns:ac="{AC}" xmlns:ri="{RI}">{"".join(pieces)}</root>'.encode(), parser)
    return etree.Element("root") if root is None else root


def writable(text: str) -> str:
    """Without the characters that cannot stand in a document."""
    return _UNWRITABLE.sub("", text)


def _opened(text: str) -> str:
    """Names of HTML, like &nbsp;, as the characters that they stand for: XML knows only five of them."""
    return _ENTITY.sub(lambda found: html.escape(html.unescape(found[0])), text)


def name_of(element: Element) -> str:
    """Like "p" or "ac:link"; comments and the like have none."""
    if not isinstance(element.tag, str):
        return ""
    name = etree.QName(element)
    return {AC: "ac:", RI: "ri:"}.get(name.namespace or "", "") + str(name.localname)


def ac(element: Element, attribute: str) -> str:
    return str(element.get(f"{{{AC}}}{attribute}", ""))


def ri(element: Element, attribute: str) -> str:
    return str(element.get(f"{{{RI}}}{attribute}", ""))


def child(element: Element, name: str) -> Element | None:
    return next((inner for inner in element if name_of(inner) == name), None)


def parameter(macro: Element, name: str) -> str:
    """The text of a macro's parameter, empty where there is none."""
    for inner in macro:
        if name_of(inner) == "ac:parameter" and ac(inner, "name") == name:
            return text_of(inner)
    return ""


def text_of(element: Element | None) -> str:
    if element is None:
        return ""
    return "".join(str(piece) for piece in element.itertext()).strip()
