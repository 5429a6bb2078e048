"""Keeps the issues in one JSON file over restarts."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from sandbox.jira.issue import Issue, Link


class Kept(Struct):
    """All that must survive: the issues, their links, and the counters that make ids and keys."""

    issues: list[Issue] = []
    links: list[Link] = []
    last_id: int = 10000
    numbers: dict[str, int] = {}


def read(file: Path) -> Kept:
    """What the file holds, nothing when there is no file yet. Raises msgspec.DecodeError for a broken one."""
    if not file.exists():
        return Kept()
    return msgspec.json.decode(file.read_bytes(), type=Kept)


def write(file: Path, kept: Kept) -> None:
    """Replace the file at once: a reader, or a start after a crash, finds the old state or the new one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("wb") as out:
        out.write(msgspec.json.encode(kept))
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
