"""Ways through a workflow, chosen by the category of the status that they lead to: names differ from site to site."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from jira import JIRA

from adapters.jira.issues import Named, Status
from bot.journey.merge import Stage

DECLINED_WORDS = Path(__file__).with_name("declined_words.txt").read_text(encoding="utf-8").splitlines()
RESOLUTION = "resolution"


class ScreenField(msgspec.Struct, frozen=True, rename="camel"):
    """A field that a transition asks for."""

    required: bool = False
    has_default_value: bool = False
    allowed_values: tuple[dict[str, Any], ...] = ()


class Transition(msgspec.Struct, frozen=True):
    id: str
    to: Status
    name: str = ""
    fields: dict[str, ScreenField] = {}

    @property
    def resolutions(self) -> tuple[Named, ...]:
        """Those that its screen offers; none where it takes none."""
        screen = self.fields.get(RESOLUTION, ScreenField())
        return tuple(msgspec.convert(value, Named) for value in screen.allowed_values)

    @property
    def means_duplicate(self) -> bool:
        return Named("", self.name).means_duplicate or Named("", self.to.name).means_duplicate


class Move(msgspec.Struct, frozen=True):
    """A transition, and the resolution that is given with it."""

    step: Transition
    resolution: Named | None = None

    @property
    def unanswered(self) -> int:
        """How many fields the transition demands that we have nothing to say to."""
        fields = self.step.fields.items()
        demanded = {name for name, field in fields if field.required and not field.has_default_value}
        return len(demanded - {RESOLUTION} if self.resolution else demanded)

    @property
    def declines(self) -> int:
        """How clearly names say that the job will not be done; that of a step or status says more than a resolution."""
        by_step = _declines(self.step.name) or _declines(self.step.to.name)
        return 2 * by_step + (self.resolution is not None and _declines(self.resolution.name))


def toward(stage: Stage, steps: Sequence[Transition], *, declined: bool) -> Move | None:
    """The best way into a stage, in the order of the workflow among equals; never one that means a duplicate.

    `declined` says which of the ways into "done" is wanted, and which resolution.
    """
    fitting = [step for step in steps if step.to.stage == stage and not step.means_duplicate]
    if stage != "done":
        return min((Move(step) for step in fitting), key=lambda move: move.unanswered, default=None)
    moves = [Move(step, _resolution(step, declined=declined)) for step in fitting]
    return min(moves, key=lambda move: (move.unanswered, -move.declines if declined else move.declines), default=None)


def find_transitions(jira: JIRA, key: str) -> list[Transition]:
    """What can be done with an issue now, and what each step asks for."""
    return msgspec.convert(jira.transitions(key, expand="transitions.fields"), list[Transition])


def take(jira: JIRA, key: str, move: Move) -> None:
    fields = {RESOLUTION: {"id": move.resolution.id}} if move.resolution else {}
    jira.transition_issue(key, move.step.id, fields=fields)


def _resolution(step: Transition, *, declined: bool) -> Named | None:
    """A screen that shows the field and is given nothing leaves the issue unresolved."""
    known = [one for one in step.resolutions if not one.means_duplicate]
    return min(known, key=lambda one: _declines(one.name) != declined, default=None)


def _declines(name: str) -> bool:
    folded = name.casefold()
    return any(word in folded for word in DECLINED_WORDS)
