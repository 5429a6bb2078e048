"""`python -m tests.eval.serving FOLDER COLUMN`: opens the index there and answers the questions that come as JSON; says
how long that took, in JSON. Times are the processor's: other programs move those of the clock."""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from bot.answers.embedder import nano_e5
from bot.answers.engine import Engine
from tests.eval.ranker import DENSE


def _resident() -> float:
    """Megabytes."""
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["VmRSS"].split()[0]) / 1000


def main() -> None:
    asked: list[str] = json.load(sys.stdin)
    folder, column = sys.argv[1:]
    embedder = nano_e5() if column == DENSE else None
    before, start = _resident(), time.process_time()
    engine = Engine.open(Path(folder), embedder)
    opened = time.process_time() - start
    times = []
    for question in asked:
        start = time.process_time()
        engine.rank(question)
        times.append((time.process_time() - start) * 1000)
    told = {
        "open, s": opened,
        "memory of the process that answers, MB": _resident(),
        "of it the index, MB": _resident() - before,
        "a question, ms, p50": statistics.median(times),
        "a question, ms, p95": statistics.quantiles(times, n=20)[-1],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
