"""What Jira says of an issue, and what somebody else might say in its place."""

import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.jira.priorities import Level, Priorities, priorities_of
from adapters.jira.snapshots import LONGEST_COMMENT, MOST_COMMENTS, comment_of, snapshot_of, user_of
from bot.tracker.labels import DUPLICATE, OURS
from bot.tracker.snapshot import Comment, Snapshot, TrackerUser

BASE = "https://butter.atlassian.net"
ANNA = {"accountId": "5b10", "displayName": "Анна", "emailAddress": ""}
BOT = {"name": "bot", "key": "JIRAUSER1", "displayName": "Butterboard", "emailAddress": "bot@example.com"}


def status(category: str) -> dict[str, Any]:
    return {"id": "3", "name": "Далее", "statusCategory": {"id": 4, "key": category, "name": "Далее"}}


def comment(number: int, author: object = ANNA, body: str = "Готово") -> dict[str, Any]:
    created = f"2026-11-24T10:{number % 60:02d}:00.000+0300"
    return {"id": str(number), "author": author, "body": body, "created": created, "updated": created}


def issue(**fields: object) -> dict[str, Any]:
    known = {"status": status("new"), "updated": "2026-11-24T10:09:00.123+0300", "labels": [OURS]}
    return {"id": "10107", "key": "ONB-7", "self": "https://evil.example", "fields": {**known, **fields}}


def seen(**fields: Any) -> Snapshot:
    return snapshot_of(issue(**fields), BASE, Priorities(), ())


def test_an_issue_with_everything() -> None:
    raw = issue(
        priority={"id": "1", "name": "P1"},
        assignee=BOT,
        duedate="2026-12-01",
        resolution=None,
        comment={"comments": [comment(1)], "total": 1},
    )
    ranked = priorities_of(tuple(Level(str(n), f"P{n}") for n in range(5)), {})
    at = datetime.datetime(2026, 11, 24, 7, 9, 0, 123000, tzinfo=datetime.UTC)
    assert snapshot_of(raw, BASE, ranked, ()) == Snapshot(
        id="10107",
        key="ONB-7",
        url=f"{BASE}/browse/ONB-7",
        updated=at,
        status="new",
        priority="high",
        assignee=TrackerUser("JIRAUSER1", "Butterboard", "bot@example.com"),
        due=datetime.date(2026, 12, 1),
        labels=(OURS,),
        comments=(
            Comment(id="1", author=TrackerUser("5b10", "Анна"), text="Готово", at=at.replace(minute=1, microsecond=0)),
        ),
    )


def test_an_issue_with_nothing() -> None:
    found = seen(priority=None, assignee=None, duedate=None, labels=[], comment={})
    assert (found.priority, found.assignee, found.due, found.labels, found.comments) == (None, None, None, (), ())


@pytest.mark.parametrize(
    ("category", "stage"),
    [("new", "new"), ("indeterminate", "underway"), ("done", "done"), ("undefined", "new"), ("whatever", "new")],
)
def test_the_stage_is_that_of_the_category(category: str, stage: str) -> None:
    assert seen(status=status(category)).status == stage


@pytest.mark.parametrize(
    ("fields", "twin"),
    [
        ({"labels": [OURS, DUPLICATE]}, True),
        ({"status": status("done"), "resolution": {"id": "3", "name": "Duplicate"}}, True),
        ({"status": status("new"), "resolution": {"id": "3", "name": "Duplicate"}}, False),
        ({"status": status("done"), "resolution": {"id": "1", "name": "Готово"}}, False),
    ],
)
def test_what_was_closed_as_a_duplicate_is_a_twin(fields: dict[str, object], twin: bool) -> None:
    assert seen(**fields).twin == twin


def test_of_many_comments_the_latest_are_kept_the_oldest_first() -> None:
    comments = [comment(number) for number in range(59, 0, -1)]
    found = seen(comment={"comments": comments}).comments
    assert [one.id for one in found] == [str(number) for number in range(60 - MOST_COMMENTS, 60)]


def test_a_long_comment_is_cut() -> None:
    assert comment_of(comment(1, body="ы" * 10_000), ()).text == "ы" * LONGEST_COMMENT


def test_a_comment_of_nobody_is_nobodys() -> None:
    assert comment_of(comment(1, author=None), ()).author == TrackerUser("")


@pytest.mark.parametrize(("me", "ours"), [("JIRAUSER1", True), ("5b10", False), (None, False)])
def test_a_comment_is_ours_when_we_are_its_author(me: str | None, ours: bool) -> None:
    assert comment_of(comment(1, author=BOT), () if me is None else {me, "an-account-before"}).ours == ours


@pytest.mark.parametrize(
    ("raw", "user"),
    [
        (ANNA, TrackerUser("5b10", "Анна")),
        (BOT, TrackerUser("JIRAUSER1", "Butterboard", "bot@example.com")),
        ({"name": "old"}, TrackerUser("old")),
    ],
)
def test_a_user_is_known_by_what_never_changes(raw: dict[str, object], user: TrackerUser) -> None:
    assert user_of(raw) == user


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {},
        {**issue(), "id": "../../1"},
        {**issue(), "id": 10107},
        {**issue(), "key": "ONB-7\n"},
        {**issue(), "key": "javascript:alert(1)"},
        {**issue(), "fields": None},
        issue(status=None),
        issue(status={"statusCategory": None}),
        issue(updated=None),
        issue(updated="yesterday"),
        issue(updated="2026-11-24T10:09:00"),
        issue(updated="0001-01-01T00:00:00+1400"),
        issue(duedate="2026-02-30"),
        issue(labels="butterboard"),
        issue(labels=[1]),
        issue(assignee={"displayName": "Nobody"}),
        issue(assignee=[]),
        issue(priority="High"),
        issue(comment={"comments": [{"id": "1"}]}),
        issue(comment={"comments": [comment(1, author={})]}),
        issue(comment=[]),
    ],
)
def test_another_shape_is_one_error(raw: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        snapshot_of(raw, BASE, Priorities(), ())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELD = st.sampled_from(["status", "updated", "priority", "assignee", "duedate", "labels", "resolution", "comment"])


@given(FIELD, JSON)
def test_no_value_of_a_field_is_another_error(field: str, value: object) -> None:
    try:
        found = seen(**{field: value})
    except msgspec.ValidationError:
        return
    assert found.updated.tzinfo is datetime.UTC


@given(st.dictionaries(st.sampled_from(["id", "author", "body", "created"]), JSON))
def test_no_comment_is_another_error(values: dict[str, object]) -> None:
    try:
        comment_of({**comment(1), **values}, ())
    except msgspec.ValidationError:
        return


@given(st.text(max_size=40))
def test_no_time_is_another_error(text: str) -> None:
    try:
        assert seen(updated=text).updated.tzinfo is datetime.UTC
    except msgspec.ValidationError:
        return
