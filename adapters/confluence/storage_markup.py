"""A body in storage format, or plain HTML, as a tree that nothing outside of the body has a say in.

What Confluence keeps is well-formed, but for HTML's named entities. Anything else is repaired here first, because a
parser of XML that recovers by itself drops whole paragraphs behind a stray bracket.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from adapters.confluence.effort import Effort

LONGEST_BODY: Final = 1_000_000
DEEPEST: Final = 200  # the parser stops reading at 256
SPACES: Final = {"ac": "urn:ac", "ri": "urn:ri", "at": "urn:at"}

_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_VOID = frozenset({"br", "hr", "img", "col", "input", "meta", "link", "wbr", "area", "base", "source", "embed"})
_CLOSED_BY_ITSELF = frozenset({"p", "li", "td", "th", "tr", "dt", "dd", "option"})
_RAW = frozenset({"script", "style"})

_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)?")
# The names of attributes and their values are looked at only where the strict parser has given up: no "<" in them.
# Nothing that was matched is given back and matched anew: each character is looked at once.
_TOKEN = re.compile(r"<(?:(/?)([A-Za-z_][\w.:-]{0,80}+)([^<>]{0,4000}+)>|![^<>]{0,4000}+>|\?[^<>]{0,4000}+>)|[^<]++|<")
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]{0,80}+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=]++))""")


def tree(body: str, effort: Effort) -> etree._Element:
    """The tree below one root element; all text of a body of any kind is in it. Of more than LONGEST_BODY characters
    the beginning. Raises Unreadable."""
    text = _shortened(body)
    effort.spend(text.count("<") + text.count("&"))
    text = _without_entities(_escaped_sections(_UNWRITABLE.sub("", text)))
    try:
        return _parsed(text, recover=False)
    except etree.XMLSyntaxError:
        return _parsed("".join(_repaired(text, effort)), recover=True)


def _parsed(text: str, *, recover: bool) -> etree._Element:
    # Nothing is fetched and nothing is defined: whoever writes a page could else read our files or fill our memory.
    parser = etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    names = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())
    return etree.fromstring(f"<root {names}>{text}</root>".encode(), parser)


def _shortened(body: str) -> str:
    if len(body) <= LONGEST_BODY:
        return body
    cut = body[:LONGEST_BODY]
    opened = cut.rfind("<")
    return cut[:opened] if opened > cut.rfind(">") else cut


def _escaped_sections(text: str) -> str:
    """CDATA as ordinary text: then an ampersand is one of markup wherever it stands."""
    parts, at = [], 0
    while (begin := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", begin)
        if end < 0:
            break
        parts += [text[at:begin], html.escape(text[begin + 9 : end], quote=False)]
        at = end + 3
    return "".join(parts) + text[at:]


def _without_entities(text: str) -> str:
    return _AMPERSAND.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name in _XML_ENTITIES:
        return found[0]
    said = html.unescape(found[0])
    if said == found[0]:
        return html.escape(said, quote=False)
    return html.escape(_UNWRITABLE.sub("", said))


def _repaired(text: str, effort: Effort) -> Iterator[str]:
    """Every tag closed, nothing deeper than DEEPEST, and what is no tag is text."""
    open_tags = _Open()
    comments = _Ends(text, "-->")
    at = 0
    while found := _TOKEN.match(text, at):
        effort.spend()
        if text.startswith("<!--", at) and (end := comments.after(at)) is not None:
            at = end
            continue
        at = found.end()
        closing, name, rest = found[1], found[2], found[3]
        if name is None:
            if not found[0].startswith(("<!", "<?")):
                yield found[0].replace("<", "&lt;").replace(">", "&gt;")
            continue
        name = _tag(name)
        if closing:
            yield from open_tags.closed(name)
        elif name in _RAW:
            at = _after_raw(text, name, at)
        elif name in _VOID or rest.endswith("/"):
            yield f"<{name}{_attributes(rest)}/>"
        else:
            yield from open_tags.opened(name, rest)
    yield from open_tags.closed()


class _Ends:
    """Where a mark comes next. Where it comes no more is found out once: each look would else go to the end."""

    def __init__(self, text: str, mark: str) -> None:
        self._text, self._mark = text, mark
        self._next = text.find(mark)

    def after(self, at: int) -> int | None:
        """The place behind the next mark; places are asked for in their order."""
        if 0 <= self._next < at:
            self._next = self._text.find(self._mark, at)
        return None if self._next < 0 else self._next + len(self._mark)


class _Open:
    """The tags that are open, the outermost first, each with how often it is among them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._count: Counter[str] = Counter()

    def opened(self, name: str, rest: str) -> Iterator[str]:
        if self._names and self._names[-1] == name and name in _CLOSED_BY_ITSELF:
            yield self._last()
        if len(self._names) < DEEPEST:
            self._names.append(name)
            self._count[name] += 1
            yield f"<{name}{_attributes(rest)}>"

    def closed(self, name: str | None = None) -> Iterator[str]:
        """The tag of that name and all inside of it; None: everything."""
        wanted = len(self._names) if name is None else 0
        if name is not None and self._count[name]:
            wanted = self._names[::-1].index(name) + 1
        for _ in range(wanted):
            yield self._last()

    def _last(self) -> str:
        name = self._names.pop()
        self._count[name] -= 1
        return f"</{name}>"


def _after_raw(text: str, name: str, at: int) -> int:
    """A script that is never closed goes on to the end, as it does in a browser."""
    end = re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE).search(text, at)
    return len(text) if end is None else end.end()


def _tag(name: str) -> str:
    prefix, colon, local = name.lower().rpartition(":")
    if not colon or not local or not (local[0].isalpha() or local[0] == "_"):
        return name.lower().replace(":", "_")
    return f"{prefix}:{local}" if prefix in SPACES else local


def _attributes(rest: str) -> str:
    values = {_tag(found[1]): found[2] or found[3] or found[4] or "" for found in _ATTRIBUTE.finditer(rest)}
    values.pop("xmlns", None)
    return "".join(f' {name}="{value.replace(chr(34), "&quot;")}"' for name, value in values.items())
