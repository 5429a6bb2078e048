"""A figure, what was promised of it, and the table in which both are printed."""

import sys
from collections.abc import Callable, Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`at_least` or `at_most` is a promise; `shaky`: it is wall time, which other programs of this machine move."""

    name: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    shaky: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        low = self.at_least is not None and self.value < self.at_least
        return low or (self.at_most is not None and self.value > self.at_most)

    @property
    def promised(self) -> bool:
        return self.at_least is not None or self.at_most is not None


class Section(msgspec.Struct, frozen=True):
    title: str
    figures: tuple[Figure, ...]


Tell = Callable[[str], None]
"""Says how far a run has come."""


def table(sections: Sequence[Section]) -> str:
    rows = [f"{'':58} {'measured':>16}  {'promised':>12}"]
    for section in sections:
        rows += ["", section.title]
        rows += [_row(figure) for figure in section.figures]
    return "\n".join(rows)


def _row(figure: Figure) -> str:
    verdict = ("MISSED" if figure.missed else "OK") if figure.promised else ""
    wall = " ~" if figure.shaky else ""
    measured = f"{_number(figure.value)} {figure.unit}".strip()
    return f"  {figure.name:56} {measured:>16}{wall:2}{_promise(figure):>12}  {verdict:7}{figure.note}".rstrip()


def _promise(figure: Figure) -> str:
    if figure.at_least is not None:
        return f">= {_number(figure.at_least)}"
    return "" if figure.at_most is None else f"<= {_number(figure.at_most)}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


def tell(text: str) -> None:
    """Progress goes to stderr, so that stdout is the table or the JSON alone."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
