"""Plain text for Teams: as HTML of a message, as text of a card, and as the label of a link; it shows as it is.

In the Markdown of cards a backslash is no way out: on phones it is shown itself. So what would format there is
replaced by a character that looks like it; links alone need Markdown, all other text of a card is in text runs.
"""

import html
import re
from collections.abc import Iterator
from itertools import groupby

from bot.addresses import Stretch, holds_address, stretches

ELLIPSIS = "…"
LONGEST_URL = 2000
LONGEST_SHOWN = 100

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FUNCTION = re.compile(r"\{(?=\{(?:DATE|TIME))", re.IGNORECASE)
_INVISIBLE = "\u200b"
_ALIKE = str.maketrans(
    {"[": "(", "]": ")", "*": "∗", "_": "ˍ", "`": "ˋ", "\\": "⧵", "<": "‹", ">": "›", "&": "＆", "~": "∼", "#": "♯"}
)
_TURNS = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS_OUT = re.compile(r"[\s<>()\[\]\\\"'`^{|}\x00-\x1f\x7f]")


def whole(text: str) -> str:
    """Text that JSON and XML take: no half of a surrogate pair, no control characters."""
    if text.isprintable():
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _CONTROL.sub("", joined.replace("\r\n", "\n"))


def as_html(text: str) -> str:
    """A text as the HTML of a message; addresses in it are links."""
    return "".join(map(_anchored, stretches(whole(text).strip())))


def _anchored(part: Stretch) -> str:
    shown = html.escape(part.text).replace("\n", "<br/>")
    if part.url is None or not _leads(part.url):
        return shown
    return f'<a href="{html.escape(_encoded_where_odd(part.url))}">{shown}</a>'


def literal(text: str) -> str:
    """A text as that of a text run: Markdown means nothing there, but `{{DATE(…)}}` would be computed."""
    return _FUNCTION.sub(f"{{{_INVISIBLE}", whole(text))


def one_line(text: str) -> str:
    return " ".join(literal(text).split())


def unmarked(text: str) -> str:
    """A text on one line, for where Markdown is read."""
    return one_line(_TURNS.sub("", text).translate(_ALIKE))


def link(url: str, label: str) -> str:
    """A link in Markdown; the label alone when the address is none that people should be led to."""
    shown = unmarked(label) or clipped(unmarked(url), 100)
    return f"[{shown}]({_encoded_where_odd(url)})" if _leads(url) else shown


def blocks(text: str) -> Iterator[tuple[bool, str]]:
    """A text cut between lines: what is read as it stands, and lines with addresses, as Markdown (True).

    Markdown alone makes links that every client of Teams opens: an action on a text run was for months a line of its
    own that led nowhere. Only lines that need it are Markdown, since there some characters are replaced.
    """
    for marked, lines in groupby(text.split("\n"), holds_address):
        if marked:
            yield from ((True, _line_with_links(one)) for one in lines)
        else:
            yield False, "\n".join(lines)


def _line_with_links(line: str) -> str:
    """What stands first opens no list and no heading: something invisible stands before it."""
    parts = (
        link(part.url, clipped(part.text, LONGEST_SHOWN)) if part.url else _spaced(part.text)
        for part in stretches(line)
    )
    return _INVISIBLE + "".join(parts).strip()


def _spaced(text: str) -> str:
    """Words between links, which keep their distance to them."""
    before, after = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' if before else ''}{unmarked(text)}{' ' if after else ''}"


def _leads(url: str) -> bool:
    return url.lower().startswith(("https://", "http://", "mailto:")) and len(url) <= LONGEST_URL


def _encoded_where_odd(url: str) -> str:
    return _BREAKS_OUT.sub(lambda odd: _encoded(odd[0]), url)


def _encoded(odd: str) -> str:
    return "".join(f"%{byte:02X}" for byte in odd.encode())


def clipped(text: str, most: int) -> str:
    """At most so many characters, with an ellipsis when something is left out."""
    return text if len(text) <= most else text[: most - 1] + ELLIPSIS
