"""Our five priorities and those of a Jira, whose names and number its administrators choose."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import msgspec

from bot.priority import PRIORITIES, priority


class Level(msgspec.Struct, frozen=True):
    """A priority of the site."""

    id: str
    name: str


class Priorities(msgspec.Struct, frozen=True):
    """The priorities of a site, the most urgent first. `chosen` names those of ours that go by another rule than the
    names that everybody knows.

    Without levels it knows only what everybody knows.
    """

    levels: tuple[Level, ...] = ()
    chosen: Mapping[str, str] = {}

    def ours(self, name: str) -> str:
        """Ours for a name of the site; the name itself where it means none of ours."""
        for word, theirs in self.chosen.items():
            if _same(theirs, name):
                return word
        known = priority(name)
        return name if known is None or known in self.chosen else known

    def lists(self, name: str) -> bool:
        """Whether it is the name of a priority here."""
        return any(_same(level.name, name) for level in self.levels)

    def theirs(self, written: str) -> Level | None:
        """The site's for one of our words, or for a name of its own."""
        if written in self.chosen:
            return next((level for level in self.levels if _same(level.name, self.chosen[written])), None)
        # What one of ours was chosen to be is no other of ours: it would be read back as that one.
        free = [level for level in self.levels if written not in PRIORITIES or not self._is_chosen(level)]
        named = (level for level in free if _same(level.name, written))
        meant = (level for level in free if priority(level.name) == written)
        return next(chain(named, meant), None)

    def _is_chosen(self, level: Level) -> bool:
        return any(_same(level.name, name) for name in self.chosen.values())


def priorities_of(levels: tuple[Level, ...], chosen: Mapping[str, str]) -> Priorities:
    """As `chosen` says (ours -> theirs); without it by names, or by rank where there are five without a known one."""
    return Priorities(levels, chosen or _by_rank(levels))


def _by_rank(levels: tuple[Level, ...]) -> dict[str, str]:
    if len(levels) != len(PRIORITIES) or any(priority(level.name) for level in levels):
        return {}
    return dict(zip(PRIORITIES, (level.name for level in levels), strict=True))


def _same(one: str, other: str) -> bool:
    """As Jira compares names: in any case."""
    return one.strip().casefold() == other.strip().casefold()
