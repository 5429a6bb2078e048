"""A program that is tied to its starter ends with it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.store import tied_exec
from tests.adapters.store.bots import DEADLINE


@pytest.mark.parametrize("how", ["kernel", "watcher"])
def test_a_tied_program_ends_with_its_starter(how: str) -> None:
    """Both ways, the starter killed: it starts `sleep`, prints its process id and waits."""
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, tied_exec.__file__, how], stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout is not None
        program = int(starter.stdout.readline())
        status = Path(f"/proc/{program}/status")
        deadline = time.monotonic() + DEADLINE
        while "sleep" not in status.read_text():
            assert time.monotonic() < deadline
        starter.kill()
    while status.exists() and "Z (zombie)" not in status.read_text():
        assert time.monotonic() < deadline


STARTER = """
import os, subprocess, sys, time
tie = [sys.executable, "-I", "-S", sys.argv[1], sys.argv[2], str(os.getpid()), "/bin/sleep", "60"]
print(subprocess.Popen(tie, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL).pid, flush=True)
time.sleep(60)
"""


def test_a_program_whose_starter_is_gone_does_not_start() -> None:
    tied = [sys.executable, "-I", "-S", tied_exec.__file__, "kernel", "1", "/bin/echo", "started"]
    done = subprocess.run(tied, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
