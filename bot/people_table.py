"""A table of people as a spreadsheet saves it: CSV with `,`, `;` or tabs, a row for each person."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from bot import people_columns
from bot.people_record import FileStopped, Record
from bot.problem import Problem
from bot.table_encoding import encoding_of
from bot.yaml_events import Plain

DELIMITERS = (",", ";", "\t")
_SAID = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)  # by which Excel tells itself the delimiter
_BREAK = re.compile(r" *[\r\n]+ *")
BEYOND = "(beyond the first row)"

# Its number as a spreadsheet counts, the line on which it begins (a cell may go over several), and its cells.
Row = tuple[int, int, list[str]]


class PeopleTable:
    """The rows of a file as records. What is wrong with the first row stops the reading."""

    problems: tuple[Problem, ...] = ()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.as_posix()

    def records(self) -> Iterator[Record]:
        """Raises FileStopped: the reading cannot go on."""
        try:
            encoding = encoding_of(self._path)
            if encoding is None:
                details = "is neither UTF-8 nor Windows-1251 text: save it as “CSV UTF-8”"
                raise self._stopped("encoding", details)
            with self._path.open(encoding=encoding, newline="") as source:
                yield from self._records(source)
        except OSError as error:
            raise self._stopped("unreadable", f"cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self._stopped("encoding", "has changed while it was read") from error

    def _records(self, source: IO[str]) -> Iterator[Record]:
        delimiter, skipped = _delimiter(source)
        rows = self._rows(source, delimiter, skipped)
        first = next(rows, None)
        if first is None:
            raise self._stopped("empty", "is empty")
        names = self._names(first)
        keys = [people_columns.key_of(name) or "" for name in names]
        columns = {key: name for key, name in zip(keys, names, strict=True) if key != name}
        for row, line, cells in rows:
            yield Record(f"row {row}", line, _person(keys, cells), {}, columns)

    def _names(self, first: Row) -> list[str]:
        _, line, cells = first
        names = [cell.strip() for cell in cells]
        while names and not names[-1]:
            names.pop()
        if not people_columns.known(names):  # a file without a first row of names: what stands there is somebody's
            raise self._stopped("header", "the first row must name the columns: email, name and so on", line)
        seen: dict[str, str] = {}
        for name in filter(None, names):
            key = people_columns.key_of(name)
            if key is None:
                raise self._stopped("unknown-key", people_columns.advice(name), line, name, people_columns.ALLOWED)
            if key in seen:
                both = f"{seen[key]} stands there, too" if seen[key] != name else "is written twice in the first row"
                raise self._stopped("duplicate-key", both, line, name)
            seen[key] = name
        return names

    def _rows(self, source: IO[str], delimiter: str, skipped: int) -> Iterator[Row]:
        """Those that are not blank."""
        rows = csv.reader(source, delimiter=delimiter, strict=True)
        line = 1 + skipped
        try:
            for row, cells in enumerate(rows, 1):
                if any(map(str.strip, cells)):
                    yield row, line, cells
                line = rows.line_num + 1 + skipped
        except csv.Error as error:
            raise self._stopped("csv", f"is not CSV: {error}", rows.line_num + skipped) from error

    def _stopped(
        self, code: str, details: str, line: int = 0, field: str | None = None, allowed: tuple[str, ...] = ()
    ) -> FileStopped:
        return FileStopped(
            Problem(file=self._file, line=line, code=code, details=details, field=field, allowed=allowed)
        )


def _delimiter(source: IO[str]) -> tuple[str, int]:
    """By which the first row names most columns; and how many lines stand before that row only to say it."""
    said = _SAID.fullmatch(source.readline(16))
    if said is not None:
        return said[1], 1
    source.seek(0)
    head = source.read(64 * 1024).splitlines(keepends=True)
    source.seek(0)
    return max(DELIMITERS, key=lambda one: _named(head, one)), 0


def _named(head: Sequence[str], delimiter: str) -> tuple[int, int]:
    try:
        names = next(filter(any, csv.reader(head, delimiter=delimiter, strict=True)), [])
    except csv.Error:
        return 0, 0
    return people_columns.known(names), len(names)


def _person(keys: Sequence[str], cells: Sequence[str]) -> dict[str, Plain]:
    """Empty cells are as if they were not there; cells without a column become a key nobody knows. A line break is how
    a long text fits a narrow cell."""
    found: dict[str, Plain] = {}
    for key, cell in itertools.zip_longest(keys, cells, fillvalue=""):
        if text := _BREAK.sub(" ", cell.strip()):
            found[key or BEYOND] = people_columns.value(key, text)
    return found
