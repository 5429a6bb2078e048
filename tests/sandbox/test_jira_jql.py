"""JQL: what it finds, in which order, and what it refuses in which words."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.jira import Deployment, People, State, default_site
from sandbox.jira.jql import JqlError, parse
from sandbox.jira.match import find
from sandbox.jira.terms import Asker
from tests.sandbox.clock import Clock
from tests.sandbox.jira_kit import ANNA, BORIS, Stand, standing


@pytest.fixture
def state() -> State:
    """Four issues, an hour apart from 09:00: ONB-1 done, ONB-2 in progress, ONB-3 and HR-1 to do."""
    clock = Clock()
    state = State(default_site(("ONB", "HR")), People([ANNA, BORIS]), clock=clock)
    new = {"issuetype": "10001", "project": "ONB"}
    state.create({**new, "summary": "Laptop", "labels": ("bb-1", "it"), "priority": "1"}, "admin")
    clock.tick(3600)
    state.create({**new, "summary": "Access to Wiki", "labels": ("bb-2",), "assignee": "anna"}, "admin")
    clock.tick(3600)
    due = {"duedate": date(2026, 12, 1)}
    state.create({**new, **due, "summary": "Desk", "assignee": "boris", "priority": "5"}, "admin")
    clock.tick(3600)
    state.create({**new, "project": "HR", "summary": "Contract", "issuetype": "10002"}, "anna")
    state.move("ONB-1", "21", "admin")
    state.move("ONB-2", "11", "admin")
    return state


def ask(state: State, jql: str, user: str = "anna") -> list[str]:
    asker = Asker(state, user, state.clock())
    return [issue.key for issue in find(parse(jql), state.issues(), asker)]


FOUND = [
    ("project = ONB", "ONB-3 ONB-2 ONB-1"),
    ("project = onb", "ONB-3 ONB-2 ONB-1"),
    ("project in (HR, ONB)", "HR-1 ONB-3 ONB-2 ONB-1"),
    ("project != ONB", "HR-1"),
    ("labels = bb-1", "ONB-1"),
    ('labels = "BB-1"', "ONB-1"),
    ("labels in (bb-1, 'bb-2')", "ONB-2 ONB-1"),
    ("labels = unknown", ""),
    ("labels not in (bb-1)", "ONB-2"),
    ("labels is EMPTY", "HR-1 ONB-3"),
    ("labels is not empty", "ONB-2 ONB-1"),
    ("status = 'In Progress'", "ONB-2"),
    ("status = 3", "ONB-2"),
    ("statusCategory = Done", "ONB-1"),
    ("statusCategory != Done", "HR-1 ONB-3 ONB-2"),
    ("statusCategory in (new, indeterminate)", "HR-1 ONB-3 ONB-2"),
    ("resolution is empty AND project = ONB", "ONB-3 ONB-2"),
    ("assignee = currentUser()", "ONB-2"),
    ("assignee = boris", "ONB-3"),
    (f'assignee = "{ANNA.account}"', "ONB-2"),
    ("assignee = 'anna@example.com'", "ONB-2"),
    ("assignee is null", "HR-1 ONB-1"),
    ("reporter = anna", "HR-1"),
    ("assignee != anna", "ONB-3"),
    ("key = ONB-2", "ONB-2"),
    ("issuekey in (onb-1, HR-1)", "HR-1 ONB-1"),
    ("key > ONB-1", "ONB-3 ONB-2"),
    ("type = Epic", "HR-1"),
    ("priority in (Highest, Lowest)", "ONB-3 ONB-1"),
    ("summary ~ wiki", "ONB-2"),
    ("summary !~ wiki AND project = ONB", "ONB-3 ONB-1"),
    ("created >= '2026-11-24 11:00'", "HR-1 ONB-3"),
    ("created < '2026/11/24 10:00'", "ONB-1"),
    ("created >= 2026-11-25", ""),
    ("created > -2h", "HR-1 ONB-3"),
    ("created >= '-1h 30m'", "HR-1 ONB-3"),
    ("created <= now()", "HR-1 ONB-3 ONB-2 ONB-1"),
    ("updated > -1m AND project = ONB", "ONB-2 ONB-1"),
    ("duedate <= 1w", "ONB-3"),
    ("due is empty", "HR-1 ONB-2 ONB-1"),
    ("project = HR OR labels = it AND status = Done", "HR-1 ONB-1"),
    ("(project = HR OR labels = it) AND status = Done", "ONB-1"),
    ("NOT (project = HR OR labels = it)", "ONB-3 ONB-2"),
    ("not project=ONB", "HR-1"),
    ("", "HR-1 ONB-3 ONB-2 ONB-1"),
    ("order by key", "HR-1 ONB-1 ONB-2 ONB-3"),
    ("project = ONB ORDER BY created ASC", "ONB-1 ONB-2 ONB-3"),
    ("ORDER BY priority DESC, key DESC", "ONB-1 ONB-2 HR-1 ONB-3"),
    ("ORDER BY assignee", "ONB-2 ONB-3 HR-1 ONB-1"),
    ("ORDER BY assignee DESC", "ONB-3 ONB-2 HR-1 ONB-1"),
    ("ORDER BY status, key", "HR-1 ONB-3 ONB-2 ONB-1"),
    ("ORDER BY duedate", "ONB-3 HR-1 ONB-2 ONB-1"),
]


@pytest.mark.parametrize(("jql", "keys"), FOUND)
def test_a_query_finds_what_it_says(state: State, jql: str, keys: str) -> None:
    assert ask(state, jql) == keys.split()


REFUSED = [
    ("flavour = sweet", "Field 'flavour' does not exist or you do not have permission to view it."),
    ("project = ONB ORDER BY flavour", "Field 'flavour' does not exist"),
    ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
    ("status = Frozen", "The value 'Frozen' does not exist for the field 'status'."),
    ("statusCategory = Frozen", "The value 'Frozen' does not exist for the field 'statusCategory'."),
    ("assignee = nobody", "The value 'nobody' does not exist for the field 'assignee'."),
    ("key = ONB-99", "An issue with key 'ONB-99' does not exist for field 'key'."),
    ("created > yesterday", "Date value 'yesterday' for field 'created' is invalid."),
    ("created > 5x", "Date value '5x' for field 'created' is invalid."),
    ("project ~ ONB", "The operator '~' is not supported by the 'project' field."),
    ("summary = Laptop", "The operator '=' is not supported by the 'summary' field."),
    ("project", "Error in the JQL Query: Expecting an operator"),
    ("project =", "Expecting a value, list or function but got the end of the query. (line 1, character 10)"),
    ("project = ONB labels = x", "Expecting either 'OR' or 'AND' but got 'labels'. (line 1, character 15)"),
    ("project in ONB", "Expecting '(' but got 'ONB'"),
    ("project in (ONB", "Expecting ',' or ')' but got the end of the query"),
    ("(project = ONB", "Expecting ')' but got the end of the query"),
    ("project = ONB AND", "Expecting a field name but got the end of the query"),
    ("= ONB", "Expecting a field name but got '='"),
    ("labels is full", "Expecting 'EMPTY' or 'NULL' but got 'full'"),
    ("labels not bb", "Expecting an operator"),
    ("created > now(1)", "Expecting ')' but got '1'"),
    ("ORDER created", "Expecting 'BY' but got 'created'"),
    ("ORDER BY", "Expecting a field name but got the end of the query"),
    ("ORDER BY key sideways", "but got 'sideways'"),
    ("project = 'ONB", "The character ''' cannot be read. (line 1, character 10)"),
]


@pytest.mark.parametrize(("jql", "text"), REFUSED)
def test_a_wrong_query_is_refused_and_says_what_is_wrong(state: State, jql: str, text: str) -> None:
    with pytest.raises(JqlError) as refusal:
        ask(state, jql)
    assert text in str(refusal.value)


PIECES = ("project", "=", "ONB", "and", "(", ")", ",", "in", "not", "is", "empty", "order by", "key", '"', "<")


@given(st.text(max_size=40) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_whatever_is_typed_is_either_a_query_or_a_refusal(text: str) -> None:
    state = State(clock=lambda: datetime(2026, 11, 24, tzinfo=UTC))
    with suppress(JqlError):
        assert ask(state, text, "admin") == []


async def test_a_wrong_query_is_a_400_with_error_messages() -> None:
    async with standing(Deployment.SERVER) as stand:
        async with stand.http.get("/rest/api/2/search", params={"jql": "flavour = sweet"}) as answer:
            assert answer.status == 400
            assert (await answer.json())["errors"] == {}
        refusal = await stand.refused(lambda jira: jira.search_issues("project ="))
        assert "Error in the JQL Query" in str(refusal.text)


async def three(stand: Stand) -> None:
    for number in (1, 2, 3):
        await stand.create(f"Задача {number}", labels=["all"])


async def test_data_center_pages_by_start_and_tells_the_total() -> None:
    async with standing(Deployment.SERVER) as stand:
        await three(stand)
        page = await stand.ask(lambda jira: jira.search_issues("labels = all ORDER BY key", startAt=1, maxResults=1))
        assert ([issue.key for issue in page], page.total, page.startAt) == (["ONB-2"], 3, 1)
        posted = await stand.ask(lambda jira: jira.search_issues("labels = all", use_post=True))
        assert len(posted) == 3
        every = await stand.ask(lambda jira: jira.search_issues("labels = all", maxResults=0))
        assert len(every) == 3
        status, _ = await stand.post("/rest/api/2/search/approximate-count", {"jql": "labels = all"})
        assert status == 404


async def test_cloud_pages_by_token_and_tells_no_total() -> None:
    async with standing() as stand:
        await three(stand)
        first = await stand.get("/rest/api/3/search/jql", jql="labels = all ORDER BY key", maxResults="2")
        assert set(first) == {"issues", "isLast", "nextPageToken"}
        assert (first["isLast"], [set(issue) for issue in first["issues"]]) == (False, [{"id"}, {"id"}])
        last = await stand.get(
            "/rest/api/3/search/jql",
            jql="labels = all ORDER BY key",
            nextPageToken=first["nextPageToken"],
            fields="summary",
        )
        assert (last["isLast"], "nextPageToken" in last) == (True, False)
        assert last["issues"][0]["fields"] == {"summary": "Задача 3"}


async def test_the_library_reads_all_pages_of_cloud() -> None:
    async with standing() as stand:
        await three(stand)
        page = await stand.ask(lambda jira: jira.enhanced_search_issues("labels = all", maxResults=2))
        assert (len(page), page.nextPageToken is None) == (2, False)
        every = await stand.ask(lambda jira: jira.enhanced_search_issues("labels = all", maxResults=0))
        assert [issue.fields.summary for issue in every] == ["Задача 3", "Задача 2", "Задача 1"]
        assert await stand.ask(lambda jira: jira.approximate_issue_count("labels = all")) == 3


async def test_cloud_refuses_a_foreign_token_an_unbounded_query_and_the_old_search() -> None:
    async with standing() as stand:
        await three(stand)
        first = await stand.get("/rest/api/3/search/jql", jql="labels = all", maxResults="1")
        for token in (first["nextPageToken"], "rubbish", "bnVsbA=="):
            params = {"jql": "labels = other", "nextPageToken": token}
            async with stand.http.get("/rest/api/3/search/jql", params=params) as answer:
                assert answer.status == 400
        async with stand.http.get("/rest/api/3/search/jql", params={"jql": "ORDER BY key"}) as answer:
            assert answer.status == 400
        async with stand.http.get("/rest/api/2/search", params={"jql": "labels = all"}) as answer:
            assert answer.status == 410


async def test_version_3_shows_texts_as_documents() -> None:
    async with standing() as stand:
        await stand.create(description="раз\n\nдва", labels=["all"])
        found = await stand.get("/rest/api/3/search/jql", jql="labels = all", fields="description")
        document = found["issues"][0]["fields"]["description"]
        assert (document["type"], len(document["content"])) == ("doc", 3)
        assert document["content"][2]["content"] == [{"type": "text", "text": "два"}]
