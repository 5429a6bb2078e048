"""No limit of wall-clock time decides a test: on a busy machine it would fail, and say nothing about the code."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MEASURING = ("bench", "e2e", "eval")  # these are about time, or have a browser's
GENEROUS = 30.0
CLOCKS = ("monotonic", "perf_counter", "time")
SOURCES = [path for path in sorted(HERE.rglob("*.py")) if path.relative_to(HERE).parts[0] not in MEASURING]


def hurried(source: str) -> Iterator[tuple[int, str]]:
    """Lines with an end that a busy machine reaches, or with a bound on how much time has gone by."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in ("timeout", "wait_for") and node.args:
            end = node.args[-1]
            if isinstance(end, ast.Constant) and isinstance(end.value, int | float) and end.value < GENEROUS:
                yield node.lineno, f"gives up after {end.value} s"
        if isinstance(node, ast.Compare) and _bounds_time(node):
            yield node.lineno, "bounds the time that has gone by; time.process_time() counts this process alone"


def _bounds_time(compared: ast.Compare) -> bool:
    """`time.monotonic() - began < 2`; waiting for `time.monotonic() < end` is another thing."""
    spent = compared.left
    return (
        isinstance(compared.ops[0], ast.Lt | ast.LtE)
        and isinstance(spent, ast.BinOp)
        and isinstance(spent.left, ast.Call)
        and _name(spent.left.func) in CLOCKS
    )


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ""


def test_no_test_is_in_a_hurry() -> None:
    found = [
        f"{path.relative_to(HERE)}:{line} {what}"
        for path in SOURCES
        for line, what in hurried(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "async with asyncio.timeout(5): pass",
        "await asyncio.wait_for(waiting, 1)",
        "assert time.monotonic() - began < 20",
        "assert time.perf_counter() - began <= 2.0",
    ],
)
def test_hurry_is_seen(line: str) -> None:
    assert list(hurried(f"async def test() -> None:\n    {line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "async with asyncio.timeout(60): pass",
        "async with asyncio.timeout(PATIENCE): pass",
        "assert time.monotonic() < end",
        "assert time.monotonic() - began >= 0.3",
        "assert time.process_time() - began < 5",
    ],
)
def test_patience_is_not_hurry(line: str) -> None:
    assert not list(hurried(f"async def test() -> None:\n    {line}\n"))
