"""What is known of a site: asked when it is first needed, kept, and asked again when something is not in it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.errors import delivery_error
from adapters.jira.identity import JiraIdentity
from adapters.jira.inbound import Known
from adapters.jira.priorities import Level
from adapters.jira.snapshots import snapshot_of
from bot.errors import Refused
from bot.tracker.snapshot import Snapshot

EPIC_LINK = "com.pyxis.greenhopper.jira:gh-epic-link"
EPIC_NAME = "com.pyxis.greenhopper.jira:gh-epic-label"
log = logging.getLogger(__name__)


class _Schema(msgspec.Struct, frozen=True):
    custom: str = ""


class _Field(msgspec.Struct, frozen=True):
    id: str
    schema: _Schema = _Schema()


class _Type(msgspec.Struct, frozen=True):
    name: str
    subtask: bool = False


class _Project(msgspec.Struct, frozen=True, rename="camel"):
    issue_types: tuple[_Type, ...] = ()


def _custom_fields(jira: JIRA) -> dict[str, str]:
    """Ids of fields by what made them; of two, the first."""
    fields = reversed(msgspec.convert(jira.fields(), list[_Field]))
    return {field.schema.custom: field.id for field in fields if field.schema.custom}


def _subtasks(jira: JIRA, project: str) -> frozenset[str]:
    types = msgspec.convert(jira.project(project).raw, _Project).issue_types
    return frozenset(kind.name.casefold() for kind in types if kind.subtask)


class JiraSite:
    """Raises DeliveryErrors, never Unknown."""

    def __init__(self, client: JiraClient, identity: JiraIdentity) -> None:
        self._client, self._identity = client, identity
        self._strange: set[str] = set()  # names of priorities that Jira uses and does not list
        self._custom: dict[str, str] | None = None
        self._subtasks: dict[str, frozenset[str]] = {}

    @property
    def known(self) -> Known:
        return self._identity.known

    async def level(self, written: str) -> Level | None:
        """The priority of the site for one of ours, or for a name of its own."""
        known = await self._learnt()
        return known.priorities.theirs(written) or (await self._identity.learn()).priorities.theirs(written)

    async def snapshot(self, raw: Any) -> Snapshot:
        await self._recognise([raw])
        try:
            return self._snapshot(raw)
        except msgspec.ValidationError as error:
            raise delivery_error(error, write=False) from error

    async def snapshots(self, raws: Sequence[Any]) -> tuple[Snapshot, ...]:
        """Those that can be read; one in a strange shape must not hide all others."""
        await self._recognise(raws)
        found = []
        for raw in raws:
            try:
                found.append(self._snapshot(raw))
            except msgspec.ValidationError:
                log.warning("issue not understood", extra={"issue": raw.get("key") if isinstance(raw, dict) else None})
        return tuple(found)

    async def custom_field(self, made_by: str) -> str | None:
        """The id of a field that an extension has made."""
        if self._custom is None:
            self._custom = await self._client.read(_custom_fields)
        return self._custom.get(made_by)

    async def is_subtask(self, project: str, kind: str) -> bool:
        if project not in self._subtasks:
            try:
                self._subtasks[project] = await self._client.read(_subtasks, project)
            except Refused:  # the create will say what is wrong with the project
                return False
        return kind.casefold() in self._subtasks[project]

    async def _learnt(self) -> Known:
        return self.known if self.known.me is not None else await self._identity.learn()

    def _snapshot(self, raw: Any) -> Snapshot:
        known = self.known
        return snapshot_of(raw, known.base, known.priorities, known.us)

    async def _recognise(self, raws: Iterable[Any]) -> None:
        """Before issues are read: who we are, and what their priorities are called now."""
        known = await self._learnt()
        names = {name for raw in raws if (name := _priority_name(raw)) is not None}
        strange = {name for name in names if not known.priorities.lists(name)} - self._strange
        if strange:
            self._strange |= strange
            await self._identity.learn()


def _priority_name(raw: Any) -> str | None:
    try:
        name = raw["fields"]["priority"]["name"]
    except (TypeError, LookupError):
        return None
    return name if isinstance(name, str) else None
