"""What is written into an issue: each field once, what Jira refuses left out and named, and what a fault leaves."""

import datetime

import pytest
from aiohttp import web
from msgspec.structs import replace
from pydantic import SecretStr

from adapters.jira.changes import KEPT_SECONDS
from adapters.jira.tracker import JiraTracker
from bot.errors import Refused, Retry, Unauthorized, Unknown
from bot.tracker.snapshot import Change, Changed
from sandbox.faults import Kind
from sandbox.jira import serving
from sandbox.jira.site import Priority
from sandbox.jira.workflows import issuing, signing
from tests.adapters.jira.kit import ANNA, BORIS, EFFECT, Stand, act, settings_for, speaks
from tests.hurry import call_seconds

DUE = datetime.date(2026, 12, 24)
EVERYTHING = Change(
    fields=("status", "priority", "assignee", "due"),
    status="done",
    priority="high",
    assignee=ANNA.email_address,
    due=DUE,
)
DONE = Change(fields=("status",), status="done")
DUE_ONLY = Change(fields=("due",), due=DUE)
NEW = Change(fields=("status",), status="new")
UNDERWAY = Change(fields=("status",), status="underway")
EDIT = "PUT /rest/api/2/issue/ONB-1"
MOVE = "POST /rest/api/2/issue/ONB-1/transitions"
STEPS = "GET /rest/api/2/issue/ONB-1/transitions"


@pytest.fixture
async def key(tracker: JiraTracker) -> str:
    return (await tracker.create(EFFECT, act())).key


def edits(stand: Stand) -> int:
    """How often the issue has been written to since it was made."""
    return len(stand.state.issue("ONB-1").changelog)


async def test_all_fields_are_written_in_one_request_and_the_status_in_another(
    stand: Stand, tracker: JiraTracker, key: str
) -> None:
    assert (await tracker.change(key, EVERYTHING)).refused == {}
    issue = stand.state.issue(key)
    assert (issue.priority, issue.assignee, issue.duedate) == ("2", ANNA.name, DUE)
    assert stand.category(key) == "done"
    assert edits(stand) == 2


async def test_an_issue_is_opened_before_it_is_written_to_and_closed_after(
    stand: Stand, tracker: JiraTracker, key: str
) -> None:
    await tracker.change(key, EVERYTHING)
    await tracker.change(key, Change(fields=("status", "due"), status="new", due=None))
    items = [[item.field for item in change.items] for change in stand.state.issue(key).changelog]
    assert ["status" in fields for fields in items] == [False, True, True, False]


@pytest.mark.parametrize("field", ["priority", "assignee", "duedate"])
async def test_a_field_that_the_screen_does_not_take_is_left_out_and_the_others_are_written(
    stand: Stand, tracker: JiraTracker, key: str, field: str
) -> None:
    stand.state.site = stand.state.site.without_fields("ONB", field)
    changed = await tracker.change(key, EVERYTHING)
    assert changed.refused == {{"duedate": "due"}.get(field, field): "field-unknown"}
    assert (changed.assignee is None) == (field == "assignee")
    issue = stand.state.issue(key)
    written = {
        "priority": issue.priority == "2",
        "assignee": issue.assignee == ANNA.name,
        "duedate": issue.duedate == DUE,
    }
    assert written == {name: name != field for name in written}
    assert stand.category(key) == "done"


async def test_nothing_is_written_again_when_no_field_is_left(stand: Stand, tracker: JiraTracker, key: str) -> None:
    stand.state.site = stand.state.site.without_fields("ONB", "duedate", "priority")
    changed = await tracker.change(key, Change(fields=("priority", "due"), priority="high", due=DUE))
    assert changed.refused == {"priority": "field-unknown", "due": "field-unknown"}
    assert (edits(stand), stand.received["PUT /issue/{issue}"]) == (0, 1)


async def test_somebody_who_cannot_be_assigned_is_no_user_here(stand: Stand, tracker: JiraTracker, key: str) -> None:
    stand.state.people.add(replace(ANNA, assignable=False))
    changed = await tracker.change(key, Change(fields=("assignee",), assignee=ANNA.email_address))
    assert changed == Changed({"assignee": "user-unknown"})


async def test_a_priority_that_was_added_later_is_found(stand: Stand, tracker: JiraTracker, key: str) -> None:
    await tracker.read(key)
    urgent = Priority("77", "Right now")
    stand.state.site = replace(stand.state.site, priorities=(urgent, *stand.state.site.priorities))
    assert await tracker.change(key, Change(fields=("priority",), priority="Right now")) == Changed()
    assert stand.state.issue(key).priority == urgent.id


