"""Whatever a library or an accident hands to the logs: one line each, without what people said and without secrets."""

import asyncio
import gc
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from adapters.slack.client import LIBRARIES
from wiring.logs import JsonLines, TextLines

WORDS = "my salary is 1000"


@pytest.fixture(params=[TextLines, JsonLines])
def lines(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    formatter: logging.Formatter = request.param()
    return lambda: [formatter.format(record) for record in caplog.records]


def test_an_exception_is_named_and_not_quoted(lines: Callable[[], list[str]]) -> None:
    try:
        raise ValueError(WORDS)
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    (line,) = lines()
    assert "ValueError" in line
    assert "test_logs.py:" in line
    assert WORDS not in line


async def test_an_exception_that_nobody_awaits_is_not_quoted(
    lines: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise ValueError(WORDS)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "_exception_handler", None)
    task = asyncio.create_task(fails())
    await asyncio.wait({task})
    del task
    gc.collect()
    (line,) = lines()
    assert "never retrieved" in line
    assert WORDS not in line


def test_what_comes_from_outside_cannot_begin_a_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    hostile = "x\r\n12:00:00 error bot: all is lost\u2028\x1b[2J\u202e"
    logging.getLogger("bot").warning("attempt failed", extra={"effect": hostile})
    (record,) = caplog.records
    text = TextLines().format(record)
    assert text.isprintable()
    assert "\\r\\n12:00:00" in text
    assert json.loads(JsonLines().format(record))["effect"] == hostile
    assert "\n" not in JsonLines().format(record)


def test_a_ticket_for_a_socket_is_left_out(lines: Callable[[], list[str]]) -> None:
    error: Any = "400, message='Invalid response status', url='wss://wss.slack.example/link/?ticket=s3cr3t&app_id=A'"
    LIBRARIES.error("Failed to connect (error: %s); Retrying...", error)
    (line,) = lines()
    assert "wss://wss.slack.example/link/" in line
    assert "s3cr3t" not in line


@pytest.mark.parametrize("raised", ["ValueError(WORDS)", "ExceptionGroup(WORDS, [KeyError(WORDS), ValueError(WORDS)])"])
def test_what_ends_the_process_is_not_quoted_on_its_last_lines(raised: str) -> None:
    program = f"from wiring.logs import set_up_logs\nWORDS = {WORDS!r}\nset_up_logs('info', 'text')\nraise {raised}\n"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "ValueError" in ended.stderr
    assert 'File "<string>", line 4' in ended.stderr
    assert WORDS not in ended.stderr
