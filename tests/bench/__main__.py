"""`make bench`: figures, ratios, and the machine they are of. Exit code 1 when something that is promised is missed."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from tests.bench import (
    acknowledging,
    answering,
    commands,
    directory,
    growth,
    lanes,
    many_onboardings,
    memory,
    reconciling,
    replying,
    unsigned,
    webhooks,
)
from tests.bench.figures import Section, Tell, table, tell
from tests.bench.machine import Machine, this_machine
from tests.bench.store_bench import fsync_milliseconds

Part = Callable[[Path, bool, Tell], Awaitable[list[Section]]]
PARTS: dict[str, Part] = {
    "ack": acknowledging.measure,
    "teams": replying.measure,
    "answers": answering.measure,
    "webhooks": webhooks.measure,
    "lanes": lanes.measure,
    "reconciling": reconciling.measure,
    "growth": growth.measure,
    "onboardings": many_onboardings.measure,
    "memory": memory.measure,
    "directory": directory.measure,
    "commands": commands.measure,
    "unsigned": unsigned.measure,
}
HINT = "~ is wall time, which other programs on this machine move; ratios by CPU time are steadier"


class Report(msgspec.Struct, frozen=True):
    machine: Machine
    quick: bool
    seconds: float
    missed: tuple[str, ...]
    sections: tuple[Section, ...]


async def measure(parts: list[str], quick: bool) -> Report:
    start = time.monotonic()
    sections: list[Section] = []
    with tempfile.TemporaryDirectory(prefix="butterboard-bench-") as name:
        folder = Path(name)
        machine = this_machine(fsync_milliseconds(folder))
        for part in parts:
            tell(f"{part} ...")
            place = folder / part
            place.mkdir()
            sections += await PARTS[part](place, quick, tell)
    missed = tuple(figure.name for section in sections for figure in section.figures if figure.missed)
    return Report(machine, quick, time.monotonic() - start, missed, tuple(sections))


def shown(report: Report) -> str:
    machine = report.machine
    lines = [
        f"{machine.cpu}, {machine.cpus} CPUs, {machine.memory_gb} GB, {machine.system}, Python {machine.python}",
        ", ".join(f"{name} {version}" for name, version in machine.packages.items()),
        f"fsync of this disk: {machine.fsync_ms:.2f} ms; load average at the start: {machine.load:.2f}",
        HINT,
        "",
        table(report.sections),
        "",
        f"{report.seconds:.0f} s; missed: {', '.join(report.missed) or 'nothing'}",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, fewer journeys: about three minutes")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", choices=list(PARTS), action="append", help="this part only; may be repeated")
    given = parser.parse_args()
    report = asyncio.run(measure(given.only or list(PARTS), given.quick))
    sys.stdout.write((msgspec.json.encode(report).decode() if given.json else shown(report)) + "\n")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
