"""The file of sensitive topics, edited by HR, validated as strictly as scenarios are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from bot.answers.analysis import STOP_WORDS, words
from bot.answers.phrase import GROUP, phrases_of
from bot.file_shape import (
    ItemId,
    LocalText,
    LocalTitle,
    NotEmpty,
    OneLine,
    Shape,
    Unique,
    Visible,
    check_shape,
    refusal,
    repeated_ids,
)
from bot.problem import Problem, ScenarioError
from bot.sensitive import HelpLine, Topic, Topics
from bot.yaml_file import YamlFile, parse_yaml, read_one

FILES = ("sensitive.yaml", "sensitive.yml")
MAX_TOPICS = 30
MAX_PHRASES = 500
MAX_GROUPS = 60
LONGEST_PHRASE = 8  # words


def _sayable(value: str) -> str:
    """A phrase of small words alone would stand in half of what people write."""
    parts = GROUP.sub(" ", value)
    if not GROUP.search(value) and STOP_WORDS.issuperset(words(parts)):
        raise refusal("phrase", f"{value} says too little to be looked for")
    if not 0 < len(words(parts)) + len(GROUP.findall(value)) <= LONGEST_PHRASE:
        raise refusal("phrase", f"must be one to {LONGEST_PHRASE} words")
    return value


def _one_word(value: str) -> str:
    if len(words(value)) not in (1, 2) or (len(words(value)) == 2 and "-" not in value):
        raise refusal("word", f"{value} must be one word")
    return value


Said = Annotated[str, StringConstraints(min_length=1, max_length=120), Visible, OneLine, AfterValidator(_sayable)]
Member = Annotated[str, StringConstraints(min_length=1, max_length=60), Visible, OneLine, AfterValidator(_one_word)]
Phrases = Annotated[tuple[Said, ...], Field(max_length=MAX_PHRASES, strict=False), Unique]
GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}$")]
Group = Annotated[tuple[Member, ...], Field(max_length=200, strict=False), Unique, NotEmpty]
Contact = Annotated[str, StringConstraints(min_length=1, max_length=120), Visible, OneLine]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class LineShape(Shape):
    """Whom to call: a telephone number or an address, word for word as people are shown it."""

    title: LocalTitle
    contact: Contact
    countries: Annotated[tuple[Country, ...], Field(max_length=60, strict=False), Unique] = ()


class PhrasesShape(Shape):
    """How people say it, in either language."""

    ru: Phrases
    en: Phrases


class TopicShape(Shape):
    """One topic."""

    id: ItemId
    help_first: bool = False
    care: LocalText | None = None
    lines: Annotated[tuple[LineShape, ...], Field(max_length=20, strict=False)] = ()
    phrases: PhrasesShape


class SensitiveShape(Shape):
    """The file of sensitive topics. An empty list of topics turns all of this off."""

    groups: dict[GroupName, Group] = Field(default_factory=dict, max_length=MAX_GROUPS)
    topics: Annotated[tuple[TopicShape, ...], Field(max_length=MAX_TOPICS, strict=False)]


def parse_sensitive(text: str, file: str) -> Topics:
    """The topics in the text. Raises `ScenarioError` with every problem; `file` is how they name it."""
    return _topics(parse_yaml(text, file, "topics"))


def load_sensitive(directory: Path, shipped: Path) -> Topics:
    """The topics that stand beside the scenarios; where there is no such file, those that come with the bot: nobody's
    trust should hang on a file that was forgotten.

    Raises `ScenarioError` with every problem.
    """
    read = read_one(directory, FILES, "topics") or read_one(shipped, FILES, "topics")
    return _topics(read) if read else Topics()


def has_own(directory: Path) -> bool:
    """Whether there is a file of the company's own."""
    return any((directory / name).exists() for name in FILES)


def _topics(read: YamlFile) -> Topics:
    shape, problems = check_shape(SensitiveShape, read, [*repeated_ids(read), *_unknown_groups(read)])
    if shape is None or problems:
        raise ScenarioError(problems)
    written = {one.id: (*one.phrases.ru, *one.phrases.en) for one in shape.topics}
    return Topics(map(_topic, shape.topics), phrases_of(written, shape.groups))


def _topic(shape: TopicShape) -> Topic:
    return Topic(
        id=shape.id,
        help_first=shape.help_first,
        care=None if shape.care is None else shape.care.local(),
        lines=tuple(HelpLine(one.title.local(), one.contact, one.countries) for one in shape.lines),
    )


def _unknown_groups(read: YamlFile) -> Iterator[Problem]:
    groups = read.data.get("groups") if isinstance(read.data, dict) else None
    known = frozenset(groups) if isinstance(groups, dict) else frozenset[str]()
    for route, topic in read.members():
        phrases = topic.get("phrases")
        for language, every in phrases.items() if isinstance(phrases, dict) else ():
            for at, text in enumerate(every if isinstance(every, list) else ()):
                for name in GROUP.findall(str(text)):
                    if name not in known:
                        place = (*route, "phrases", language, at)
                        yield read.problem(place, "group", f"there is no group {name}", tuple(sorted(known)))
