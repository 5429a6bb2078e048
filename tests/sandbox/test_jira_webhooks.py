"""What the stand-in tells others: bodies and headers as Jira sends them, retries, and a bad way on demand."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator

import aiohttp
import pytest

from sandbox.jira import Access, Deployment, Event, State, WebhookFaults, Webhooks, make_app, serving
from sandbox.jira.webhooks import RETRIES, signature
from tests.sandbox.jira_kit import ANNA, Stand, standing
from tests.sandbox.test_jira_process import signed_in, started_jira
from tests.sandbox.webhook_kit import Ear, listening

SECRET = "It's a Secret to Everybody"
QUICK = WebhookFaults(retry_delay=0.0)


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    async with listening() as ready:
        yield ready


@pytest.fixture
async def stand(ear: Ear) -> AsyncIterator[Stand]:
    async with standing() as ready:
        ready.webhooks.faults = QUICK
        ready.webhooks.add(ear.url, SECRET)
        yield ready


def new(state: State, summary: str = "Выдать ноутбук", **values: object) -> str:
    return state.create({"project": "ONB", "issuetype": "10001", "summary": summary, **values}, "admin").key


async def test_every_event_is_told_in_order_with_the_issue_in_full(stand: Stand, ear: Ear) -> None:
    key = new(stand.state, labels=("bb-1",), assignee=ANNA.name)
    stand.clock.tick(60)
    stand.state.move(key, "11", ANNA.name)
    comment = stand.state.add_comment(key, "Готово", ANNA.name)
    stand.state.edit_comment(key, comment.id, "Готово!", ANNA.name)
    stand.state.delete_comment(key, comment.id, ANNA.name)
    stand.state.delete(key, ANNA.name)
    await stand.webhooks.settled()
    assert ear.events == [
        "jira:issue_created",
        "jira:issue_updated",
        "comment_created",
        "comment_updated",
        "comment_deleted",
        "jira:issue_deleted",
    ]
    created, moved, commented, _, _, deleted = [one.body for one in ear.heard]
    fields = created["issue"]["fields"]
    assert {"summary", "status", "priority", "assignee", "duedate", "labels", "updated", "created", "project"} <= set(
        fields
    )
    assert (fields["labels"], fields["status"]["statusCategory"]["key"]) == (["bb-1"], "new")
    assert "changelog" not in created
    assert moved["timestamp"] - created["timestamp"] == 60_000
    assert moved["issue_event_type_name"] == "issue_generic"
    assert moved["issue"]["fields"]["status"]["statusCategory"]["key"] == "indeterminate"
    assert [(item["field"], item["fromString"], item["toString"]) for item in moved["changelog"]["items"]] == [
        ("status", "To Do", "In Progress")
    ]
    assert (commented["comment"]["body"], commented["comment"]["author"]["displayName"]) == ("Готово", "Анна Петрова")
    assert "changelog" not in commented
    assert deleted["issue"]["key"] == key
    assert deleted["issue"]["fields"]["summary"] == "Выдать ноутбук"
    assert created["issue"]["self"].startswith(stand.url)


async def test_cloud_names_people_by_account_and_shows_no_address(stand: Stand, ear: Ear) -> None:
    stand.state.edit(new(stand.state), {"assignee": ANNA.name}, ANNA.name)
    await stand.webhooks.settled()
    changed = ear.heard[1].body
    assert changed["issue_event_type_name"] == "issue_assigned"
    assert (changed["user"]["accountId"], changed["user"]["accountType"]) == (ANNA.account, "atlassian")
    assert changed["issue"]["fields"]["assignee"]["accountId"] == ANNA.account
    assert all(b"example.com" not in one.raw and b"emailAddress" not in one.raw for one in ear.heard)


async def test_data_center_names_people_by_name_signs_nothing_and_tries_once(ear: Ear) -> None:
    async with standing(Deployment.SERVER) as stand:
        stand.webhooks.add(ear.url, SECRET)
        ear.answers = [503]
        new(stand.state)
        await stand.webhooks.settled()
        assert (stand.webhooks.counts.gave_up, stand.webhooks.counts.retried) == (1, 0)
    (only,) = ear.heard
    assert (only.body["user"]["name"], "accountId" in only.body["user"]) == ("admin", False)
    assert not {name for name in only.headers if name.startswith(("X-Atlassian", "X-Hub"))}


async def test_a_signature_is_of_the_raw_body(stand: Stand, ear: Ear) -> None:
    new(stand.state)
    await stand.webhooks.settled()
    (only,) = ear.heard
    expected = hmac.new(SECRET.encode(), only.raw, hashlib.sha256).hexdigest()
    assert only.headers["X-Hub-Signature"] == f"sha256={expected}"
    assert only.headers["X-Atlassian-Webhook-Flow"] == "Primary"
    known = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature(SECRET, b"Hello World!") == known


async def test_without_a_secret_nothing_is_signed(ear: Ear) -> None:
    async with standing() as stand:
        stand.webhooks.add(ear.url)
        new(stand.state)
        await stand.webhooks.settled()
    assert "X-Hub-Signature" not in ear.heard[0].headers


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
async def test_a_delivery_that_failed_is_sent_again_under_its_identifier(stand: Stand, ear: Ear, status: int) -> None:
    ear.answers = [status, status]
    new(stand.state, "первая")
    new(stand.state, "вторая")
    await stand.webhooks.settled()
    assert ear.keys == ["ONB-1", "ONB-1", "ONB-1", "ONB-2"]
    assert [one.headers.get("X-Atlassian-Webhook-Retry") for one in ear.heard] == [None, "1", "2", None]
    assert [len({one.identifier for one in part}) for part in (ear.heard[:3], ear.heard)] == [1, 2]
    counts = stand.webhooks.counts
    assert (counts.sent, counts.retried, counts.gave_up) == (2, 2, 0)


async def test_it_gives_up_after_five_retries_and_goes_on(stand: Stand, ear: Ear) -> None:
    ear.answers = [503] * (RETRIES + 1)
    new(stand.state)
    new(stand.state)
    await stand.webhooks.settled()
    assert ear.keys == ["ONB-1"] * 6 + ["ONB-2"]
    assert (stand.webhooks.counts.gave_up, stand.webhooks.counts.sent) == (1, 1)


@pytest.mark.parametrize("status", [301, 400, 401, 404])
async def test_a_refusal_is_final(stand: Stand, ear: Ear, status: int) -> None:
    ear.answers = [status]
    new(stand.state)
    await stand.webhooks.settled()
    assert (len(ear.heard), stand.webhooks.counts.gave_up) == (1, 1)


async def test_an_address_where_nobody_answers_is_tried_again(stand: Stand, ear: Ear) -> None:
    stand.webhooks.add("http://127.0.0.1:1/nobody")
    new(stand.state)
    await stand.webhooks.settled()
    counts = stand.webhooks.counts
    assert (counts.sent, counts.retried, counts.gave_up) == (1, RETRIES, 1)
    assert len(ear.heard) == 1


async def test_a_hook_hears_only_the_events_it_wants(stand: Stand, ear: Ear) -> None:
    for hook in list(stand.webhooks.hooks):
        assert stand.webhooks.remove(hook)
    stand.webhooks.add(ear.url, events=[Event.COMMENTED, Event.DELETED])
    key = new(stand.state)
    stand.state.add_comment(key, "раз", "admin")
    stand.state.delete(key, "admin")
    await stand.webhooks.settled()
    assert ear.events == ["comment_created", "jira:issue_deleted"]


async def test_a_comment_may_come_without_its_issue(stand: Stand, ear: Ear) -> None:
    stand.webhooks.faults = WebhookFaults(bare_comments=True)
    key = new(stand.state)
    stand.state.add_comment(key, "раз", "admin")
    await stand.webhooks.settled()
    created, commented = [one.body for one in ear.heard]
    assert "issue" in created
    assert "issue" not in commented
    assert f"/issue/{stand.state.issue(key).id}/comment/" in commented["comment"]["self"]


async def test_a_link_is_told_by_the_ids_of_its_issues(stand: Stand, ear: Ear) -> None:
    first, second = new(stand.state), new(stand.state)
    link = stand.state.add_link("10000", first, second, "admin")
    stand.state.delete_link(link.id, "admin")
    await stand.webhooks.settled()
    linked, unlinked = [one.body for one in ear.heard[2:]]
    assert (linked["webhookEvent"], unlinked["webhookEvent"]) == ("issuelink_created", "issuelink_deleted")
    ids = (linked["issueLink"]["sourceIssueId"], linked["issueLink"]["destinationIssueId"])
    assert ids == (int(stand.state.issue(first).id), int(stand.state.issue(second).id))
    assert linked["issueLink"]["issueLinkType"]["name"] == "Blocks"


async def test_some_deliveries_are_lost_and_some_come_twice_the_same_way_every_time(ear: Ear) -> None:
    faults = WebhookFaults(drop=0.3, double=0.3, seed=7)
    came: list[list[str]] = []
    for _ in range(2):
        async with standing() as stand:
            stand.webhooks.faults = faults
            stand.webhooks.add(ear.url)
            for _ in range(40):
                new(stand.state)
            await stand.webhooks.settled()
            counts = stand.webhooks.counts
        assert (counts.dropped > 0, counts.doubled > 0) == (True, True)
        assert counts.sent == len(ear.heard) == 40 - counts.dropped + counts.doubled
        assert len({one.identifier for one in ear.heard}) == 40 - counts.dropped
        came.append(ear.keys)
        ear.heard.clear()
    assert came[0] == came[1] == sorted(came[0], key=lambda key: int(key.removeprefix("ONB-")))


async def test_shuffled_deliveries_come_out_of_order_and_all_of_them(stand: Stand, ear: Ear) -> None:
    stand.webhooks.faults = WebhookFaults(shuffle=0.2)
    made = [new(stand.state) for _ in range(20)]
    await stand.webhooks.settled()
    assert sorted(ear.keys) == sorted(made)
    assert ear.keys != made


async def test_a_delay_keeps_the_order_and_is_not_added_up(stand: Stand, ear: Ear) -> None:
    stand.webhooks.faults = WebhookFaults(delay=1.0)
    made = [new(stand.state) for _ in range(60)]
    assert stand.webhooks.under_way == 60
    async with aiohttp.ClientSession() as http, http.get(f"{stand.url}/_sandbox/webhooks") as answer:
        assert (await answer.json())["counts"]["under_way"] == 60
    async with asyncio.timeout(50):  # added up they would take sixty
        await stand.webhooks.settled()
    assert ear.keys == made


async def test_what_is_on_its_way_ends_with_the_server(ear: Ear) -> None:
    state = State()
    webhooks = Webhooks(state, ear.url, faults=WebhookFaults(delay=600))
    async with serving(make_app(state, access=Access("u", "t"), webhooks=webhooks)):
        new(state)
        assert webhooks.under_way == 1
    assert (webhooks.under_way, ear.heard) == (0, [])
    new(state)
    assert webhooks.under_way == 0


async def test_hooks_and_their_faults_are_set_over_the_control_address(ear: Ear) -> None:
    async with standing() as stand:
        wanted = {"url": ear.url, "secret": SECRET, "events": ["jira:issue_created"]}
        status, hook = await stand.post("/_sandbox/webhooks", wanted)
        assert (status, hook["signed"], hook["events"]) == (201, True, ["jira:issue_created"])
        status, faults = await stand.post("/_sandbox/webhooks/faults", {"double": 1.0})
        assert (status, faults["double"], faults["drop"]) == (200, 1.0, 0.0)
        await stand.create()
        await stand.webhooks.settled()
        shown = await stand.get("/_sandbox/webhooks")
        assert shown["webhooks"] == [hook]
        assert (shown["counts"]["sent"], shown["counts"]["doubled"]) == (2, 1)
        for path, gone in ((f"/{hook['id']}", 204), (f"/{hook['id']}", 404), ("", 204)):
            async with stand.http.delete(f"/_sandbox/webhooks{path}") as answer:
                assert answer.status == gone
        for path, body in (("", {"url": ear.url, "events": ["x"]}), ("", {}), ("/faults", {"dropped": 1})):
            assert (await stand.http.post(f"/_sandbox/webhooks{path}", json=body)).status == 400
        await stand.create()
    assert len(ear.heard) == 2


async def test_a_process_tells_the_address_on_its_command_line(ear: Ear) -> None:
    async with started_jira("--webhook", ear.url, "--webhook-secret", SECRET) as (_, url), signed_in(url) as http:
        fields = {"project": {"key": "ONB"}, "issuetype": {"name": "Task"}, "summary": "Пропуск"}
        async with http.post("/rest/api/2/issue", json={"fields": fields}) as answer:
            assert answer.status == 201
        async with asyncio.timeout(60):
            while True:
                async with http.get("/_sandbox/webhooks") as answer:
                    if (await answer.json())["counts"]["sent"]:
                        break
    (only,) = ear.heard
    assert only.headers["X-Hub-Signature"] == signature(SECRET, only.raw)
    assert only.body["issue"]["self"].startswith(url)
