"""Which known words look like a written one: runs of three and four letters, with the edges of the word among them.

Runs are kept for the vocabulary, not for the passages: tens of thousands of words instead of millions of positions, and
a word that looks like a known one reaches the passages through the postings of that one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float32]

_SIZES = (3, 4)
_EDGE = ord(" ")
_BITS = 16  # a letter beyond them shares its run with another: rare, and only a guess the more


class Grams:
    """Letter runs of the vocabulary, as arrays: `keys` sorted, `terms[starts[i]:starts[i + 1]]` have `keys[i]`,
    `rarity` of each run, `sizes`: what the runs of each term weigh together."""

    def __init__(self, keys: Ints, starts: Ints, terms: Ints, rarity: Floats, sizes: Floats) -> None:
        self.keys, self.starts, self.terms, self.rarity, self.sizes = keys, starts, terms, rarity, sizes

    @classmethod
    def of(cls, terms: Sequence[str], passages_with: Ints, passages: int) -> Grams:
        """Of these terms, each found in so many of the passages."""
        runs, owners = _runs(terms)
        order = np.lexsort((owners, runs))
        runs, owners = runs[order], owners[order]
        once = np.ones(len(runs), bool)
        once[1:] = (runs[1:] != runs[:-1]) | (owners[1:] != owners[:-1])
        runs, owners = runs[once], owners[once]
        keys, first = np.unique(runs, return_index=True)
        starts = np.append(first, len(runs)).astype(np.int64)
        found = np.minimum(_sums(passages_with[owners], starts), passages)
        rarity = np.log(1 + (passages - found + 0.5) / (found + 0.5)).astype(np.float32)
        sizes = np.bincount(owners, np.repeat(rarity, np.diff(starts)), minlength=len(terms)).astype(np.float32)
        return cls(keys, starts, owners.astype(np.uint32), rarity, sizes)

    def arrays(self) -> tuple[npt.NDArray[np.generic], ...]:
        """What the constructor takes."""
        return self.keys, self.starts, self.terms, self.rarity, self.sizes

    def alike(self, word: str, least: float, most: int, unknown: float) -> tuple[Ints, Floats, float]:
        """Terms that share runs with the word, the share (Dice, by rarity) of each, and what the word's runs weigh.

        `least` share, `most` terms; a run that no term has weighs `unknown`.
        """
        wanted = np.unique(_runs([word])[0])
        places = np.searchsorted(self.keys, wanted)
        held = places[self.keys[np.minimum(places, len(self.keys) - 1)] == wanted] if len(self.keys) else places[:0]
        weight = float(self.rarity[held].sum()) + unknown * (len(wanted) - len(held))
        if not len(held):
            return np.empty(0, np.int64), np.empty(0, np.float32), weight
        slices = [self.terms[self.starts[at] : self.starts[at + 1]] for at in held]
        weights = np.repeat(self.rarity[held], [len(one) for one in slices])
        shared = np.bincount(np.concatenate(slices), weights, minlength=len(self.sizes))
        good = np.flatnonzero(2 * shared >= least * (weight + self.sizes))
        share = (2 * shared[good] / (weight + self.sizes[good])).astype(np.float32)
        if len(good) > most:
            best = np.argpartition(-share, most)[:most]
            good, share = good[best], share[best]
        return good, share, weight


def _runs(terms: Sequence[str]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """All runs of the terms as numbers, and the number of the term that each belongs to."""
    letters = np.frombuffer((" " + " ".join(terms) + " ").encode("utf-32-le"), np.uint32).astype(np.uint64)
    edges = letters == _EDGE
    owner = np.cumsum(edges) - 1
    letters &= np.uint64((1 << _BITS) - 1)
    found = [_of_size(letters, edges, owner, size) for size in _SIZES]
    return np.concatenate([runs for runs, _ in found]), np.concatenate([owners for _, owners in found])


def _of_size(
    letters: npt.NDArray[np.uint64], edges: npt.NDArray[np.bool_], owner: Ints, size: int
) -> tuple[npt.NDArray[np.uint64], Ints]:
    last = max(len(letters) - size + 1, 0)
    runs, inside = np.zeros(last, np.uint64), np.ones(last, bool)
    for at in range(size):
        runs = (runs << np.uint64(_BITS)) | letters[at : at + last]
        if 0 < at < size - 1:
            inside &= ~edges[at : at + last]
    return runs[inside], owner[:last][inside]


def _sums(values: Ints, starts: Ints) -> Ints:
    """Sums of the stretches between the starts."""
    total = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return np.asarray(total[starts[1:]] - total[starts[:-1]])
