"""Walks through all issues of ours: none is missed, whatever happens between two pages."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from msgspec.structs import replace

from adapters.jira.client import JiraClient
from adapters.jira.search import JiraSearch, minute
from adapters.jira.tracker import JiraTracker
from bot.errors import Retry
from bot.tracker.labels import OURS
from bot.tracker.snapshot import Snapshot
from sandbox.faults import Kind
from sandbox.jira import Deployment, serving
from sandbox.jira.issue import Issue
from tests.adapters.jira.kit import ANNA, LABEL, Stand, settings_for, standing
from tests.hurry import call_seconds

NOON = datetime.datetime(2026, 11, 24, 12, 0, 0, tzinfo=datetime.UTC)
BOT = "bot"


def at(stand: Stand, moment: datetime.datetime) -> None:
    stand.state.clock = lambda: moment


def made(stand: Stand, number: int, label: str = OURS) -> Issue:
    values = {"project": "ONB", "issuetype": "10001", "summary": f"Number {number}", "labels": (label,)}
    return stand.state.create(values, BOT)


def many(stand: Stand, count: int, a_minute: int, begin: datetime.datetime = NOON) -> set[str]:
    """Issues of ours, so many a minute; their keys."""
    keys = set()
    for number in range(count):
        at(stand, begin + datetime.timedelta(seconds=60 * number / a_minute))
        keys.add(made(stand, number).key)
    return keys


async def walked(
    tracker: JiraTracker,
    since: datetime.datetime | None = None,
    between: Callable[[tuple[Snapshot, ...]], object] = len,
) -> list[str]:
    """The keys in the order in which they come."""
    keys: list[str] = []
    cursor: str | None = None
    while True:
        page = await tracker.changed(since, cursor)
        keys += [one.key for one in page.snapshots]
        cursor = page.cursor
        if cursor is None:
            return keys
        between(page.snapshots)


@pytest.mark.parametrize("a_minute", [1, 7, 60, 1000])
async def test_every_issue_comes_once_the_longest_unchanged_first(
    stand: Stand, tracker: JiraTracker, a_minute: int
) -> None:
    keys = many(stand, 430, a_minute)
    found = await walked(tracker)
    assert found == sorted(keys, key=lambda key: int(key.removeprefix("ONB-")))


async def test_pages_are_full_so_that_a_thousand_issues_take_eleven_searches(
    stand: Stand, tracker: JiraTracker
) -> None:
    many(stand, 1000, 20)
    await walked(tracker)
    assert stand.state.searches <= 11


@pytest.mark.parametrize("a_minute", [1, 60, 1000])
@pytest.mark.parametrize("place", [0, 50, -1])
async def test_an_issue_that_changes_between_two_pages_hides_no_other(a_minute: int, place: int) -> None:
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        keys = many(stand, 430, a_minute)
        end = stand.state.clock()

        def change(page: tuple[Snapshot, ...]) -> None:
            at(stand, end + datetime.timedelta(hours=1))
            for seen in page[place:][:3]:
                stand.state.edit(seen.key, {"summary": f"Changed after {len(page)}"}, ANNA.name)

        found = await walked(tracker, between=change)
    assert set(found) == keys
    assert stand.state.searches < 20


async def test_when_many_change_between_two_pages_the_walk_begins_anew() -> None:
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        keys = many(stand, 230, 1000)
        end = stand.state.clock()

        def change(page: tuple[Snapshot, ...]) -> None:
            at(stand, end + datetime.timedelta(hours=1))
            for seen in page[-40:]:
                if stand.state.searches < 3:
                    stand.state.edit(seen.key, {"summary": "Changed"}, ANNA.name)

        found = await walked(tracker, between=change)
    assert set(found) == keys


async def test_an_issue_that_is_deleted_between_two_pages_hides_no_other() -> None:
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        keys = many(stand, 430, 1000)
        found = await walked(tracker, between=lambda page: stand.state.delete(page[0].key, ANNA.name))
    assert set(found) == keys


async def test_only_issues_of_ours_are_walked_through(stand: Stand, tracker: JiraTracker) -> None:
    keys = many(stand, 2, 1)
    made(stand, 3, "another")
    assert set(await walked(tracker)) == keys
    assert await tracker.count() == 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Asia/Kathmandu"])
async def test_a_time_is_asked_for_in_the_zone_in_which_jira_reads_it(
    stand: Stand, tracker: JiraTracker, zone: str
) -> None:
    stand.state.people.add(replace(stand.state.people.named(BOT), time_zone=zone))
    many(stand, 60, 1)
    found = await walked(tracker, NOON + datetime.timedelta(minutes=30))
    assert found[0] == "ONB-29"  # two minutes before: the search lags, and clocks differ
    assert len(found) == 32


async def test_how_far_the_search_lags_is_taken_back_too(stand: Stand) -> None:
    many(stand, 60, 1)
    client = JiraClient(settings_for(stand.url, cloud=stand.cloud))
    search = JiraSearch(client, settle_seconds=600.0)
    found = await search.changed(NOON + datetime.timedelta(minutes=30), None)
    assert found.issues[0]["key"] == "ONB-19"
    await client.close()


@pytest.mark.parametrize("minutes", [0, 30, 59, 60, 90, 119, 120])
async def test_the_hour_that_comes_twice_hides_nothing_and_ends(minutes: int) -> None:
    """In Berlin clocks go back from three to two on 25 October 2026, at one in UTC."""
    begin = datetime.datetime(2026, 10, 24, 23, 30, tzinfo=datetime.UTC)
    async with standing(Deployment.SERVER) as stand, stand.tracker() as tracker:
        stand.state.people.add(replace(stand.state.people.named(BOT), time_zone="Europe/Berlin"))
        keys = many(stand, 900, 5, begin)
        since = begin + datetime.timedelta(minutes=minutes + 2)
        found = set(await walked(tracker, since))
    late = {key for key in keys if int(key.removeprefix("ONB-")) > 5 * minutes}
    assert late <= found


@pytest.mark.parametrize(
    ("utc", "berlin"),
    [
        ("2026-11-24T12:00:59", "2026-11-24T13:00:00+01:00"),
        ("2026-10-24T23:59:00", "2026-10-25T01:59:00+02:00"),
        ("2026-10-25T00:30:00", "2026-10-25T01:30:00+02:00"),
        ("2026-10-25T01:30:00", "2026-10-25T01:30:00+02:00"),
        ("2026-10-25T02:00:00", "2026-10-25T03:00:00+01:00"),
    ],
)
def test_a_minute_that_comes_twice_is_one_before_that(utc: str, berlin: str) -> None:
    moment = datetime.datetime.fromisoformat(utc).replace(tzinfo=datetime.UTC)
    assert minute(moment, ZoneInfo("Europe/Berlin")).isoformat() == berlin


async def test_a_zone_that_nobody_knows_is_the_one_in_which_nothing_is_missed() -> None:
    answers: dict[str, object] = {
        "serverInfo": {"deploymentType": "Server"},
        "myself": {"name": BOT, "timeZone": "Mars/Olympus"},
        "field": [],
        "search": {"total": 0, "issues": []},
    }
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.query.get("jql", ""))
        return web.json_response(answers[request.match_info["name"]])

    app = web.Application()
    app.add_routes([web.get("/rest/api/2/{name}", answer)])
    async with serving(app) as url:
        client = JiraClient(settings_for(url))
        await JiraSearch(client, 0.0).changed(NOON, None)
        await client.close()
    assert [*filter(None, asked)] == [
        'labels = "butterboard" AND updated >= "2026/11/23 23:58" ORDER BY updated ASC, key ASC'
    ]


async def test_names_come_in_large_pages_and_every_one_of_them(stand: Stand) -> None:
    at(stand, NOON)
    keys = {made(stand, number, LABEL).key for number in range(1050)}
    client = JiraClient(settings_for(stand.url, cloud=stand.cloud))
    assert await JiraSearch(client, 0.0).labelled(LABEL) == keys
    assert stand.state.searches <= 2
    await client.close()


async def test_keys_come_with_the_ids_that_never_change(stand: Stand, tracker: JiraTracker) -> None:
    many(stand, 3, 1)
    found = await tracker.keys(None)
    assert found.keys == {issue.id: issue.key for issue in stand.state.issues()}


async def test_an_issue_in_a_strange_shape_hides_no_other(
    stand: Stand, tracker: JiraTracker, caplog: pytest.LogCaptureFixture
) -> None:
    many(stand, 3, 1)
    stand.state.move("ONB-2", "11", ANNA.name)
    site = stand.state.site
    stand.state.site = replace(site, statuses=tuple(one for one in site.statuses if one.id != "3"))
    assert await walked(tracker) == ["ONB-1", "ONB-3"]
    assert [record.message for record in caplog.records if record.name == "adapters.jira.site"] == [
        "issue not understood"
    ]


@pytest.mark.parametrize("kind", [Kind.RATE_LIMIT, Kind.ERROR, Kind.HANG, Kind.LOST])
async def test_a_page_that_fails_is_asked_for_again(stand: Stand, kind: Kind, request: pytest.FixtureRequest) -> None:
    keys = many(stand, 130, 1)
    async with stand.tracker(timeout=call_seconds(request)) as tracker:
        first = await tracker.changed(None, None)
        stand.fail(kind, "/search")
        with pytest.raises(Retry):
            await tracker.changed(None, first.cursor)
        second = await tracker.changed(None, first.cursor)
        stand.fail(kind, "/search", times=2)
        for ask in (tracker.count, lambda: tracker.keys(None)):
            with pytest.raises(Retry):
                await ask()
    assert {one.key for one in (*first.snapshots, *second.snapshots)} == keys
