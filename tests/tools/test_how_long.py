import re
from pathlib import Path

import pytest

from tools import how_long

ROOT = Path(__file__).parents[2]


def test_every_command_that_says_how_long_it_takes_has_a_figure() -> None:
    said = re.findall(r"\$\(call announce,([\w-]+)\)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert sorted(said) == sorted(how_long.EFFORTS)


def test_as_many_workers_are_counted_on_as_the_makefile_starts() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.findall(r"--maxprocesses (\d+)", makefile) == [str(how_long.MOST_WORKERS)]


@pytest.mark.parametrize(("workers", "expected"), [(1, 5), (2, 3), (4, 2), (8, 1), (64, 1)])
def test_more_processors_take_less_time_down_to_what_cannot_be_shared(workers: int, expected: int) -> None:
    assert how_long.minutes(how_long.Effort(shared=240, fixed=30), workers) == expected


def test_it_is_said_in_minutes_and_for_this_machine() -> None:
    assert re.fullmatch(
        r"make test: about \d+ minutes? on (one processor|\d+ processors), longer when they have other work",
        how_long.sentence("test", how_long.processors()),
    )
