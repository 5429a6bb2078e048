"""Errors that end a command with a sentence instead of a traceback: the operator can do something about each."""

from __future__ import annotations

from collections.abc import Iterator

from bot.errors import ButterboardError
from bot.problem import ProblemsError

REFUSALS = (ButterboardError, OSError)


def lines(error: Exception) -> Iterator[str]:
    yield str(error)
