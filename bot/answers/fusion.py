"""One score out of two: that of the words and that of the vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

DENSE = 0.55  # the share of the vectors where the words of the question are all known
NEAR_ENOUGH = 1e-6


def fused(lexical: Scores, nearness: Scores | None, coverage: float) -> Scores:
    """`lexical` (n,) 0 to 1; `nearness` (n,) cosines, NaN where a passage has no vector; `coverage`: how much of the
    question the words can tell. 0 to 1, comparable within one question only.

    A passage without a vector is taken to be as near as its words say.
    """
    if nearness is None:
        return lexical
    known = ~np.isnan(nearness)
    if not known.any():
        return lexical
    near = _spread(nearness, known)
    near[~known] = lexical[~known]
    share = 1 - (1 - DENSE) * coverage
    mixed: Scores = (1 - share) * lexical + share * near
    return mixed


def _spread(nearness: Scores, known: NDArray[np.bool_]) -> Scores:
    """0 for what is as near as anything, 1 for the nearest: cosines of this model all lie close together."""
    best = float(nearness[known].max())
    usual = float(np.median(nearness[known]))
    usual = min(usual, best - NEAR_ENOUGH)
    spread: Scores = np.clip((nearness - usual) / (best - usual), 0, 1)
    return spread
