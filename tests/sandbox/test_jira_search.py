"""Searches in pages: Cloud's and Data Center's, in the time zone of whoever asks, and among ten thousand issues."""

import time
from collections.abc import AsyncIterator
from functools import partial

import aiohttp
import pytest
from jira import JIRA

from sandbox.jira import Access, Deployment, State, default_site, make_app, serving
from sandbox.jira.__main__ import main
from tests.sandbox.clock import Clock
from tests.sandbox.jira_kit import ACCESS, Stand, standing
from tests.sandbox.test_jira_process import started_jira

MANY = 10_000
PAGE = "/rest/api/3/search/jql"
ALL = "labels = butterboard ORDER BY updated ASC, key ASC"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


def fill(state: State, count: int) -> None:
    for number in range(count):
        values = {"project": "ONB", "issuetype": "10001", "summary": f"Шаг {number}", "labels": ("butterboard",)}
        state.create(values, "admin")


async def page(stand: Stand, jql: str = ALL, **more: object) -> dict[str, object]:
    status, answer = await stand.post(PAGE, {"jql": jql, **more})
    assert status == 200, answer
    return dict(answer)


def keys(answer: dict[str, object]) -> list[str]:
    issues = answer["issues"]
    assert isinstance(issues, list)
    return [issue["key"] for issue in issues]


async def test_the_library_counts_what_a_query_finds(stand: Stand) -> None:
    fill(stand.state, 7)

    def count(jira: JIRA) -> object:
        return jira.approximate_issue_count("labels = butterboard")

    assert await stand.ask(count) == 7
    stand.state.search_lag = 10
    assert await stand.ask(count) == 0


async def test_pages_of_cloud_lead_on_until_the_last(stand: Stand) -> None:
    fill(stand.state, 250)
    token, found = None, []
    for size in (100, 100, 50):
        answer = await page(stand, fields=["summary", "comment"], maxResults=5000, nextPageToken=token)
        assert len(keys(answer)) == size
        found += keys(answer)
        token = answer.get("nextPageToken")
        assert answer["isLast"] is (token is None)
    assert found == [f"ONB-{number}" for number in range(1, 251)]
    shown = (await page(stand, fields=["summary", "comment"], maxResults=1))["issues"]
    assert isinstance(shown, list)
    assert (set(shown[0]["fields"]), shown[0]["fields"]["comment"]["total"]) == ({"summary", "comment"}, 0)


async def test_a_page_of_names_only_holds_five_thousand(stand: Stand) -> None:
    fill(stand.state, 5001)
    answer = await page(stand, fields=["id", "key"], maxResults=9999)
    assert (len(keys(answer)), answer["isLast"]) == (5000, False)


async def test_a_page_of_data_center_holds_at_most_a_thousand() -> None:
    async with standing(Deployment.SERVER) as stand:
        fill(stand.state, 1200)
        asked = {"jql": ALL, "fields": "updated", "maxResults": "5000"}
        first = await stand.get("/rest/api/2/search", **asked)
        assert (len(first["issues"]), first["total"], first["maxResults"]) == (1000, 1200, 1000)
        second = await stand.get("/rest/api/2/search", **asked, startAt="1000")
        assert (len(second["issues"]), second["issues"][0]["key"]) == (200, "ONB-1001")


def _unchecked(jql: str, jira: JIRA) -> list[object]:
    return list(jira.search_issues(jql, validate_query=False))


async def test_a_key_that_is_gone_spoils_a_query_unless_data_center_is_told_not_to_check(stand: Stand) -> None:
    fill(stand.state, 1)
    asked = {"jql": "key in (ONB-1, ONB-99)", "fields": "key"}
    status, answer = await stand.post(PAGE, {**asked, "validateQuery": False})
    assert (status, answer["errorMessages"][0][:25]) == (400, "An issue with key 'ONB-99")
    async with standing(Deployment.SERVER) as server:
        fill(server.state, 1)
        async with server.http.get("/rest/api/2/search", params=asked) as refused:
            assert refused.status == 400
        for jql, total in (("key in (ONB-1, ONB-99)", 1), ("key = ONB-99", 0), ("key > ONB-99", 0)):
            assert len(await server.ask(partial(_unchecked, jql))) == total


