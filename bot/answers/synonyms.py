"""Words that mean the same here: an editable file of groups, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from bot.answers.analysis import stems
from bot.file_shape import NotEmpty, OneLine, Shape, Unique, Visible, check_shape, refusal
from bot.problem import Problem, ProblemsError
from bot.yaml_file import Route, YamlFile, parse_yaml, read_yaml

FILE = "synonyms.yaml"
MAX_GROUPS = 500
LONGEST_PHRASE = 4  # words

Phrase: TypeAlias = tuple[str, ...]
"""The stems of a word, or of several that mean something together."""


class SynonymsError(ProblemsError):
    """A file of synonyms that cannot be used."""


def _sayable(value: str) -> str:
    if not 0 < len(stems(value)) <= LONGEST_PHRASE:
        raise refusal("words", f"must be one to {LONGEST_PHRASE} words")
    return value


Word = Annotated[str, StringConstraints(min_length=1, max_length=60), Visible, OneLine, AfterValidator(_sayable)]


def _several(values: tuple[str, ...]) -> tuple[str, ...]:
    """In place of pydantic's `min_length`, as in `bot.file_shape`."""
    if len(values) < 2:
        raise refusal("alone", "must have at least two members: one word is no synonym of itself")
    return values


Group = Annotated[tuple[Word, ...], Field(max_length=20, strict=False), AfterValidator(_several), Unique]


class SynonymsShape(Shape):
    """A file of synonyms: a list of groups, each a list of words or short phrases that mean the same."""

    groups: Annotated[tuple[Group, ...], Field(max_length=MAX_GROUPS, strict=False), NotEmpty]


class Synonyms:
    """What else a word or a phrase may be called."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self._others: dict[Phrase, tuple[Phrase, ...]] = {}
        for group in groups:
            phrases = tuple(dict.fromkeys(tuple(stems(text)) for text in group))
            for phrase in phrases:
                others = (*self._others.get(phrase, ()), *(other for other in phrases if other != phrase))
                self._others[phrase] = tuple(dict.fromkeys(others))

    def found(self, asked: Sequence[str]) -> Iterator[tuple[int, int, Phrase]]:
        """For stems of a question: from where to where (exclusive) a phrase stands that also is called so."""
        for start in range(len(asked)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(asked)) + 1):
                for other in self._others.get(tuple(asked[start:end]), ()):
                    yield start, end, other


NO_SYNONYMS = Synonyms()


def parse_synonyms(text: str, file: str) -> Synonyms:
    """The synonyms in the text. Raises `SynonymsError` with every problem; `file` is how they name it."""
    return _synonyms(parse_yaml(text, file, "groups"))


def load_synonyms(path: Path) -> Synonyms:
    """Those of the file; one that is not there has none. Raises `SynonymsError` with every problem of it."""
    return _synonyms(read_yaml(path, "groups")) if path.exists() else NO_SYNONYMS


def _synonyms(read: YamlFile) -> Synonyms:
    shape, problems = check_shape(SynonymsShape, read, _twice(read))
    if shape is None or problems:
        raise SynonymsError(problems)
    return Synonyms(shape.groups)


def _twice(read: YamlFile) -> Iterator[Problem]:
    """A word that stands in two groups joins them, which nobody wants of a word with two meanings."""
    groups = read.data.get("groups") if isinstance(read.data, dict) else None
    seen: dict[Phrase, int] = {}
    for number, group in enumerate(groups if isinstance(groups, list) else []):
        for place, text in enumerate(group if isinstance(group, list) else []):
            phrase = tuple(stems(str(text)))
            route: Route = ("groups", number, place)
            if phrase and seen.setdefault(phrase, number) != number:
                earlier = read.lines[("groups", seen[phrase])]
                yield read.problem(route, "repeated", f"{text} stands in the group of line {earlier} already")