# --- transitions


async def test_a_workflow_of_other_names_is_walked_by_its_categories(stand: Stand, tracker: JiraTracker) -> None:
    stand.state.site = stand.state.site.with_workflow("HR", issuing(needs_resolution=True))
    key = (await tracker.create(EFFECT, act(project="HR"))).key
    assert await tracker.change(key, DONE) == Changed({"status": "no-transition"})
    assert stand.category(key) == "new"
    for change in (UNDERWAY, DONE, NEW):
        assert await tracker.change(key, change) == Changed()
    assert stand.category(key) == "new"


@pytest.mark.parametrize(("declined", "status"), [(False, "10103"), (True, "10104")])
async def test_what_is_handed_out_and_what_is_withdrawn_end_differently(
    stand: Stand, tracker: JiraTracker, declined: bool, status: str
) -> None:
    stand.state.site = stand.state.site.with_workflow("HR", issuing())
    key = (await tracker.create(EFFECT, act(project="HR"))).key
    await tracker.change(key, UNDERWAY)
    await tracker.change(key, replace(DONE, declined=declined))
    assert stand.state.issue(key).status == status


async def test_where_no_way_leads_back_the_issue_stays_and_it_is_said(stand: Stand, tracker: JiraTracker) -> None:
    stand.state.site = stand.state.site.with_workflow("HR", signing())
    key = (await tracker.create(EFFECT, act(project="HR"))).key
    for change in (UNDERWAY, DONE):
        assert await tracker.change(key, change) == Changed()
    changed = await tracker.change(key, Change(fields=("status", "due"), status="new", due=DUE))
    assert changed == Changed({"status": "no-transition"})
    assert stand.state.issue(key).duedate == DUE


async def test_transitions_are_asked_for_once_for_issues_that_stand_alike(stand: Stand, tracker: JiraTracker) -> None:
    keys = [(await tracker.create(f"effect {number}", act())).key for number in range(3)]
    await tracker.change(keys[0], DONE)
    stand.fail(Kind.ERROR, "GET /rest/api/2/issue/ONB-2/transitions")
    stand.fail(Kind.ERROR, "GET /rest/api/2/issue/ONB-3/transitions")
    for key in keys[1:]:
        assert await tracker.change(key, DONE) == Changed()
        assert stand.category(key) == "done"


async def test_kept_transitions_are_asked_for_again_after_a_while(stand: Stand) -> None:
    now = 0.0
    tracker = JiraTracker(settings_for(stand.url, cloud=stand.cloud), speaks, clock=lambda: now)
    first, second = [(await tracker.create(f"effect {number}", act())).key for number in range(2)]
    await tracker.change(first, DONE)
    now = KEPT_SECONDS
    stand.fail(Kind.ERROR, f"GET /rest/api/2/issue/{second}/transitions")
    with pytest.raises(Retry):
        await tracker.change(second, DONE)
    await tracker.close()


async def test_a_kept_transition_that_is_no_longer_there_is_looked_up_anew(stand: Stand, tracker: JiraTracker) -> None:
    first, second = [(await tracker.create(f"effect {number}", act())).key for number in range(2)]
    await tracker.change(first, DONE)
    site = stand.state.site
    renumbered = tuple(replace(step, id=f"9{step.id}") for step in site.transitions)
    stand.state.site = replace(site, transitions=renumbered)
    assert await tracker.change(second, DONE) == Changed()
    assert stand.state.issue(second).status == "10001"


async def test_a_workflow_that_gets_a_way_later_is_seen(stand: Stand, tracker: JiraTracker, key: str) -> None:
    site = stand.state.site
    stand.state.site = replace(site, transitions=site.transitions[:1])
    assert await tracker.change(key, DONE) == Changed({"status": "no-transition"})
    stand.state.site = site
    assert await tracker.change(key, DONE) == Changed()


# --- faults


@pytest.mark.parametrize(
    ("kind", "error", "written"),
    [(Kind.RATE_LIMIT, Retry, 0), (Kind.ERROR, Unknown, 0), (Kind.HANG, Unknown, 0), (Kind.LOST, Unknown, 1)],
)
@pytest.mark.parametrize(("match", "change"), [(EDIT, DUE_ONLY), (MOVE, DONE)])
async def test_a_write_that_fails_is_tried_once_and_may_have_happened_wherever_nobody_knows(
    stand: Stand,
    key: str,
    kind: Kind,
    error: type[Exception],
    written: int,
    match: str,
    change: Change,
    request: pytest.FixtureRequest,
) -> None:
    async with stand.tracker(timeout=call_seconds(request)) as tracker:
        stand.fail(kind, match)
        with pytest.raises(error):
            await tracker.change(key, change)
        assert edits(stand) == written
        assert await tracker.change(key, change) == Changed()
    assert edits(stand) == 1


