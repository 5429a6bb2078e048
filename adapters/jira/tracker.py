"""Jira as the tracker of the core: one live issue for each effect, whatever gets lost on the way.

A label made from the effect's id is what an issue is known by. Whenever it is unclear whether a create has happened,
the label is looked for, and all who look agree on who stays: the oldest. What can come between:

- The answer is lost: the label finds the issue, nothing is created twice.
- The first attempt lands after a look that found nothing, and after a second create: the next look sees both, and the
  newer one is closed as a duplicate.
- The search does not show the issue yet: it is asked twice with a pause, some time after the attempt, and a later look
  corrects what this one missed. What it shows is read again one by one, because that does not lag.
- Two processes look at once: both keep the same issue, and closing the other twice changes nothing.
- A crash while closing: see `TwinCloser`.
- People copy an issue, label and all: it was created by them, not by us, so it is left alone.
- A token has expired: Cloud may answer like to a stranger, with an empty search or an unknown project. So each look,
  and each refusal of a create, asks first who we are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.fields import issue_fields
from adapters.jira.issues import JiraIssue, find_labelled, read_issue
from adapters.jira.people import JiraUser, myself
from adapters.jira.settings import JiraSettings
from adapters.jira.twins import TwinCloser
from bot.effects import CreateIssue, VerifyIssue
from bot.errors import Refused
from bot.labels import label_of
from bot.ports import Say
from bot.results import Issue

SEARCH_PAUSE = 2.0


class _Created(msgspec.Struct, frozen=True):
    key: str


def _create(jira: JIRA, fields: dict[str, Any]) -> str:
    # Without prefetch: a read that fails after the write would look like a write that failed.
    return msgspec.convert(jira.create_issue(fields=fields, prefetch=False).raw, _Created).key


class JiraTracker:
    """Implements `bot.ports.Tracker`. `search_pause`: seconds between the two searches of a look.

    `say` has the language of the comments that it leaves in Jira.
    """

    name = "jira"

    def __init__(
        self, settings: JiraSettings, say: Say, *, client: JiraClient | None = None, search_pause: float = SEARCH_PAUSE
    ) -> None:
        self.settle_seconds = settings.settle_seconds
        self._base, self._project = settings.base, settings.project
        self._client = client or JiraClient(settings)
        self._closer = TwinCloser(self._client, self._base, say)
        self._pause = search_pause

    async def create(self, effect: str, act: CreateIssue) -> Issue:
        """Make the issue, labelled after the effect's id."""
        fields = await issue_fields(self._client, act.draft, label_of(effect), self._project)
        try:
            key = await self._client.write(_create, fields)
        except Refused:
            await myself(self._client)
            raise
        return self._issue(key)

    async def look(self, effect: str) -> Issue | None:
        """The live issue of an effect. Newer twins are closed as its duplicates, and named."""
        me = await myself(self._client)
        issues = _ours(await self._labelled(label_of(effect)), me)
        first = next((issue for issue in issues if not issue.is_duplicate), None)
        if first is None:
            return None
        twins = [issue for issue in issues if issue is not first]
        closed = [twin.key for twin in twins if await self._closer.close(twin, first)]
        return self._issue(first.key, tuple(closed))

    async def verify(self, act: VerifyIssue) -> Issue | None:
        """As `look`, for the effect that `act` names."""
        return await self.look(act.of)

    async def close(self) -> None:
        """Let go of threads and connections; see `JiraClient.close`."""
        await self._client.close()

    def _issue(self, key: str, twins: tuple[str, ...] = ()) -> Issue:
        return Issue(key=key, url=f"{self._base}/browse/{key}", twins=twins)

    async def _labelled(self, label: str) -> list[JiraIssue]:
        """Every issue that carries the label now, the oldest first."""
        cloud = await self._client.is_cloud()
        hits = await self._client.read(find_labelled, label, cloud=cloud)
        await asyncio.sleep(self._pause)
        hits |= await self._client.read(find_labelled, label, cloud=cloud)
        read = [await self._read(hit) for hit in hits]
        # By id: one that was moved between the searches has two keys, and must not become its own twin.
        issues = {issue.id: issue for issue in read if issue is not None and label in issue.fields.labels}
        return sorted(issues.values(), key=lambda issue: issue.age)

    async def _read(self, key_or_id: str) -> JiraIssue | None:
        try:
            return await self._client.read(read_issue, key_or_id)
        except Refused as refused:
            if refused.code == "not-found":  # deleted, and the search does not know yet
                return None
            raise


def _ours(issues: Sequence[JiraIssue], me: JiraUser) -> list[JiraIssue]:
    """Those that we have created. Under a new account we recognise none: then the oldest, and nothing is closed."""
    own = [issue for issue in issues if issue.fields.creator and issue.fields.creator.identity == me.identity]
    return own or list(issues[:1])
