"""What the runs have counted, printed at the end whether they went well or not, and one line for all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, get_args

import pytest

from tests.chaos.figures import Counts

Wrong = Literal["lost", "doubled", "out of order", "otherwise wrong"]
FIGURE, RUN = "chaos figure", "chaos run"  # under these names a report carries them, also out of another process

Tally = Callable[[int, int, Mapping[Wrong, int]], None]
"""Notes a run: its seed, how often something was killed, and how much was wrong in the end."""


@pytest.fixture
def counts(request: pytest.FixtureRequest) -> Counts:
    """Note a figure under a name."""

    def note(name: str, figure: object) -> None:
        request.node.user_properties.append((FIGURE, f"{name}: {figure}"))

    return note


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Note how a run has ended, before anything is asserted about it."""

    def note(seed: int, kills: int, wrong: Mapping[Wrong, int]) -> None:
        run = {"seed": seed, "kills": kills, **{kind: wrong.get(kind, 0) for kind in get_args(Wrong)}}
        request.node.user_properties.append((RUN, run))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        if getattr(report, "when", "") == "call"
    ]
    runs: list[dict[str, int]] = []
    for report in reports:
        figures = list(_noted(report, FIGURE))
        if figures:
            terminalreporter.section(report.nodeid.rpartition("::")[2])
            for line in figures:
                terminalreporter.write_line(line)
        runs.extend(_noted(report, RUN))
    if runs:
        terminalreporter.write_line(summary(runs))


def _noted(report: Any, name: str) -> Iterator[Any]:
    return (value for noted, value in report.user_properties if noted == name)


def summary(runs: list[dict[str, int]]) -> str:
    """Of all runs that have come to their end."""
    sums = sum(map(Counter, runs), Counter[str]())
    found = ", ".join(f"{sums[kind]} {kind}" for kind in get_args(Wrong))
    seeds = ", ".join(map(str, sorted({run["seed"] for run in runs})))
    return f"chaos: {len(runs)} runs, {sums['kills']} kills, {found} (seeds {seeds})"
