"""A flood of log lines becomes a few, and a count; nothing of another kind is lost in it."""

import asyncio
import io
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from wiring.log_limit import MOST_KINDS, Kind, LimitedHandler, LineLimit
from wiring.logs import JsonLines, _kind_of

ROOT = Path(__file__).parents[2]


class Hands:
    """A clock that the test moves."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Log:
    """A logger with nothing but our handler, and what it has written."""

    def __init__(self) -> None:
        self.stream, self.clock = io.StringIO(), Hands()
        self.handler = LimitedHandler(self.stream, _kind_of, LineLimit(most=3, seconds=10.0), self.clock)
        self.handler.setFormatter(JsonLines())
        self.logger = logging.Logger("x")
        self.logger.addHandler(self.handler)

    def lines(self) -> list[str]:
        return [json.loads(line)["what"] for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.handler.close()


def test_lines_of_one_kind_are_limited_whatever_is_filled_in_and_then_counted(log: Log) -> None:
    for number in range(100):
        log.logger.warning("lost %d", number, extra={"event": f"Ev{number}"})
    assert log.lines() == ["lost 0", "lost 1", "lost 2"]
    log.clock.now += 10
    log.logger.info("all is well")
    assert log.lines()[3:] == ["lost %d: 97 more left out", "all is well"]
    log.logger.warning("lost %d", 100)
    assert log.lines()[-1] == "lost 100"


def test_lines_of_other_kinds_are_not_limited_by_a_flood(log: Log) -> None:
    for number in range(100):
        log.logger.error("attempt failed", extra={"error": "Timeout"})
        if number == 50:
            log.logger.error("attempt failed", extra={"error": "Unauthorized"})
            log.logger.warning("attempt failed", extra={"error": "Timeout"})
            log.logger.error("lane failed", extra={"error": "Timeout"})
    written = [json.loads(line) for line in log.stream.getvalue().splitlines()]
    assert [(line["level"], line["what"], line["error"]) for line in written[3:]] == [
        ("error", "attempt failed", "Unauthorized"),
        ("warning", "attempt failed", "Timeout"),
        ("error", "lane failed", "Timeout"),
    ]


def test_errors_raised_at_different_places_are_of_different_kinds(log: Log) -> None:
    def fails(kind: type[Exception]) -> None:
        raise kind("what somebody said")

    for kind in [ValueError] * 50 + [KeyError]:
        try:
            fails(kind)
        except (ValueError, KeyError):
            log.logger.exception("Error handling request from %s", "1.2.3.4")
    written = [json.loads(line)["error"] for line in log.stream.getvalue().splitlines()]
    assert written == ["ValueError"] * 3 + ["KeyError"]
    log.handler.close()
    assert "47 more left out" in log.lines()[-1]
    assert "somebody" not in log.stream.getvalue()


def test_what_was_left_out_is_told_at_the_end(log: Log) -> None:
    for _ in range(5):
        log.logger.error("lost")
    log.handler.close()
    assert log.lines() == ["lost"] * 3 + ["lost: 2 more left out"]


def test_no_more_kinds_are_remembered_than_a_thousand() -> None:
    limit = LineLimit()
    for number in range(3 * MOST_KINDS):
        limit.ended(0.0)
        assert limit.admits(Kind("x", 20, str(number), ()), 0.0)
    assert len(limit._windows) <= MOST_KINDS + 1


def test_a_flood_into_the_log_of_a_process_is_a_few_lines() -> None:
    """All that is logged, also by asyncio about a socket that differs from line to line."""
    program = (
        "import asyncio\n"
        "from wiring.logs import set_up_logs\n"
        "set_up_logs('info', 'text')\n"
        "async def main():\n"
        "    for number in range(5000):\n"
        "        context = {'message': 'socket.accept() out of system resource', 'exception': OSError(24, 'x'),\n"
        "                   'socket': number}\n"
        "        asyncio.get_running_loop().call_exception_handler(context)\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    lines = ended.stderr.splitlines()
    assert len(lines) == 11
    assert "4990 more left out" in lines[-1]


async def test_it_is_told_although_nothing_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wiring.log_limit.SECONDS", 0.05)
    stream = io.StringIO()
    handler = LimitedHandler(stream, _kind_of, LineLimit(most=1, seconds=0.05))
    for _ in range(4):
        handler.handle(logging.makeLogRecord({"name": "x", "levelno": 30, "msg": "lost"}))
    end = time.monotonic() + 30
    while "3 more left out" not in stream.getvalue():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
    handler.close()
