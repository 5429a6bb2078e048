"""Where sentences end, in Russian and in English. A line is never joined to the next: it may be an item of a list, a
row of a table or a line of code."""

from __future__ import annotations

import re

# A run of stops is looked at from its beginning alone: each look goes to its end.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'»”’)\]]*+(?=\s)|[。！？]")
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
_ITEM = re.compile(r"\s*(?:\d+|\w)[.)]")  # the number of an item of a list
_INITIAL = re.compile(r"(?:^|[\s(«.])[A-ZА-ЯЁ]\.$")  # А. in «А. С. Пушкин»: one capital letter, no word
_GAP = re.compile(r"\s*+")
_BETWEEN = re.compile(r"\s*+[—– -]*+")
_TOLD_BY = 40  # characters: no abbreviation and no number is longer
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
    found, start = [], _behind(_GAP, line, 0)
    for end in _END.finditer(line):
        if _ends(line, start, end.end()):
            found.append(line[start : end.end()])
            start = _behind(_GAP, line, end.end())
    return [one for one in (*found, line[start:].strip()) if one]


def _ends(line: str, start: int, end: int) -> bool:
    """Whether a sentence that begins at `start` ends there. As far as it takes to tell: a line may be a megabyte long,
    and end in thousands of places."""
    before = line[max(start, end - _TOLD_BY) : end]
    follows = _behind(_BETWEEN, line, end)
    after = line[follows : follows + 1]
    if not before.endswith("."):
        return not after.islower()
    word = _LAST_WORD.search(before)
    last = word.group().casefold() if word else ""
    whole = end - start <= _TOLD_BY
    if (whole and _ITEM.fullmatch(before)) or _NEVER_LAST.fullmatch(last) or _INITIAL.search(before):
        return False
    if _MAYBE_LAST.fullmatch(last):
        return after.isupper()
    return not after.islower()


def _behind(gap: re.Pattern[str], line: str, at: int) -> int:
    found = gap.match(line, at)
    return at if found is None else found.end()
