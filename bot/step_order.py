"""Steps that share an id, wait for a step that is not there, or wait for each other.

Looks at the file as it stands, so that these are found beside other problems and not one round later.
"""

from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from bot.file_shape import repeated_ids
from bot.problem import Problem
from bot.yaml_file import Plain, Route, YamlFile


class _Waiting(NamedTuple):
    route: Route
    id: str
    after: list[str]


def order_problems(read: YamlFile) -> list[Problem]:
    """What is wrong with the ids and the order of the steps."""
    steps = [
        _Waiting(route, step_id, _names(step.get("after")))
        for route, step in read.members()
        if isinstance(step_id := step.get("id"), str)
    ]
    return [*repeated_ids(read), *_unknown(read, steps), *_circle(read, steps)]


def _names(after: Plain) -> list[str]:
    return [name for name in after if isinstance(name, str)] if isinstance(after, list) else []


def _unknown(read: YamlFile, steps: list[_Waiting]) -> list[Problem]:
    ids = tuple(dict.fromkeys(step.id for step in steps))
    return [
        read.problem((*step.route, "after"), "unknown-step", f"waits for {name}, which is no step here", ids)
        for step in steps
        for name in dict.fromkeys(step.after)
        if name not in ids
    ]


def _circle(read: YamlFile, steps: list[_Waiting]) -> list[Problem]:
    """The first circle: it has to be opened before another can be told from it."""
    try:
        TopologicalSorter({step.id: step.after for step in steps}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        route = next(step.route for step in steps if step.id in circle)
        shown = " -> ".join(circle)
        return [read.problem((*route, "after"), "circle", f"steps wait for each other: {shown}")]
    return []
