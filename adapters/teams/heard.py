"""What a person wrote in Teams, as plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

import msgspec

LONGEST_TEXT = 30_000  # Teams takes 28 KB

_MENTION = re.compile(
    r"<at\b[^<>]{0,200}>([^<>]{0,300})</at>"
    r"|<span\b[^<>]{0,200}schema\.skype\.com/Mention[^<>]{0,200}>([^<>]{0,300})</span>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br\s{0,3}/?|/p|/div|/li|/tr|/h[1-6])>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_KEPT = re.compile("\0([A-Za-z0-9:._@-]+)\0")
_ADDRESS = re.compile(r"\A[\s:,]+")


class Mentioned(msgspec.Struct, frozen=True):
    """Whom a message mentions: `shown` is what stands in its text; us, when `id` is empty."""

    id: str
    shown: str


def cleaned(text: str) -> str:
    """Text that every store and platform takes: no NUL, no half of a surrogate pair, of a bounded length."""
    return text[:LONGEST_TEXT].replace("\0", "").encode("utf-8", "replace").decode()


def unforged(text: str) -> str:
    """Text in which nothing looks like a mention."""
    return text.replace("<@", "< @")


def heard(text: str, mentioned: Sequence[Mentioned]) -> str:
    """The text of a message. Mentions of accounts are `<@29:…>` and nothing else looks like one; we are left out."""
    return _heard(cleaned(text), mentioned)


def heard_html(html: str, mentioned: Sequence[Mentioned]) -> str:
    """The same of its copy in HTML."""
    lines = _BREAK.sub("\n", cleaned(html).replace("\r", "").replace("\n", " "))
    return _heard(lines, mentioned, tags=True)


def _heard(text: str, mentioned: Sequence[Mentioned], *, tags: bool = False) -> str:
    waiting = [(_name(one.shown), one.id) for one in mentioned]
    kept = _MENTION.sub(lambda mention: _named(mention[1] or mention[2] or "", waiting), text)
    plain = unescape(_TAG.sub("", kept) if tags else kept).replace("\xa0", " ").replace("\r\n", "\n")
    said = _KEPT.sub(r"<@\1>", unforged(plain))
    if any(not one.id for one in mentioned):
        said = _ADDRESS.sub("", said)
    return said.strip()


def _named(shown: str, waiting: list[tuple[str, str]]) -> str:
    """Mentions stand in the text in the order of the list; a name that nobody was mentioned by is only a name."""
    name = _name(shown)
    found = next((at for at, (one, _) in enumerate(waiting) if one == name), None)
    if found is None:
        return shown
    _, id_ = waiting.pop(found)
    return f"\0{id_}\0" if id_ else ""


def _name(shown: str) -> str:
    """The name in what an entity or a text shows: `<at>Anna&nbsp;N</at>` is Anna N."""
    return " ".join(unescape(_TAG.sub("", shown)).split()).casefold()
