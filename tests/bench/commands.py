"""What the command line costs, beside a bot that runs: somebody waits at a terminal, often at night."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.bench.children import child
from tests.bench.figures import Figure, Section, Tell
from wiring.settings import NAMES

ROOT = Path(__file__).parents[2]
ROUNDS, ROUNDS_QUICK = 9, 3
HELP_SECONDS = 0.3
SECONDS = 1.0
HELP = ("--help",)
COMMANDS: tuple[Sequence[str], ...] = (
    HELP,
    ("lint",),
    ("simulate", "newcomer"),
    ("check",),
    ("people", "list"),
    ("people", "show", "newcomer@butterboard.example"),
    ("dead", "list"),
    ("sync", "--report"),
)


async def measure(folder: Path, quick: bool, tell: Tell) -> list[Section]:
    environment = {name: value for name, value in os.environ.items() if name.upper() not in NAMES.known}
    environment |= {"PORT": "0", "DATA_DIR": str(folder / "data")}
    figures: list[Figure] = []
    async with child("app.py", "run", ready="is ready", environment=environment, by_signal=True):
        for args in COMMANDS:
            spent = [
                await asyncio.to_thread(_spent, args, environment) for _ in range(ROUNDS_QUICK if quick else ROUNDS)
            ]
            processor, wall = median(one for one, _ in spent), median(one for _, one in spent)
            name = f"app.py {' '.join(args)}"
            tell(f"  {name}: {processor:.2f} s of processor time, {wall:.2f} s by the clock")
            most = HELP_SECONDS if args == HELP else SECONDS
            figures.append(Figure(name=name, value=processor, unit="CPU-s", at_most=most, note=f"({wall:.2f} s wall)"))
    return [Section("The command line beside a running bot", tuple(figures))]


def _spent(args: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of processor time of a process and of what it has waited for, and seconds by the clock."""
    began = time.monotonic()
    silent = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    command = [sys.executable, str(ROOT / "app.py"), *args]
    _, status, usage = os.wait4(os.posix_spawn(sys.executable, command, environment, file_actions=silent), 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{' '.join(args)} could not be run")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began
