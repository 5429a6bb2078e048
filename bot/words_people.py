"""Words of people's papers, in English and in Russian: what columns of a table are called and what stands in them, and
how patronymics end."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Case, ё, spaces, dots and dashes do not matter in a name.
COLUMNS: Mapping[str, str] = {
    "email": "email, mail, email address, work email, почта, эл почта, электронная почта, адрес электронной почты,"
    " рабочая почта, корпоративная почта, имейл, емейл",
    "name": "name, full name, employee, имя, ФИО, полное имя, имя и фамилия, имя фамилия, фамилия имя,"
    " фамилия имя отчество, сотрудник",
    "department": "department, отдел, подразделение, департамент",
    "manager": "manager, manager email, head, руководитель, почта руководителя, email руководителя,"
    " непосредственный руководитель, начальник",
    "start_date": "start date, first day, hire date, дата выхода, дата выхода на работу, первый день, дата начала,"
    " дата начала работы, дата приема, дата приема на работу",
    "locale": "locale, language, язык",
    "timezone": "timezone, часовой пояс, временная зона, таймзона",
    "country": "country, страна",
    "roles": "roles, role, роли, роль",
    "accounts": "accounts, account, аккаунты, аккаунт, учетные записи, учетная запись",
}
LOCALES = {"русский": "ru", "рус": "ru", "russian": "ru", "английский": "en", "англ": "en", "english": "en"}
ROLES = {
    "сотрудник": "employee",
    "руководитель": "manager",
    "кадры": "hr",
    "кадровик": "hr",
    "админ": "admin",
    "администратор": "admin",
}
PARTED = ("surname", "last name", "given name", "first name", "patronymic", "фамилия", "отчество")
WHOLE_NAME = "name or ФИО"
PATRONYMIC = re.compile(r"[а-я](?:вич|ьич|мич|вна|чна)$")
# Small letters of the languages that are written in cp1251 here: Russian, Ukrainian, Belarusian.
CYRILLIC = "а-яёіїєґў"


def folded(text: str) -> str:
    """Without case, and with е for ё: few people write the dots."""
    return text.casefold().replace("ё", "е")
