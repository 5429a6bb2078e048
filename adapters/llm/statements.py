"""An answer taken apart: its statements, the citations in them, and the facts that nobody may make up; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.composer import CITATION

# Characters of a line that leads to a list.
LEAD_IN = 80

_FOREIGN = re.compile(r"【\s*([0-9]{1,3})[^】\n]{0,20}】")
_SEVERAL = re.compile(r"\[\s*([0-9]{1,3}(?:\s*[,;]\s*[0-9]{1,3})*)\s*\]")
_AFTER_STOP = re.compile(r"([.!?…]{1,5})\s*((?:\[[0-9]{1,3}\])(?:\s*\[[0-9]{1,3}\])*)")
_CLOSE_BY = re.compile(r"(?<=[^\s\](\[])\[(?=[0-9]{1,3}\])")
_ITEM = re.compile(r"^(?:-|\d{1,2}[.)])\s+")
# A stop ends a sentence after a word of three letters, a citation or a bracket (after shorter words it abbreviates),
# and so does a citation alone; what follows begins with a capital letter, after a stop also with a quote or a dash.
_END = re.compile(
    r"(?:(?<=\w\w\w[.…])|(?<=[\])»”\"’%][.…])|(?<=[!?]))\s+(?=[^\W\d_a-z\u0430-\u044f\u0451]|[\"«„“(—–-])"
    r"|(?<=\d\])\s+(?=[^\W\d_a-z\u0430-\u044f\u0451])"
)
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]{0,20}://[^\s<>\[\]]+"
    r"|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.@-])[\w-]{2,}(?:\.[\w-]{2,})*\.[^\W\d_]{2,}(?![\w-])(?:/[^\s<>\[\]]*)?",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?…)»”’\"'/"
_GAP_IN_NUMBER = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d{2,}")


def tidied(text: str) -> str:
    """Citations in one way: each as [n], and before the full stop of its sentence."""
    text = _FOREIGN.sub(r"[\1]", text)
    text = _SEVERAL.sub(lambda found: "".join(f"[{number}]" for number in re.findall(r"\d+", found[1])), text)
    text = _AFTER_STOP.sub(lambda found: " " + re.sub(r"\s+", "", found[2]) + found[1], text)
    return _CLOSE_BY.sub(" [", text)


def statements(text: str) -> Iterator[str]:
    """Each sentence and each item of a list. A short line that ends with a colon before a list states nothing."""
    lines = [line for line in text.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not _introduces(line, following):
            yield from filter(None, _END.split(_ITEM.sub("", line)))


def _introduces(line: str, following: str) -> bool:
    return line.endswith(":") and len(line) <= LEAD_IN and bool(_ITEM.match(following)) and len(_END.split(line)) == 1


def cited(text: str) -> tuple[int, ...]:
    """The numbers that are cited, each once, in order."""
    return tuple(dict.fromkeys(int(number) for number in CITATION.findall(text)))


def addresses(text: str) -> frozenset[str]:
    """Links, e-mail addresses, names of hosts and files, in small letters."""
    return frozenset(found.casefold().rstrip(_TRAILING) for found in _ADDRESS.findall(text))


def numbers(text: str) -> frozenset[str]:
    """Numbers of two digits and more, thousands with and without a gap; those of citations are none."""
    bare = CITATION.sub(" ", text)
    return frozenset(_NUMBER.findall(_GAP_IN_NUMBER.sub("", bare)))
