"""Problem: what is wrong in a file that people write, and where; the errors that carry problems.

Operators read these in a terminal, so they are in English whatever language the file is about.
"""

from collections.abc import Iterable

import msgspec

from bot.errors import ButterboardError


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding. `line` counts from 1, 0 when it concerns the whole file.

    `step` is the id of the step (in other files: of the entry, the rule), or `#3` while it has none;
    `field` is the dotted name of the field in it; `code` is stable and made for programs;
    `allowed` lists what would be accepted, where that can be listed.
    """

    file: str
    code: str
    details: str
    line: int = 0
    step: str | None = None
    field: str | None = None
    allowed: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        inside = ", ".join(filter(None, (self.step, self.field)))
        allowed = f" (allowed: {', '.join(self.allowed)})" if self.allowed else ""
        shown = f"{place}: {inside + ': ' if inside else ''}{self.details}{allowed} [{self.code}]"
        # What stands in a file must not steer the terminal it is shown in.
        return "".join(char if char.isprintable() else "?" for char in shown)


class ProblemsError(ButterboardError):
    """Files that cannot be used. `problems` has all that was found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class ScenarioError(ProblemsError):
    """A scenario, or the rules beside the scenarios, that cannot be used."""


class FaqError(ProblemsError):
    """An FAQ file that cannot be used."""
