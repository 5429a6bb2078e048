"""An issue as the scenario wants it, in Jira's words."""

from __future__ import annotations

from typing import Any

from adapters.jira.client import JiraClient
from adapters.jira.people import assignee
from bot.effects import IssueDraft
from bot.errors import Refused

LONGEST_SUMMARY = 255


async def issue_fields(
    client: JiraClient, draft: IssueDraft, label: str, default_project: str | None
) -> dict[str, Any]:
    """The `fields` of a create, with `label` after the draft's own labels.

    Raises Refused("project-unknown") when neither the draft nor the settings name a project, and as `assignee`.
    """
    project = draft.project or default_project
    if project is None:
        raise Refused("project-unknown", "the issue names no project, and JIRA_PROJECT is not set")
    fields: dict[str, Any] = {
        "project": {"key": project},
        "issuetype": {"name": draft.type},
        "summary": one_line(draft.summary),
        "description": draft.description,
        "labels": list(dict.fromkeys([*draft.labels, label])),
    }
    if draft.priority is not None:
        fields["priority"] = {"name": draft.priority}
    if draft.due is not None:
        fields["duedate"] = draft.due.isoformat()
    if draft.assignee is not None:
        fields["assignee"] = await assignee(client, draft.assignee)
    return fields


def one_line(text: str) -> str:
    """The text as a summary: Jira takes neither line breaks nor more than 255 characters, as Java counts them."""
    line = " ".join(text.split())
    units = line.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_SUMMARY:
        return line
    return units[: 2 * (LONGEST_SUMMARY - 1)].decode("utf-16-le", errors="ignore") + "…"
