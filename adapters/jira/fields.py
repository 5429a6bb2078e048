"""An issue as the scenario wants it, in Jira's words; and what is left of that when Jira will not take all of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.jira.client import JiraClient
from adapters.jira.errors import FieldsRefused
from adapters.jira.markup import escaped
from adapters.jira.people import user_with
from adapters.jira.site import EPIC_LINK, EPIC_NAME, JiraSite
from bot.effects import IssueDraft
from bot.errors import Refused
from bot.message import Phrase
from bot.ports import Speaker
from bot.scenario import fill
from bot.tracker.labels import OURS
from bot.tracker.snapshot import TrackerUser

LONGEST_SUMMARY = 255
OPTIONAL = {
    "priority": "priority",
    "duedate": "due",
    "assignee": "assignee",
    "parent": "parent",
    "parentId": "parent",  # how Cloud complains of a parent
}
"""What an issue can do without: Jira's name -> the core's. Never the labels: without them it is not found again."""


class Wanted(msgspec.Struct, frozen=True):
    """`fields` of a create. `user` is who the assignee turned out to be; `without` has the core's names."""

    fields: Mapping[str, Any]
    user: TrackerUser | None = None
    unassigned: bool = False
    without: tuple[str, ...] = ()


class Drafts:
    """Drafts as fields. `project` is for those that name none. Raises DeliveryErrors, never Unknown."""

    def __init__(self, client: JiraClient, site: JiraSite, speaker: Speaker, project: str | None) -> None:
        self._client, self._site, self._speaker, self._project = client, site, speaker, project

    async def wanted(self, draft: IssueDraft, label: str, parent: str | None) -> Wanted:
        """With `label` and OURS after the draft's own labels.

        Raises Refused("project-unknown") when neither the draft nor the settings name a project.
        """
        project = draft.project or self._project
        if project is None:
            raise Refused("project-unknown", "the issue names no project, and JIRA_PROJECT is not set")
        fields: dict[str, Any] = {
            "project": {"key": project},
            "issuetype": {"name": draft.type},
            "summary": one_line(draft.summary),
            "description": _described(draft),
            "labels": list(dict.fromkeys([*draft.labels, OURS, label])),
        }
        if draft.due is not None:
            fields["duedate"] = draft.due.isoformat()
        wanted = await self._prioritised(Wanted(fields), draft)
        wanted = await self._assigned(wanted, draft)
        return wanted if parent is None else await self._placed(wanted, project, draft, parent)

    async def corrected(self, wanted: Wanted, draft: IssueDraft, refused: Refused) -> Wanted | None:
        """What to ask for after a refusal; None when what is wrong cannot be left out."""
        if not isinstance(refused, FieldsRefused) or not refused.only:
            return None
        for field in refused.fields:
            after = await self._without(wanted, draft, field)
            if after is None:
                return None
            wanted = after
        return wanted

    async def _prioritised(self, wanted: Wanted, draft: IssueDraft) -> Wanted:
        if draft.priority is None:
            return wanted
        level = await self._site.level(draft.priority)
        if level is None:
            return _lacking(wanted, "priority")
        return _with(wanted, "priority", {"id": level.id})

    async def _assigned(self, wanted: Wanted, draft: IssueDraft) -> Wanted:
        if draft.assignee is None:
            return wanted
        user = await user_with(self._client, draft.assignee)
        if user is None:
            return self._unassigned(wanted, draft)
        reference = user.reference(cloud=await self._client.is_cloud())
        return replace(_with(wanted, "assignee", reference), user=user.person)

    def _unassigned(self, wanted: Wanted, draft: IssueDraft) -> Wanted:
        """Whose it is stands in the text then."""
        name = escaped(draft.assignee_name or draft.assignee or "")
        line = self._speaker(draft.language)(Phrase("jira-unassigned", {"name": name}))
        text = f"{_described(draft)}\n\n{line}".lstrip()
        return replace(_with(wanted, "description", text), user=None, unassigned=True)

    async def _placed(self, wanted: Wanted, project: str, draft: IssueDraft, parent: str) -> Wanted:
        """Under another issue. Data Center has one field for sub-tasks and one for what belongs to an epic."""
        if await self._client.is_cloud() or await self._site.is_subtask(project, draft.type):
            return _with(wanted, "parent", {"key": parent})
        field = await self._site.custom_field(EPIC_LINK)
        return _lacking(wanted, "parent") if field is None else _with(wanted, field, parent)

    async def _without(self, wanted: Wanted, draft: IssueDraft, field: str) -> Wanted | None:
        if field not in OPTIONAL:
            return await self._custom(wanted, draft, field)
        present = [name for name in wanted.fields if OPTIONAL.get(name) == OPTIONAL[field]]
        if not present:
            return None
        left = _left(wanted, *present)
        return self._unassigned(left, draft) if field == "assignee" else _lacking(left, OPTIONAL[field])

    async def _custom(self, wanted: Wanted, draft: IssueDraft, field: str) -> Wanted | None:
        """Data Center's own fields: an epic needs a name, and what is linked to an epic needs an epic."""
        if field == await self._site.custom_field(EPIC_LINK) and field in wanted.fields:
            return _lacking(_left(wanted, field), "parent")
        if field == await self._site.custom_field(EPIC_NAME) and field not in wanted.fields:
            return _with(wanted, field, one_line(draft.summary))
        return None


def _described(draft: IssueDraft) -> str:
    """The description is markup of whoever wrote the scenario; words of people in it are none."""
    return fill(draft.description, {name: escaped(value) for name, value in draft.values.items()})


def _with(wanted: Wanted, field: str, value: Any) -> Wanted:
    return replace(wanted, fields={**wanted.fields, field: value})


def _left(wanted: Wanted, *fields: str) -> Wanted:
    return replace(wanted, fields={name: value for name, value in wanted.fields.items() if name not in fields})


def _lacking(wanted: Wanted, name: str) -> Wanted:
    return replace(wanted, without=(*wanted.without, name))


def comment_of(draft: IssueDraft) -> str:
    """What a new issue would say, for one that is there. A summary knows no markup, a comment does."""
    return f"{escaped(draft.summary)}\n\n{_described(draft)}".strip()


def one_line(text: str) -> str:
    """The text as a summary: Jira takes neither line breaks nor more than 255 characters, as Java counts them."""
    line = " ".join(text.split())
    units = line.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_SUMMARY:
        return line
    return units[: 2 * (LONGEST_SUMMARY - 1)].decode("utf-16-le", errors="ignore") + "…"
