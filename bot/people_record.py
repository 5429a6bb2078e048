"""One person of a directory file as it was read: not yet validated, with the lines of everything."""

from __future__ import annotations

import msgspec

from bot.file_shape import check_shape
from bot.people_shape import PeopleShape
from bot.problem import Problem
from bot.yaml_events import Plain, Route
from bot.yaml_file import YamlFile

ITEMS = "people"


class FileStopped(Exception):
    """The reading of a file cannot go on."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.details)
        self.problem = problem


class Record(msgspec.Struct, frozen=True, gc=False):
    """`place` is how a problem names it; `line` is where it begins, `lines` has those of its keys where they differ.
    `columns` are the names of the file, by our keys, where they are others."""

    place: str
    line: int
    data: Plain
    lines: dict[Route, int] = {}
    columns: dict[str, str] = {}

    def misfits(self, file: str) -> list[Problem]:
        """Why it is no person."""
        _, found = check_shape(PeopleShape, self._read(file))
        return [self._named(problem) for problem in found]

    def problem(self, file: str, field: str, code: str, details: str) -> Problem:
        return self._named(self._read(file).problem((ITEMS, 0, field), code, details))

    def _read(self, file: str) -> YamlFile:
        """The record as the only one of a file."""
        lines: dict[Route, int] = {(): 1, (ITEMS, 0): self.line}
        if isinstance(self.data, dict):
            lines |= {(ITEMS, 0, key): self.line for key in self.data}
        lines |= {(ITEMS, 0, *route): line for route, line in self.lines.items()}
        return YamlFile(file=file, items=ITEMS, data={ITEMS: [self.data]}, lines=lines)

    def _named(self, problem: Problem) -> Problem:
        key, dot, rest = (problem.field or "").partition(".")
        field = f"{self.columns.get(key, key)}{dot}{rest}" or None
        return msgspec.structs.replace(problem, step=self.place, field=field)
