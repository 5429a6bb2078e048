"""What `check` has found, a line each."""

from __future__ import annotations

from typing import Literal

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One line of `check`."""

    level: Literal["fine", "off", "warning", "problem"]
    part: str
    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.level:8} {self.part:10} {self.code}{': ' + self.detail if self.detail else ''}"


def listed(detail: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items())
