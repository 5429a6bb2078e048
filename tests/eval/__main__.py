"""`make eval`: how often the right passage is found, beside what was promised. Exit code 1 when a promise is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import msgspec

from tests.eval.measures import MEASURES, Figure, Maker, measured
from tests.eval.questions import questions
from tests.eval.ranker import LEXICAL, makers
from tests.eval.scale import measured_at_scale
from tests.eval.table import table
from tests.eval.topics import measured_topics

SCALE, TOPICS = "scale", "topics"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make eval", description=__doc__)
    parser.add_argument(
        "--only", choices=[*MEASURES, TOPICS, SCALE], action="append", help="this only; may be repeated"
    )
    parser.add_argument("--column", choices=list(makers()), action="append", help="this column only; may be repeated")
    parser.add_argument("--json", action="store_true", help="print JSON")
    given = parser.parse_args()
    try:
        figures = _figures(given.only or [*MEASURES, TOPICS, SCALE], given.column or list(makers()))
    except FileNotFoundError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write((msgspec.json.encode(figures).decode() if given.json else table(figures)) + "\n")
    return 1 if any(figure.missed for figure in figures) else 0


def _figures(names: Sequence[str], columns: Sequence[str]) -> list[Figure]:
    asked = questions()
    made = [Maker(column, make) for column, make in makers().items() if make is not None and column in columns]
    figures = list(measured([name for name in names if name in MEASURES], asked, made))
    if TOPICS in names and LEXICAL in columns:
        figures += measured_topics(asked)
    return [*figures, *(measured_at_scale(asked, [one.column for one in made]) if SCALE in names else ())]


if __name__ == "__main__":
    sys.exit(main())
