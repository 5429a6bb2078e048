"""The language of a question: what its letters say, and where they say nothing, the person's own."""

from __future__ import annotations

import re
from typing import Literal

CYRILLIC = range(0x0400, 0x0500)
_LATIN = re.compile(r"[a-z]+")


def language_of(text: str, locale: str) -> Literal["ru", "en"]:
    """Russian as soon as one letter is: people who write Russian put English names into it, and hardly ever the other
    way round. English from two words on: `vpn` alone is what everybody calls it."""
    letters = text.casefold()
    if any(ord(letter) in CYRILLIC for letter in letters):
        return "ru"
    if len(_LATIN.findall(letters)) > 1:
        return "en"
    return "en" if locale[:2].casefold() == "en" else "ru"
