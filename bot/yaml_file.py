"""YAML as people write it by hand, read strictly, with the line of everything.

Left out on purpose: aliases (a few bytes can stand for gigabytes), tags (they name Python types), and
the YAML 1.1 habit of reading `on`, `yes` and `no` as booleans: `on: done` means what it says.
"""

import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
import yaml

from bot.problem import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
Route: TypeAlias = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


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
        root = _StrictLoader(text).get_single_node()
    except _Refused as refused:
        return _stopped(file, items, refused.line, refused.code, str(refused))
    except yaml.MarkedYAMLError as error:
        return _stopped(file, items, _mark_line(error), "yaml", f"is not YAML: {error.problem}")
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, int(error.position)) + 1
        return _stopped(file, items, line, "yaml", f"is not YAML: {error.reason}")
    walk = _Walk()
    data = walk.value(root, ()) if root else None
    if data is None:
        return _stopped(file, items, 0, "empty", "is empty")
    read = YamlFile(file=file, items=items, data=data, lines=walk.lines)
    problems = tuple(read.problem(route, "duplicate-key", "is written twice") for route in walk.repeated)
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


def _mark_line(error: yaml.MarkedYAMLError) -> int:
    return error.problem_mark.line + 1 if error.problem_mark else 0


class _Refused(Exception):
    """YAML that is correct and not accepted here."""

    def __init__(self, code: str, details: str, event: yaml.NodeEvent) -> None:
        super().__init__(details)
        self.code = code
        self.line = event.start_mark.line + 1 if event.start_mark else 0


class _StrictLoader(yaml.SafeLoader):
    """Looks at every node before it is built, so that nothing refused costs memory or stack."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int | None) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._refuse_extras(event)
        # A key is composed without an index: that comes later, with its value.
        if isinstance(parent, yaml.MappingNode) and index is None and not isinstance(event, yaml.ScalarEvent):
            raise _Refused("key", "a key must be a word", event)
        self.depth += 1
        node = super().compose_node(parent, index)  # type: ignore[arg-type]
        self.depth -= 1
        return node

    def _refuse_extras(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise _Refused("alias", "anchors (&) and aliases (*) are not accepted", event)
        if getattr(event, "tag", None) is not None:
            raise _Refused("tag", "tags (!) are not accepted", event)
        if self.depth >= MAX_DEPTH:
            raise _Refused("depth", f"is nested deeper than {MAX_DEPTH} levels", event)


class _Walk:
    """Turns nodes into plain data and notes lines and repeated keys on the way."""

    def __init__(self) -> None:
        self.lines: dict[Route, int] = {}
        self.repeated: list[Route] = []

    def value(self, node: yaml.Node, route: Route) -> Plain:
        self.lines.setdefault(route, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return self._block(node, route)
            case yaml.SequenceNode():
                return [self.value(item, (*route, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _block(self, node: yaml.MappingNode, route: Route) -> dict[str, Plain]:
        block: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            self.lines[*route, key] = key_node.start_mark.line + 1
            if key in block:
                self.repeated.append((*route, key))
            block[key] = self.value(value_node, (*route, key))
        return block


def _scalar(node: yaml.Node) -> Plain:
    """Plain whole numbers, true, false and null are what they look like; everything else is text."""
    text = str(node.value)
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return _WORDS.get(text, text)
