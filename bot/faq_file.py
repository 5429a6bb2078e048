"""FAQ files: questions and answers that HR edits, validated as strictly as scenarios are."""

from pathlib import Path
from typing import Annotated

import msgspec
from pydantic import Field, StringConstraints

from bot.file_shape import (
    ItemId,
    LocalShape,
    LocalTitle,
    NotEmpty,
    OneLine,
    Shape,
    Unique,
    Url,
    Visible,
    check_shape,
    repeated_ids,
)
from bot.message import Local
from bot.problem import FaqError, Problem
from bot.yaml_file import YamlFile, parse_yaml, read_directory

MAX_ENTRIES = 500

Question = Annotated[str, StringConstraints(min_length=1, max_length=160), Visible, OneLine]
Keyword = Annotated[str, StringConstraints(min_length=1, max_length=40), Visible, OneLine]
AnswerText = Annotated[str, StringConstraints(min_length=1, max_length=3000), Visible]
Questions = Annotated[tuple[Question, ...], Field(max_length=20, strict=False), Unique]


class FaqEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its answer, and where the answer comes from.

    `also` has other ways to ask it, in any language; `keywords` are words that point here by themselves.
    `confidential`: it tells where somebody can turn without their manager or colleagues learning of it.
    """

    id: str
    question: Local
    answer: Local
    source_title: Local
    source_url: str | None = None
    also: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    confidential: bool = False


class LocalQuestion(LocalShape):
    """A question as people ask it: one line of at most 160 characters."""

    ru: Question
    en: Question


class LocalAnswer(LocalShape):
    """An answer of at most 3000 characters."""

    ru: AnswerText
    en: AnswerText


class AlsoShape(Shape):
    """Other ways to ask, in either language."""

    ru: Questions = ()
    en: Questions = ()


class SourceShape(Shape):
    """Where an answer comes from: people are shown it below the answer."""

    title: LocalTitle
    url: Url | None = None


class EntryShape(Shape):
    """One question and its answer."""

    id: ItemId
    question: LocalQuestion
    also: AlsoShape = AlsoShape()
    keywords: Annotated[tuple[Keyword, ...], Field(max_length=30, strict=False), Unique] = ()
    answer: LocalAnswer
    source: SourceShape | None = None
    confidential: bool = False


class FaqShape(Shape):
    """An FAQ file. `source` holds for every entry that has none of its own."""

    source: SourceShape
    entries: Annotated[tuple[EntryShape, ...], Field(max_length=MAX_ENTRIES, strict=False), NotEmpty]


def parse_faq(text: str, file: str) -> tuple[FaqEntry, ...]:
    """The entries in the text. Raises `FaqError` with every problem; `file` is how they name it."""
    return _entries_of([parse_yaml(text, file, "entries")])


def load_faq(directory: Path) -> tuple[FaqEntry, ...]:
    """The entries of all files in the directory. Raises `FaqError` with the problems of all of them."""
    return _entries_of(read_directory(directory, "entries"))


def _entries_of(files: list[YamlFile]) -> tuple[FaqEntry, ...]:
    problems: list[Problem] = []
    entries: dict[str, FaqEntry] = {}
    places: dict[str, str] = {}
    for read in files:
        found, wrong = _entries(read)
        problems += [*wrong, *_taken(read, places)]
        entries |= {entry.id: entry for entry in found}
    if problems:
        raise FaqError(problems)
    return tuple(entries.values())


def _entries(read: YamlFile) -> tuple[list[FaqEntry], list[Problem]]:
    shape, problems = check_shape(FaqShape, read, repeated_ids(read))
    entries = [_entry(entry, entry.source or shape.source) for entry in shape.entries] if shape else []
    return entries, problems


def _taken(read: YamlFile, places: dict[str, str]) -> list[Problem]:
    """Ids that an entry of an earlier file has; `places` learns where those of this one stand."""
    own = {named: route for route, member in read.members() if isinstance(named := member.get("id"), str)}
    found = [
        read.problem((*route, "id"), "duplicate-id", f"{named} is the id of an entry in {places[named]}, too")
        for named, route in own.items()
        if named in places
    ]
    places |= {named: read.place((*route, "id")) for named, route in own.items() if named not in places}
    return found


def _entry(shape: EntryShape, source: SourceShape) -> FaqEntry:
    return FaqEntry(
        id=shape.id,
        question=shape.question.local(),
        answer=shape.answer.local(),
        source_title=source.title.local(),
        source_url=source.url,
        also=(*shape.also.ru, *shape.also.en),
        keywords=shape.keywords,
        confidential=shape.confidential,
    )
