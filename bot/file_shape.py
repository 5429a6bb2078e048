"""What the files people write have in common: texts in both languages, addresses, and how pydantic's
findings become problems with a line."""

import difflib
import re
from collections.abc import Hashable, Iterable
from typing import Annotated, Any, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.message import Local
from bot.problem import Problem
from bot.words import stems
from bot.yaml_file import Route, YamlFile

S = TypeVar("S", bound=BaseModel)
H = TypeVar("H", bound=Hashable)

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
_EMAIL = re.compile(r"[^\s@<>]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
# Control characters, and those that turn the direction of writing: neither belongs in a text people read.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

# pydantic's own words are about Python; these are about the file. Braces are filled from its context.
_DETAILS = {
    "missing": "is required",
    "extra_forbidden": "is not a known key",
    "literal_error": "is not an accepted value",
    "string_type": "must be text (in quotes, if it looks like a number or true, false, null)",
    "int_type": "must be a whole number",
    "tuple_type": "must be a list",
    "model_type": "must be a block of keys",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_long": "must have at most {max_length} members",
    "string_pattern_mismatch": "is not of the accepted form",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
_CODES = {
    "extra_forbidden": "unknown-key",
    "literal_error": "value",
    "string_type": "type",
    "int_type": "type",
    "tuple_type": "type",
    "model_type": "type",
    "string_too_short": "empty",
    "string_too_long": "too-long",
    "too_long": "too-many",
    "string_pattern_mismatch": "format",
    "greater_than_equal": "range",
    "less_than_equal": "range",
}


class Shape(BaseModel):
    """A block of keys in a file: no key but these, no value turned silently into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


def refusal(code: str, details: str, allowed: tuple[str, ...] = ()) -> PydanticCustomError:
    """A finding of our own, for a validator to raise; it becomes a problem of that code.

    Braces in pydantic's template are placeholders, and ours may stand in what people wrote: so it is one.
    """
    return PydanticCustomError(code, "{details}", {"details": details, "allowed": allowed})


def is_email(text: str) -> bool:
    """Whether the text has the form of one e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def _both(value: object) -> object:
    return {"ru": value, "en": value} if isinstance(value, str) else value


def either_or_both(shape: type[BaseModel]) -> BeforeValidator:
    """One string stands for both languages: an issue is often written in one whatever its readers speak."""
    return BeforeValidator(_both, json_schema_input_type=shape | str)


def _visible(text: str) -> str:
    if _HIDDEN.search(text):
        raise refusal("hidden-character", "has a character that nobody can see")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise refusal("line-break", "must be one line")
    return text


def _web_address(url: str) -> str:
    """Only https, or http on this machine; no spaces, and no password in it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as error:
        raise refusal("url", f"is not an address: {error}") from error
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOCAL_HOSTS)
    if not secure or not host or "@" in parts.netloc or re.search(r"[\s<>|\"\\]", url):
        raise refusal("url", "must be an https:// address (http:// only for localhost)")
    return url


def _unique(values: tuple[H, ...]) -> tuple[H, ...]:
    repeated = next((value for value in values if values.count(value) > 1), None)
    if repeated is not None:
        raise refusal("repeated", f"has {repeated} more than once")
    return values


def _not_empty(values: tuple[H, ...]) -> tuple[H, ...]:
    """In place of pydantic's `min_length`, which does not count members that are wrong themselves."""
    if not values:
        raise refusal("empty", "must have at least one member")
    return values


def _word(value: str) -> str:
    """A word that a search passes over is in no text: what waits for it would wait for ever."""
    if not stems(value):
        raise refusal("word", f"{value} says too little to be looked for")
    return value


Visible = AfterValidator(_visible)
OneLine = AfterValidator(_one_line)
# Lengths stand before the validators: behind one, pydantic takes a text for any sized thing.
Line = Annotated[str, StringConstraints(min_length=1, max_length=120), Visible, OneLine]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2000), Visible]
Url = Annotated[str, StringConstraints(max_length=1000), Visible, OneLine, AfterValidator(_web_address)]
ItemId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Unique = AfterValidator(_unique)
NotEmpty = AfterValidator(_not_empty)


Department = Annotated[str, StringConstraints(min_length=1, max_length=120), Visible, OneLine]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60), Visible, OneLine, AfterValidator(_word)]


class LocalShape(Shape):
    """The same thing in both languages: `{ru: ..., en: ...}`."""

    ru: str
    en: str

    def local(self) -> Local:
        """The pair as the core knows it."""
        return Local(ru=self.ru, en=self.en)


class LocalTitle(LocalShape):
    """A title: one line of at most 120 characters."""

    ru: Line
    en: Line


class LocalText(LocalShape):
    """A text of at most 2000 characters."""

    ru: Text
    en: Text


def json_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The shape of a file as JSON Schema, for editors that complete and check while one types."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **shape.model_json_schema()}


def check_shape(shape: type[S], read: YamlFile, more: Iterable[Problem] = ()) -> tuple[S | None, list[Problem]]:
    """The data of the file as that shape, None when it is not of it; and every problem of the file in the order of its
    lines: what the reading found, what does not fit the shape, and `more`."""
    if read.data is None:
        return None, list(read.problems)
    try:
        data, misfits = shape.model_validate(read.data), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        data, misfits = None, list(dict.fromkeys(_problem(shape, read, item) for item in found))
    return data, sorted([*read.problems, *misfits, *more], key=lambda problem: problem.line)


def repeated_ids(read: YamlFile) -> list[Problem]:
    """Steps or entries whose id an earlier one has."""
    seen: set[str] = set()
    problems = []
    for route, member in read.members():
        member_id = member.get("id")
        if isinstance(member_id, str) and member_id in seen:
            problems.append(read.problem((*route, "id"), "duplicate-id", f"{member_id} is taken by an earlier one"))
        elif isinstance(member_id, str):
            seen.add(member_id)
    return problems


def _problem(shape: type[BaseModel], read: YamlFile, error: ErrorDetails) -> Problem:
    kind, route = error["type"], error["loc"]
    details = _DETAILS[kind].format(**error.get("ctx", {})) if kind in _DETAILS else error["msg"]
    allowed = _allowed(shape, error)
    if kind == "extra_forbidden":
        details += _guess(str(route[-1]), allowed)
    if kind != "missing":
        route = _known(route, read)
    return read.problem(route, _CODES.get(kind, kind), details, allowed)


def _known(route: Route, read: YamlFile) -> Route:
    """One string for both languages fails in both; the file has one place for it."""
    while route and route not in read.lines:
        route = route[:-1]
    return route


def _allowed(shape: type[BaseModel], error: ErrorDetails) -> tuple[str, ...]:
    context: dict[str, Any] = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return _keys_at(shape, error["loc"][:-1])
        case "model_type":
            return _keys_at(shape, error["loc"])
        case "literal_error":
            return tuple(re.findall(r"'([^']*)'", context["expected"]))
        case "string_pattern_mismatch":
            return (context["pattern"],)
    return tuple(context.get("allowed", ()))


def _guess(key: str, keys: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(key, keys, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _keys_at(shape: type[BaseModel], route: Route) -> tuple[str, ...]:
    """The keys that the block at the route may have. A list adds nothing: its members are blocks alike."""
    for key in route:
        if isinstance(key, str):
            shape = _shape_in(shape.model_fields[key].annotation) or shape
    return tuple(shape.model_fields)


def _shape_in(annotation: object) -> type[BaseModel] | None:
    """The shape inside an annotation such as `list[StepShape]` or `JiraShape | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_shape_in, get_args(annotation))), None)
