"""How people write commands: words, people, dates. Russian and English are equal, case does not matter.

The word tables here are grammar, not texts: what we say stands in `bot/texts`.
"""

from __future__ import annotations

import datetime
import re
from typing import Literal

import msgspec

from bot.speech_dates import is_named, written_out

MAX_TEXT = 4000
LONGEST_REF = 330  # an e-mail has at most 320 characters; a search in a word of any length takes its square in time
_TOKEN = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”|(\S+)')
_MENTION = re.compile(r"<@([A-Za-z0-9:._@-]+)>")
_EMAIL = re.compile(r"(?:mailto:)?([^\s@<>]+@[^\s@<>]+\.[^\s@<>]+)")
_DAYS_ON = re.compile(r"\+(\d{1,3})[dд]")
_LIKE_A_DATE = re.compile(r"\+?\d[\d.,:/dд-]*")
_AROUND = '.,;:!?…()"«»“”„'

WEEKDAYS = {
    "monday": 0, "понедельник": 0, "понедельника": 0, "понедельнику": 0,
    "tuesday": 1, "вторник": 1, "вторника": 1, "вторнику": 1,
    "wednesday": 2, "среда": 2, "среду": 2, "среды": 2, "среде": 2,
    "thursday": 3, "четверг": 3, "четверга": 3, "четвергу": 3,
    "friday": 4, "пятница": 4, "пятницу": 4, "пятницы": 4, "пятнице": 4,
    "saturday": 5, "суббота": 5, "субботу": 5, "субботы": 5, "субботе": 5,
    "sunday": 6, "воскресенье": 6, "воскресенья": 6, "воскресенью": 6,
}  # fmt: skip
DAYS_ON = {"today": 0, "сегодня": 0, "tomorrow": 1, "завтра": 1, "послезавтра": 2}
FILLERS = frozenset({"на", "для", "с", "от", "в", "во", "for", "on", "from", "to", "of"})
TEAM = frozenset({"team", "команда", "команды", "all", "все", "всех", "people", "люди"})
REPORT = frozenset({"report", "отчёт", "отчет"})
LINKS = frozenset({"link", "links", "ссылка", "ссылку", "ссылки", "page", "plan", "страница", "страницу", "план"})
UNANSWERED = frozenset({"unanswered", "без", "неотвеченные"})  # "без ответа"
DRAFTS = frozenset({"drafts", "draft", "черновики", "черновик"})
REINDEX = frozenset({"reindex", "переиндексировать", "переиндексируй", "обновить", "обнови"})
FAQ_NEW = frozenset({"new", "add", "новый", "новая", "новое", "добавить", "добавь"})
FAQ_EDIT = frozenset({"edit", "изменить", "измени", "правка"})
COMMAND_NAMES = frozenset({"/onboarding", "onboarding", "/онбординг", "онбординг"})
VERBS = {
    "status": frozenset({"status", "статус", "прогресс", "progress", "план", "plan"}),
    "tasks": frozenset({"tasks", "задачи"}),
    "done": frozenset({"done", "готово", "сделано", "выполнено"}),
    "ask": frozenset({"ask", "вопрос", "спросить"}),
    "search": frozenset({"search", "поиск", "найти", "найди"}),
    "feedback": frozenset({"feedback", "отзыв"}),
    "reply": frozenset({"reply", "ответить", "ответ"}),
    "rephrase": frozenset({"rephrase", "иначе"}),
    "faq": frozenset({"faq", "вопросы"}),
    "start": frozenset({"start", "старт", "начать", "начни"}),
    "stop": frozenset({"stop", "стоп", "остановить", "останови", "отменить"}),
    "task": frozenset({"task", "задача", "задачу", "поручить", "поручи"}),
    "change": frozenset({"change", "изменить", "измени", "перенести", "перенеси"}),
    "reopen": frozenset({"reopen", "вернуть", "верни", "переоткрыть", "переоткрой"}),
    "skip": frozenset({"skip", "пропустить", "пропусти"}),
    "channel": frozenset({"channel", "канал"}),
    "whoami": frozenset({"whoami", "ктоя", "профиль", "profile"}),
    "sync": frozenset({"sync", "сверка", "сверить", "сверь", "синхронизация"}),
    "withdraw": frozenset({"withdraw", "revoke", "отозвать", "отзови"}),
    "answers": frozenset({"answers", "ответы"}),
    "help": frozenset({"help", "помощь", "помоги", "помогите", "справка", "команды", "меню", "menu"}),
}

