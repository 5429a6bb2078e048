"""Reading what strangers send: tiny pure functions, which take any JSON at all and never raise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

Json = Mapping[str, Any]

NOTHING: Json = {}
LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


def decoded(raw: bytes | str) -> Any:
    """JSON can carry half a surrogate pair, a text that was cut in the middle of a smiley; neither msgspec nor a store
    takes it, so it becomes a question mark.

    Raises:
        ValueError, RecursionError: it is no JSON, or nested too deeply.
    """
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        text = raw if isinstance(raw, str) else raw.decode()
        written = json.dumps(json.loads(text), ensure_ascii=False)
        return msgspec.json.decode(written.encode("utf-8", "replace"))


def as_object(raw: bytes) -> Json | None:
    """The object that a body is; None when it is something else."""
    try:
        found = decoded(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def part(data: object, name: str) -> Json:
    """The object under `name`; an empty one when there is none."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else NOTHING


def parts(data: object, name: str, most: int) -> Iterator[Json]:
    """The objects among the first `most` of the list under `name`."""
    found = data.get(name) if isinstance(data, dict) else None
    if isinstance(found, list):
        yield from (one for one in found[:most] if isinstance(one, dict))


def first(data: object, name: str) -> Json:
    """The first of the list under `name`, where it is an object; else an empty one."""
    return next(parts(data, name, 1), NOTHING)


def text(data: object, name: str) -> str:
    """The string under `name`; an empty one when there is none."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def shaped(data: object, name: str, shape: re.Pattern[str]) -> str:
    """The string under `name` when all of it has this shape; else an empty one."""
    found = text(data, name)
    return found if shape.fullmatch(found) else ""
