"""What a model says as plain text: without markup, without thoughts, without characters that nobody sees; pure."""

from __future__ import annotations

import re
import unicodedata

from adapters.llm.errors import Unfit

# Characters, with its markup: much more than any answer, and little enough for patterns to go through it.
LONGEST_SAID = 4_000

# Some servers leave out where it begins.
_THOUGHT = re.compile(r"\A.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Of HTML only: `ssh <host>` is no markup.
_NAMES = (
    "a|abbr|b|blockquote|body|br|code|details|div|em|excerpt|font|form|h[1-6]|hr|html|i|iframe|img|input|li|link|meta|"
    "ol|p|pre|question|s|script|small|span|strong|style|sub|summary|sup|svg|table|tbody|td|th|thead|tr|u|ul"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:[\s/][^<>]*)?>", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\([^()\n]*\)")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(\s*([^()\s]+)[^()\n]*\)")
_HEADING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)+", re.MULTILINE)
_BULLET = re.compile(r"^[ \t]*[*•–—+-][ \t]+", re.MULTILINE)
_STRONG = re.compile(r"\*\*|__|~~|`+")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*\n\s*")
# As the prompt has shown them.
_BRACKETS = str.maketrans({"‹": "<", "›": ">"})
# Control, format (zero width, direction), halves of pairs, private use.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})


def visible(text: str) -> str:
    """Without characters that are not seen: they hide instructions, or turn what stands beside them around."""
    even = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one for one in even if one == "\n" or unicodedata.category(one) not in _UNSEEN)


def plain(said: str) -> str:
    """Lines of text; a list keeps its items as "- ..." or "1. ...", a link becomes its text with the address behind.
    Raises Unfit: long."""
    text = _THOUGHT.sub("", visible(said))
    if len(text) > LONGEST_SAID:
        raise Unfit("long")
    for markup in (_COMMENT, _TAG, _FENCE, _IMAGE):
        text = markup.sub("", text)
    text = _LINK.sub(_spelt, text)
    text = _BULLET.sub("- ", _HEADING.sub("", text))
    text = _EMPHASIS.sub(r"\2", _STRONG.sub("", text))
    text = _EMPTY_LINES.sub("\n\n", _SPACES.sub(" ", text))
    return "\n".join(line.strip() for line in text.strip().splitlines()).translate(_BRACKETS)


def _spelt(link: re.Match[str]) -> str:
    text, address = link.group(1), link.group(2)
    if text.strip().isdecimal():
        return f"[{text.strip()}] {address}"  # a citation that is a link
    return address if text == address else f"{text} ({address})"
