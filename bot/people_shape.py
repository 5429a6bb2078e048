"""What a directory of people may say of one person, and in which words people write it."""

from __future__ import annotations

import datetime
import re
from typing import Annotated

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.calendar import timezones
from bot.file_shape import Line, Shape, Unique, refusal
from bot.people import Role, normal_email

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
# As spreadsheets in Russian write a date; some add midnight to it.
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 0?0:00(?::00)?)?", re.ASCII)
_COUNTRIES = frozenset(holidays.list_supported_countries(include_aliases=False))
_ROLES = frozenset(Role)


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise refusal("email", "must be an e-mail address")
    return normal_email(text)


def _timezone(text: str) -> str:
    if text not in timezones():
        raise refusal("timezone", "must be a time zone such as Europe/Moscow")
    return text


def _country(text: str) -> str:
    if text not in _COUNTRIES:
        raise refusal("country", "must be a country code such as RU")
    return text


def _locale(text: str) -> str:
    if text not in ("ru", "en"):
        raise refusal("locale", "is not an accepted value", ("ru", "en"))
    return text


def _date(text: object) -> object:
    if not isinstance(text, str):
        return text
    written = _DAY_FIRST.fullmatch(text)
    try:
        if written is not None:
            day, month, year = map(int, written.groups())
            return datetime.date(year, month, day)
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise refusal("date", "must be a date such as 2026-12-01 or 01.12.2026") from error


def _role(text: object) -> object:
    if text not in _ROLES:
        raise refusal("value", "is not an accepted value", tuple(Role))
    return Role(str(text))


def _account(text: str) -> str:
    """A UUID is the same in either case, and people copy both."""
    return text.lower() if _UUID.fullmatch(text) else text


Email = Annotated[str, StringConstraints(min_length=1, max_length=254), AfterValidator(_email)]
AccountId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9:._@-]{1,128}$"), AfterValidator(_account)]
ChannelName = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,20}$")]


class PersonShape(Shape):
    """One person. `manager` is the e-mail of the head of their department."""

    email: Email
    name: Annotated[Line, StringConstraints(max_length=120)]
    department: Annotated[str, StringConstraints(max_length=120)] = ""
    manager: Email | None = None
    start_date: Annotated[datetime.date | None, BeforeValidator(_date)] = None
    locale: Annotated[str, AfterValidator(_locale)] = "ru"
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Moscow"
    country: Annotated[str, AfterValidator(_country)] = "RU"
    roles: Annotated[tuple[Annotated[Role, BeforeValidator(_role)], ...], Field(strict=False), Unique] = ()
    accounts: Annotated[dict[ChannelName, AccountId], Field(default_factory=dict)]


class PeopleShape(Shape):
    """The file."""

    people: Annotated[tuple[PersonShape, ...], Field(strict=False)]
