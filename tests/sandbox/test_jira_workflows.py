"""Sites that differ: workflows of a project or a type, screens of steps, and fields that no screen takes."""

from collections.abc import AsyncIterator

import pytest

from sandbox.jira import Deployment, Site, default_site, issuing, signing
from tests.sandbox.jira_kit import Stand, standing, task

EPIC = "10002"


def varied(deployment: Deployment, *, needs_resolution: bool = False) -> Site:
    """ONB goes the common way, IT issues equipment, epics of HR are papers."""
    site = default_site(("ONB", "IT", "HR"), deployment=deployment)
    return site.with_workflow("IT", issuing(needs_resolution=needs_resolution)).with_workflow("HR", signing(), EPIC)


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(site=varied(request.param)) as ready:
        yield ready


def new(stand: Stand, project: str, kind: str = "10001") -> str:
    return stand.state.create({"project": project, "issuetype": kind, "summary": "Ноутбук"}, "admin").key


async def steps(stand: Stand, key: str) -> list[tuple[str, str]]:
    """The names of the steps that are offered, each with the category it leads to."""
    offered = await stand.ask(lambda jira: jira.transitions(key))
    return [(step["name"], step["to"]["statusCategory"]["key"]) for step in offered]


async def take(stand: Stand, key: str, name: str) -> None:
    await stand.ask(lambda jira: jira.transition_issue(key, name))


async def test_a_project_may_have_a_workflow_of_its_own(stand: Stand) -> None:
    common, own = new(stand, "ONB"), new(stand, "IT")
    assert await steps(stand, common) == [("Start", "indeterminate"), ("Finish", "done"), ("Decline", "done")]
    assert await steps(stand, own) == [("Принять", "indeterminate")]
    await take(stand, own, "Принять")
    assert ("Выдать на руки", "done") in await steps(stand, own)
    await take(stand, own, "Выдать на руки")
    issue = await stand.ask(lambda jira: jira.issue(own))
    assert (issue.fields.status.name, issue.raw["fields"]["resolution"]["name"]) == ("Выдано", "Done")
    await take(stand, own, "Открыть заново")
    assert (await stand.ask(lambda jira: jira.issue(own))).fields.resolution is None


async def test_a_type_may_have_a_workflow_of_its_own_and_one_without_return(stand: Stand) -> None:
    paper, other = new(stand, "HR", EPIC), new(stand, "HR")
    assert ("Start", "indeterminate") in await steps(stand, other)
    for name in ("Send for review", "Sign"):
        await take(stand, paper, name)
    assert await steps(stand, paper) == []
    assert (await stand.ask(lambda jira: jira.issue(paper))).fields.status.statusCategory.key == "done"


async def test_a_project_tells_the_statuses_of_each_of_its_types(stand: Stand) -> None:
    statuses = {}
    for project in ("ONB", "IT", "HR"):
        types = await stand.get(f"/rest/api/2/project/{project}/statuses")
        statuses[project] = {kind["name"]: [status["name"] for status in kind["statuses"]] for kind in types}
    assert statuses["ONB"]["Task"] == ["To Do", "In Progress", "Done", "Declined"]
    assert statuses["IT"]["Task"][:2] == ["В очереди", "На стороне склада"]
    assert statuses["HR"]["Epic"] == ["Draft", "Under review", "Signed"]
    assert statuses["HR"]["Task"] == statuses["ONB"]["Task"]
    assert "Signed" in [status["name"] for status in await stand.get("/rest/api/2/status")]


async def test_a_query_knows_the_statuses_of_every_workflow(stand: Stand) -> None:
    own = new(stand, "IT")
    found = await stand.ask(lambda jira: jira.search_issues("status = 'В очереди' AND statusCategory = new"))
    assert [issue.key for issue in found] == [own]


