"""`python -m tests.eval.serving FOLDER`: opens the index there and answers the questions that come as JSON; says how
long that took, in JSON. Times are the processor's: other programs move those of the clock."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from bot.answers.lexical import LexicalIndex


def _resident() -> float:
    """Megabytes."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["VmRSS"].split()[0]) / 1000


def main() -> None:
    asked: list[str] = json.load(sys.stdin)
    before, start = _resident(), time.process_time()
    index = LexicalIndex.open(Path(sys.argv[1]))
    opened = time.process_time() - start
    times = []
    for question in asked:
        start = time.process_time()
        index.search(question)
        times.append((time.process_time() - start) * 1000)
    after = _resident()
    cuts = statistics.quantiles(times, n=20)
    told = {"open": opened, "memory": after, "index": after - before, "p50": statistics.median(times), "p95": cuts[-1]}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
