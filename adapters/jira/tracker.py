"""Jira as the tracker of the core: one live issue for each effect, whatever gets lost on the way.

A label made from the effect's id and a secret key is what an issue is found by. Whenever it is unclear whether a create
has happened, the label is looked for, and all who look agree on who stays: the oldest. What can come between:

- The answer is lost: the label finds the issue, nothing is created twice.
- The first attempt lands after a look that found nothing, and after a second create: the next look sees both, and the
  newer one is closed as a duplicate.
- The search does not show the issue yet: it is asked twice with a pause, some time after the attempt, and a later look
  corrects what this one missed. What it shows is read again one by one, because that does not lag.
- Two processes look at once: both keep the same issue, and closing the other twice changes nothing.
- A crash while closing: see `TwinCloser`.
- People copy an issue, or its label alone: the core says which issues are ours (`bot/tracker/ownership.py`), by who has
  created them, and the others are left alone, whatever their age.
- A token has expired: Cloud may answer like to a stranger, with an empty search or an unknown project. So each look,
  and each refusal of a create, asks first who we are.
"""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from jira import JIRA

from adapters.jira.changes import IssueChanger
from adapters.jira.client import JiraClient
from adapters.jira.fields import Drafts, Wanted, comment_of
from adapters.jira.identity import JiraIdentity
from adapters.jira.issues import FIELDS as ISSUE_FIELDS
from adapters.jira.issues import JiraIssue, read_raw
from adapters.jira.people import myself
from adapters.jira.search import JiraSearch
from adapters.jira.settings import JiraSettings
from adapters.jira.site import JiraSite
from adapters.jira.snapshots import FIELDS as SNAPSHOT_FIELDS
from adapters.jira.twins import TwinCloser
from adapters.jira.writes import add_labels, add_link, has_comment
from bot.effects import CreateIssue, IssueDraft, RaiseTicket
from bot.errors import DeliveryError, Refused
from bot.ports import OwnIssues, Speaker
from bot.results import Issue
from bot.tracker.labels import label_of
from bot.tracker.snapshot import Change, Changed, Keys, Page, Snapshot

SEARCH_PAUSE = 2.0
READ_SECONDS = 4.0  # of a read after a create, whose answer must not wait for it


class _Created(msgspec.Struct, frozen=True):
    id: str
    key: str


class _Found(msgspec.Struct, frozen=True):
    """An issue with a label, as it is closed and as the core sees it."""

    issue: JiraIssue
    snapshot: Snapshot


def _create(jira: JIRA, fields: dict[str, Any]) -> _Created:
    # Without prefetch: a read that fails after the write would look like a write that failed.
    return msgspec.convert(jira.create_issue(fields=fields, prefetch=False).raw, _Created)


def _read_whole(jira: JIRA, key_or_id: str) -> tuple[JiraIssue, Any]:
    raw = read_raw(jira, key_or_id, f"{ISSUE_FIELDS},{SNAPSHOT_FIELDS}")
    return msgspec.convert(raw, JiraIssue), raw


