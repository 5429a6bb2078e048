"""In which encoding a table was saved: spreadsheets do not say it, and write what their system is used to."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from bot.words_people import CYRILLIC

CHUNK = 1 << 20
LOOKED_AT = 200_000  # characters of a text that may be cp1251
STRANGE = 5  # of so many words with letters beyond ASCII at most one may look like nobody's spelling
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_WORD = re.compile(r"[^\W\d_]*[^\x00-\x7f\s][^\s,;]*")
_SPELT = re.compile(rf"[{CYRILLIC.upper()}]?[{CYRILLIC}]*|[{CYRILLIC.upper()}]+")
_MARKS = re.compile(r"[\x00-\x7f«»„“”‘’–—…№\xa0]+")
_LATIN_BESIDE = re.compile(rf"[a-zA-Z][{CYRILLIC}]|[{CYRILLIC}][a-zA-Z]", re.IGNORECASE)


def encoding_of(path: Path) -> str | None:
    """UTF-8, UTF-16 by its mark, or cp1251; None when it is none of them. Reads a piece at a time. Raises OSError."""
    with path.open("rb") as source:
        start = source.read(4)
    marked = next((name for mark, name in _BOMS if start.startswith(mark)), None)
    if marked is not None:
        return marked if _decodes(path, marked) else None
    if _decodes(path, "utf-8"):
        return "utf-8"
    return "cp1251" if _decodes(path, "cp1251") and _is_spelt(path) else None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as source:
            while piece := source.read(CHUNK):
                if "\0" in decoder.decode(piece):
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _is_spelt(path: Path) -> bool:
    """cp1251 takes nearly every byte: a file of DOS, of a Mac or in KOI8-R would be read as other letters, and every
    name be wrong."""
    with path.open(encoding="cp1251", newline="") as source:
        words = _WORD.findall(source.read(LOOKED_AT))
    strange = sum(_is_strange(word) for word in words)
    return strange * STRANGE <= len(words)


def _is_strange(word: str) -> bool:
    if _LATIN_BESIDE.search(word):
        return True
    return not all(_SPELT.fullmatch(part) for part in _MARKS.split(word))
