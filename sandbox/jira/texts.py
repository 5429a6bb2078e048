"""The words of the page, Russian first. Names of statuses and the like come from the site, not from here."""

from datetime import date, datetime

DEFAULT = "ru"
_TEXTS = {
    "ru": {
        "title": "Задачи",
        "about": "Учебная Jira: она живёт на этом компьютере, настоящие проекты не затронуты.",
        "total": "Всего",
        "nothing": "Задач пока нет. Как только бот создаст первую, она появится здесь сама.",
        "key": "Ключ",
        "summary": "Задача",
        "status": "Статус",
        "assignee": "Исполнитель",
        "due": "Срок",
        "priority": "Приоритет",
        "labels": "Метки",
        "move": "Действия",
        "nobody": "не назначен",
        "no_date": "без срока",
        "none": "нет",
        "description": "Описание",
        "no_description": "Описания нет.",
        "comments": "Комментарии",
        "reporter": "Автор",
        "updated": "Изменена",
        "all": "Все задачи",
        "stale": "Пока вы смотрели, задача перешла в другой статус. Вот как она выглядит сейчас.",
        "parent": "Входит в",
        "links": "Ссылки",
        "newest": "показаны последние",
        "change": "Изменить",
        "save": "Сохранить",
        "new_comment": "Новый комментарий",
        "say": "Отправить",
        "delete": "Удалить задачу",
        "delete_more": "Задача исчезнет вместе с комментариями и связями, вернуть её нельзя.",
        "delete_now": "Удалить навсегда",
        "missing": "Такой задачи нет",
        "missing_more": "Возможно, её удалили или в адресе опечатка.",
        "offline": "Нет связи с учебной Jira. Страница обновится, как только связь вернётся.",
        "other": "English",
    },
    "en": {
        "title": "Issues",
        "about": "A practice Jira that lives on this computer; no real project is touched.",
        "total": "Total",
        "nothing": "There are no issues yet. As soon as the bot creates the first, it will appear here.",
        "key": "Key",
        "summary": "Issue",
        "status": "Status",
        "assignee": "Assignee",
        "due": "Due",
        "priority": "Priority",
        "labels": "Labels",
        "move": "Actions",
        "nobody": "unassigned",
        "no_date": "no date",
        "none": "none",
        "description": "Description",
        "no_description": "There is no description.",
        "comments": "Comments",
        "reporter": "Reporter",
        "updated": "Updated",
        "all": "All issues",
        "stale": "While you were looking, the issue moved to another status. This is how it looks now.",
        "parent": "Part of",
        "links": "Links",
        "newest": "shown are the newest",
        "change": "Change",
        "save": "Save",
        "new_comment": "New comment",
        "say": "Send",
        "delete": "Delete this issue",
        "delete_more": "The issue goes with its comments and links, and cannot be brought back.",
        "delete_now": "Delete for good",
        "missing": "There is no such issue",
        "missing_more": "It may have been deleted, or the address has a typo.",
        "offline": "The practice Jira cannot be reached. The page will refresh as soon as it is back.",
        "other": "Русский",
    },
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Texts:
    """The texts of one language: `texts["title"]`, and dates as that language writes them."""

    def __init__(self, language: str) -> None:
        self.language = language if language in _TEXTS else DEFAULT
        self.other = "en" if self.language == "ru" else "ru"
        self._texts = _TEXTS[self.language]

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def day(self, day: date) -> str:
        if self.language == "ru":
            return f"{day:%d.%m.%Y}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def minute(self, at: datetime) -> str:
        return f"{self.day(at.date())}, {at:%H:%M} UTC"

    def query(self) -> str:
        """What an address needs to stay in this language."""
        return "" if self.language == DEFAULT else f"?lang={self.language}"
