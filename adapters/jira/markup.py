"""Words of people inside Jira's markup: they stay words, whatever signs are in them.

Version 2 of the API takes text as markup. What people have typed could else load a picture from anywhere, mention
anybody, hide where a link leads, or open a macro. Addresses are left as they are: bare ones become links that show
where they lead. What is no markup anyway (a date, a hyphen, an address of mail) is left too: raw text can be read.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""Nobody sees it, and it keeps two signs from being read as one: Jira has no other way to write a backslash."""

# Without the signs that would end a link or begin something else.
ADDRESS = re.compile(r"(https?://[^\s\\\[\]{}()|!\"<>*^]+)", re.IGNORECASE)
ALWAYS = re.compile(r"[{}\[\]|!]")  # macros, links and mentions, tables, pictures
AT_AN_EDGE = re.compile(r"(?<![^\W_])[*_+~^?#-]|[*_+~^?#-](?![^\W_])")  # lists, rules, and what stands around words
BLOCK = re.compile(r"^([ \t\v\f]*)(h[1-6]|bq)(?=\.)", re.MULTILINE)  # headings and quotes
FACE = re.compile(r"\((?=(?:i|/|x|y|n|on|off|\*[rgby]?|\+|-|flag|flagoff)\))")  # pictures of Jira's own
SIGNS = "{}[]|!*_+~^?#()-"
"""What Jira lets a backslash stand before."""


def escaped(text: str) -> str:
    """The text as markup that shows just it."""
    parts = ADDRESS.split(text.replace("\r\n", "\n").replace("\r", "\n"))  # addresses are every second one
    return BLOCK.sub(rf"\1{JOINER}\2", "".join(part if odd % 2 else _signs(part) for odd, part in enumerate(parts)))


def _signs(text: str) -> str:
    text = text.replace("\\", "\\" + JOINER)
    text = FACE.sub(r"\\(", text)
    return AT_AN_EDGE.sub(r"\\\g<0>", ALWAYS.sub(r"\\\g<0>", text))
