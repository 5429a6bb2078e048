"""What the store's own append-only file tells of the lanes: which effects were planned, and in which order.

Nothing of a run survives in the store itself once the lanes are empty. The file has every command that the store has
carried out, in order, as long as it is never rewritten.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from bot.effects import Effect

_effects = msgspec.json.Decoder(Effect)


class Planned(NamedTuple):
    lane: str
    effect: Effect


def commands(data_dir: Path) -> Iterator[list[bytes]]:
    """Every command of the file, oldest first. What a kill has cut off at the end was never acknowledged."""
    folder = data_dir / "appendonlydir"
    manifest = (folder / "appendonly.aof.manifest").read_text("ascii").splitlines()
    for line in manifest:
        _, name, *_, kind = line.split()
        if kind == "i":
            yield from _commands((folder / name).read_bytes())


def _commands(data: bytes) -> Iterator[list[bytes]]:
    at = 0
    while at < len(data):
        line_end = data.find(b"\r\n", at)
        if line_end < 0:
            return
        if data[at : at + 1] == b"#":  # a note of the server about the time
            at = line_end + 2
            continue
        count, at = int(data[at + 1 : line_end]), line_end + 2
        parts: list[bytes] = []
        for _ in range(count):
            line_end = data.find(b"\r\n", at)
            if line_end < 0:
                return
            size = int(data[at + 1 : line_end])
            parts.append(data[line_end + 2 : line_end + 2 + size])
            at = line_end + 2 + size + 2
        if at <= len(data):
            yield parts


def planned(data_dir: Path, prefix: str) -> list[Planned]:
    """Every effect that was ever put into a lane of the organisation with this key prefix."""
    queues = f"{prefix}q:".encode()
    return [
        Planned(key.removeprefix(queues).decode(), _effects.decode(record.split(b"\n", 2)[2]))
        for name, key, *records in (command for command in commands(data_dir) if len(command) > 2)
        if name.upper() == b"RPUSH" and key.startswith(queues)
        for record in records
    ]
