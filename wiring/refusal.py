"""Errors that end a command with a sentence instead of a traceback: the operator can do something about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.errors import ButterboardError, StoreUnavailable
from bot.problem import Problem, ProblemsError
from wiring.settings import AllSettings, SettingsError


def refusal(error: Exception, settings: AllSettings | None) -> list[str] | None:
    """What is wrong, a line each, with the variable that it comes from; None for an error that nobody expected.

    `settings`: None where these are what is wrong.
    """
    if isinstance(error, SettingsError):
        return [f"settings: {problem}" for problem in error.problems]
    if isinstance(error, ProblemsError):
        return [located(problem, settings) for problem in error.problems]
    if isinstance(error, StoreUnavailable) and settings is not None and settings.main.redis_url is not None:
        return [f"REDIS_URL: the store cannot be used now: {error}"]
    if isinstance(error, ButterboardError):
        return [str(error)]
    if isinstance(error, OSError) and settings is not None:
        return list(_of_file(error, settings)) or None
    return None


def located(problem: Problem, settings: AllSettings | None) -> str:
    """With the variable that names the file or folder, where that cannot be read at all."""
    if settings is None or problem.code != "unreadable":
        return str(problem)
    for name, path in (("PEOPLE_FILE", settings.main.people_file), ("SCENARIOS_DIR", settings.main.scenarios_dir)):
        if path is not None and problem.file in (str(path), path.name):
            return f"{name}: {problem}"
    return str(problem)


def _of_file(error: OSError, settings: AllSettings) -> Iterator[str]:
    """Our data cannot be read or written: the disk is full, or somebody else's file stands there."""
    folder = settings.main.data_dir.absolute()
    if error.filename is not None and Path(str(error.filename)).absolute().is_relative_to(folder):
        yield f"DATA_DIR: {error.filename}: {error.strerror}"
