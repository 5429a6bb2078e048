"""Searches by label, page by page: Cloud leads on with a token, Data Center counts from the start.

A page that is counted loses issues when one before it leaves the search, and every change of an issue moves it to the
end. So the last issue that was seen comes again as the first of the next page. Where it does not, something has moved:
then one of the last ten shows how far, and where none does, the search begins anew. A walk through changes counts from
the minute of the last issue only, so that this is rare.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from jira import JIRA

from adapters.jira.client import JiraClient
from adapters.jira.people import myself
from adapters.jira.snapshots import FIELDS, moment
from bot.tracker.labels import OURS

# Cloud gives no more with fields. Data Center would give 1,000, but a page has half a minute to be read and repaired.
CHANGES_A_PAGE = {True: 100, False: 250}
KEPT = 10
NAMES_A_PAGE = {True: 5000, False: 1000}  # as many as Cloud and Data Center give where only names are wanted
NAMES = "id,key"
LATE = datetime.timedelta(minutes=2)  # clocks differ, and a search knows of a change some time after it
# Where Jira does not say which zone is ours: no zone is later, so nothing is missed.
LATEST_ZONE = datetime.timezone(datetime.timedelta(hours=-12))

OF_OURS = f'labels = "{OURS}"'


class Found(msgspec.Struct, frozen=True):
    """Issues as JSON, and where the next page begins."""

    issues: tuple[dict[str, Any], ...]
    cursor: str | None


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a walk on Data Center goes on: so many were `seen` of those since the minute `since` (empty: of all), and
    `last` marks the last of them."""

    since: str = ""
    seen: int = 0
    last: tuple[str, ...] = ()


class _Tokened(msgspec.Struct, frozen=True, rename="camel"):
    issues: tuple[dict[str, Any], ...] = ()
    next_page_token: str | None = None


class _Counted(msgspec.Struct, frozen=True, rename="camel"):
    total: int
    issues: tuple[dict[str, Any], ...] = ()
    start_at: int = 0

    @property
    def is_last(self) -> bool:
        return not self.issues or self.start_at + len(self.issues) >= self.total


def _tokened(jira: JIRA, jql: str, token: str | None, size: int, fields: str) -> _Tokened:
    found = jira.enhanced_search_issues(jql, nextPageToken=token, maxResults=size, fields=[fields], json_result=True)
    return msgspec.convert(found, _Tokened)


def _counted(jira: JIRA, jql: str, start: int, size: int, fields: str) -> _Counted:
    found = jira.search_issues(jql, startAt=start, maxResults=size, fields=[fields], json_result=True)
    return msgspec.convert(found, _Counted)


def _approximate(jira: JIRA, jql: str) -> int:
    return msgspec.convert(jira.approximate_issue_count(jql), int)