@pytest.mark.parametrize("match", ["user/search", "GET /rest/api/2/issue/ONB-1 ", STEPS, "/priority"])
@pytest.mark.parametrize("kind", [Kind.RATE_LIMIT, Kind.ERROR, Kind.HANG, Kind.LOST])
async def test_a_read_that_fails_on_the_way_to_a_write_is_done_again(
    stand: Stand, key: str, match: str, kind: Kind, request: pytest.FixtureRequest
) -> None:
    async with stand.tracker(timeout=call_seconds(request)) as tracker:
        stand.fail(kind, match)
        with pytest.raises(Retry):
            await tracker.change(key, EVERYTHING)
        assert (await tracker.change(key, EVERYTHING)).refused == {}
    assert stand.category(key) == "done"


async def test_an_issue_that_is_gone_is_no_field_that_is_refused(stand: Stand, tracker: JiraTracker, key: str) -> None:
    stand.state.delete(key, "admin")
    for change in (EVERYTHING, NEW, DUE_ONLY):
        with pytest.raises(Refused) as refused:
            await tracker.change(key, change)
        assert refused.value.code == "not-found"


async def test_to_a_stranger_jira_says_that_there_is_nothing_and_it_is_not_believed() -> None:
    app = web.Application()

    async def nothing(_: web.Request) -> web.Response:
        return web.json_response({"errorMessages": ["Issue does not exist"], "errors": {}}, status=404)

    async def nobody(_: web.Request) -> web.Response:
        return web.json_response({"errorMessages": ["Client must be authenticated"]}, status=401)

    issue = "/rest/api/2/issue/{key}"
    app.add_routes([web.get("/rest/api/2/myself", nobody), web.get(issue, nothing), web.put(issue, nothing)])
    async with serving(app) as url:
        tracker = JiraTracker(settings_for(url), speaks)
        for ask in (tracker.read("ONB-1"), tracker.change("ONB-1", DONE), tracker.change("ONB-1", DUE_ONLY)):
            with pytest.raises(Unauthorized):
                await ask
        await tracker.close()


async def test_a_token_that_has_expired_is_neither_a_deletion_nor_a_refusal(stand: Stand, key: str) -> None:
    settings = settings_for(stand.url, cloud=stand.cloud)
    wrong = settings.model_copy(update={"token" if stand.cloud else "pat": SecretStr("wrong")})
    tracker = JiraTracker(wrong, speaks)
    for ask in (tracker.read(key), tracker.change(key, DONE), tracker.changed(None, None), tracker.keys(None)):
        with pytest.raises(Unauthorized):
            await ask
    await tracker.close()


async def test_a_hidden_address_belongs_to_no_user(stand: Stand, tracker: JiraTracker, key: str) -> None:
    changed = await tracker.change(key, Change(fields=("assignee",), assignee=BORIS.email_address))
    assert changed.refused == ({"assignee": "user-unknown"} if stand.cloud else {})


async def test_a_priority_that_is_renamed_is_asked_for_once(stand: Stand, tracker: JiraTracker, key: str) -> None:
    site = stand.state.site
    ranked = tuple(replace(one, name=f"P{one.id}") for one in site.priorities)
    stand.state.site = replace(site, priorities=ranked)
    for _ in range(2):
        seen = await tracker.read(key)
        assert seen is not None
        assert seen.priority == "medium"
    stand.state.site = replace(site, priorities=tuple(replace(one, name=f"Q{one.id}") for one in ranked))
    seen = await tracker.read(key)
    assert seen is not None
    assert seen.priority == "medium"
    stand.fail(Kind.ERROR, "/priority", times=None)
    assert await tracker.read(key) == seen


async def test_a_link_and_labels_are_written_once_and_may_have_been(
    stand: Stand, tracker: JiraTracker, key: str
) -> None:
    stand.fail(Kind.LOST, "remotelink")
    stand.fail(Kind.LOST, "PUT /rest/api/2/issue/")
    with pytest.raises(Unknown):
        await tracker.link(key, "butterboard:1", "https://bot.example", "Onboarding")
    with pytest.raises(Unknown):
        await tracker.relabel(key, ("more",))
    await tracker.link(key, "butterboard:1", "https://bot.example", "Onboarding")
    issue = stand.state.issue(key)
    assert (len(issue.remote_links), issue.labels[-1]) == (1, "more")
    assert issue.remote_links[0].application == {"name": "Butterboard"}
