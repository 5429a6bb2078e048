"""Whether Jira is there, lets us in, and has what the scenarios name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.identity import find_levels
from adapters.jira.people import myself
from adapters.jira.priorities import priorities_of
from adapters.jira.settings import JiraSettings
from bot.errors import DeliveryError, Refused
from bot.flaw import Flaw, flaw_of
from bot.priority import PRIORITIES


class _Named(msgspec.Struct, frozen=True):
    name: str


class _Project(msgspec.Struct, frozen=True, rename="camel"):
    issue_types: tuple[_Named, ...] = ()


def _types(jira: JIRA, project: str) -> set[str]:
    found = msgspec.convert(jira.project(project).raw, _Project)
    return {kind.name for kind in found.issue_types}


async def check(
    settings: JiraSettings,
    *,
    projects: Collection[str] = (),
    types: Collection[str] = (),
    priorities: Collection[str] = (),
) -> list[Flaw]:
    """What is wrong; empty when nothing is. The names are those that the scenarios use, beside JIRA_PROJECT.

    Codes: unreachable, unauthorized (either comes alone), forbidden, project-missing, project-unknown, type-unknown,
    priority-unknown.
    """
    client = JiraClient(settings)
    try:
        await client.is_cloud()
        await myself(client)
        found = await _check_projects(client, {*projects, *filter(None, [settings.project])}, types)
        return found + await _check_priorities(client, settings.priorities, priorities)
    except DeliveryError as error:
        return [flaw_of(error)]
    finally:
        await client.close()


async def _check_projects(client: JiraClient, projects: Collection[str], types: Collection[str]) -> list[Flaw]:
    if not projects:
        return [Flaw("project-missing", {"setting": "JIRA_PROJECT"})]
    return [finding for project in sorted(projects) for finding in await _check_project(client, project, types)]


async def _check_project(client: JiraClient, project: str, types: Collection[str]) -> list[Flaw]:
    try:
        known = await client.read(_types, project)
    except Refused as error:
        if error.code != "not-found":
            raise
        return [Flaw("project-unknown", {"project": project})]
    return _missing("type", types, known, lambda name: {"project": project, "type": name})


async def _check_priorities(client: JiraClient, chosen: Mapping[str, str], priorities: Collection[str]) -> list[Flaw]:
    """Each of ours is checked: people may give any of them to a task."""
    known = priorities_of(await client.read(find_levels), chosen)
    lost = [name for name in sorted({*PRIORITIES, *priorities}) if known.theirs(name) is None]
    names = ", ".join(sorted(level.name for level in known.levels))
    return [Flaw("priority-unknown", {"priority": name, "known": names}) for name in lost]


def _missing(
    kind: str, wanted: Collection[str], known: Collection[str], detail: Callable[[str], dict[str, str]]
) -> list[Flaw]:
    """Names are compared as Jira does: in any case."""
    folded = {name.casefold() for name in known}
    lost = (name for name in sorted(wanted) if name.casefold() not in folded)
    return [Flaw(f"{kind}-unknown", {**detail(name), "known": ", ".join(sorted(known))}) for name in lost]