AUTO = "auto"  # no channel of one's choice: wherever one has spoken last
CHANNELS = {
    "slack": "slack", "слак": "slack",
    "teams": "teams", "тимс": "teams", "тимз": "teams",
    "web": "web", "веб": "web", "чат": "web", "сайт": "web",
    AUTO: AUTO, "авто": AUTO, "автоматически": AUTO,
}  # fmt: skip

# Commands that people say in several words.
PHRASES = {
    "кто я": "whoami", "who am i": "whoami", "мой профиль": "whoami", "my profile": "whoami",
    "мои задачи": "tasks", "my tasks": "tasks", "мои дела": "tasks", "что меня ждёт": "tasks", "что меня ждет": "tasks",
    "what waits for me": "tasks",
}  # fmt: skip


class Ref(msgspec.Struct, frozen=True):
    """How somebody named a person."""

    kind: Literal["mention", "email", "name"]
    value: str


def _tokens(text: str) -> list[re.Match[str]]:
    found = [match for match in _TOKEN.finditer(text[:MAX_TEXT]) if any(match.groups())]
    return found[1:] if found and found[0][0].casefold() in COMMAND_NAMES else found


def in_a_word(text: str) -> str:
    """A command of several words as the one word that names it; any other text as it is."""
    bare = after(text, 0) if calls_by_name(text) else text
    return PHRASES.get(" ".join(bare.split()).casefold().strip(_AROUND), text)


def calls_by_name(text: str) -> bool:
    """Does the text begin with the command's own name?"""
    return any(first.casefold() in COMMAND_NAMES for first in text.split(maxsplit=1)[:1])


def words(text: str) -> tuple[str, ...]:
    """The words of a command; what stands in quotes is one word. The command's own name in front is dropped."""
    return tuple(next(filter(None, match.groups())) for match in _tokens(text))


def after(text: str, count: int) -> str:
    """What follows the first `count` words (and the command's own name), as it was written."""
    found = _tokens(text)
    return text[found[count].start() :].strip() if count < len(found) else ""


def plain(text: str) -> str:
    """A title as people type it: without case, quotes, commas and small words."""
    found = (word.strip(_AROUND).casefold().replace("ё", "е") for word in text.split())
    return " ".join(without_fillers(tuple(filter(None, found))))


def channel(word: str) -> str | None:
    """The channel that a word names, or `AUTO`; None: neither."""
    return CHANNELS.get(word.casefold().strip(_AROUND))


def ref(word: str) -> Ref | None:
    """The person that a word certainly names: a mention, `@handle`, or an e-mail. A comma after it is none of it."""
    word = word.rstrip(_AROUND)
    if len(word) > LONGEST_REF:
        return None
    mention = _MENTION.fullmatch(word)
    if mention:
        return Ref("mention", mention[1])
    if word.startswith("@") and len(word) > 1:
        email = _EMAIL.fullmatch(word[1:])
        return Ref("email", email[1]) if email else Ref("name", word[1:])
    word = word.removeprefix("<").removesuffix(">")
    email = _EMAIL.fullmatch(word)
    return Ref("email", email[1]) if email else None


def date(word: str, today: datetime.date) -> datetime.date | None:
    """ISO, 1.12.2026 or 1.12.26, `1 декабря`, `friday` / `пятница` (the next one, today excluded), `завтра`, `+3d`; or
    None. Of several words they are one by `speech_dates.joined`."""
    word = word.casefold().strip(_AROUND)
    if word in DAYS_ON:
        return today + datetime.timedelta(days=DAYS_ON[word])
    if word in WEEKDAYS:
        ahead = (WEEKDAYS[word] - today.weekday() - 1) % 7 + 1
        return today + datetime.timedelta(days=ahead)
    days = _DAYS_ON.fullmatch(word)
    if days:
        return today + datetime.timedelta(days=int(days[1]))
    return written_out(word, today)


def like_a_date(word: str) -> bool:
    """Was it meant as a date, whether there is such a day or not?"""
    return _LIKE_A_DATE.fullmatch(word.casefold()) is not None or is_named(word)


def without_fillers(found: tuple[str, ...]) -> tuple[str, ...]:
    """Words without the small ones around people and dates; quoted text keeps its own."""
    return tuple(word for word in found if word.casefold() not in FILLERS)
