"""A bot that may open few files, under three hundred half-sent requests: it says so, answers, and works."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.wiring.environment import ROOT, environment
from tests.wiring.waiting import PATIENCE

FILES = 256


@contextlib.contextmanager
def bot(data_dir: Path, log: Path) -> Iterator[tuple[str, int]]:
    """Its address and process id."""
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            ["bash", "-c", f'ulimit -n {FILES} && exec "$0" "$1"', sys.executable, str(ROOT / "app.py")],
            env=environment(data_dir, LOG_FORMAT="json"),
            cwd=data_dir,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().rpartition(" ")[2], process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310
        return int(answer.status)


def half_sent(address: str) -> socket.socket:
    where = urlsplit(address)
    one = socket.create_connection((where.hostname, where.port), PATIENCE)
    with contextlib.suppress(ConnectionError):
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow")
    return one


def open_in(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208  -- it changes while it is read


def test_half_sent_requests_take_neither_the_descriptors_nor_the_log_nor_the_health(tmp_path: Path) -> None:
    data_dir, log = tmp_path / "data", tmp_path / "log"
    data_dir.mkdir()
    with bot(data_dir, log) as (address, pid), contextlib.ExitStack() as stack:
        for _ in range(300):
            stack.enter_context(half_sent(address))
        assert open_in(pid) < FILES - 30
        assert get(f"{address}/healthz") == 200
        assert get(f"{address}/readyz") == 200, "the store is reached over connections of its own"
        assert get(f"{address}/chat") == 200
    told = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    (lowered,) = (line for line in told if "MAX_CONNECTIONS" in line["what"])
    assert (lowered["most"], lowered["wanted"], lowered["open_files"]) == (FILES // 2, 500, FILES)
    assert len(told) < 50
