"""What the runs have counted is printed at the end, whether they were well or not."""

from __future__ import annotations

import pytest

from tests.chaos.figures import Counts

_counted: list[str] = []


@pytest.fixture
def counts() -> Counts:
    """Note a figure under a name."""

    def note(name: str, figure: object) -> None:
        _counted.append(f"{name}: {figure}")

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _counted:
        terminalreporter.section("chaos")
        for line in _counted:
            terminalreporter.write_line(line)
