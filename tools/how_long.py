"""How long a command will take here, from what it took on one machine: `python tools/how_long.py test`.

The figures are measured (`/usr/bin/time -v make test`) and kept here; they grow old slowly, and nothing depends on
them. A slower processor, or one that has other things to do, takes longer.
"""

import os
import sys
from typing import NamedTuple


class Effort(NamedTuple):
    """Seconds of one processor that can be shared out, and seconds that pass in any case: waiting, starting, the last
    test of all."""

    shared: float
    fixed: float


EFFORTS = {
    "test": Effort(shared=360, fixed=20),
    "chaos": Effort(shared=260, fixed=120),
    "test-redis": Effort(shared=0, fixed=150),
    "e2e": Effort(shared=0, fixed=180),
}
MOST_WORKERS = 8  # as in the Makefile


def processors() -> int:
    """That this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def minutes(effort: Effort, workers: int) -> int:
    """Rounded up: whoever waits is glad when it is over earlier."""
    return -(-int(effort.fixed + effort.shared / min(workers, MOST_WORKERS)) // 60)


def sentence(command: str, workers: int) -> str:
    took = minutes(EFFORTS[command], workers)
    on = f"{workers} processors" if workers > 1 else "one processor"
    return f"make {command}: about {took} minute{'s' if took > 1 else ''} on {on}, longer when they have other work"


if __name__ == "__main__":
    print(sentence(sys.argv[1], processors()))
