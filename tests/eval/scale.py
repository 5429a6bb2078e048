"""The index at 60,000 passages: how long it takes to build and open, how big it is, how fast it answers.

The collection is made up of the sentences of all sets.

Times are the processor's: other programs move those of the clock.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from bot.answers.document import Passage
from bot.answers.engine import Engine
from bot.answers.vectors import Vectors
from tests.eval import miswriting
from tests.eval.measures import Figure
from tests.eval.questions import Questions
from tests.eval.ranker import DENSE, LEXICAL
from tests.made_up import Author, unit_vectors

PASSAGES, WORDS = 60_000, 200
ASKED = 300
COINED, EVENNESS = 400_000, 0.25
SEED = 7
GROUP = f"{PASSAGES:,} passages, one core"
PROMISED = {
    LEXICAL: {"build, s": 60.0, "open, s": 2.0, "a question, ms, p95": 60.0},
    DENSE: {"build, s": 90.0, "open, s": 2.0, "a question, ms, p95": 150.0},
}


def measured_at_scale(questions: Questions, columns: Collection[str]) -> Iterator[Figure]:
    """Building happens here, opening and asking in a process of its own, as in production.

    Making vectors of so many passages takes hours; chance ones cost a search just as much, and questions are embedded.
    """
    passages = list(_made_up(questions))
    asked = list(_miswritten(questions, random.Random(SEED)))
    for column in columns:
        vectors = None if column == LEXICAL else _by_chance(len(passages))
        with tempfile.TemporaryDirectory(prefix="butterboard-eval-") as name:
            for what, value in (*_built(passages, vectors, Path(name)), *_served(Path(name), asked, column)):
                yield Figure(group=GROUP, name=what, column=column, value=value, at_most=PROMISED[column].get(what))


def _built(passages: Sequence[Passage], vectors: Vectors | None, folder: Path) -> Iterator[tuple[str, float]]:
    start = time.process_time()
    engine = Engine.build(passages, vectors=vectors)
    yield "build, s", time.process_time() - start
    engine.save(folder)
    yield "on disk, MB", sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _by_chance(count: int) -> Vectors:
    return Vectors(unit_vectors(count, SEED), np.arange(count, dtype=np.int32), np.zeros(count, np.bool_))


def _served(folder: Path, asked: Sequence[str], column: str) -> Iterator[tuple[str, float]]:
    command = [sys.executable, "-m", "tests.eval.serving", str(folder), column]
    told = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    yield from json.loads(told.stdout).items()


def _miswritten(questions: Questions, chance: random.Random) -> Iterator[str]:
    """Of the questions a third as they are, a third with slips, a third in Latin letters: repairing is what costs."""
    changes = (lambda text, _: text, miswriting.with_slips, miswriting.in_latin_letters)
    asked = [one.text for language in ("ru", "en") for one in questions.xquad(language).asked]
    for number, text in enumerate(chance.sample(asked, ASKED)):
        yield changes[number % len(changes)](text, chance)


def _made_up(questions: Questions) -> Iterator[Passage]:
    sentences = [sentence.split() for text in _texts(questions) for sentence in re.split(r"(?<=[.!?])\s+", text)]
    author = Author(sentences, COINED, EVENNESS, random.Random(SEED))
    for number in range(PASSAGES):
        words = author.text(WORDS)
        yield Passage(document=str(number), kind="page", title=" ".join(words[:4]), text=" ".join(words))


def _texts(questions: Questions) -> Iterator[str]:
    for collection in (questions.xquad("ru"), questions.xquad("en"), questions.stackfaq(), questions.handbook()):
        yield from (passage.text for passage in collection.passages)
