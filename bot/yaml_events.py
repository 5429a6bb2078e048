"""YAML as a stream of events, turned into plain data: strict, with the line of everything, and no tree in between.

Left out on purpose: aliases (a few bytes can stand for gigabytes), tags (they name Python types), and
the YAML 1.1 habit of reading `on`, `yes` and `no` as booleans: `on: done` means what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, TypeAlias

import yaml

MAX_DEPTH = 12

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
Route: TypeAlias = tuple[str | int, ...]

# The parser in C is twenty times as fast; a build of PyYAML without it has only the other.
_PARSER: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class YamlRefused(Exception):
    """What cannot be read, or is correct and not accepted here; `line` counts from 1. Of a character that is refused
    the parser knows only the `offset`, in bytes: it reads ahead."""

    def __init__(self, code: str, details: str, line: int, offset: int | None = None) -> None:
        super().__init__(details)
        self.code = code
        self.line = line
        self.offset = offset


class YamlEvents:
    """One document. Every value must be read in the order of the text: by `value`, or by `keys` and `members`.

    `lines` has the line (from 1) of every route read; `repeated` the keys that stand twice in one block.
    Raises YamlRefused, and what the source raises.
    """

    def __init__(self, source: str | IO[str]) -> None:
        self.lines: dict[Route, int] = {}
        self.repeated: list[Route] = []
        self._depth = 0
        self._line = 1
        with _Translated(self):
            self._parser = _PARSER(source)

    def begin(self) -> bool:
        """Is there a document?"""
        self._next()
        if self._is(yaml.StreamEndEvent):
            return False
        self._next()
        return True

    def end(self) -> None:
        """After the value: there is no second document."""
        self._next()
        if not self._is(yaml.StreamEndEvent):
            self._next()
            raise YamlRefused("yaml", "is not YAML: a second document begins", self._line)

    def is_block(self) -> bool:
        return self._is(yaml.MappingStartEvent)

    def is_list(self) -> bool:
        return self._is(yaml.SequenceStartEvent)

    def value(self, route: Route) -> Plain:
        """The next value, whole."""
        if self.is_block():
            return self._block(route)
        if self.is_list():
            return [self.value((*route, index)) for index in self.members(route)]
        event = self._open(route)
        return _scalar(event.value, plain=not event.style)

    def keys(self, route: Route) -> Iterator[str]:
        """The keys of the next value, a block; after each its value must be read."""
        self._open(route)
        self._depth += 1
        while not self._is(yaml.MappingEndEvent):
            event = self._next()
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refusal("key", "a key must be a word")
            key = str(event.value)
            self.lines[*route, key] = self._line
            yield key
        self._depth -= 1
        self._next()

    def members(self, route: Route) -> Iterator[int]:
        """The indexes of the next value, a list; after each its member must be read."""
        self._open(route)
        self._depth += 1
        index = 0
        while not self._is(yaml.SequenceEndEvent):
            yield index
            index += 1
        self._depth -= 1
        self._next()

    def _block(self, route: Route) -> dict[str, Plain]:
        block: dict[str, Plain] = {}
        for key in self.keys(route):
            if key in block:
                self.repeated.append((*route, key))
            block[key] = self.value((*route, key))
        return block

    def _open(self, route: Route) -> Any:
        event = self._next()
        self.lines.setdefault(route, self._line)
        return event

    def _next(self) -> Any:
        with _Translated(self):
            event = self._parser.get_event()
        self._line = event.start_mark.line + 1
        if getattr(event, "anchor", None) is not None:
            raise self._refusal("alias", "anchors (&) and aliases (*) are not accepted")
        if isinstance(event, yaml.NodeEvent):
            if getattr(event, "tag", None) is not None:
                raise self._refusal("tag", "tags (!) are not accepted")
            if self._depth >= MAX_DEPTH:
                raise self._refusal("depth", f"is nested deeper than {MAX_DEPTH} levels")
        return event

    def _is(self, kind: type[yaml.Event]) -> bool:
        with _Translated(self):
            return bool(self._parser.check_event(kind))

    def _refusal(self, code: str, details: str) -> YamlRefused:
        return YamlRefused(code, details, self._line)

    @property
    def line(self) -> int:
        """Where the reading has come to."""
        return self._line


class _Translated:
    """Errors of PyYAML as ours."""

    def __init__(self, events: YamlEvents) -> None:
        self._events = events

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, yaml.MarkedYAMLError):
            line = error.problem_mark.line + 1 if error.problem_mark else self._events.line
            raise YamlRefused("yaml", f"is not YAML: {error.problem}", line) from error
        if isinstance(error, yaml.reader.ReaderError):
            raise YamlRefused("yaml", f"is not YAML: {error.reason}", self._events.line, error.position) from error


def _scalar(text: str, *, plain: bool) -> Plain:
    """Plain whole numbers, true, false and null are what they look like; everything else is text."""
    if not plain:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return _WORDS.get(text, text)
