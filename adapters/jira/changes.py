"""Writes into an issue that is there: its fields in one request, its status by a transition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.errors import FieldsRefused
from adapters.jira.issues import Other, Status, read_raw
from adapters.jira.people import myself, nobody, user_with
from adapters.jira.site import JiraSite
from adapters.jira.transitions import Move, Transition, find_transitions, take, toward
from adapters.jira.writes import edit
from bot.errors import Refused
from bot.journey.merge import Stage
from bot.tracker.snapshot import Change, Changed, TrackerUser

KEPT_SECONDS = 300.0
NAMES = {"priority": "priority", "assignee": "assignee", "duedate": "due"}
"""Fields that an edit can hold: Jira's name -> the core's."""

Way = tuple[str, str, str]
"""Project key, id of an issue type, id of a status: from there every issue has the same transitions, mostly."""


class _Type(msgspec.Struct, frozen=True):
    id: str


class _Fields(msgspec.Struct, frozen=True):
    status: Status
    issuetype: _Type
    project: Other


class _Standing(msgspec.Struct, frozen=True):
    """Where in which workflow an issue is."""

    fields: _Fields

    @property
    def stage(self) -> Stage:
        return self.fields.status.stage

    @property
    def way(self) -> Way:
        return self.fields.project.key, self.fields.issuetype.id, self.fields.status.id


class _Values(msgspec.Struct, frozen=True):
    """What an edit sends, what it need not try, and who the assignee turned out to be."""

    fields: dict[str, Any]
    refused: dict[str, str]
    user: TrackerUser | None = None


def _standing(jira: JIRA, key: str) -> _Standing:
    return msgspec.convert(read_raw(jira, key, "status,issuetype,project"), _Standing)


def _editable(jira: JIRA, key: str) -> set[str]:
    """The fields on the screen on which an issue is edited."""
    return set(jira.editmeta(key)["fields"])


class IssueChanger:
    """`clock` is monotonic, in seconds."""

    def __init__(self, client: JiraClient, site: JiraSite, clock: Callable[[], float]) -> None:
        self._client, self._site, self._clock = client, site, clock
        self._kept: dict[Way, tuple[float, list[Transition]]] = {}

    async def change(self, key: str, change: Change) -> Changed:
        """What Jira will not take is named. Raises Refused("not-found") without an issue, and the other DeliveryErrors.

        Many workflows let nobody edit what is closed: so an issue is closed last, and opened first.
        """
        try:
            values = await self._values(change)
            if change.status == "done":
                refused = await self._write(key, values.fields) | await self._move(key, change)
            else:
                refused = await self._move(key, change) | await self._write(key, values.fields)
        except Refused:
            await myself(self._client)
            raise
        refused = values.refused | refused
        return Changed(refused, None if "assignee" in refused else values.user)

    # --- fields

    async def _values(self, change: Change) -> _Values:
        fields: dict[str, Any] = {}
        refused: dict[str, str] = {}
        user = None
        if "due" in change.fields:
            fields["duedate"] = None if change.due is None else change.due.isoformat()
        if "priority" in change.fields:
            level = None if change.priority is None else await self._site.level(change.priority)
            if level is None and change.priority is not None:
                refused["priority"] = "priority-unknown"
            else:
                fields["priority"] = None if level is None else {"id": level.id}
        if "assignee" in change.fields:
            cloud = await self._client.is_cloud()
            found = None if change.assignee is None else await user_with(self._client, change.assignee)
            if found is None and change.assignee is not None:
                refused["assignee"] = "user-unknown"
            else:
                fields["assignee"] = nobody(cloud=cloud) if found is None else found.reference(cloud=cloud)
                user = None if found is None else found.person
        return _Values(fields, refused, user)

    async def _write(self, key: str, fields: Mapping[str, Any]) -> dict[str, str]:
        """Codes by field. Those that Jira finds fault with are left out, and the others written."""
        if not fields:
            return {}
        try:
            await self._client.write(edit, key, fields)
        except Refused as refused:
            faulty = await self._faulty(key, fields, refused)
        else:
            return {}
        rest = {name: value for name, value in fields.items() if name not in faulty}
        return {NAMES[name]: code for name, code in faulty.items()} | await self._write(key, rest)

    async def _faulty(self, key: str, fields: Mapping[str, Any], refused: Refused) -> dict[str, str]:
        """Codes by Jira's names: of all fields, when it does not say which are wrong."""
        await self._passable(refused)
        if not isinstance(refused, FieldsRefused) or not refused.fields.keys() & fields.keys():
            return dict.fromkeys(fields, refused.code)
        editable = await self._client.read(_editable, key)
        named = ((name, code) for name, code in refused.fields.items() if name in fields)
        return {name: code if name in editable else "field-unknown" for name, code in named}

    # --- status

    async def _move(self, key: str, change: Change) -> dict[str, str]:
        """A code for the status, if the issue cannot get where it should be; nothing is done where it is there."""
        if "status" not in change.fields:
            return {}
        standing = await self._client.read(_standing, key)
        kept = self._kept_move(standing, change)
        if kept is not None:
            if await self._takes(key, standing, kept):
                return {}
            standing = await self._client.read(_standing, key)
        if standing.stage == change.status:
            return {}
        return await self._move_anew(key, standing, change)

    def _kept_move(self, standing: _Standing, change: Change) -> Move | None:
        """By what is known of the workflow; that may be old, or have conditions that this issue does not meet."""
        until, steps = self._kept.get(standing.way, (0.0, []))
        if standing.stage == change.status or self._clock() >= until:
            return None
        return toward(change.status, steps, declined=change.declined)

    async def _takes(self, key: str, standing: _Standing, kept: Move) -> bool:
        try:
            await self._client.write(take, key, kept)
        except Refused:
            self._kept.pop(standing.way, None)
            return False
        return True

    async def _move_anew(self, key: str, standing: _Standing, change: Change) -> dict[str, str]:
        steps = await self._client.read(find_transitions, key)
        self._kept[standing.way] = self._clock() + KEPT_SECONDS, steps
        move = toward(change.status, steps, declined=change.declined)
        if move is None:
            return {"status": "no-transition"}
        try:
            await self._client.write(take, key, move)
        except Refused as refused:
            await self._passable(refused)
            # Another may have moved it meanwhile: where it is it cannot be moved to.
            there = (await self._client.read(_standing, key)).stage == change.status
            return {} if there else {"status": refused.code}
        return {}

    async def _passable(self, refused: Refused) -> None:
        """Raises what means the issue as a whole, or us: then it is no matter of a field."""
        await myself(self._client)
        if refused.code == "not-found":
            raise refused
