"""The labels by which issues of ours are found again in the tracker."""

from __future__ import annotations

import hashlib

OURS = "butterboard"
"""Stands on every issue that we have made."""

DUPLICATE = "bb-duplicate"
"""Stands on an issue that was closed because an older one does the same job."""


def label_of(effect: str) -> str:
    """The label of an effect's issue: an id may hold spaces or be too long, a label may not."""
    return "bb-" + hashlib.blake2b(effect.encode(), digest_size=10).hexdigest()
