"""Addresses that stand in what people wrote: https://…, http://… and e-mail. Which words of a text are links."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

ELLIPSIS = "…"
# The look behind keeps this linear: within a run of letters only its first one can begin an address.
_ADDRESS = re.compile(
    r"(?<![\w.+-])(?:(?P<web>https?://[^\s<>\"'«»]+)|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)", re.IGNORECASE
)
_LONGEST = 2000  # what is longer, no platform takes for a link
_SENTENCE_GOES_ON = ".,;:!?]}»…*_`'\""


class Stretch(msgspec.Struct, frozen=True):
    """A part of a text. `url`: where it leads, of an address; None: just words."""

    text: str
    url: str | None = None


def stretches(text: str) -> Iterator[Stretch]:
    """The text in parts, which together are the text. What an ellipsis at the end has cut short is no address."""
    end = 0
    for found in _ADDRESS.finditer(text):
        if len(found[0]) > _LONGEST:
            continue
        shown = _without_punctuation(found[0])
        if text.endswith(ELLIPSIS) and found.start() + len(shown) == len(text) - len(ELLIPSIS):
            continue
        if found.start() > end:
            yield Stretch(text[end : found.start()])
        yield Stretch(shown, shown if found["web"] else f"mailto:{shown}")
        end = found.start() + len(shown)
    if end < len(text):
        yield Stretch(text[end:])


def holds_address(text: str) -> bool:
    return any(part.url is not None for part in stretches(text))


def _without_punctuation(found: str) -> str:
    """Without what belongs to the sentence around it; a bracket is a part of the address if it was opened there."""
    while True:
        shorter = found.rstrip(_SENTENCE_GOES_ON)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == found:
            return found
        found = shorter
