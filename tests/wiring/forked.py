"""Commands as processes that begin with everything imported: `python -m tests.wiring.forked` forks one for each order.

An order is a line of JSON on stdin: the arguments, the whole environment, the folder to work in, and files for what is
said on stdout and stderr. The answer is the exit code on a line of stdout.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
USED = (
    "adapters.confluence.check",
    "adapters.jira.check",
    "adapters.llm.check",
    "adapters.slack.check",
    "adapters.teams.check",
    "adapters.teams.package",
    "handlers.routes",
    "wiring.answers",
    "wiring.check",
    "wiring.console",
    "wiring.linting",
    "wiring.refusal",
    "wiring.run",
    "wiring.schemas",
    "wiring.simulation",
    "wiring.syncing",
)
"""Whatever a command imports."""

Commanded = Callable[..., subprocess.CompletedProcess[str]]
"""Runs a command in a folder, with arguments, and settings by name."""


class Order(msgspec.Struct, frozen=True):
    args: tuple[str, ...]
    environment: dict[str, str]
    folder: str
    out: str
    err: str


class Forked:
    """The process that forks, from the side of a test."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder = process, folder

    def command(
        self, folder: Path, args: Sequence[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out, err = self._folder / "out", self._folder / "err"
        order = Order(tuple(args), dict(environment), str(folder), str(out), str(err))
        self._process.stdin.write(msgspec.json.encode(order).decode() + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(args, code, out.read_text("utf-8"), err.read_text("utf-8"))


@contextlib.contextmanager
def forking(folder: Path) -> Iterator[Forked]:
    """It ends when its stdin closes."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.wiring.forked"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Forked(process, folder)


def main() -> None:
    for name in USED:
        importlib.import_module(name)
    program = importlib.import_module("app").app
    for line in sys.stdin:
        order = msgspec.json.decode(line, type=Order)
        if (pid := os.fork()) == 0:
            os._exit(_obeyed(order, program))
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.write(1, json.dumps(code).encode() + b"\n")


def _obeyed(order: Order, program: Callable[[], object]) -> int:
    os.environ.clear()
    os.environ.update(order.environment)
    os.chdir(order.folder)
    for path, descriptor in ((order.out, 1), (order.err, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    sys.argv = ["app.py", *order.args]
    try:
        program()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main()