def minute(at: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    """The minute of a moment in a zone. In the hour that comes twice when summer ends Jira would have to guess which
    is meant, so it is one before that."""
    local = at.astimezone(zone).replace(second=0, microsecond=0)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        local = (local.astimezone(datetime.UTC) - datetime.timedelta(hours=1)).astimezone(zone)
    return local


class JiraSearch:
    """Issues of ours. `settle_seconds`: how far the search may lag. Raises DeliveryErrors, never Unknown."""

    def __init__(self, client: JiraClient, settle_seconds: float) -> None:
        self._client = client
        self._late = datetime.timedelta(seconds=settle_seconds) + LATE
        self._our_zone: datetime.tzinfo | None = None

    async def labelled(self, label: str) -> set[str]:
        """Keys of all issues that the search shows under a label; it lags behind writes."""
        keys: set[str] = set()
        cursor: str | None = None
        while True:
            found = await self._names(f'labels = "{label}"', cursor)
            keys |= {issue["key"] for issue in found.issues}
            cursor = found.cursor
            if cursor is None:
                return keys

    async def keys(self, cursor: str | None) -> Found:
        found = await self._names(OF_OURS, cursor)
        if not found.issues:
            await myself(self._client)  # to a stranger a search shows nothing, and all issues would seem to be gone
        return found

    async def count(self) -> int:
        if await self._client.is_cloud():
            return await self._client.read(_approximate, OF_OURS)
        return (await self._client.read(_counted, OF_OURS, 0, 1, NAMES)).total

    async def changed(self, since: datetime.datetime | None, cursor: str | None) -> Found:
        """Those that were updated at `since` or later, with what a snapshot needs."""
        cloud = await self._client.is_cloud()
        timeless = cloud and since is None  # a walk through everything, of which Cloud itself keeps the place
        zone = LATEST_ZONE if timeless else await self._zone(afresh=cursor is None)
        begin = "" if since is None else _written(minute(since - self._late, zone))
        if cloud:
            return await self._tokened(_changes(begin), cursor, CHANGES_A_PAGE[cloud], FIELDS)
        place = Place(begin) if cursor is None else _read(cursor)
        page, known = await self._counted(_changes(place.since), place, CHANGES_A_PAGE[cloud], FIELDS)
        after = None if page.is_last else _place_after(place, page, zone)
        return Found(page.issues[known:], after)

    async def _names(self, where: str, cursor: str | None) -> Found:
        """By age: nothing that happens to an issue changes its place."""
        jql, cloud = f"{where} ORDER BY created ASC, key ASC", await self._client.is_cloud()
        if cloud:
            return await self._tokened(jql, cursor, NAMES_A_PAGE[cloud], NAMES)
        place = Place() if cursor is None else _read(cursor)
        page, known = await self._counted(jql, place, NAMES_A_PAGE[cloud], NAMES)
        after = None if page.is_last else _cursor(place.since, _end(page), page)
        return Found(page.issues[known:], after)

    async def _tokened(self, jql: str, token: str | None, size: int, fields: str) -> Found:
        found = await self._client.read(_tokened, jql, token, size, fields)
        return Found(found.issues, found.next_page_token)

    async def _counted(self, jql: str, place: Place, size: int, fields: str) -> tuple[_Counted, int]:
        """The page at a place, and how many at its beginning were there before; the first one, where the place is
        lost."""
        for back in (1, len(place.last)):
            page = await self._client.read(_counted, jql, max(place.seen - back, 0), size, fields)
            known = _known(page, place)
            if known or not place.seen:
                return page, known
        return await self._client.read(_counted, jql, 0, size, fields), 0

    async def _zone(self, *, afresh: bool) -> datetime.tzinfo:
        """Jira reads the times of a query in the zone of whoever asks."""
        if self._our_zone is None or afresh:
            self._our_zone = _zone_named((await myself(self._client)).time_zone)
        return self._our_zone


def _zone_named(name: str | None) -> datetime.tzinfo:
    try:
        return ZoneInfo(name or "")
    except (LookupError, ValueError, OSError):
        return LATEST_ZONE


def _changes(since: str) -> str:
    where = f'{OF_OURS} AND updated >= "{since}"' if since else OF_OURS
    return f"{where} ORDER BY updated ASC, key ASC"


def _written(at: datetime.datetime) -> str:
    return f"{at:%Y/%m/%d %H:%M}"


def _read(cursor: str) -> Place:
    return msgspec.json.decode(cursor, type=Place)


def _cursor(since: str, seen: int, page: _Counted) -> str:
    last = tuple(_mark(issue) for issue in page.issues[-KEPT:])
    return msgspec.json.encode(Place(since, seen, last)).decode()


def _end(page: _Counted) -> int:
    return page.start_at + len(page.issues)


def _known(page: _Counted, place: Place) -> int:
    """How many of a page were seen before: all up to the last that is marked."""
    marks = [_mark(issue) for issue in page.issues]
    return max((marks.index(mark) + 1 for mark in place.last if mark in marks), default=0)


def _mark(issue: Mapping[str, Any]) -> str:
    """An issue as it was: one that has changed stands elsewhere, and tells nothing of those beside it."""
    return f"{issue['id']} {issue.get('fields', {}).get('updated', '')}"


def _place_after(place: Place, page: _Counted, zone: datetime.tzinfo) -> str:
    """From the minute of the last issue, unless it is still the one that was counted from."""
    times = _times(page.issues)
    begin = minute(times[-1], zone)
    since = _written(begin)
    if since <= place.since:
        return _cursor(place.since, _end(page), page)
    return _cursor(since, sum(at >= begin for at in times), page)


def _times(issues: Sequence[dict[str, Any]]) -> list[datetime.datetime]:
    return [moment(issue["fields"]["updated"]) for issue in issues]
