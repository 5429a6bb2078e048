"""The columns of a table of people: what each may be called, in English and in Russian, and what is written in them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from bot.people import Role
from bot.people_shape import PersonShape
from bot.yaml_events import Plain

# Case, ё, spaces, dots and dashes do not matter in a name.
NAMES: Mapping[str, str] = {
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
ALLOWED = tuple(PersonShape.model_fields)
LISTS = ("roles", "accounts")
_LOCALES = {"русский": "ru", "рус": "ru", "russian": "ru", "английский": "en", "англ": "en", "english": "en"}
_ROLES = {
    "сотрудник": Role.EMPLOYEE,
    "руководитель": Role.MANAGER,
    "кадры": Role.HR,
    "кадровик": Role.HR,
    "админ": Role.ADMIN,
    "администратор": Role.ADMIN,
}
_PARTED = ("surname", "last name", "given name", "first name", "patronymic", "фамилия", "отчество")


def _bare(name: str) -> str:
    return re.sub(r"[\s._*:№()-]+", "", name.casefold().replace("ё", "е"))


_WRITTEN = {_bare(one): (key, one.strip()) for key, names in NAMES.items() for one in (*names.split(","), key)}
_PARTS = frozenset(map(_bare, _PARTED))


def key_of(name: str) -> str | None:
    """The key that a column of that name stands for."""
    found = _WRITTEN.get(_bare(name))
    return None if found is None else found[0]


def known(names: Sequence[str]) -> int:
    """How many of them are columns."""
    return sum(key_of(name) is not None for name in names)


def advice(name: str) -> str:
    """What to do about a column that nobody knows."""
    if _bare(name) in _PARTS:
        return "is not a known column: write the whole name in one, name or ФИО"
    close = difflib.get_close_matches(_bare(name), _WRITTEN, n=1, cutoff=0.7)
    if close:
        return f"is not a known column; did you mean {_WRITTEN[close[0]][1]}?"
    return "is not a known column: take it out, or call it as what stands in it"


def value(key: str, cell: str) -> Plain:
    """What stands in a cell that is not empty."""
    if key == "locale":
        return _LOCALES.get(cell.casefold(), cell)
    if key not in LISTS:
        return cell
    parts = re.split(r"[\s,;]+", cell.strip(" ,;"))
    if key == "roles":
        return [_ROLES.get(part.casefold(), part) for part in parts]
    accounts: dict[str, Plain] = {}
    for part in parts:
        channel, _, account = part.partition(":")
        # Two accounts on one channel become one that is not of the accepted form.
        accounts[channel] = f"{accounts[channel]} {account}" if channel in accounts else account
    return accounts
