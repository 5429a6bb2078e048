"""YAML as people write it by hand, read strictly, with the line of everything.

Left out on purpose: aliases (a few bytes can stand for gigabytes), tags (they name Python types), and
the YAML 1.1 habit of reading `on`, `yes` and `no` as booleans: `on: done` means what it says.
"""

import re
from pathlib import Path

import msgspec
import yaml

from bot.problem import Problem

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12

type Plain = str | int | bool | None | list[Plain] | dict[str, Plain]
Route = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds. `lines` has the line (from 1) of every route, `items` the key of the list
    (steps, entries) whose members have an `id`; `problems` what reading alone found.

    With a problem that stops the reading, `data` is None and that problem is there.
    """

    file: str
    items: str
    data: Plain = None
    lines: dict[Route, int] = {}
    problems: tuple[Problem, ...] = ()

    def problem(self, route: Route, code: str, details: str, allowed: tuple[str, ...] = ()) -> Problem:
        """A problem at a route such as `("steps", 2, "jira", "due")`."""
        step, field = self._names(route)
        return Problem(
            file=self.file,
            line=self._line(route),
            step=step,
            field=".".join(map(str, field)) or None,
            code=code,
            details=details,
            allowed=allowed,
        )

    def _line(self, route: Route) -> int:
        """The line of the route, or of the nearest thing around it that is in the file."""
        while route and route not in self.lines:
            route = route[:-1]
        return self.lines.get(route, 0)

    def _names(self, route: Route) -> tuple[str | None, Route]:
        match route:
            case (items, int(index), *field) if items == self.items:
                return self._item_id(index), tuple(field)
        return None, route

    def _item_id(self, index: int) -> str:
        match self.data:
            case dict(data):
                match data.get(self.items):
                    case list(members) if index < len(members):
                        match members[index]:
                            case {"id": str(item_id)}:
                                return item_id[:40]
        return f"#{index + 1}"
