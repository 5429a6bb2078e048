"""The columns of a table of people: which key each stands for, and what is written in it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from bot.people_shape import PersonShape
from bot.words_people import COLUMNS, LOCALES, PARTED, ROLES, WHOLE_NAME, folded
from bot.yaml_events import Plain

ALLOWED = tuple(PersonShape.model_fields)
LISTS = ("roles", "accounts")


def _bare(name: str) -> str:
    return re.sub(r"[\s._*:№()-]+", "", folded(name))


_WRITTEN = {_bare(one): (key, one.strip()) for key, names in COLUMNS.items() for one in (*names.split(","), key)}
_PARTS = frozenset(map(_bare, PARTED))


def key_of(name: str) -> str | None:
    """The key that a column of that name stands for."""
    found = _WRITTEN.get(_bare(name))
    return None if found is None else found[0]


def known(names: Sequence[str]) -> int:
    """How many of them are columns."""
    return sum(key_of(name) is not None for name in names)


def advice(name: str) -> str:
    """What to do about a column that nobody knows."""
    if _bare(name) in _PARTS:
        return f"is not a known column: write the whole name in one, {WHOLE_NAME}"
    close = difflib.get_close_matches(_bare(name), _WRITTEN, n=1, cutoff=0.7)
    if close:
        return f"is not a known column; did you mean {_WRITTEN[close[0]][1]}?"
    return "is not a known column: take it out, or call it as what stands in it"


def value(key: str, cell: str) -> Plain:
    """What stands in a cell that is not empty."""
    if key == "locale":
        return LOCALES.get(cell.casefold(), cell)
    if key not in LISTS:
        return cell
    parts = re.split(r"[\s,;]+", cell.strip(" ,;"))
    if key == "roles":
        return [ROLES.get(part.casefold(), part) for part in parts]
    accounts: dict[str, Plain] = {}
    for part in parts:
        channel, _, account = part.partition(":")
        # Two accounts on one channel become one that is not of the accepted form.
        accounts[channel] = f"{accounts[channel]} {account}" if channel in accounts else account
    return accounts
