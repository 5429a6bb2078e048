"""Where the words stand: for every stem the passages that hold it, and how much it says about each, as arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from bot.answers.analysis import stem, words
from bot.answers.document import Passage

Ints = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float32]

K1 = 1.2
# How much the length of a text counts against it.
B_TEXT = 0.7
B_LEAD = 0.4
# What leads a passage (the ways to ask it; the title and heading of a page), and the rest.
LEAD = {"faq": 0.5, "page": 0.2}


class Postings:
    """`rows[starts[i]:starts[i + 1]]` are the passages with term `i`, ascending, and `gains` beside them how much the
    term says there (BM25 without its rarity; at most K1 + 1)."""

    def __init__(self, starts: Ints, rows: Ints, gains: npt.NDArray[np.float16], passages: int) -> None:
        self.starts, self.rows, self.gains, self.passages = starts, rows, gains, passages
        found = np.diff(starts)
        self.passages_with = found
        self.rarity = np.log(1 + (passages - found + 0.5) / (found + 0.5)).astype(np.float32)
        # What is in no passage is rarer than whatever is in one.
        self.unknown = float(np.log(1 + (passages + 0.5) / 0.5))

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """What the constructor takes first."""
        return self.starts, self.rows, self.gains

    def of(self, term: int) -> tuple[Ints, Floats]:
        """The passages with the term, and its gains there."""
        stretch = slice(int(self.starts[term]), int(self.starts[term + 1]))
        return self.rows[stretch], self.gains[stretch].astype(np.float32)

    def holds(self, term: int, passage: int) -> bool:
        """Whether the passage has the term."""
        rows = self.rows[int(self.starts[term]) : int(self.starts[term + 1])]
        at = int(np.searchsorted(rows, passage))
        return at < len(rows) and int(rows[at]) == passage


class _Terms(dict[str, int]):
    """Word -> number of its stem. A word is stemmed once, however often it stands somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.stems: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self.stems.setdefault(stem(word), len(self.stems))
        self[word] = number
        return number


class _Field:
    """The words of one field of all passages, one passage after the other."""

    def __init__(self) -> None:
        self._tokens = array("I")
        self._ends = array("q", [0])

    def add(self, tokens: Iterable[int]) -> None:
        self._tokens.extend(tokens)
        self._ends.append(len(self._tokens))

    def counted(self) -> tuple[Ints, Ints, Ints]:
        """(term * passages + passage), ascending; how often each; words in each passage."""
        ends = np.frombuffer(self._ends, np.int64)
        lengths: Ints = ends[1:] - ends[:-1]
        tokens = np.frombuffer(self._tokens, np.uint32).astype(np.int64) if len(self._tokens) else np.empty(0, np.int64)
        tokens *= len(lengths)
        tokens += np.repeat(np.arange(len(lengths)), lengths)
        keys, counts = np.unique(tokens, return_counts=True)
        return keys, counts, lengths


def post(passages: Sequence[Passage]) -> tuple[list[str], Postings]:
    """The vocabulary of the passages, in the order in which it is met, and its postings."""
    terms = _Terms()
    number, lead, everything = terms.__getitem__, _Field(), _Field()
    for passage in passages:
        led = array("I", map(number, words("\n".join(passage.asked or (passage.title, passage.heading)))))
        lead.add(led)
        everything.add(chain(led, map(number, words(passage.text))))
    shares = np.array([LEAD[passage.kind] for passage in passages], np.float32)
    keys, gains = _gains(everything, 1 - shares, B_TEXT, shares)
    lead_keys, lead_gains = _gains(lead, shares, B_LEAD, shares)
    gains[np.searchsorted(keys, lead_keys)] += lead_gains
    count = max(len(passages), 1)
    starts = np.searchsorted(keys, np.arange(len(terms.stems) + 1, dtype=np.int64) * count)
    rows = (keys % count).astype(np.uint32)
    return list(terms.stems), Postings(starts.astype(np.int64), rows, gains.astype(np.float16), len(passages))


def _gains(field: _Field, shares: Floats, b: float, kinds: Floats) -> tuple[Ints, Floats]:
    """Keys as in `_Field.counted`, and the gain of each; lengths are compared among passages of one kind."""
    keys, counts, lengths = field.counted()
    rows = keys % max(len(lengths), 1)
    usual = np.ones(len(lengths))
    for kind in np.unique(kinds):
        usual[kinds == kind] = max(float(lengths[kinds == kind].mean()), 1.0)
    brake = K1 * (1 - b + b * lengths / usual)
    gains = counts * (K1 + 1) / (counts + brake[rows]) * shares[rows]
    return keys, gains.astype(np.float32)