async def test_a_screen_shows_what_it_takes_when_it_is_asked(stand: Stand) -> None:
    own = new(stand, "IT")
    await take(stand, own, "Принять")
    offered = await stand.ask(lambda jira: jira.transitions(own, expand="transitions.fields"))
    shown = {step["name"]: step for step in offered}
    assert (shown["Отозвать"]["hasScreen"], shown["Отозвать"]["fields"]) == (False, {})
    field = shown["Выдать на руки"]["fields"]["resolution"]
    assert (shown["Выдать на руки"]["hasScreen"], field["required"]) == (True, False)
    assert [one["name"] for one in field["allowedValues"]] == ["Done", "Won't Do"]
    assert "fields" not in (await stand.ask(lambda jira: jira.transitions(own)))[0]


async def test_a_resolution_is_given_where_the_screen_takes_one_and_nowhere_else(stand: Stand) -> None:
    own = new(stand, "IT")
    await take(stand, own, "Принять")
    path = f"/rest/api/2/issue/{own}/transitions"
    given = {"resolution": {"name": "Won't Do"}}
    status, answer = await stand.post(path, {"transition": {"id": "141"}, "fields": given})
    assert (status, list(answer["errors"])) == (400, ["resolution"])
    wrong = {"resolution": {"name": "Unheard of"}}
    assert (await stand.post(path, {"transition": {"id": "131"}, "fields": wrong}))[0] == 400
    await stand.post(path, {"transition": {"id": "131"}, "fields": given})
    assert (await stand.ask(lambda jira: jira.issue(own))).raw["fields"]["resolution"]["name"] == "Won't Do"


async def test_a_screen_may_need_a_resolution() -> None:
    async with standing(site=varied(Deployment.CLOUD, needs_resolution=True)) as stand:
        own = new(stand, "IT")
        await take(stand, own, "Принять")
        path = f"/rest/api/2/issue/{own}/transitions"
        status, answer = await stand.post(path, {"transition": {"id": "131"}})
        assert (status, answer["errors"]) == (400, {"resolution": "Resolution is required."})
        assert stand.state.issue(own).status == "10101"
        await stand.post(path, {"transition": {"id": "131"}, "fields": {"resolution": {"name": "Done"}}})
        assert stand.state.issue(own).status == "10103"


async def test_a_field_that_the_screens_do_not_take_is_refused_in_jiras_words() -> None:
    site = default_site(("ONB", "HR")).without_fields("ONB", "duedate", "priority", "labels")
    async with standing(site=site) as stand:
        refused = "Field 'duedate' cannot be set. It is not on the appropriate screen, or unknown."
        status, answer = await stand.post("/rest/api/2/issue", {"fields": task(duedate="2026-12-01")})
        assert (status, answer["errors"]) == (400, {"duedate": refused})
        await stand.create()
        for body in (
            {"fields": {"duedate": "2026-12-01"}},
            {"fields": {"priority": {"name": "High"}}},
            {"update": {"labels": [{"add": "a"}]}},
        ):
            async with stand.http.put("/rest/api/2/issue/ONB-1", json=body) as answered:
                assert answered.status == 400
        elsewhere = {**task(duedate="2026-12-01"), "project": {"key": "HR"}}
        assert (await stand.post("/rest/api/2/issue", {"fields": elsewhere}))[0] == 201
        editable = (await stand.get("/rest/api/2/issue/ONB-1/editmeta"))["fields"]
        assert "summary" in editable
        assert not {"duedate", "priority", "labels", "project"} & set(editable)
        creatable = await stand.get("/rest/api/2/issue/createmeta/ONB/issuetypes/10001")
        assert "duedate" not in [field["fieldId"] for field in creatable["fields"]]


async def test_duplicates_can_be_linked_from_the_start(stand: Stand) -> None:
    first, second = new(stand, "ONB"), new(stand, "ONB")
    await stand.ask(lambda jira: jira.create_issue_link("Duplicate", second, first))
    seen = (await stand.ask(lambda jira: jira.issue(second))).fields.issuelinks[0]
    assert (seen.type.outward, seen.outwardIssue.key) == ("duplicates", first)
