"""YAML files as people write them by hand, read strictly, with the line of everything: see `bot.yaml_events`."""

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from bot.problem import Problem
from bot.yaml_events import Plain, Route, YamlEvents, YamlRefused

__all__ = ["Plain", "Route", "YamlFile"]

MAX_BYTES = 256 * 1024


class YamlFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. `lines` has the line (from 1) of every route; `items` is the key of the list
    (steps, entries) whose members have an `id`; `problems` is what the reading itself found.

    When the reading had to stop, `data` is None and `problems` says why.
    """

    file: str
    items: str
    data: Plain = None
    lines: dict[Route, int] = {}
    problems: tuple[Problem, ...] = ()

    def problem(self, route: Route, code: str, details: str, allowed: tuple[str, ...] = ()) -> Problem:
        """A problem at a route such as `("steps", 2, "jira", "due")`."""
        inside = len(route) > 1 and route[0] == self.items
        field = ".".join(map(str, route[2:] if inside else route))
        return Problem(
            file=self.file,
            line=self._line(route),
            step=self._item_id(route[:2]) if inside else None,
            field=field or None,
            code=code,
            details=details,
            allowed=allowed,
        )

    def finding(self, item: str | None, field: str | None, code: str, details: str) -> Problem:
        """A problem of the item that has this id, None: of the file as a whole; at a field such as `jira.assignee`."""
        route: Route = ()
        if item is not None:
            route = next((route for route, member in self.members() if member.get("id") == item), ())
        return self.problem((*route, *(field.split(".") if field else ())), code, details)

    def place(self, route: Route) -> str:
        """The file, and the line of the route."""
        return f"{self.file}:{self._line(route)}"

    def members(self) -> list[tuple[Route, dict[str, Plain]]]:
        """The steps or entries that are blocks of keys, as they stand in the file, with their routes."""
        found = self.data.get(self.items) if isinstance(self.data, dict) else None
        members = found if isinstance(found, list) else []
        return [((self.items, i), member) for i, member in enumerate(members) if isinstance(member, dict)]

    def _line(self, route: Route) -> int:
        """The line of the route, or of the nearest thing around it that the file has."""
        while route and route not in self.lines:
            route = route[:-1]
        return self.lines.get(route, 0)

    def _item_id(self, route: Route) -> str:
        item_id = dict(self.members()).get(route, {}).get("id")
        return item_id[:40] if isinstance(item_id, str) and item_id else f"#{int(route[1]) + 1}"


def read_directory(directory: Path, items: str, without: Collection[str] = ()) -> list[YamlFile]:
    """Every `*.yaml` and `*.yml` directly in the directory, by name, but for those of the names in `without`.

    A directory that cannot be listed is a problem too.
    """
    try:
        paths = sorted(path for path in directory.iterdir() if path.suffix in (".yaml", ".yml"))
    except OSError as error:
        return [_stopped(directory.as_posix(), items, 0, "unreadable", f"cannot be read: {error.strerror}")]
    return [read_yaml(path, items) for path in paths if path.name not in without]


def read_yaml(path: Path, items: str) -> YamlFile:
    """Reads a file of at most MAX_BYTES in UTF-8. Whatever is wrong with it comes back as problems."""
    file = path.as_posix()
    try:
        with path.open("rb") as source:
            content = source.read(MAX_BYTES + 1)
    except OSError as error:
        return _stopped(file, items, 0, "unreadable", f"cannot be read: {error.strerror}")
    if len(content) > MAX_BYTES:
        return _stopped(file, items, 0, "size", f"is larger than {MAX_BYTES // 1024} KB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _stopped(file, items, 0, "encoding", f"is not UTF-8 at byte {error.start}")
    return parse_yaml(text, file, items)


def parse_yaml(text: str, file: str, items: str) -> YamlFile:
    """Parses a text as `read_yaml` does a file."""
    if len(text.encode()) > MAX_BYTES:
        return _stopped(file, items, 0, "size", f"is larger than {MAX_BYTES // 1024} KB")
    try:
        events = YamlEvents(text)
        data = events.value(()) if events.begin() else None
        if data is not None:
            events.end()
    except YamlRefused as refused:
        line = refused.line if refused.offset is None else text.encode().count(b"\n", 0, refused.offset) + 1
        return _stopped(file, items, line, refused.code, str(refused))
    if data is None:
        return _stopped(file, items, 0, "empty", "is empty")
    read = YamlFile(file=file, items=items, data=data, lines=events.lines)
    problems = tuple(read.problem(route, "duplicate-key", "is written twice") for route in events.repeated)
    return msgspec.structs.replace(read, problems=problems)


def read_one(directory: Path, names: Sequence[str], items: str) -> YamlFile | None:
    """The file of one of these names in the directory; None where there is none, a problem where there are two."""
    found = [path for name in names if (path := directory / name).exists()]
    if len(found) > 1:
        return _stopped(found[1].as_posix(), items, 0, "two-files", f"stands beside {found[0].name}: keep one of them")
    return read_yaml(found[0], items) if found else None


def _stopped(file: str, items: str, line: int, code: str, details: str) -> YamlFile:
    problem = Problem(file=file, line=line, code=code, details=details)
    return YamlFile(file=file, items=items, problems=(problem,))
