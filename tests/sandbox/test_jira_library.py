"""The real `jira` library against the stand-in, as a Cloud site and as a Data Center."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from jira import JIRA

from sandbox.jira import Deployment
from tests.sandbox.jira_kit import ACCESS, ANNA, Stand, standing, task


@pytest.fixture(params=list(Deployment))
async def stand(request: pytest.FixtureRequest) -> AsyncIterator[Stand]:
    async with standing(request.param) as ready:
        yield ready


async def test_an_issue_comes_back_with_everything_it_was_created_with(stand: Stand) -> None:
    person = {"accountId": ANNA.account} if stand.state.site.is_cloud else {"name": ANNA.name}
    more: dict[str, Any] = {
        "description": "Строка 1\nСтрока 2",
        "priority": {"name": "High"},
        "duedate": "2026-12-01",
        "labels": ["onboarding", "bb-1"],
        "assignee": person,
        "reporter": person,
    }
    issue = await stand.create(**more)
    fields = issue.fields
    assert issue.key == "ONB-1"
    assert (fields.project.key, fields.issuetype.name, fields.summary) == ("ONB", "Task", "Выдать ноутбук")
    assert (fields.description, fields.priority.name) == ("Строка 1\nСтрока 2", "High")
    assert (fields.duedate, fields.labels) == ("2026-12-01", ["onboarding", "bb-1"])
    assert fields.assignee is not None
    assert fields.reporter is not None
    assert fields.assignee.displayName == fields.reporter.displayName == "Анна Петрова"
    assert fields.created == fields.updated == "2026-11-24T09:00:00.000+0000"
    assert (fields.status.name, fields.status.statusCategory.key, fields.resolution) == ("To Do", "new", None)


async def test_names_of_project_and_type_work_as_the_library_resolves_them(stand: Stand) -> None:
    issue = await stand.ask(lambda jira: jira.create_issue(project="HR", issuetype="Task", summary="Найм"))
    assert (issue.key, issue.fields.issuetype.name) == ("HR-1", "Task")


async def test_the_server_says_which_jira_it_is(stand: Stand) -> None:
    info = await stand.ask(lambda jira: jira.server_info())
    assert info["deploymentType"] == stand.state.site.deployment.value


async def test_a_client_that_validates_its_sign_in_gets_in(stand: Stand) -> None:
    def signed_in(_: JIRA) -> str:
        client = JIRA(stand.url, basic_auth=(ACCESS.user, ACCESS.token), validate=True, max_retries=0)
        try:
            return str(client.myself()["emailAddress"])
        finally:
            client.close()  # type: ignore[no-untyped-call]

    assert await stand.ask(signed_in) == ACCESS.user


async def test_people_are_shown_as_their_deployment_shows_them(stand: Stand) -> None:
    cloud = stand.state.site.is_cloud
    found = await stand.ask(lambda jira: jira.search_users(query="анна") if cloud else jira.search_users(user="анна"))
    assert [user.displayName for user in found] == ["Анна Петрова"]
    assert ("accountId" in found[0].raw, "name" in found[0].raw) == (cloud, not cloud)


async def test_one_person_is_found_by_identifier(stand: Stand) -> None:
    wanted = ANNA.account if stand.state.site.is_cloud else ANNA.name
    assert (await stand.ask(lambda jira: jira.user(wanted))).displayName == "Анна Петрова"
    assert (await stand.refused(lambda jira: jira.user("nobody"))).status_code == 404


async def test_assignable_people_leave_out_those_who_may_not_be_assigned(stand: Stand) -> None:
    key = "query" if stand.state.site.is_cloud else "username"

    def search(jira: JIRA, text: str) -> list[str]:
        who: dict[str, Any] = {key: text}
        found = jira.search_assignable_users_for_issues(project="ONB", **who)
        return [user.displayName for user in found]

    assert await stand.ask(lambda jira: search(jira, "Анна")) == ["Анна Петрова"]
    assert await stand.ask(lambda jira: search(jira, "Guest")) == []


async def test_an_issue_is_assigned_and_set_free_by_the_library(stand: Stand) -> None:
    await stand.create()
    await stand.ask(lambda jira: jira.assign_issue("ONB-1", "anna@example.com"))
    assert stand.state.issue("ONB-1").assignee == "anna"
    await stand.ask(lambda jira: jira.assign_issue("ONB-1", None))
    assert stand.state.issue("ONB-1").assignee is None


async def test_transitions_are_those_of_the_status_and_carry_a_comment(stand: Stand) -> None:
    await stand.create()
    offered = await stand.ask(lambda jira: jira.transitions("ONB-1"))
    assert [(step["id"], step["name"]) for step in offered] == [
        ("11", "Start"),
        ("21", "Finish"),
        ("31", "Decline"),
    ]
    await stand.ask(lambda jira: jira.transition_issue("ONB-1", "Finish", comment="готово"))
    done = await stand.ask(lambda jira: jira.issue("ONB-1"))
    assert (done.fields.status.statusCategory.key, str(done.fields.resolution)) == ("done", "Done")
    assert [comment.body for comment in done.fields.comment.comments] == ["готово"]


async def test_a_transition_that_the_status_does_not_have_is_refused(stand: Stand) -> None:
    await stand.create()
    refusal = await stand.refused(lambda jira: jira.transition_issue("ONB-1", "41"))
    assert refusal.status_code == 400
    assert stand.state.issue("ONB-1").status == stand.state.site.statuses[0].id


async def test_edits_are_kept_in_the_changelog_with_who_and_when(stand: Stand) -> None:
    issue = await stand.create(labels=["a"])
    stand.clock.tick(60)
    await stand.ask(lambda _: issue.update(fields={"summary": "Новое", "duedate": "2026-12-05"}))
    await stand.ask(lambda jira: jira.transition_issue("ONB-1", "Start"))
    read = await stand.ask(lambda jira: jira.issue("ONB-1", expand="changelog"))
    first, second = read.changelog.histories
    assert first.created == "2026-11-24T09:01:00.000+0000"
    assert first.author.displayName == "Butterboard"
    assert [(i.field, i.fromString, i.toString) for i in first.items] == [
        ("summary", "Выдать ноутбук", "Новое"),
        ("duedate", None, "2026-12-05 00:00:00.0"),
    ]
    assert [(i.field, i.fromString, i.toString) for i in second.items] == [("status", "To Do", "In Progress")]


async def test_an_edit_that_changes_nothing_leaves_no_trace(stand: Stand) -> None:
    issue = await stand.create()
    stand.clock.tick(60)
    await stand.ask(lambda _: issue.update(fields={"summary": "Выдать ноутбук"}))
    kept = stand.state.issue("ONB-1")
    assert (kept.changelog, kept.updated) == ((), kept.created)


async def test_labels_are_added_and_removed_by_operations(stand: Stand) -> None:
    issue = await stand.create(labels=["a", "b", "a"])
    operations = {"labels": [{"add": "c"}, {"remove": "a"}]}
    await stand.ask(lambda _: issue.update(update=operations))
    assert stand.state.issue("ONB-1").labels == ("b", "c")
    refusal = await stand.refused(lambda _: issue.update(labels=["plain"]))
    assert refusal.status_code == 400


async def test_comments_are_added_edited_listed_and_deleted(stand: Stand) -> None:
    await stand.create()
    first = await stand.ask(lambda jira: jira.add_comment("ONB-1", "раз"))
    await stand.ask(lambda jira: jira.add_comment("ONB-1", "два"))
    await stand.ask(lambda _: first.update(body="один"))
    listed = await stand.ask(lambda jira: jira.comments("ONB-1", order_by="-created"))
    assert [comment.body for comment in listed] == ["два", "один"]
    await stand.ask(lambda _: first.delete())
    assert [comment.body for comment in stand.state.issue("ONB-1").comments] == ["два"]


async def test_fields_are_emptied_and_labels_set_by_one_edit(stand: Stand) -> None:
    issue = await stand.create(description="текст", duedate="2026-12-01", labels=["a"])
    empty = {"description": None, "duedate": None}
    await stand.ask(lambda _: issue.update(fields=empty, update={"labels": [{"set": ["b", "b", "c"]}]}))
    kept = stand.state.issue("ONB-1")
    assert (kept.description, kept.duedate, kept.labels) == (None, None, ("b", "c"))


async def test_an_edit_may_add_a_comment(stand: Stand) -> None:
    issue = await stand.create()
    await stand.ask(lambda _: issue.update(comment="раз"))
    assert [comment.body for comment in stand.state.issue("ONB-1").comments] == ["раз"]


async def test_a_link_is_seen_from_both_of_its_ends(stand: Stand) -> None:
    await stand.create("первая")
    await stand.create("вторая")
    await stand.ask(lambda jira: jira.create_issue_link("Blocks", "ONB-1", "ONB-2", {"body": "сначала это"}))
    assert [comment.body for comment in stand.state.issue("ONB-1").comments] == ["сначала это"]
    source = await stand.ask(lambda jira: jira.issue("ONB-1"))
    target = await stand.ask(lambda jira: jira.issue("ONB-2"))
    assert source.fields.issuelinks[0].outwardIssue.key == "ONB-2"
    assert target.fields.issuelinks[0].inwardIssue.key == "ONB-1"
    link = await stand.ask(lambda jira: jira.issue_link(source.fields.issuelinks[0].id))
    assert link.type.outward == "blocks"
    await stand.ask(lambda jira: jira.delete_issue_link(link.id))
    assert stand.state.links_of("ONB-1") == []


def _link_to(page: dict[str, str], jira: JIRA) -> None:
    jira.add_remote_link("ONB-1", page, globalId="journey-1")


async def test_a_remote_link_with_the_same_global_id_is_written_over(stand: Stand) -> None:
    await stand.create()
    for title in ("старое", "новое"):
        page = {"url": "http://127.0.0.1/j/1", "title": title}
        await stand.ask(partial(_link_to, page))
    links = await stand.ask(lambda jira: jira.remote_links("ONB-1"))
    assert [(link.globalId, link.object.title) for link in links] == [("journey-1", "новое")]
    edited = {"url": "http://127.0.0.1/j/2", "title": "другое"}
    await stand.ask(lambda _: links[0].update(object=edited, globalId="journey-1"))
    one = await stand.ask(lambda jira: jira.remote_link("ONB-1", str(links[0].id)))
    assert (one.object.title, one.globalId) == ("другое", "journey-1")
    assert (await stand.get("/rest/api/2/issue/ONB-1/remotelink", globalId="journey-1"))["id"] == one.id
    await stand.ask(lambda jira: jira.delete_remote_link("ONB-1", internal_id=str(one.id)))
    assert await stand.ask(lambda jira: jira.remote_links("ONB-1")) == []
    await stand.ask(partial(_link_to, edited))
    await stand.ask(lambda jira: jira.delete_remote_link("ONB-1", global_id="journey-1"))
    assert stand.state.issue("ONB-1").remote_links == ()


async def test_properties_are_kept_beside_an_issue_and_can_come_with_its_create(stand: Stand) -> None:
    tag = {"key": "butterboard", "value": {"effect": "e1"}}
    status, made = await stand.post("/rest/api/2/issue", {"fields": task(), "properties": [tag]})
    assert (status, made["key"]) == (201, "ONB-1")
    await stand.ask(lambda jira: jira.add_issue_property("ONB-1", "other", [1]))
    kept = await stand.ask(lambda jira: jira.issue_properties("ONB-1"))
    assert {item.key for item in kept} == {"butterboard", "other"}
    read = await stand.get("/rest/api/2/issue/ONB-1", properties="butterboard")
    assert read["properties"] == {"butterboard": {"effect": "e1"}}
    await stand.ask(lambda _: kept[0].delete())
    assert len(stand.state.issue("ONB-1").properties) == 1


async def test_a_subtask_needs_a_parent_and_shows_it(stand: Stand) -> None:
    await stand.create()
    child = task("Часть", issuetype={"name": "Sub-task"})
    refusal = await stand.refused(lambda jira: jira.create_issue(fields=child))
    assert "parent issue key" in str(refusal.text)
    made = await stand.ask(lambda jira: jira.create_issue(fields={**child, "parent": {"key": "ONB-1"}}))
    assert made.fields.parent.key == "ONB-1"


async def test_a_deleted_issue_is_gone_with_its_links(stand: Stand) -> None:
    for _ in range(2):
        issue = await stand.create()
    await stand.ask(lambda jira: jira.create_issue_link("Relates", "ONB-1", "ONB-2"))
    await stand.ask(lambda _: issue.delete())  # type: ignore[no-untyped-call]
    assert (await stand.refused(lambda jira: jira.issue("ONB-2"))).status_code == 404
    assert (await stand.ask(lambda jira: jira.issue("ONB-1"))).fields.issuelinks == []


async def test_the_set_up_of_the_site_can_be_read(stand: Stand) -> None:
    def read(jira: JIRA) -> list[list[str]]:
        lists = (jira.projects(), jira.issue_types(), jira.priorities(), jira.statuses(), jira.resolutions())
        return [[thing.name for thing in things] for things in lists]

    assert await stand.ask(read) == [
        ["ONB", "HR"],
        ["Task", "Epic", "Sub-task"],
        ["Highest", "High", "Medium", "Low", "Lowest"],
        ["To Do", "In Progress", "Done", "Declined"],
        ["Done", "Won't Do"],
    ]
    assert (await stand.ask(lambda jira: jira.priority("2"))).name == "High"
    assert (await stand.refused(lambda jira: jira.priority("99"))).status_code == 404
    by_type = await stand.ask(lambda jira: jira.issue_types_for_project("ONB"))
    assert [status.name for status in by_type[0].statuses][:2] == ["To Do", "In Progress"]
    assert (await stand.ask(lambda jira: jira.my_permissions(permissions="CREATE_ISSUES")))["permissions"]


async def test_only_the_fields_asked_for_come(stand: Stand) -> None:
    await stand.create()
    some = await stand.ask(lambda jira: jira.issue("ONB-1", fields="summary,status"))
    assert set(some.raw["fields"]) == {"summary", "status"}
    most = await stand.ask(lambda jira: jira.issue("ONB-1", fields="*all,-comment"))
    assert "comment" not in most.raw["fields"]


async def test_an_unknown_issue_is_404_everywhere(stand: Stand) -> None:
    for work in (
        lambda jira: jira.issue("ONB-9"),
        lambda jira: jira.transitions("ONB-9"),
        lambda jira: jira.add_comment("ONB-9", "?"),
        lambda jira: jira.comments("ONB-9"),
        lambda jira: jira.create_issue_link("Blocks", "ONB-9", "ONB-8"),
    ):
        assert (await stand.refused(work)).status_code == 404


async def test_data_center_lists_what_a_create_needs() -> None:
    async with standing(Deployment.SERVER) as stand:

        def read(jira: JIRA) -> tuple[list[str], set[str]]:
            jira._version = (9, 12, 0)
            types = [kind.name for kind in jira.project_issue_types("ONB")]
            fields = jira.project_issue_fields("ONB", "10001")
            return types, {field.fieldId for field in fields if field.required}

        types, required = await stand.ask(read)
        assert types == ["Task", "Epic", "Sub-task"]
        assert required == {"project", "issuetype", "summary"}


async def test_names_may_be_russian_and_categories_stay() -> None:
    async with standing(language="ru") as stand:
        fields = task(issuetype={"name": "Задача"}, priority={"name": "Высокий"})
        await stand.ask(lambda jira: jira.create_issue(fields=fields))
        await stand.ask(lambda jira: jira.transition_issue("ONB-1", "Взять в работу"))
        issue = await stand.ask(lambda jira: jira.issue("ONB-1"))
        assert (issue.fields.status.name, issue.fields.status.statusCategory.key) == (
            "В работе",
            "indeterminate",
        )