class JiraTracker:
    """Implements `bot.ports.Tracker`. `search_pause`: seconds between the two searches of a look.

    `speaker` gives the voice for what it adds to an issue, in the issue's language. `clock` is monotonic, in seconds.
    """

    name = "jira"

    def __init__(
        self,
        settings: JiraSettings,
        speaker: Speaker,
        *,
        client: JiraClient | None = None,
        identity: JiraIdentity | None = None,
        search_pause: float = SEARCH_PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settle_seconds = settings.settle_seconds
        self._base, self._pause = settings.base, search_pause
        self._client = client or JiraClient(settings)
        identity = identity or JiraIdentity(self._client, settings.base, settings.priorities, settings.former_accounts)
        self._site = JiraSite(self._client, identity)
        self._drafts = Drafts(self._client, self._site, speaker, settings.project)
        self._changer = IssueChanger(self._client, self._site, clock)
        self._search = JiraSearch(self._client, settings.settle_seconds)
        self._closer = TwinCloser(self._client, self._base, speaker("ru"))

    async def create(self, effect: str, act: CreateIssue | RaiseTicket, parent: str | None = None) -> Issue:
        """Make the issue, under the label of the act and as ours.

        What Jira will not take of it and an issue can do without is left out; each attempt before was refused whole.
        """
        wanted = await self._drafts.wanted(act.draft, label_of(effect, act), parent)
        while True:
            try:
                made = await self._client.write(_create, dict(wanted.fields))
            except Refused as refused:
                await myself(self._client)
                less = await self._drafts.corrected(wanted, act.draft, refused)
                if less is None:
                    raise
                wanted = less
            else:
                asked = act.draft.priority is not None or isinstance(act, RaiseTicket)
                given = None if asked else await self._given_priority(made)
                return msgspec.structs.replace(self._made(made, wanted), priority=given)

    async def _given_priority(self, made: _Created) -> str | None:
        """What Jira has filled in. The issue is made, so nothing that goes wrong here may look as if it were not."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return (await self._site.snapshot(await self._client.read(read_raw, made.id, SNAPSHOT_FIELDS))).priority
        except (DeliveryError, TimeoutError):
            return None

    async def look(self, label: str, own: OwnIssues) -> Issue | None:
        """The oldest live issue of those under a label that `own` names. The others of these are closed as its
        duplicates, and named; what `own` does not name is left alone."""
        await self._no_stranger()
        labelled = await self._labelled(label)
        if not labelled:
            return None
        mine = await own([one.snapshot for one in labelled])
        found = [one for one in labelled if one.issue.id in mine]
        first = next((one for one in found if not one.issue.is_duplicate), None)
        if first is None:
            return None
        twins = [one.issue for one in found if one is not first]
        closed = tuple([twin.key for twin in twins if await self._closer.close(twin, first.issue)])
        snapshot = first.snapshot
        return Issue(key=snapshot.key, url=snapshot.url, id=snapshot.id, twins=closed, snapshot=snapshot)

    async def read(self, key: str) -> Snapshot | None:
        """The issue as it is now, by its key or id; None: it no longer exists, as far as we may know."""
        found = await self._seen(key)
        if not isinstance(found, Refused):
            return found
        await self._no_stranger()
        if found.code != "not-found":
            raise found
        await self._demand_project(key)
        return None

    async def read_each(self, keys: Sequence[str]) -> dict[str, Snapshot | None]:
        """As `read`, for several issues at once; one that is refused for another reason is left out."""
        found = dict(zip(keys, await asyncio.gather(*map(self._seen, keys)), strict=True))
        if any(isinstance(one, Refused) for one in found.values()):
            await self._no_stranger()
        known = {key: one for key, one in found.items() if not isinstance(one, Refused) or one.code == "not-found"}
        return {key: None if isinstance(one, Refused) else one for key, one in known.items()}

    async def _seen(self, key: str) -> Snapshot | Refused:
        try:
            return await self._site.snapshot(await self._client.read(read_raw, key, SNAPSHOT_FIELDS))
        except Refused as refused:
            return refused

    async def _no_stranger(self) -> None:
        """To a stranger Jira says that there is no issue, too: an expired token must not look like a deletion."""
        await myself(self._client)

    async def _demand_project(self, key: str) -> None:
        """Who may not see a project is told that its issues are not there, too. An id does not say which it is."""
        project = key.rpartition("-")[0]
        try:
            if project:
                await self._client.read(JIRA.project, project)
        except Refused as refused:
            raise Refused("forbidden", f"the project {project} is hidden from us") from refused

    async def change(self, key: str, change: Change) -> Changed:
        """Write the fields that `change` names. What Jira will never take is named, by field, with a code."""
        return await self._changer.change(key, change)

    async def link(self, key: str, name: str, url: str, title: str) -> None:
        """Give the issue a link to a page; one of the same `name` is replaced."""
        await self._client.write(add_link, key, name, url, title)

    async def comment(self, key: str, draft: IssueDraft) -> None:
        """Write as a comment what would stand in a new issue, unless it stands in one already."""
        text = comment_of(draft)
        if not await self._client.read(has_comment, key, text):
            await self._client.write(JIRA.add_comment, key, text)

    async def relabel(self, key: str, labels: Sequence[str]) -> None:
        """Add the labels that are missing."""
        await self._client.write(add_labels, key, labels)

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> Page:
        """Issues of ours that were updated at `since` or later, a page at a time, with their latest comments."""
        found = await self._search.changed(since, cursor)
        return Page(await self._site.snapshots(found.issues), found.cursor)

    async def count(self) -> int:
        """About how many issues of ours there are."""
        return await self._search.count()

    async def keys(self, cursor: str | None) -> Keys:
        """The keys of all issues of ours, a page at a time."""
        found = await self._search.keys(cursor)
        return Keys({issue["id"]: issue["key"] for issue in found.issues}, found.cursor)

    async def close(self) -> None:
        """Let go of threads and connections; see `JiraClient.close`."""
        await self._client.close()

    def _made(self, made: _Created, wanted: Wanted) -> Issue:
        return Issue(
            key=made.key,
            url=f"{self._base}/browse/{made.key}",
            id=made.id,
            assignee=wanted.user,
            unassigned=wanted.unassigned,
            without=wanted.without,
        )

    async def _labelled(self, label: str) -> list[_Found]:
        """Every issue that carries the label now, the oldest first."""
        hits = await self._search.labelled(label)
        await asyncio.sleep(self._pause)
        hits |= await self._search.labelled(label)
        read = [await self._read(hit) for hit in hits]
        # By id: one that was moved between the searches must not become its own twin.
        found = {one.issue.id: one for one in read if one is not None and label in one.issue.fields.labels}
        return sorted(found.values(), key=lambda one: one.issue.age)

    async def _read(self, hit: str) -> _Found | None:
        try:
            issue, raw = await self._client.read(_read_whole, hit)
            return _Found(issue, await self._site.snapshot(raw))
        except Refused as refused:
            if refused.code == "not-found":  # deleted, and the search does not know yet
                return None
            raise
