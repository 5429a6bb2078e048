"""Remembers how every issue looked and since when, so that a search can see the past."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from sandbox.jira.issue import Issue


class Version(Struct, frozen=True):
    """An issue from one moment on; None from the moment it was deleted."""

    since: datetime
    issue: Issue | None


class History:
    """The versions of every issue, each in the order in which they were written."""

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self._versions = {issue.key: [Version(issue.updated, issue)] for issue in issues}

    def remember(self, key: str, since: datetime, issue: Issue | None) -> None:
        self._versions.setdefault(key, []).append(Version(since, issue))

    def as_of(self, moment: datetime) -> dict[str, Issue]:
        """The issues that were there at that moment, as they were, by key."""
        seen = ((key, _at(versions, moment)) for key, versions in self._versions.items())
        return {key: issue for key, issue in seen if issue is not None}


def _at(versions: list[Version], moment: datetime) -> Issue | None:
    place = bisect_right(versions, moment, key=lambda version: version.since)
    return versions[place - 1].issue if place else None
