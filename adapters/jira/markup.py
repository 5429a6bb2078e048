"""Words of people inside Jira's markup: they stay words, whatever signs are in them.

Version 2 of the API takes text as markup. What people have typed could else load a picture from anywhere, mention
anybody, hide where a link leads, or open a macro. Addresses are left as they are: bare ones become links that show
where they lead. What is no markup anyway (a date, a hyphen, an address of mail) is left too: raw text can be read.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""Nobody sees it, and it keeps two signs from being read as one: Jira has no other way to write a backslash."""

SIGNS = "{}[]|!*_+~^?#()-"
"""What Jira lets a backslash stand before."""

_MEANING = re.compile(
    r"""
    (?P<address> https?://[^\s\\\[\]{}()|!"<>*^]+ )         # without the signs that would end a link
    | (?P<backslash> \\ )
    | (?P<block> ^[\ \t\v\f]* (?=(?:h[1-6]|bq)\.) )         # headings and quotes
    | (?P<start> ^[\ \t\v\f]* ) [*\#-]                      # lists and rules
    | [{}\[\]|!]                                           # macros, links and mentions, tables, pictures
    | (?<![^\W_]) [*_+~^-] (?=\S) | (?<=\S) [*_+~^-] (?![^\W_])  # what stands around words
    | \?(?=\?) | (?<=\?)\?                                 # citations
    | \( (?=(?:[i/xyn]|on|off|\*[rgby]?|\+|-|flag|flagoff)\) )  # little pictures of Jira's own
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def escaped(text: str) -> str:
    """The text as markup that shows just it."""
    return _MEANING.sub(_meant, text.replace("\r\n", "\n").replace("\r", "\n"))


def _meant(found: re.Match[str]) -> str:
    whole = found[0]
    match found.lastgroup:
        case "address":
            return whole
        case "backslash" | "block":
            return whole + JOINER
        case _:
            return f"{whole[:-1]}\\{whole[-1]}"
