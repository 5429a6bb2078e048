"""What a task, or a change of one, may be given beside its name: a priority, a due day, whoever does it.

In any order, in Russian and English. The word tables are grammar, as in `speech`.
"""

from __future__ import annotations

import datetime
import re

import msgspec

from bot import speech
from bot.errors import Misunderstood
from bot.message import Phrase
from bot.priority import priority
from bot.speech import MAX_TEXT, Ref
from bot.speech_dates import joined

_WORD = re.compile(r'"[^"]*"|«[^»]*»|“[^”]*”|\S+')
_QUOTES = '"«»“”'
_AROUND = ",;:."

PRIORITY = frozenset({"priority", "приоритет", "приоритетом"})
DUE = frozenset({"due", "deadline", "срок", "сроком", "дедлайн"})
EXECUTOR = frozenset({"assignee", "executor", "исполнитель"})
# These mean it only with a day, or a person, after them: a title has them too.
BEFORE_A_DAY = frozenset({"до", "к", "ко", "на", "в", "во", "by", "on", "until", "till", "before"})
BEFORE_A_PERSON = frozenset({"for", "для"})


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """`people` are those named outside of `executor`; `rest` are the other words as they were written, quotes too."""

    people: tuple[Ref, ...] = ()
    executor: Ref | None = None
    priority: str | None = None
    due: datetime.date | None = None
    rest: tuple[str, ...] = ()


def quoted(word: str) -> bool:
    return len(word) > 1 and word[0] in _QUOTES and word[-1] in _QUOTES


def bare(word: str) -> str:
    """Without the quotes around it."""
    return word[1:-1].strip() if quoted(word) else word


def terms(text: str, today: datetime.date) -> Terms:
    """What `text` asks for; a day is meant from `today` on. Where a word stands twice, the last one counts.

    Raises:
        Misunderstood: a priority or a day that nobody knows, or a word for one, or for a person, and nothing after it.
    """
    return _Reading(joined(_WORD.findall(text[:MAX_TEXT])), today).read()


class _Reading:
    """The words from left to right."""

    def __init__(self, words: list[str], today: datetime.date) -> None:
        self._words = words
        self._today = today
        self._at = 0

    def read(self) -> Terms:
        found = Terms()
        while self._at < len(self._words):
            found = self._next(found)
        return found

    def _next(self, found: Terms) -> Terms:
        word = self._take()
        plain = "" if quoted(word) else word.casefold().strip(_AROUND)
        following = self._peek()
        replace = msgspec.structs.replace
        if plain in PRIORITY:
            return replace(found, priority=self._priority())
        if plain in DUE:
            return replace(found, due=self._due())
        if plain in BEFORE_A_DAY and speech.date(following, self._today) is not None:
            return replace(found, due=self._due())
        if plain in EXECUTOR or (plain in BEFORE_A_PERSON and speech.ref(bare(following))):
            return replace(found, executor=self._person())
        ref = speech.ref(bare(word))
        if ref is not None:
            return replace(found, people=(*found.people, ref))
        return replace(found, rest=(*found.rest, word))

    def _peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else ""

    def _take(self) -> str:
        self._at += 1
        return self._words[self._at - 1]

    def _priority(self) -> str:
        """Of two words, or of one."""
        for length in (2, 1):
            written = " ".join(bare(word).strip(_AROUND) for word in self._words[self._at : self._at + length])
            known = priority(written)
            if known is not None:
                self._at += length
                return known
        if self._peek():
            raise Misunderstood(Phrase("priority-unknown", {"priority": bare(self._peek())}))
        raise Misunderstood(Phrase("priority-missing"))

    def _due(self) -> datetime.date:
        while self._peek().casefold() in BEFORE_A_DAY:
            self._take()
        if not self._peek():
            raise Misunderstood(Phrase("due-missing"))
        word = self._take()
        day = speech.date(word, self._today)
        if day is None:
            raise Misunderstood(Phrase("date-unknown", {"date": bare(word)}))
        return day

    def _person(self) -> Ref:
        ref = speech.ref(bare(self._peek()))
        if ref is None:
            raise Misunderstood(Phrase("executor-missing"))
        self._take()
        return ref
