"""`python -m bot.answers.calibrate`: an index learns from its own passages how sure of itself it may be.

In a process of its own, beside the index that serves: until it is done that is as sure as the one before it was.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from bot.answers.build import CALIBRATED, open_engine
from bot.answers.embedder import nano_e5
from bot.answers.process import told


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`generation` is the folder of an index; `dense`: it is asked by vectors, too."""

    generation: str
    dense: bool


def calibrate(order: Order) -> None:
    generation = Path(order.generation)
    engine = open_engine(generation, nano_e5() if order.dense else None)
    engine.calibrated().confidence.save(generation)
    (generation / CALIBRATED).touch()


if __name__ == "__main__":
    calibrate(msgspec.json.decode(told(), type=Order))
