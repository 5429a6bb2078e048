"""The directory of people as a file, YAML or CSV, validated as strictly as scenarios are.

YAML: `people:`, a list of blocks. CSV: the same names in the first row; `roles` and `accounts` (`slack:U123`) are
separated by spaces or semicolons.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from pathlib import Path
from typing import Annotated

import holidays
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from bot.calendar import timezones
from bot.file_shape import Line, Shape, Unique, check_shape, refusal
from bot.people import Person, Role, normal_email, person_id
from bot.problem import Problem, ProblemsError
from bot.yaml_file import Plain, Route, YamlFile, read_yaml

MAX_CSV_BYTES = 16 * 1024 * 1024
LISTS = ("roles", "accounts")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")


class PeopleError(ProblemsError):
    """A directory that cannot be used."""


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise refusal("email", "must be an e-mail address")
    return normal_email(text)


def _timezone(text: str) -> str:
    if text not in timezones():
        raise refusal("timezone", "must be a time zone such as Europe/Moscow")
    return text


def _country(text: str) -> str:
    if text not in holidays.list_supported_countries(include_aliases=False):
        raise refusal("country", "must be a country code such as RU")
    return text


def _locale(text: str) -> str:
    if text not in ("ru", "en"):
        raise refusal("locale", "is not an accepted value", ("ru", "en"))
    return text


def _date(text: object) -> object:
    try:
        return datetime.date.fromisoformat(text) if isinstance(text, str) else text
    except ValueError as error:
        raise refusal("date", "must be a date such as 2026-12-01") from error


def _role(text: object) -> object:
    if text not in set(Role):
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


def load_people(path: Path) -> tuple[Person, ...]:
    """The people of a file, managers marked as such. Raises `PeopleError` with every problem."""
    read = _read_csv(path) if path.suffix.casefold() == ".csv" else read_yaml(path, "people")
    shape, found = check_shape(PeopleShape, read)
    problems = [*found, *(_inconsistent(shape, read) if shape else ())]
    if problems or shape is None:
        raise PeopleError(sorted(problems, key=lambda problem: problem.line))
    heads = {entry.manager for entry in shape.people}
    return tuple(_person(entry, heads) for entry in shape.people)


def _person(entry: PersonShape, heads: set[str | None]) -> Person:
    roles = {*entry.roles, *((Role.MANAGER,) if entry.email in heads else ())}
    return Person(
        id=person_id(entry.email),
        email=entry.email,
        name=entry.name,
        locale=entry.locale,
        locale_source="directory" if "locale" in entry.model_fields_set else "default",
        timezone=entry.timezone,
        country=entry.country,
        department=entry.department,
        manager=person_id(entry.manager) if entry.manager else None,
        start_date=entry.start_date,
        roles=frozenset(roles),
        accounts=dict(entry.accounts),
        origin="directory",
    )


def _inconsistent(shape: PeopleShape, read: YamlFile) -> list[Problem]:
    """E-mails and accounts are unique, and every manager stands in the file."""
    problems = []
    emails = {entry.email for entry in shape.people}
    seen: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for number, entry in enumerate(shape.people):
        route: Route = ("people", number)
        if entry.email in seen:
            problems.append(read.problem((*route, "email"), "duplicate-email", "is that of an earlier one"))
        seen.add(entry.email)
        if entry.manager is not None and (entry.manager == entry.email or entry.manager not in emails):
            problems.append(read.problem((*route, "manager"), "manager", "must be somebody else of this file"))
        for account in entry.accounts.items():
            if account in taken:
                problems.append(
                    read.problem((*route, "accounts"), "duplicate-account", "has one that an earlier one has")
                )
            taken.add(account)
    return problems


def _read_csv(path: Path) -> YamlFile:
    """The rows in the shape of the YAML file, each with its line."""
    file = path.as_posix()
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        return _stopped(file, "unreadable", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        return _stopped(file, "encoding", f"is not UTF-8 at byte {error.start}")
    if len(content) > MAX_CSV_BYTES:
        return _stopped(file, "size", f"is larger than {MAX_CSV_BYTES // 1024 // 1024} MB")
    try:
        (_, header), *rows = _table(text) or [(1, [])]
    except _NotCsv as error:
        return _stopped(file, "csv", f"is not CSV: {error}", error.line)
    names = [name.strip() for name in header]
    if not names:
        return _stopped(file, "empty", "is empty")
    if names and PersonShape.model_fields.keys().isdisjoint(
        names
    ):  # a file without a first row of names: what stands there is somebody's
        return _stopped(file, "header", "the first row must name the columns: email, name and so on", 1)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        return _stopped(file, "duplicate-key", f"{twice} is written twice in the first row", 1)
    people: list[Plain] = [_row(names, cells) for _, cells in rows]
    lines: dict[Route, int] = {("people", number): line for number, (line, _) in enumerate(rows)}
    lines |= {("people", number, name): line for number, (line, _) in enumerate(rows) for name in names}
    return YamlFile(file=file, items="people", data={"people": people}, lines=lines)


class _NotCsv(Exception):
    """Where the reading had to stop."""

    def __init__(self, line: int, details: str) -> None:
        super().__init__(details)
        self.line = line


def _table(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line on which it begins: it may go over several."""
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in rows:
            if cells:
                found.append((line, cells))
            line = rows.line_num + 1
    except csv.Error as error:
        raise _NotCsv(rows.line_num, str(error)) from error
    return found


def _row(names: list[str], cells: list[str]) -> dict[str, Plain]:
    """Empty cells are as if they were not there; cells beyond the header become a key nobody knows."""
    found = {name: _cell(name, cell.strip()) for name, cell in zip(names, cells, strict=False) if cell.strip()}
    return {**found, "(beyond the first row)": ""} if len(cells) > len(names) else found


def _cell(name: str, value: str) -> Plain:
    if name not in LISTS:
        return value
    parts = value.replace(";", " ").split()
    if name == "roles":
        return [*parts]
    accounts: dict[str, Plain] = {}
    for part in parts:
        channel, _, account = part.partition(":")
        # Two accounts on one channel become one that is not of the accepted form.
        accounts[channel] = f"{accounts[channel]} {account}" if channel in accounts else account
    return accounts


def _stopped(file: str, code: str, details: str, line: int = 0) -> YamlFile:
    return YamlFile(file=file, items="people", problems=(Problem(file=file, line=line, code=code, details=details),))
