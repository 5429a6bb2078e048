"""The lexical index at 60,000 passages: how long it takes to build and open, how big it is, how fast it answers.

The collection is made up: sentences of all sets, drawn anew for each passage, in which now and then a word is another
one. Sentences alone would bring no new words, and a vocabulary that grows is what costs: so the other words are coined
out of the halves of known ones, from a list of which a few are frequent and most are rare.

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
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.answers.document import Passage
from bot.answers.lexical import LexicalIndex
from tests.eval import miswriting
from tests.eval.measures import Figure
from tests.eval.questions import Questions
from tests.eval.ranker import LEXICAL

PASSAGES, WORDS = 60_000, 200
ASKED = 300
COINED = 400_000
OTHER = 0.12  # of the words are coined ones
SEED = 7
GROUP = f"{PASSAGES:,} passages, one core"


def measured_at_scale(questions: Questions) -> Iterator[Figure]:
    """Building happens here, opening and asking in a process of its own, as in production."""
    passages = list(_made_up(questions))
    with tempfile.TemporaryDirectory(prefix="butterboard-eval-") as name:
        folder = Path(name)
        start = time.process_time()
        index = LexicalIndex.build(passages)
        yield _figure("build, s", time.process_time() - start, 60)
        index.save(folder)
        yield _figure("stems", index.terms)
        yield _figure("on disk, MB", sum(file.stat().st_size for file in folder.iterdir()) / 1e6)
        del index, passages
        yield from _served(folder, questions)


def _served(folder: Path, questions: Questions) -> Iterator[Figure]:
    chosen = list(_miswritten(questions, random.Random(SEED)))
    command = [sys.executable, "-m", "tests.eval.serving", str(folder)]
    told = subprocess.run(command, input=json.dumps(chosen), capture_output=True, text=True, check=True)
    measured = json.loads(told.stdout)
    yield _figure("open, s", measured["open"], 2)
    yield _figure("memory of the process that answers, MB", measured["memory"])
    yield _figure("of it the index, MB", measured["index"])
    yield _figure("a question, ms, p50", measured["p50"])
    yield _figure("a question, ms, p95", measured["p95"], 60)


def _miswritten(questions: Questions, chance: random.Random) -> Iterator[str]:
    """Of the questions a third as they are, a third with slips, a third in Latin letters: repairing is what costs."""
    changes = (lambda text, _: text, miswriting.with_slips, miswriting.in_latin_letters)
    asked = [one.text for language in ("ru", "en") for one in questions.xquad(language).asked]
    for number, text in enumerate(chance.sample(asked, ASKED)):
        yield changes[number % len(changes)](text, chance)


def _figure(name: str, value: float, at_most: float | None = None) -> Figure:
    return Figure(group=GROUP, name=name, column=LEXICAL, value=value, at_most=at_most)


def _made_up(questions: Questions) -> Iterator[Passage]:
    chance = random.Random(SEED)
    sentences = [sentence.split() for text in _texts(questions) for sentence in re.split(r"(?<=[.!?])\s+", text)]
    coined = list(_coined(sentences, chance))
    for number in range(PASSAGES):
        words: list[str] = []
        while len(words) < WORDS:
            words += chance.choice(sentences)
        for _ in range(int(len(words) * OTHER)):
            words[chance.randrange(len(words))] = coined[int(chance.paretovariate(0.25)) % COINED]
        yield Passage(document=str(number), kind="page", title=" ".join(words[:4]), text=" ".join(words))


def _coined(sentences: Sequence[Sequence[str]], chance: random.Random) -> Iterator[str]:
    known = sorted({word for sentence in sentences for word in sentence if word.isalpha() and len(word) > 3})
    for _ in range(COINED):
        one, other = chance.choice(known), chance.choice(known)
        yield one[: len(one) // 2 + 1] + other[len(other) // 2 :]


def _texts(questions: Questions) -> Iterator[str]:
    for collection in (questions.xquad("ru"), questions.xquad("en"), questions.stackfaq(), questions.handbook()):
        yield from (passage.text for passage in collection.passages)
