"""Names of settings that nobody reads: in `.env`, which is ours, and in the environment, which is everybody's.

What is told never quotes a value, nor a line that cannot be read: it may be a secret.
"""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import msgspec
from dotenv.parser import Binding, parse_stream
from rapidfuzz.distance import OSA

NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
# Control characters, what else begins a line somewhere, and bytes that are no text.
NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]")
SHORT = 8  # letters: of shorter names one may be wrong, of others two
SHORTEST = 6  # in the environment: HOME is not HOST, and POST not PORT
ALIKE = 0.6  # what is offered beside a name that only begins like ours
OFFERED = 2


class Names(msgspec.Struct, frozen=True):
    """What we read: `known` names, and `prefixes` that nobody else should use in a file of ours."""

    known: frozenset[str]
    prefixes: tuple[str, ...]


class Given(msgspec.Struct, frozen=True):
    """A line of the file that gives a value; None: it has no `=`."""

    line: int
    name: str
    value: str | None


def problems_of_file(path: Path, names: Names) -> tuple[list[str], frozenset[str]]:
    """What is wrong with the lines of the file, and the known names that it gives.

    Raises OSError, UnicodeDecodeError.
    """
    text = path.read_text(encoding="utf-8-sig")
    problems: list[str] = []
    given: set[str] = set()
    for binding in parse_stream(io.StringIO(text)):
        one = _given(binding)
        if one is None:
            continue
        given |= {one.name} & names.known
        if said := _problem(one, names):
            problems.append(f"{path} line {one.line}: {said}")
    return problems, frozenset(given)


def problems_of_environment(environment: Mapping[str, str], names: Names, given: Collection[str]) -> Iterator[str]:
    """Only what is one slip away from a name of ours that is not `given` either: other programs use SLACK_... too, and
    a cluster sets JIRA_PORT for a service of that name."""
    for name, value in environment.items():
        if name.upper() in names.known:
            if NOT_ONE_LINE.search(value):
                yield f"{name}: {_not_one_line(value)}"
        elif value and len(name) >= SHORTEST and name not in names.prefixes:
            meant = _nearest(name.upper(), names, 1)
            if meant is not None and meant not in given and meant not in environment:
                yield (
                    f"{name} in the environment is no setting: did you mean {meant}? "
                    f"If it is another program's, set {meant} too, to nothing if need be"
                )


def _given(binding: Binding) -> Given | None:
    """None: an empty line, or a comment."""
    if binding.key is None and not binding.error:
        return None
    written = binding.original.string
    before = written[: len(written) - len(written.lstrip())]
    line = binding.original.line + before.count("\n")
    return Given(line, (binding.key or "").upper() if not binding.error else "", binding.value)


def _problem(one: Given, names: Names) -> str | None:
    if not one.name:
        return "cannot be read: expected NAME=value; a value with quotation marks needs both of them"
    if one.name in names.known:
        if one.value is None:
            return f"{one.name} has no = and no value: expected {one.name}=value"
        return f"{one.name}: {_not_one_line(one.value)}" if NOT_ONE_LINE.search(one.value) else None
    name = re.sub(r"[-. ]", "_", one.name)
    if meant := _nearest(name, names, 1 if len(name) < SHORT else 2):
        return f"{_shown(one)} is no setting: did you mean {meant}?"
    if name.startswith(names.prefixes):
        alike = " or ".join(_alike(name, names))
        return f"{_shown(one)} is no setting: {f'did you mean {alike}?' if alike else '.env.example names them all'}"
    if one.value is None and NAME.fullmatch(one.name) is None:
        return "cannot be read: expected NAME=value"
    return None


def _shown(one: Given) -> str:
    """A line without a value may be a part of a secret that has come apart."""
    return one.name if one.value is not None and one.name.isascii() and one.name.isprintable() else "this"


def _not_one_line(value: str) -> str:
    windows = " (was the file saved with the line ends of Windows?)" if value.endswith("\r") else ""
    return f"expected one line of text without control characters{windows}"


def _nearest(name: str, names: Names, slips: int) -> str | None:
    """The known name that differs by so many letters (missing, one too many, another, two turned round), if any."""
    near = sorted((OSA.distance(name, known, score_cutoff=slips), known) for known in names.known)
    return near[0][1] if near[0][0] <= slips else None


def _alike(name: str, names: Names) -> list[str]:
    alike = sorted((-OSA.normalized_similarity(name, known), known) for known in names.known)
    return [known for likeness, known in alike if -likeness >= ALIKE and known.startswith(names.prefixes)][:OFFERED]
