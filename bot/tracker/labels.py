"""The labels by which issues of ours are found again in the tracker."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

OURS = "butterboard"
"""Stands on every issue that we have made."""

DUPLICATE = "bb-duplicate"
"""Stands on an issue that was closed because an older one does the same job."""


MOST = 20  # of an issue: ours is one, and copies of copies may have a few


def made_under(labels: Sequence[str]) -> list[str]:
    """Those of an issue's labels that may be of effects; no more of them than anybody would have to look up."""
    return [label for label in labels if label.startswith("bb-")][:MOST]


def label_of(effect: str) -> str:
    """The label of an effect's issue: an id may hold spaces or be too long, a label may not."""
    return "bb-" + hashlib.blake2b(effect.encode(), digest_size=10).hexdigest()
