"""What the files people write have in common: texts in both languages, addresses, ids, and how
pydantic's findings become problems with a line."""

import difflib
import re
from collections.abc import Iterable
from typing import Annotated, Any, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.message import Local
from bot.problem import Problem
from bot.yaml_file import Route, YamlFile

_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
# Control characters, and those that turn the direction of writing: neither belongs in a text people read.
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Shape(BaseModel):
    """A block of keys in a file: no key but these, no value turned silently into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


def _visible(text: str) -> str:
    if _HIDDEN.search(text):
        raise PydanticCustomError("hidden-character", "has a character that nobody can see")
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        raise PydanticCustomError("line-break", "must be one line")
    return text


def _web_address(url: str) -> str:
    """Only https, and http for this machine; without spaces and without a password in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS)
    if not secure or not parts.hostname or "@" in parts.netloc or re.search(r"[\s<>|\"\\]", url):
        raise PydanticCustomError("url", "must be an https:// address (http:// only for localhost)")
    return url


def unique[T](values: list[T]) -> list[T]: ...
