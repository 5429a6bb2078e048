"""Logistic regression that begins from what is known already: a few observations bend it, many make it anew."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

STEPS = 25
CLOSE = 1e-6
MOST = 30.0  # beyond this a probability is 0 or 1, and `exp` would overflow


class Logistic(NamedTuple):
    """`weights` (n + 1,): those of n signals and, last, the constant; signals are taken as (x - centre) / spread."""

    weights: NDArray[np.float64]
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]

    def probability(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of each row of signals (..., n)."""
        odds = self._with_constant(signals) @ self.weights
        probability: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -MOST, MOST)))
        return probability

    def fitted(
        self,
        signals: NDArray[np.float64],
        yes: NDArray[np.float64],
        trust: float,
        counts: NDArray[np.float64] | float = 1.0,
    ) -> Logistic:
        """The model after the observations (m, n) with their truths (m,), 0 or 1, each of which counts so much.
        `trust` says how many observations of the usual size it takes to move a weight as much as what was known holds
        it."""
        known, weights = self.weights, self.weights.copy()
        rows = self._with_constant(signals)
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -MOST, MOST)))
            slope = rows.T @ (counts * (chance - yes)) + trust * (weights - known)
            curve = (rows * (counts * chance * (1 - chance))[:, None]).T @ rows + trust * np.eye(len(weights))
            step = np.linalg.solve(curve, slope)
            weights -= step
            if np.abs(step).max() < CLOSE:
                break
        return self._replace(weights=weights)

    def _with_constant(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        scaled = (signals - self.centre) / self.spread
        return np.concatenate([scaled, np.ones((*scaled.shape[:-1], 1))], axis=-1)


def blank(signals: NDArray[np.float64]) -> Logistic:
    """A model that knows nothing but how the signals (m, n) are spread."""
    spread = signals.std(axis=0)
    return Logistic(np.zeros(signals.shape[1] + 1), signals.mean(axis=0), np.where(spread > 0, spread, 1.0))
