"""The directory as YAML: `people:`, a list of blocks, read one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from bot.file_shape import check_shape
from bot.people_record import ITEMS, FileStopped, Record
from bot.people_shape import PeopleShape
from bot.problem import Problem
from bot.yaml_events import Plain, Route, YamlEvents, YamlRefused
from bot.yaml_file import YamlFile


class PeopleList:
    """The members of a file as records. `problems` has, once they are read, what is wrong beside them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.as_posix()
        self.problems: list[Problem] = []

    def records(self) -> Iterator[Record]:
        """Raises FileStopped: the reading cannot go on."""
        try:
            with self._path.open(encoding="utf-8-sig") as source:
                yield from self._records(YamlEvents(source))
        except OSError as error:
            raise self._stopped("unreadable", f"cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise self._stopped("encoding", "is not UTF-8") from error
        except YamlRefused as refused:
            raise self._stopped(refused.code, str(refused), self._line(refused)) from refused

    def _records(self, events: YamlEvents) -> Iterator[Record]:
        if not events.begin():
            raise self._stopped("empty", "is empty")
        data: Plain = None
        repeated: list[Route] = []
        if events.is_block():
            block: dict[str, Plain] = {}
            data = block
            for key in events.keys(()):
                if key in block:
                    repeated.append((key,))
                if key == ITEMS and events.is_list():
                    block[key] = []
                    yield from self._members(events)
                else:
                    block[key] = events.value((key,))
        else:
            data = events.value(())
        if data is None:
            raise self._stopped("empty", "is empty")
        events.end()
        repeated += events.repeated
        self._check(YamlFile(file=self._file, items=ITEMS, data=data, lines=events.lines), repeated)

    def _members(self, events: YamlEvents) -> Iterator[Record]:
        """What is known of one is forgotten with the next: a directory may be large."""
        around, events.lines = events.lines, {}
        for index in events.members((ITEMS,)):
            data = events.value(())
            lines, events.lines = events.lines, {}
            record = Record(f"#{index + 1}", lines.pop((), 0), data, lines)
            for route in events.repeated:
                self.problems.append(
                    record.problem(self._file, ".".join(map(str, route)), "duplicate-key", "is written twice")
                )
            events.repeated.clear()
            yield record
        events.lines = around

    def _check(self, read: YamlFile, repeated: list[Route]) -> None:
        twice = [read.problem(route, "duplicate-key", "is written twice") for route in repeated]
        _, found = check_shape(PeopleShape, msgspec.structs.replace(read, problems=tuple(twice)))
        self.problems += found

    def _line(self, refused: YamlRefused) -> int:
        if refused.offset is None:
            return refused.line
        with self._path.open(encoding="utf-8-sig") as source:
            before = source.read(refused.offset).encode()[: refused.offset]
        return before.count(b"\n") + 1

    def _stopped(self, code: str, details: str, line: int = 0) -> FileStopped:
        return FileStopped(Problem(file=self._file, line=line, code=code, details=details))
