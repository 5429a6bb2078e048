"""Epics: Cloud's `parent`, and the two fields that Data Center has instead."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.jira import Deployment
from tests.sandbox.jira_kit import Stand, standing, task

EPIC: dict[str, Any] = {"issuetype": {"name": "Epic"}}
LINK, NAME = "customfield_10101", "customfield_10103"


@pytest.fixture
async def cloud() -> AsyncIterator[Stand]:
    async with standing(Deployment.CLOUD) as ready:
        yield ready


@pytest.fixture
async def server() -> AsyncIterator[Stand]:
    async with standing(Deployment.SERVER) as ready:
        yield ready


async def wrong(stand: Stand, **fields: Any) -> dict[str, Any]:
    status, answer = await stand.post("/rest/api/2/issue", {"fields": task(**fields)})
    assert status == 400
    return dict(answer["errors"])


async def edited(stand: Stand, key: str, fields: dict[str, object]) -> int:
    async with stand.http.put(f"/rest/api/2/issue/{key}", json={"fields": fields}) as answer:
        return answer.status


async def test_on_cloud_an_issue_names_its_epic_as_parent(cloud: Stand) -> None:
    epic = await cloud.create("Анна выходит на работу", **EPIC)
    made = await cloud.create("Ноутбук", parent={"key": epic.key})
    assert (made.fields.parent.key, made.fields.parent.fields.issuetype.name) == (epic.key, "Epic")
    later = await cloud.create("Пропуск")
    assert await edited(cloud, later.key, {"parent": {"key": epic.key}}) == 204
    found = await cloud.ask(lambda jira: jira.search_issues(f"parent = {epic.key} ORDER BY key"))
    assert [issue.key for issue in found] == [made.key, later.key]
    assert cloud.state.issue(later.key).changelog[0].items[0].field == "IssueParentAssociation"
    assert await edited(cloud, later.key, {"parent": None}) == 204
    assert "parent" not in (await cloud.ask(lambda jira: jira.issue(later.key))).raw["fields"]


async def test_on_cloud_only_an_epic_stands_above_a_task(cloud: Stand) -> None:
    one, epic = await cloud.create(), await cloud.create(**EPIC)
    refused = {"parent": "Given parent work item does not belong to appropriate hierarchy."}
    assert await wrong(cloud, parent={"key": one.key}) == refused
    assert await wrong(cloud, **EPIC, parent={"key": epic.key}) == refused
    assert await wrong(cloud, issuetype={"name": "Sub-task"}, parent={"key": epic.key}) == refused
    assert await edited(cloud, one.key, {"parent": {"key": one.key}}) == 400


async def test_on_data_center_an_issue_names_its_epic_in_a_field_of_its_own(server: Stand) -> None:
    epic = await server.create("Анна выходит на работу", **EPIC, **{NAME: "Анна"})
    made = await server.create("Ноутбук", **{LINK: epic.key})
    assert (made.raw["fields"][LINK], "parent" in made.raw["fields"]) == (epic.key, False)
    assert (await server.ask(lambda jira: jira.issue(epic.key))).raw["fields"][NAME] == "Анна"
    later = await server.create("Пропуск")
    assert later.raw["fields"][LINK] is None
    assert await edited(server, later.key, {LINK: epic.key}) == 204
    found = await server.ask(lambda jira: jira.search_issues(f'"Epic Link" = {epic.key} ORDER BY key'))
    assert [issue.key for issue in found] == [made.key, later.key]
    assert server.state.issue(later.key).changelog[0].items[0].field == "Epic Link"
    assert await edited(server, later.key, {LINK: None}) == 204
    assert server.state.issue(later.key).parent is None


async def test_on_data_center_an_epic_needs_a_name_and_a_task_takes_no_parent(server: Stand) -> None:
    one = await server.create()
    assert await wrong(server, **EPIC) == {NAME: "Epic Name is required."}
    assert set(await wrong(server, **EPIC, **{NAME: " "})) == {NAME}
    assert set(await wrong(server, parent={"key": one.key})) == {"parent"}
    assert set(await wrong(server, **{LINK: one.key})) == {LINK}
    assert set(await wrong(server, **{LINK: "ONB-99"})) == {LINK}
    assert set(await wrong(server, **{NAME: "Анна"})) == {NAME}
    sub = await server.create("Часть", issuetype={"name": "Sub-task"}, parent={"key": one.key})
    assert sub.fields.parent.key == one.key


async def test_the_fields_of_epics_are_found_by_their_schema(server: Stand, cloud: Stand) -> None:
    customs = {
        field["schema"]["custom"]: field["id"]
        for field in await server.get("/rest/api/2/field")
        if "custom" in field["schema"]
    }
    assert customs == {
        "com.pyxis.greenhopper.jira:gh-epic-link": LINK,
        "com.pyxis.greenhopper.jira:gh-epic-label": NAME,
    }
    needed = await server.get("/rest/api/2/issue/createmeta/ONB/issuetypes/10002")
    assert NAME in [field["fieldId"] for field in needed["values"] if field["required"]]
    assert not [field for field in await cloud.get("/rest/api/2/field") if field["custom"]]


async def test_types_say_where_they_stand_on_cloud(cloud: Stand) -> None:
    types = await cloud.get("/rest/api/2/issuetype")
    assert [(kind["name"], kind["hierarchyLevel"]) for kind in types] == [("Task", 0), ("Epic", 1), ("Sub-task", -1)]
