"""`make mutants`: breaks one promise after another in a copy of the tree, and shows that the tests notice each time.

A mutant is a patch in this folder. Above its diff stand what it breaks and which tests are to notice:

    Breaks: an event is acknowledged before it is committed
    Tests: tests/adapters/slack tests/walks/test_slack_walk.py

All of these tests belong to `make test`, and pass on the tree as it is: that is run first. With `--whole` every mutant
meets all of `make test`. Exit code 1 when a mutant survives, no longer applies, or the tests fail without one.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "data", "node_modules", "__pycache__", ".*_cache", ".hypothesis")
TESTS_FAILED = 1  # pytest's exit code; any other one but 0 says that they did not run
FIRST_FAILURE = re.compile(r"^(?:FAILED|ERROR) (tests/.+?)(?: - .*)?$", re.MULTILINE)
HEADER = re.compile(r"^(Breaks|Tests): (.+)$", re.MULTILINE)

Outcome = Literal["caught", "SURVIVED", "NO RESULT", "DOES NOT APPLY"]


class Mutant(msgspec.Struct, frozen=True):
    """A patch, what it breaks in a sentence, and the tests (paths) that are to notice."""

    patch: Path
    breaks: str
    tests: tuple[str, ...]


class Result(msgspec.Struct, frozen=True):
    """`by` is the first test that failed, or what went wrong; `seconds` of wall time."""

    mutant: Mutant
    outcome: Outcome
    by: str
    seconds: float


def read_mutant(patch: Path) -> Mutant:
    """Raises ValueError when a line of the header is missing."""
    header = dict(HEADER.findall(patch.read_text(encoding="utf-8").partition("\n--- ")[0]))
    if header.keys() != {"Breaks", "Tests"}:
        raise ValueError(f"{patch.name}: expected the lines `Breaks:` and `Tests:` above the diff")
    return Mutant(patch, header["Breaks"], tuple(header["Tests"].split()))


def read_mutants(names: Sequence[str] = ()) -> list[Mutant]:
    """All of them, or those whose file name holds one of `names`."""
    patches = sorted(FOLDER.glob("*.patch"))
    return [read_mutant(one) for one in patches if not names or any(name in one.stem for name in names)]


def run_tests(tree: Path, tests: Iterable[str]) -> subprocess.CompletedProcess[str]:
    """As `make test` runs them, up to the first failure, in one process, so that several mutants run side by side."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "not e2e and not chaos",
        "-x",
        "-p",
        "no:cacheprovider",
        "-rfE",
        *tests,
    ]
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(tree / ".examples"),
    }
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def apply(patch: Path, tree: Path) -> str:
    """What git says against it; nothing when the patch was applied."""
    done = subprocess.run(["git", "apply", str(patch)], cwd=tree, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr.strip() or "git apply failed"


def try_mutant(mutant: Mutant, whole: bool) -> Result:
    start = time.monotonic()

    def result(outcome: Outcome, by: str) -> Result:
        return Result(mutant, outcome, by, time.monotonic() - start)

    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        tree = Path(name) / "tree"
        shutil.copytree(ROOT, tree, ignore=LEFT_OUT)
        refusal = apply(mutant.patch, tree)
        if refusal:
            return result("DOES NOT APPLY", refusal)
        run = run_tests(tree, () if whole else mutant.tests)
    failed = FIRST_FAILURE.search(run.stdout)
    if run.returncode == 0:
        return result("SURVIVED", "no test failed")
    if run.returncode != TESTS_FAILED or failed is None:
        return result("NO RESULT", f"pytest ended with {run.returncode}")
    return result("caught", failed[1])


def passes_without(mutants: Sequence[Mutant]) -> bool:
    """What fails on the tree as it is would catch anything."""
    tests = dict.fromkeys(one for mutant in mutants for one in mutant.tests)
    tell(f"{len(tests)} paths of tests on the tree as it is ...")
    run = run_tests(ROOT, tests)
    if run.returncode:
        tell(run.stdout[-2000:] + run.stderr[-2000:])
    return run.returncode == 0


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def shown(result: Result) -> str:
    return f"{result.outcome:10} {result.mutant.breaks}\n{'':10} {result.by}  ({result.seconds:.0f} s)"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make mutants", description="See that the tests notice broken promises.")
    parser.add_argument("names", nargs="*", help="parts of the names of patches; default all")
    parser.add_argument("--whole", action="store_true", help="all of `make test` for each, not only the tests it names")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many side by side")
    given = parser.parse_args()
    mutants = read_mutants(given.names)
    if not given.whole and not passes_without(mutants):
        tell("These tests fail without a mutant: there is nothing to see.")
        return 1
    with ThreadPoolExecutor(given.jobs) as pool:
        results = []
        for result in pool.map(lambda one: try_mutant(one, given.whole), mutants):
            results.append(result)
            tell(shown(result))
    caught = sum(one.outcome == "caught" for one in results)
    tell(f"mutants: {caught} of {len(results)} caught")
    return 0 if results and caught == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
