"""Where sentences end, in Russian and in English. A line is never joined to the next: it may be an item of a list, a
row of a table or a line of code."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+[\"'»”’)\]]*(?=\s)|[。！？]")
_LAST_WORD = re.compile(r"[^\W\d_][\w.-]*\.$|\d+\.$")
# A full stop that follows these ends no sentence, whatever comes next.
_NEVER_LAST = re.compile(
    r"(?:г|гг|ул|просп|д|кв|корп|стр|рис|табл|см|ср|напр|проф|акад|им|св|о|обл|р|пос|тел|моб|доб"
    r"|e\.g|i\.e|mr|mrs|ms|dr|prof|st|vs|cf|fig|no|approx|dept|т\.е|т\.к|т\.н)\."
)
# These may end one: they do when a capital follows.
_MAYBE_LAST = re.compile(
    r"(?:т\.д|т\.п|др|пр|etc|inc|ltd|co|corp|jr|a\.m|p\.m|тыс|млн|млрд|руб|коп|мин|сек|час|н\.э|э)\."
)
_CODE = re.compile(
    r"^\s{2,}\S|^\s*[$#>]\s|[;{}]\s*$|\s--?\w[\w-]*(?:[ =.]|$)|^\s*\w[\w.]*\(.*\)"
    r"|^\s*[\w.]+\s*=\s*\S|&&|\|\||^\s*</?\w|^\s*`"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def sentences(text: str) -> list[str]:
    """The sentences of the text in their order, without what surrounds them; together they have all of its words."""
    return [one for line in text.splitlines() for one in _of_line(line)]


def is_code(line: str) -> bool:
    """Whether the line looks like one that is copied into a terminal or a program: half of it would be wrong."""
    return bool(_CODE.search(line)) and not _reads_like_prose(line)


def _reads_like_prose(line: str) -> bool:
    words = line.split()
    return len(words) > 6 and sum(bool(_LETTERS.fullmatch(word.strip(".,:;!?()«»\"'"))) for word in words) > 0.75 * len(
        words
    )


def _of_line(line: str) -> list[str]:
    if is_code(line):
        return [line.rstrip()]
    found, start = [], 0
    for end in _END.finditer(line):
        if _ends(line[start : end.end()], line[end.end() :].lstrip()):
            found.append(line[start : end.end()].strip())
            start = end.end()
    return [one for one in (*found, line[start:].strip()) if one]


def _ends(before: str, after: str) -> bool:
    """Whether a sentence ends between the two."""
    after = after.lstrip("—–- ")
    if not before.endswith("."):
        return not after[:1].islower()
    word = _LAST_WORD.search(before)
    last = word.group().casefold() if word else ""
    if _is_number_of_an_item(before) or _NEVER_LAST.fullmatch(last) or _is_initial(before):
        return False
    if _MAYBE_LAST.fullmatch(last):
        return after[:1].isupper()
    return not after[:1].islower()


def _is_number_of_an_item(before: str) -> bool:
    return bool(re.fullmatch(r"\s*(?:\d+|\w)[.)]", before))


def _is_initial(before: str) -> bool:
    """А. in «А. С. Пушкин»: one capital letter, no word."""
    return bool(re.search(r"(?:^|[\s(«.])[A-ZА-ЯЁ]\.$", before))
