"""What the stand-in refuses, and in which words, as Jira does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from sandbox.jira import Deployment
from tests.sandbox.jira_kit import ANNA, GONE, GUEST, Stand, standing, task


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with standing() as ready:
        yield ready


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("project", {"project": {"key": "NOPE"}}, "valid project is required"),
    ("project", {"project": "ONB"}, "data was not an object"),
    ("issuetype", {"issuetype": {"name": "Saga"}}, "The issue type selected is invalid."),
    ("summary", {"summary": " "}, "You must specify a summary of the issue."),
    ("summary", {"summary": "a\nb"}, "The summary is invalid because it contains newline characters."),
    ("summary", {"summary": "x" * 256}, "Summary must be less than 255 characters."),
    ("summary", {"summary": 5}, "Operation value must be a string"),
    ("description", {"description": {"type": "doc"}}, "Operation value must be a string"),
    (
        "description",
        {"description": "x" * 32_768},
        "The entered text is too long. It exceeds the allowed limit of 32767 characters.",
    ),
    ("priority", {"priority": {"name": "Urgent"}}, "The priority selected is invalid."),
    ("priority", {"priority": {}}, "expected an object with one of the properties: id, name"),
    ("duedate", {"duedate": "31.12.2026"}, "Error parsing date string: 31.12.2026"),
    ("duedate", {"duedate": "2026-02-30"}, "Error parsing date string: 2026-02-30"),
    ("labels", {"labels": ["a b"]}, "The label 'a b' contains spaces which is invalid."),
    ("labels", {"labels": ["x" * 256]}, f"The label '{'x' * 256}' exceeds the maximum length for a single label."),
    ("labels", {"labels": "a"}, "data was not an array"),
    ("labels", {"labels": [""]}, "Operation value must be a string"),
    ("assignee", {"assignee": {"accountId": "nobody"}}, "User 'nobody' does not exist."),
    ("assignee", {"assignee": {"accountId": GUEST.account}}, "User 'guest' cannot be assigned issues."),
    ("assignee", {"assignee": {"accountId": GONE.account}}, f"User '{GONE.account}' does not exist."),
    ("reporter", {"reporter": {"accountId": "nobody"}}, "The reporter specified is not a user."),
    ("parent", {"parent": {"key": "ONB-99"}}, "Could not find issue by id or key."),
    (
        "customfield_1",
        {"customfield_1": 1},
        "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown.",
    ),
]


@pytest.mark.parametrize(("field", "fields", "text"), WRONG)
async def test_a_wrong_field_is_named_in_the_errors(
    stand: Stand, field: str, fields: dict[str, Any], text: str
) -> None:
    status, answer = await stand.post("/rest/api/2/issue", {"fields": task(**fields)})
    assert (status, answer) == (400, {"errorMessages": [], "errors": {field: text}})
    assert stand.state.issues() == []


async def test_all_wrong_and_missing_fields_are_told_at_once(stand: Stand) -> None:
    _, answer = await stand.post("/rest/api/2/issue", {"fields": {"labels": ["a b"], "x": 1}})
    assert set(answer["errors"]) == {"project", "issuetype", "summary", "labels", "x"}
    _, answer = await stand.post("/rest/api/2/issue", {})
    assert set(answer["errors"]) == {"project", "issuetype", "summary"}


async def test_a_body_that_is_no_json_object_is_refused(stand: Stand) -> None:
    for body in (b"{", b"[]", b"\xff"):
        async with stand.http.post("/rest/api/2/issue", data=body) as answer:
            assert answer.status == 400
            assert (await answer.json())["errorMessages"]
    status, _ = await stand.post("/rest/api/2/issue", {"fields": []})
    assert status == 400
    status, _ = await stand.post("/rest/api/2/issue", {"fields": "summary"})
    assert status == 400


async def test_an_edit_is_checked_like_a_create_and_changes_nothing_when_wrong(stand: Stand) -> None:
    await stand.create()
    before = stand.state.issue("ONB-1")
    for body in (
        {"fields": {"summary": "новое", "duedate": "завтра"}},
        {"fields": {"project": {"key": "HR"}}},
        {"fields": {"summary": "новое"}, "update": {"labels": [{"add": "a b"}]}},
        {"fields": {"summary": "новое"}, "update": {"labels": [{"push": "a"}]}},
        {"fields": {"summary": "новое"}, "update": {"comment": [{"add": {"body": ""}}]}},
        {"fields": {"summary": "новое"}, "update": {"comment": [1]}},
        {"update": {"summary": [{"set": "новое"}]}},
    ):
        async with stand.http.put("/rest/api/2/issue/ONB-1", json=body) as answer:
            assert answer.status == 400, body
    assert stand.state.issue("ONB-1") == before


async def test_data_center_takes_people_by_name_and_cloud_does_not() -> None:
    by_name = {"fields": task(assignee={"name": ANNA.name})}
    async with standing(Deployment.SERVER) as server:
        assert (await server.post("/rest/api/2/issue", by_name))[0] == 201
    async with standing(Deployment.CLOUD) as cloud:
        assert (await cloud.post("/rest/api/2/issue", by_name))[0] == 400


async def test_cloud_finds_nobody_by_a_hidden_address(stand: Stand) -> None:
    assert await stand.get("/rest/api/2/user/search", query="boris@example.com") == []
    assert (await stand.get("/rest/api/2/user/search", query="Борис"))[0]["emailAddress"] == ""


async def test_data_center_finds_people_by_name_or_all_by_a_dot() -> None:
    async with standing(Deployment.SERVER) as stand:
        assert [u["name"] for u in await stand.get("/rest/api/2/user/search", username="bor")] == ["boris"]
        everybody = await stand.get("/rest/api/2/user/search", username=".")
        assert {user["name"] for user in everybody} == {"admin", "anna", "boris", "guest", "bot"}
        second = await stand.get("/rest/api/2/user/search", username=".", startAt="1", maxResults="1")
        assert second == everybody[1:2]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/rest/api/2/user/search", 400),
        ("/rest/api/2/user/search?username=anna", 400),
        ("/rest/api/2/user/search?query=anna&maxResults=many", 400),
        ("/rest/api/2/user/assignable/search?query=anna", 404),
        ("/rest/api/2/user/assignable/search?query=anna&issueKey=ONB-9", 404),
        ("/rest/api/2/user/assignable/search?project=ONB", 400),
        ("/rest/api/2/project/NOPE", 404),
        ("/rest/api/2/project/NOPE/statuses", 404),
        ("/rest/api/2/issue/createmeta/NOPE/issuetypes", 404),
        ("/rest/api/2/issue/createmeta/ONB/issuetypes/99", 404),
        ("/rest/api/2/mypermissions", 400),
        ("/rest/api/2/issueLink/1", 404),
    ],
)
async def test_a_question_that_jira_cannot_answer_is_refused(stand: Stand, path: str, status: int) -> None:
    async with stand.http.get(path) as answer:
        assert answer.status == status
        assert (await answer.json())["errorMessages"]


async def test_remote_links_and_properties_are_checked(stand: Stand) -> None:
    await stand.create()
    issue = "/rest/api/2/issue/ONB-1"
    assert (await stand.post(f"{issue}/remotelink", {"object": {"url": "http://x"}}))[0] == 400
    async with stand.http.get(f"{issue}/remotelink/1") as answer:
        assert answer.status == 404
    async with stand.http.get(f"{issue}/remotelink", params={"globalId": "none"}) as answer:
        assert answer.status == 404
    for path in ("remotelink/1", "remotelink", "remotelink?globalId=none"):
        async with stand.http.delete(f"{issue}/{path}") as answer:
            assert answer.status == 404
    async with stand.http.put(f"{issue}/remotelink/1", json={}) as answer:
        assert answer.status == 404
    async with stand.http.put(f"{issue}/properties/p", data=b"{") as answer:
        assert answer.status == 400
    async with stand.http.get(f"{issue}/properties/p") as answer:
        assert answer.status == 404
    for properties in ("x", [{"key": "p"}], [1]):
        status, _ = await stand.post("/rest/api/2/issue", {"fields": task(), "properties": properties})
        assert status == 400


async def test_a_link_of_an_unknown_type_is_refused(stand: Stand) -> None:
    await stand.create()
    ends = {"inwardIssue": {"key": "ONB-1"}, "outwardIssue": {"key": "ONB-1"}}
    status, answer = await stand.post("/rest/api/2/issueLink", {"type": {"name": "Hates"}, **ends})
    assert (status, answer["errorMessages"]) == (400, ["No issue link type with name 'Hates' found."])
    status, _ = await stand.post("/rest/api/2/issueLink", {"type": {"name": "Blocks"}})
    assert status == 404


async def test_a_transition_without_an_id_is_refused(stand: Stand) -> None:
    await stand.create()
    status, answer = await stand.post("/rest/api/2/issue/ONB-1/transitions", {})
    assert (status, answer["errorMessages"]) == (400, ["Missing 'transition' identifier"])
