"""Days as people write them out: 2026-12-01, 1.12.2026, `1 декабря`, `1 December 2026`, `December 1`, `вт, 1 декабря`.

The word tables are grammar, as in `speech`. A day in several words becomes one word of a command by `joined`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

GONE = datetime.timedelta(days=31)  # a day without a year that went by since is meant as gone, else as the next one
LONGEST = 5  # words: "вт, 1 декабря 2026 года"
LONGEST_WORD = 20
YEARS = 8  # until there is a 29 February again

MONTHS = {
    "январь": 1, "января": 1, "янв": 1, "january": 1, "jan": 1,
    "февраль": 2, "февраля": 2, "фев": 2, "февр": 2, "february": 2, "feb": 2,
    "март": 3, "марта": 3, "мар": 3, "march": 3, "mar": 3,
    "апрель": 4, "апреля": 4, "апр": 4, "april": 4, "apr": 4,
    "май": 5, "мая": 5, "may": 5,
    "июнь": 6, "июня": 6, "июн": 6, "june": 6, "jun": 6,
    "июль": 7, "июля": 7, "июл": 7, "july": 7, "jul": 7,
    "август": 8, "августа": 8, "авг": 8, "august": 8, "aug": 8,
    "сентябрь": 9, "сентября": 9, "сен": 9, "сент": 9, "september": 9, "sep": 9, "sept": 9,
    "октябрь": 10, "октября": 10, "окт": 10, "october": 10, "oct": 10,
    "ноябрь": 11, "ноября": 11, "ноя": 11, "нояб": 11, "november": 11, "nov": 11,
    "декабрь": 12, "декабря": 12, "дек": 12, "december": 12, "dec": 12,
}  # fmt: skip
_BEFORE = (
    "пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье"
    "|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY = r"(?P<day>\d{1,2})(?:-?(?:го|е|ое)|st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4})(?: ?(?:г|год|года)\.?)?)?"
_NAMED = (
    re.compile(rf"(?:(?:{_BEFORE})[.,]{{0,2}} )?{_DAY} (?:of )?(?P<month>{_MONTH})\.?{_YEAR}", re.ASCII),
    re.compile(rf"(?:(?:{_BEFORE})[.,]{{0,2}} )?(?P<month>{_MONTH})\.? {_DAY}{_YEAR}", re.ASCII),
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})", re.ASCII)
_AFTER = ",.;:!?…"
_QUOTES = '"«“'


def joined(words: Sequence[str]) -> list[str]:
    """The words, those that make one day together as one of them."""
    found: list[str] = []
    at = 0
    while at < len(words):
        length = next((n for n in range(LONGEST, 1, -1) if _is_a_day(words[at : at + n], n)), 1)
        found.append(" ".join(words[at : at + length]))
        at += length
    return found


def _is_a_day(words: Sequence[str], length: int) -> bool:
    if len(words) < length or any(len(word) > LONGEST_WORD or word[:1] in _QUOTES for word in words):
        return False
    return is_named(" ".join(words))


def is_named(word: str) -> bool:
    """Is it a day with the name of its month, whether there is such a day or not?"""
    return _named(word) is not None


def _named(word: str) -> re.Match[str] | None:
    written = " ".join(word.split()).casefold().rstrip(_AFTER)
    return next(filter(None, (pattern.fullmatch(written) for pattern in _NAMED)), None)


def written_out(word: str, today: datetime.date) -> datetime.date | None:
    """The day, or None: it is none, or there is none like it. Without a year it is the one that people mean `today`."""
    named = _named(word)
    if named is not None:
        month, day = MONTHS[named["month"]], int(named["day"])
        return _day(int(named["year"]), month, day) if named["year"] else _nearest(month, day, today)
    dotted = _DOTTED.fullmatch(word)
    if dotted:
        century = 2000 if len(dotted[3]) == 2 else 0
        return _day(century + int(dotted[3]), int(dotted[2]), int(dotted[1]))
    return _day(*map(int, word.split("-"))) if _ISO.fullmatch(word) else None


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: datetime.date) -> datetime.date | None:
    years = range(today.year - 1, today.year + YEARS + 1)
    days = filter(None, (_day(year, month, day) for year in years))
    return next((one for one in days if today - one <= GONE), None)
