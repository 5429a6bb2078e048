"""Issues as they stand in Jira."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import msgspec
from jira import JIRA

from bot.journey.merge import Stage
from bot.tracker.labels import DUPLICATE

DONE = "done"  # the key of the status category that no administrator can rename
STAGES: Mapping[str, Stage] = {"new": "new", "indeterminate": "underway", DONE: "done"}
WORDS = Path(__file__).with_name("duplicate_words.txt").read_text(encoding="utf-8").split()
FIELDS = "labels,status,created,resolution,issuelinks"


class Category(msgspec.Struct, frozen=True):
    key: str


class Status(msgspec.Struct, frozen=True, rename="camel"):
    status_category: Category
    id: str = ""
    name: str = ""

    @property
    def stage(self) -> Stage:
        """By the category, whose key nobody can change; one that Jira does not define has not begun."""
        return STAGES.get(self.status_category.key, "new")

    @property
    def is_done(self) -> bool:
        return self.status_category.key == DONE


class Named(msgspec.Struct, frozen=True):
    """A resolution, a link type: only its name says what it means, and only in the language of the site."""

    id: str
    name: str

    @property
    def means_duplicate(self) -> bool:
        name = self.name.casefold()
        return any(word in name for word in WORDS)


def is_twin(labels: Collection[str], status: Status, resolution: Named | None) -> bool:
    """Closed as another's duplicate: by us, or by people who gave it such a resolution."""
    return DUPLICATE in labels or (status.is_done and resolution is not None and resolution.means_duplicate)


class Other(msgspec.Struct, frozen=True):
    key: str


class Link(msgspec.Struct, frozen=True, rename="camel"):
    type: Named
    inward_issue: Other | None = None
    outward_issue: Other | None = None


class Fields(msgspec.Struct, frozen=True):
    status: Status
    created: str
    labels: tuple[str, ...] = ()
    resolution: Named | None = None
    issuelinks: tuple[Link, ...] = ()


class JiraIssue(msgspec.Struct, frozen=True):
    """`id` stays the same when an issue is moved to another project, `key` does not."""

    id: str
    key: str
    fields: Fields

    @property
    def age(self) -> tuple[datetime.datetime, int]:
        """Sorts older issues first, in the same order for everybody who looks."""
        return datetime.datetime.fromisoformat(self.fields.created), int(self.key.rpartition("-")[2])

    @property
    def is_done(self) -> bool:
        return self.fields.status.is_done

    @property
    def is_duplicate(self) -> bool:
        return is_twin(self.fields.labels, self.fields.status, self.fields.resolution)

    def is_linked_to(self, key: str) -> bool:
        """Whether a Duplicate link joins it with `key`, in whichever direction."""
        ends = (
            end.key
            for link in self.fields.issuelinks
            if link.type.means_duplicate
            for end in (link.inward_issue, link.outward_issue)
            if end is not None
        )
        return key in ends


def read_issue(jira: JIRA, key_or_id: str) -> JiraIssue:
    """An issue as it is now: unlike a search, this does not lag."""
    return msgspec.convert(read_raw(jira, key_or_id, FIELDS), JiraIssue)


def read_raw(jira: JIRA, key_or_id: str, fields: str) -> Any:
    """As `read_issue`, as the JSON is; `fields` are names with commas between."""
    return jira.issue(key_or_id, fields=fields).raw
