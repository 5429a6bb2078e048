"""Three-way merge of an issue, field by field: what both sides last agreed on says which of them has changed.

Newest-wins would lose data: a step done while the tracker was down, then a due date edited there, and the step would
be open again.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import msgspec

Stage = Literal["new", "underway", "done"]
Rule = Literal["onboarding", "tracker"]

FIELDS = ("status", "priority", "assignee", "due")
NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """What both sides hold of an issue. `assignee` is the id of a person, or the key of a stranger's account."""

    status: Stage = "new"
    priority: str | None = None
    assignee: str | None = None
    due: datetime.date | None = None


class Merged(msgspec.Struct, frozen=True):
    """Fields to take over from the tracker (`pull`) and to write to it (`push`); both changed those in `contested`.

    `agreed`: what both sides agree on once that is decided; of a pushed field the tracker's value, until it is written.
    """

    agreed: Fields
    pull: tuple[str, ...] = ()
    push: tuple[str, ...] = ()
    contested: tuple[str, ...] = ()


Overtaken = Mapping[str, tuple[str, ...]]
"""By field, as text: values of ours that another one of ours has followed before they were agreed on."""


def merge(agreed: Fields, ours: Fields, theirs: Fields, rule: Rule, overtaken: Overtaken = NOTHING) -> Merged:
    """Where both have changed a field, `rule` says whose status stands; of every other field the tracker's does.

    A value that was `overtaken` is our own when the tracker shows it: it was on its way while we went on.
    """
    pull: list[str] = []
    push: list[str] = []
    contested: list[str] = []
    for field in FIELDS:
        base, mine, other = getattr(agreed, field), getattr(ours, field), getattr(theirs, field)
        if mine == other:
            continue
        if str(other) in overtaken.get(field, ()):
            base = other
        if mine != base and other != base:
            contested.append(field)
            (push if field == "status" and rule == "onboarding" else pull).append(field)
        else:
            (push if other == base else pull).append(field)
    return Merged(theirs, tuple(pull), tuple(push), tuple(contested))
