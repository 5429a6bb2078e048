"""The directory of people as a file, YAML or a table, validated as strictly as scenarios are.

YAML: `people:`, a list of blocks. Tables (`.csv`, `.tsv`, `.txt`): the names of the columns in the first row; `roles`
and `accounts` (`slack:U123`) are separated by spaces, commas or semicolons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, TypeVar, cast

import msgspec
from pydantic import ValidationError

from bot.people import Person, Role, person_id
from bot.people_list import PeopleList
from bot.people_record import FileStopped, Record
from bot.people_shape import PersonShape
from bot.people_table import PeopleTable
from bot.problem import Problem, ProblemsError

MAX_BYTES = 512 * 1024 * 1024
MOST_PROBLEMS = 100  # a column of the wrong form is wrong in every row
EVERY = 1000
TABLES = (".csv", ".tsv", ".txt")
# How the workbooks of Excel and others begin: archives, and what Excel wrote before 2007.
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

T = TypeVar("T")
Progress = Callable[[int], None]


class PeopleError(ProblemsError):
    """A directory that cannot be used."""


def load_people(path: Path, progress: Progress = lambda _: None) -> tuple[Person, ...]:
    """The people of a file, managers marked as such. `progress` is told now and then how many are read.

    Raises:
        PeopleError: with every problem, or the first hundred. Nothing is to be taken from such a file.
    """
    reading = _Reading(path.as_posix())
    try:
        _refuse(path)
        table = path.suffix.casefold() in TABLES
        source = PeopleTable(path) if table else PeopleList(path)
        for record in source.records():
            reading.take(record)
            if reading.count % EVERY == 0:
                progress(reading.count)
    except FileStopped as stopped:
        raise PeopleError([*reading.problems(), stopped.problem]) from stopped
    found = reading.problems([*source.problems, *reading.without_manager()])
    if found:
        raise PeopleError(found)
    progress(reading.count)
    return reading.people()


def _refuse(path: Path) -> None:
    file = path.as_posix()
    try:
        size = path.stat().st_size
        with path.open("rb") as source:
            start = source.read(4)
    except OSError as error:
        problem = Problem(file=file, code="unreadable", details=f"cannot be read: {error.strerror}")
        raise FileStopped(problem) from error
    if size > MAX_BYTES:
        details = f"is larger than {MAX_BYTES // 1024 // 1024} MB"
        raise FileStopped(Problem(file=file, code="size", details=details))
    if start.startswith(WORKBOOKS):
        details = "is a workbook of a spreadsheet: save it as CSV (“CSV UTF-8”)"
        raise FileStopped(Problem(file=file, code="workbook", details=details))


class _Reading:
    """What the people of a file have in common: e-mails and accounts are unique, and every manager stands in it."""

    def __init__(self, file: str) -> None:
        self.count = 0
        self._file = file
        self._people: dict[str, Person] = {}
        self._taken: set[tuple[str, str]] = set()
        self._waiting: dict[str, list[Record]] = {}  # by a manager who has not come yet
        self._heads: set[str] = set()
        self._shared: dict[object, object] = {}
        self._problems: list[Problem] = []
        self._more = 0

    def take(self, record: Record) -> None:
        self.count += 1
        try:
            shape = PersonShape.model_validate(record.data)
        except ValidationError:
            self._add(record.misfits(self._file))
            return
        self._add(self._inconsistent(shape, record))
        person = _person(shape, self._one)
        self._people.setdefault(person.id, person)

    def _one(self, value: T) -> T:
        """Thousands are in one department: it is kept once."""
        return cast(T, self._shared.setdefault(value, value))

    def _inconsistent(self, shape: PersonShape, record: Record) -> Iterator[Problem]:
        if person_id(shape.email) in self._people:
            yield record.problem(self._file, "email", "duplicate-email", "is that of an earlier one")
        self._waiting.pop(shape.email, None)
        if shape.manager is not None:
            if shape.manager == shape.email:
                yield self._no_manager(record)
            elif person_id(shape.manager) not in self._people:
                self._waiting.setdefault(shape.manager, []).append(record)
            self._heads.add(person_id(shape.manager))
        for account in shape.accounts.items():
            if account in self._taken:
                details = "has one that an earlier one has"
                yield record.problem(self._file, "accounts", "duplicate-account", details)
            self._taken.add(account)

    def _no_manager(self, record: Record) -> Problem:
        return record.problem(self._file, "manager", "manager", "must be somebody else of this file")

    def without_manager(self) -> Iterator[Problem]:
        """Once all are read: managers who have never come."""
        for records in self._waiting.values():
            yield from map(self._no_manager, records)

    def _add(self, problems: Iterator[Problem] | list[Problem]) -> None:
        for problem in problems:
            if len(self._problems) < MOST_PROBLEMS:
                self._problems.append(problem)
            else:
                self._more += 1

    def problems(self, others: list[Problem] | None = None) -> list[Problem]:
        """Those that were found, and `others`, by their lines."""
        self._add(others or [])
        found = sorted(self._problems, key=lambda problem: problem.line)
        if self._more:
            found.append(Problem(file=self._file, code="more", details=f"and {self._more} more are wrong"))
        return found

    def people(self) -> tuple[Person, ...]:
        for head in self._heads:
            person = self._people[head]
            self._people[head] = msgspec.structs.replace(person, roles=person.roles | {Role.MANAGER})
        return tuple(self._people.values())


class _Kept(Protocol):
    def __call__(self, value: T, /) -> T: ...


def _person(entry: PersonShape, one: _Kept) -> Person:
    return Person(
        id=person_id(entry.email),
        email=entry.email,
        name=entry.name,
        locale=one(entry.locale),
        locale_source="directory" if "locale" in entry.model_fields_set else "default",
        timezone=one(entry.timezone),
        country=one(entry.country),
        department=one(entry.department),
        manager=one(person_id(entry.manager)) if entry.manager else None,
        start_date=one(entry.start_date),
        roles=one(frozenset(entry.roles)),
        accounts=dict(entry.accounts),
        origin="directory",
    )
