"""Scenario, Step, IssueTemplate: a scenario as the core sees it, parsed and frozen.

How a scenario looks in a file, and what is wrong with one, is in `scenario_file.py`.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.locales import Language
from bot.message import Local

Who = Literal["newcomer", "manager"]
Late = Literal["send", "skip", "digest"]
IssueMoment = Literal["done", "open"]
Closes = Literal["complete", "approve"]
Conflict = Literal["onboarding", "tracker"]

PLACEHOLDERS = ("name", "step", "scenario", "manager", "date", "department")

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

# `omit_defaults` keeps versions stable: a new optional field does not change the hash of what is in use.


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page that belongs to a step."""

    title: Local
    url: str


class IssueTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An issue that a step creates in the tracker. `due` counts working days after the event.

    `closes`: an issue that is done completes the step, or approves what was done; without it, one made when the step
    opens completes and one made when it is done approves. `conflict`: whose status stands when both sides changed it.
    `assignee` is "manager", "newcomer" or an e-mail. Summary and description hold placeholders,
    to be filled with `fill`; `language` says which of the two languages the issue is written in, None: that of whoever
    it is for.
    """

    summary: Local
    description: Local | None = None
    on: IssueMoment = "done"
    project: str | None = None
    type: str = "Task"
    priority: str | None = None
    due: int | None = None
    labels: tuple[str, ...] = ()
    assignee: str | None = None
    language: Language | None = None
    closes: Closes | None = None
    conflict: Conflict = "onboarding"

    @property
    def approves(self) -> bool:
        return self.closes == "approve" or (self.closes is None and self.on == "done")


class ParentTemplate(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One issue for the whole journey, the parent of those of its steps; `type` is most often an epic. `language` None:
    that of the manager."""

    type: str
    summary: Local
    description: Local | None = None
    project: str | None = None
    labels: tuple[str, ...] = ()
    language: Language | None = None


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to do. All days are working days.

    `day` counts from the start date (0), negative before it; `due` from the opening of the step;
    `remind` and `escalate` from the due date. Without `day` a step opens as soon as those of `after` are settled,
    one without `after` on the start date. `urgent`: what is said about it does not wait for anybody's working hours.
    """

    id: str
    title: Local
    text: Local | None = None
    links: tuple[Link, ...] = ()
    who: Who = "newcomer"
    day: int | None = None
    after: tuple[str, ...] = ()
    due: int | None = None
    remind: tuple[int, ...] = ()
    escalate: int | None = None
    late: Late = "digest"
    urgent: bool = False
    jira: IssueTemplate | None = None

    @property
    def opens_on(self) -> int | None:
        """The working day before which the step cannot open; None: only other steps hold it up."""
        return 0 if self.day is None and not self.after else self.day


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of one journey. `version` is the hash of the content: 16 hexadecimal digits."""

    id: str
    version: str
    title: Local
    steps: tuple[Step, ...]
    parent: ParentTemplate | None = None

    def step(self, step_id: str) -> Step | None:
        """The step of that id, if the scenario has one."""
        return next((step for step in self.steps if step.id == step_id), None)


def make_scenario(
    scenario_id: str, title: Local, steps: tuple[Step, ...], parent: ParentTemplate | None = None
) -> Scenario:
    """A scenario with its version, which changes with the content and with nothing else."""
    parts = (scenario_id, title, steps) if parent is None else (scenario_id, title, steps, parent)
    version = hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:16]
    return Scenario(id=scenario_id, version=version, title=title, steps=steps, parent=parent)


def with_tasks(scenario: Scenario, tasks: tuple[Step, ...]) -> Scenario:
    """The scenario with the steps that people have added to one journey; its version stays that of the scenario."""
    added = tuple(task for task in tasks if scenario.step(task.id) is None)
    return msgspec.structs.replace(scenario, steps=(*scenario.steps, *added)) if added else scenario


def scenario_to_json(scenario: Scenario) -> bytes:
    """The scenario for the store, which keeps every version in use."""
    return msgspec.json.encode(scenario)


def scenario_from_json(data: bytes) -> Scenario:
    """Reads what `scenario_to_json` wrote. Raises `msgspec.ValidationError` for anything else."""
    return msgspec.json.decode(data, type=Scenario)


def placeholders(template: str) -> tuple[str, ...]:
    """The names in braces, in order, known or not."""
    return tuple(_PLACEHOLDER.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Puts the values in place of their placeholders, once: braces inside a value stay as they are."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