async def test_updated_is_meant_to_the_minute_and_sorted_by_time_and_key(stand: Stand) -> None:
    fill(stand.state, 3)
    stand.clock.tick(90)
    stand.state.edit("ONB-1", {"summary": "иначе"}, "admin")
    for when, expected in (
        ("2026-11-24 09:00", ["ONB-2", "ONB-3", "ONB-1"]),
        ("2026/11/24 09:01", ["ONB-1"]),
        ("2026-11-24 09:02", []),
    ):
        found = await page(stand, f'updated >= "{when}" ORDER BY updated ASC, key ASC', fields=["key"])
        assert keys(found) == expected
    status, _ = await stand.post(PAGE, {"jql": 'updated >= "2026-11-24 09:00:30"'})
    assert status == 400


async def test_times_are_meant_in_the_time_zone_of_whoever_asks() -> None:
    clock = Clock()
    state = State(default_site(), clock=clock)
    fill(state, 1)
    access = Access(ACCESS.user, ACCESS.token, time_zone="Asia/Novosibirsk")
    signed_in = {"Authorization": aiohttp.encode_basic_auth(ACCESS.user, ACCESS.token)}
    async with (
        serving(make_app(state, access=access)) as url,
        aiohttp.ClientSession(url, headers=signed_in) as http,
    ):
        async with http.get("/rest/api/2/myself") as answer:
            assert (await answer.json())["timeZone"] == "Asia/Novosibirsk"
        async with http.get("/rest/api/2/issue/ONB-1") as answer:
            assert (await answer.json())["fields"]["updated"] == "2026-11-24T16:00:00.000+0700"
        for when, count in (("2026-11-24 16:00", 1), ("2026-11-24 16:01", 0), ("2026-11-24 09:01", 1)):
            jql = f'updated >= "{when}"'
            async with http.post("/rest/api/3/search/approximate-count", json={"jql": jql}) as answer:
                assert (await answer.json())["count"] == count


async def test_a_due_day_is_the_same_day_everywhere(stand: Stand) -> None:
    fields = {"project": {"key": "ONB"}, "issuetype": {"name": "Task"}, "summary": "Стол", "duedate": "2026-12-01"}
    access = Access(ACCESS.user, ACCESS.token, time_zone="America/New_York")
    async with (
        serving(make_app(stand.state, access=access)) as url,
        aiohttp.ClientSession(headers={"Authorization": aiohttp.encode_basic_auth(ACCESS.user, ACCESS.token)}) as http,
    ):
        await http.post(f"{url}/rest/api/2/issue", json={"fields": fields})
        for jql in ("duedate = 2026-12-01", "duedate <= '2026/12/01'"):
            async with http.post(f"{url}/rest/api/3/search/approximate-count", json={"jql": jql}) as answer:
                assert (await answer.json())["count"] == 1


async def test_the_time_zone_and_workflows_may_stand_on_the_command_line() -> None:
    options = ("--time-zone", "Europe/Moscow", "--projects", "ONB,IT", "--workflow", "IT=signing")
    async with started_jira(*options) as (_, url):
        signed_in = {"Authorization": aiohttp.encode_basic_auth("bot@example.com", "t")}
        async with aiohttp.ClientSession(url, headers=signed_in) as http:
            async with http.get("/rest/api/2/myself") as answer:
                assert (await answer.json())["timeZone"] == "Europe/Moscow"
            async with http.get("/rest/api/2/project/IT/statuses") as answer:
                assert (await answer.json())[0]["statuses"][0]["name"] == "Draft"
    for wrong in (["--time-zone", "Europe/Nowhere"], ["--workflow", "IT=unheard"]):
        with pytest.raises(SystemExit):
            main(["--user", "u", "--token", "t", *wrong])


async def test_ten_thousand_issues_are_made_searched_and_shown_quickly(stand: Stand) -> None:
    """The bounds are ten times what it takes of a small processor: they catch what grows with the square."""
    began = time.process_time()
    fill(stand.state, MANY)
    made = time.process_time()
    assert stand.state.issue(stand.state.issue(f"ONB-{MANY}").id).key == f"ONB-{MANY}"
    stand.state.search_lag = 0.001
    stand.clock.tick(1)
    some = await page(stand, f'updated >= "2026-01-01" AND {ALL}', fields=["summary", "status"], maxResults=100)
    found = time.process_time()
    part = await stand.get("/_sandbox/issues", startAt="9990", fields="summary", expand="")
    shown = time.process_time()
    assert (len(keys(some)), len(part["issues"]), part["total"]) == (100, 10, MANY)
    assert set(part["issues"][0]["fields"]) == {"summary"}
    assert made - began < 3
    assert found - made < 1
    assert shown - found < 1


async def test_the_control_address_shows_counts_alone(stand: Stand) -> None:
    await stand.create()
    counts = await stand.get("/_sandbox/calls")
    assert counts == {"calls": {"POST /issue": 1}, "applied": {"POST /issue": 1}}
