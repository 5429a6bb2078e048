"""A search may lag behind writes; reading one issue never does."""

from collections.abc import AsyncIterator

import pytest

from sandbox.jira import Deployment
from tests.sandbox.jira_kit import Stand, standing


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        ready.state.search_lag = 10
        yield ready


async def seen(stand: Stand, jql: str = "project = ONB") -> list[tuple[str, str]]:
    found = await stand.ask(lambda jira: jira.search_issues(jql))
    return [(issue.key, issue.fields.summary) for issue in found]


async def test_a_new_issue_is_found_only_when_the_lag_has_passed(stand: Stand) -> None:
    await stand.create("новая")
    assert await seen(stand) == []
    assert (await stand.ask(lambda jira: jira.issue("ONB-1"))).fields.summary == "новая"
    stand.clock.tick(9.9)
    assert await seen(stand) == []
    stand.clock.tick(0.1)
    assert await seen(stand) == [("ONB-1", "новая")]


async def test_an_issue_is_found_as_it_was(stand: Stand) -> None:
    issue = await stand.create("старая", labels=["before"])
    stand.clock.tick(20)
    await stand.ask(lambda _: issue.update(fields={"summary": "новая", "labels": ["after"]}))
    assert await seen(stand, "labels = before") == [("ONB-1", "старая")]
    assert await seen(stand, "labels = after") == []
    stand.clock.tick(10)
    assert await seen(stand, "labels = before") == []
    assert await seen(stand, "labels = after") == [("ONB-1", "новая")]


async def test_a_deleted_issue_is_found_until_the_lag_has_passed(stand: Stand) -> None:
    await stand.create("временная")
    stand.clock.tick(20)
    stand.state.delete("ONB-1", "admin")
    assert await seen(stand) == [("ONB-1", "временная")]
    stand.clock.tick(10)
    assert await seen(stand) == []


async def test_reconciled_issues_are_seen_at_once(stand: Stand) -> None:
    issue = await stand.create("новая")
    await stand.create("другая")
    found = await stand.ask(lambda jira: jira.enhanced_search_issues("project = ONB", reconcileIssues=[int(issue.id)]))
    assert [issue.key for issue in found] == ["ONB-1"]


async def test_at_most_fifty_issues_are_reconciled(stand: Stand) -> None:
    body = {"jql": "project = ONB", "reconcileIssues": list(range(51))}
    status, _ = await stand.post("/rest/api/3/search/jql", body)
    assert status == 400


async def test_the_lag_is_set_over_the_control_address_and_sees_the_past_before_it() -> None:
    async with standing(Deployment.SERVER) as stand:
        await stand.create("старая")
        assert await seen(stand) == [("ONB-1", "старая")]
        assert await stand.post("/_sandbox/settings", {"search_lag": 5}) == (
            200,
            {"search_lag": 5.0, "write_limits": True},
        )
        assert await seen(stand) == []
        stand.clock.tick(5)
        assert await seen(stand) == [("ONB-1", "старая")]
        assert await stand.get("/_sandbox/settings") == {"search_lag": 5.0, "write_limits": True}


async def test_wrong_settings_are_refused(stand: Stand) -> None:
    for body in (b"{", b'{"search_lag": "long"}', b'{"search_lag": 1, "other": 2}'):
        async with stand.http.post("/_sandbox/settings", data=body) as answer:
            assert answer.status == 400
    assert stand.state.search_lag == 10


async def test_the_control_address_shows_issues_without_lag(stand: Stand) -> None:
    await stand.create("новая", labels=["a"])
    everything = await stand.get("/_sandbox/issues")
    assert [issue["fields"]["summary"] for issue in everything["issues"]] == ["новая"]
    assert [step["name"] for step in everything["issues"][0]["transitions"]] == ["Start", "Finish", "Decline"]
    assert everything["issues"][0]["changelog"]["total"] == 0
