"""The webhook over real HTTP: what Jira says is committed and then acknowledged, what anybody else says is not read."""

import asyncio
import datetime
import gzip
import json
from collections.abc import AsyncIterator
from typing import NoReturn

import pytest

from adapters.jira import webhook
from adapters.jira.inbound import Known
from adapters.jira.webhook import MOST_BYTES, jira_webhook_routes
from bot.errors import Conflict, NotReplicated, StoreUnavailable
from bot.tracker.snapshot import Comment, TrackerUser
from tests.adapters.jira.webhook_kit import (
    BORIS,
    BORIS_ON_DATA_CENTER,
    BOT,
    CLOUD,
    DATA_CENTER,
    ISSUE,
    KEY,
    KNOWN,
    TOKEN,
    Door,
    RecordingTrackerInbox,
    door,
    encoded,
    payload,
    payload_names,
    signature,
)

EVENT = encoded(payload("cloud_issue_moved"))
IDENTIFIER = "9f2d1c7e-52f5-4a9b-a9f1-0a2a4a1f7d3c"


@pytest.fixture
async def cloud() -> AsyncIterator[Door]:
    async with door() as made:
        yield made


@pytest.fixture
async def data_center() -> AsyncIterator[Door]:
    async with door(None, base=DATA_CENTER, me="JIRAUSER10100") as made:
        yield made


@pytest.fixture(params=["a signing secret", None], ids=["signed", "addressed"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Door]:
    async with door(request.param) as made:
        yield made


def moscow(hour: int, minute: int, second: int = 0, micros: int = 0) -> datetime.datetime:
    zone = datetime.timezone(datetime.timedelta(hours=3))
    return datetime.datetime(2026, 11, 24, hour, minute, second, micros, tzinfo=zone)


# --- what is said


@pytest.mark.parametrize("name", payload_names())
async def test_every_recorded_event_is_acknowledged_with_an_empty_body(either: Door, name: str) -> None:
    answer = await either.tell(encoded(payload(name)))
    assert (answer.status, answer.body) == (200, b"")
    assert len(either.seen) == (0 if name.startswith("ignored_") else 1)
    assert all(one.issue == ISSUE for one in either.seen)


async def test_a_change_says_who_made_it_and_how_the_issue_stands(cloud: Door) -> None:
    found = await cloud.hears("cloud_issue_moved")
    assert (found.actor, found.comment, found.deleted) == (BORIS, None, False)
    assert found.snapshot is not None
    assert (found.snapshot.id, found.snapshot.key) == (ISSUE, "ONB-7")
    assert found.snapshot.url == f"{CLOUD}/browse/ONB-7"
    assert found.snapshot.updated == moscow(10, 15, 30, 412_000)
    assert (found.snapshot.status, found.snapshot.assignee) == ("done", BORIS)
    assert found.snapshot.due == datetime.date(2026, 11, 27)
    assert "butterboard" in found.snapshot.labels


async def test_what_was_emptied_is_empty(cloud: Door) -> None:
    found = await cloud.hears("cloud_issue_edited")
    assert found.snapshot is not None
    assert (found.snapshot.status, found.snapshot.due, found.snapshot.assignee) == ("underway", None, None)


async def test_data_center_names_people_by_their_keys(data_center: Door) -> None:
    found = await data_center.hears("data_center_issue_assigned")
    assert found.actor == BORIS_ON_DATA_CENTER
    assert found.snapshot is not None
    assert found.snapshot.assignee == BORIS_ON_DATA_CENTER


async def test_a_new_issue_of_ours_is_seen_as_made_by_us(cloud: Door) -> None:
    found = await cloud.hears("cloud_issue_created")
    assert found.actor == TrackerUser(BOT, "Butterboard")
    assert found.snapshot is not None
    assert found.snapshot.status == "new"
    assert found.snapshot.made_by_us is True


@pytest.mark.parametrize(
    ("me", "former", "made_by_us"),
    [(BOT, [], True), ("new", [BOT], True), (BORIS.identity, [], False), (None, [BOT], None)],
)
async def test_who_has_made_an_issue_stands_in_its_news(
    me: str | None, former: list[str], made_by_us: bool | None
) -> None:
    async with door() as made:
        made.known = Known(CLOUD, me, KNOWN.priorities, frozenset(former))
        for name in ("cloud_issue_edited", "cloud_comment_created_with_whole_issue"):
            found = await made.hears(name)
            assert found.snapshot is not None
            assert found.snapshot.made_by_us is made_by_us


@pytest.mark.parametrize("name", ["cloud_issue_deleted", "data_center_issue_deleted"])
async def test_a_deleted_issue_is_told_without_how_it_stood(either: Door, name: str) -> None:
    found = await either.hears(name)
    assert (found.deleted, found.snapshot, found.comment) == (True, None, None)
    assert found.actor is not None


@pytest.mark.parametrize("name", ["cloud_comment_created", "cloud_comment_created_without_issue"])
async def test_a_comment_whose_issue_is_shortened_or_missing_tells_nothing_else(cloud: Door, name: str) -> None:
    found = await cloud.hears(name)
    assert (found.issue, found.snapshot, found.actor) == (ISSUE, None, BORIS)
    assert found.comment == Comment(
        id="10500",
        author=BORIS,
        text="Привезу в пятницу, пропуск @… уже есть",
        at=moscow(10, 20),
    )


async def test_a_comment_with_its_whole_issue_says_how_it_stands(cloud: Door) -> None:
    found = await cloud.hears("cloud_comment_created_with_whole_issue")
    assert found.comment is not None
    assert found.snapshot is not None
    assert found.snapshot.updated == moscow(10, 20)


@pytest.mark.parametrize("name", ["data_center_comment_created", "data_center_issue_commented"])
async def test_data_center_tells_a_comment_in_either_of_two_events(data_center: Door, name: str) -> None:
    found = await data_center.hears(name)
    assert found.comment is not None
    assert (found.comment.id, found.comment.author) == ("10500", BORIS_ON_DATA_CENTER)
    assert (found.snapshot is None) == (name == "data_center_comment_created")


async def test_an_edited_comment_is_not_a_new_one(data_center: Door) -> None:
    assert (await data_center.hears("data_center_comment_edited")).comment is None


HIDDEN: list[dict[str, object]] = [{"visibility": {"type": "role", "value": "Administrators"}}, {"jsdPublic": False}]


@pytest.mark.parametrize("hidden", HIDDEN)
async def test_a_comment_that_not_everybody_may_read_is_no_part_of_a_change(
    data_center: Door, hidden: dict[str, object]
) -> None:
    body = payload("data_center_issue_commented")
    body["comment"] |= hidden
    body["issue"]["fields"]["comment"]["comments"] = [body["comment"]]
    assert (await data_center.tell(encoded(body))).status == 200
    (found,) = data_center.seen
    assert found.comment is None
    assert found.snapshot is not None
    assert found.snapshot.comments == ()


@pytest.mark.parametrize("more", [{"comment": None}, {}])
async def test_a_change_that_is_named_after_a_comment_may_be_without_one(
    data_center: Door, more: dict[str, object]
) -> None:
    body = payload("data_center_issue_commented")
    del body["comment"]
    assert (await data_center.tell(encoded(body | more))).status == 200
    assert data_center.seen[0].snapshot is not None


async def test_our_own_comment_is_known_as_ours(cloud: Door) -> None:
    found = await cloud.hears("cloud_comment_created_by_us")
    assert found.comment is not None
    assert found.comment.ours


async def test_before_we_know_who_we_are_no_comment_is_ours() -> None:
    async with door(me=None) as made:
        found = await made.hears("cloud_comment_created_by_us")
        assert found.comment is not None
        assert not found.comment.ours


async def test_what_nobody_did_has_no_actor(cloud: Door) -> None:
    body = payload("cloud_issue_moved")
    for user in ({"user": None}, {}):
        del body["user"]
        body |= user
        assert (await cloud.tell(encoded(body))).status == 200
        assert cloud.seen[-1].actor is None


async def test_a_text_that_was_cut_within_a_smiley_comes_in(cloud: Door) -> None:
    body = payload("cloud_comment_created")
    body["comment"]["body"] = "done \ud83d"
    assert (await cloud.tell(json.dumps(body).encode())).status == 200
    assert cloud.seen[-1].comment is not None
    assert cloud.seen[-1].comment.text == "done ?"


# --- the name of a delivery


async def test_a_repeated_delivery_has_the_same_name(cloud: Door) -> None:
    for retry in ({}, {"X_Atlassian_Webhook_Retry": "1"}):
        await cloud.hears("cloud_issue_moved", X_Atlassian_Webhook_Identifier=IDENTIFIER, **retry)
    assert [one.mark for one in cloud.seen] == [f"jira:butter.atlassian.net:{IDENTIFIER}"] * 2


async def test_without_an_identifier_the_body_names_the_delivery(data_center: Door) -> None:
    first = (await data_center.hears("data_center_issue_moved")).mark
    again = (await data_center.hears("data_center_issue_moved")).mark
    other = (await data_center.hears("data_center_issue_assigned")).mark
    assert first == again != other
    assert first.startswith("jira:jira.butter.example:")


@pytest.mark.parametrize("identifier", ["x" * 129, "two words", "é", ""])
async def test_an_identifier_that_looks_like_none_is_not_kept(cloud: Door, identifier: str) -> None:
    plain = await cloud.hears("cloud_issue_moved")
    assert (await cloud.hears("cloud_issue_moved", X_Atlassian_Webhook_Identifier=identifier)).mark == plain.mark


# --- who is believed


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X_Hub_Signature": ""},
        {"X_Hub_Signature": "sha256=" + "0" * 64},
        {"X_Hub_Signature": signature(EVENT, "another secret")},
        {"X_Hub_Signature": signature(EVENT).removeprefix("sha256=")},
        {"X_Hub_Signature": signature(EVENT).replace("sha256", "sha1")},
        {"X_Hub_Signature": "sha256=" + "é" * 64},
        {"X_Hub_Signature": signature(EVENT).replace("s", "ſ", 1)},
        {"X_Hub_Signature_256": signature(EVENT)},
    ],
)
async def test_what_is_not_signed_is_refused(cloud: Door, headers: dict[str, str]) -> None:
    for body in (EVENT, b"{", b""):
        answer = await cloud.post("/jira/webhook", body, **headers)
        assert (answer.status, answer.body) == (401, b"")
    assert cloud.seen == []


async def test_a_signature_of_another_body_is_refused(cloud: Door) -> None:
    assert (await cloud.tell(EVENT + b" ", X_Hub_Signature=signature(EVENT))).status == 401
    assert cloud.seen == []


async def test_of_what_is_not_signed_the_body_is_not_waited_for(cloud: Door) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with asyncio.timeout(60), cloud.http.post(f"{cloud.url}/jira/webhook", data=endless()) as answer:
        assert answer.status == 401


async def test_with_a_secret_the_address_with_the_token_is_not_there(cloud: Door) -> None:
    answer = await cloud.post(f"/jira/webhook/{TOKEN}", EVENT, X_Hub_Signature=signature(EVENT))
    assert (answer.status, answer.body) == (404, b"")
    assert cloud.seen == []


@pytest.mark.parametrize("signing", [None, ""])
async def test_without_a_secret_the_plain_address_refuses_everybody(signing: str | None) -> None:
    async with door(signing) as made:
        for headers in ({}, {"X_Hub_Signature": signature(EVENT, "")}):
            assert (await made.post("/jira/webhook", EVENT, **headers)).status == 401
        assert (await made.post(f"/jira/webhook/{TOKEN}", EVENT)).status == 200
        assert len(made.seen) == 1


@pytest.mark.parametrize("token", ["x", TOKEN[:-1], TOKEN + "x", TOKEN.swapcase(), "%FF%FE", "%00", "é" * 43])
async def test_another_token_leads_nowhere(data_center: Door, token: str) -> None:
    answer = await data_center.post(f"/jira/webhook/{token}", EVENT)
    assert (answer.status, answer.body) == (404, b"")
    assert data_center.seen == []


async def test_only_a_post_is_taken(either: Door) -> None:
    for path in ("/jira/webhook", f"/jira/webhook/{TOKEN}"):
        async with either.http.get(either.url + path) as answer:
            assert answer.status == 405


def test_both_addresses_are_always_there() -> None:
    paths = ["/jira/webhook", "/jira/webhook/{token}"]
    for signing in (None, b"secret"):
        routes = jira_webhook_routes(RecordingTrackerInbox(), _unknown, signing=signing, key=KEY)
        assert [route.path for route in routes] == paths


def _unknown() -> NoReturn:
    raise AssertionError("nobody has knocked")


# --- what is read


async def test_a_body_of_two_megabytes_is_read_and_of_more_refused(either: Door) -> None:
    body = payload("cloud_issue_moved")
    body["padding"] = ""
    assert MOST_BYTES == 2 * 1024 * 1024
    body["padding"] = "x" * (MOST_BYTES - len(encoded(body)))
    assert (await either.tell(encoded(body))).status == 200
    answer = await either.tell(encoded(body) + b" ")
    assert (answer.status, answer.body) == (413, b"")
    assert len(either.seen) == 1


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP, gzip", "zstd"])
async def test_a_compressed_body_is_not_unfolded(either: Door, encoding: str) -> None:
    answer = await either.tell(gzip.compress(EVENT), Content_Encoding=encoding)
    assert (answer.status, answer.body) == (415, b"")
    assert (await either.tell(gzip.compress(EVENT))).status == 400
    assert either.seen == []


async def test_a_body_that_trickles_in_is_given_up(either: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    path = "/jira/webhook" if either.signing else f"/jira/webhook/{TOKEN}"
    headers = {"X-Hub-Signature": signature(EVENT)}
    async with (
        asyncio.timeout(60),
        either.http.post(either.url + path, data=trickle(), headers=headers) as answer,
    ):
        assert (answer.status, await answer.read()) == (408, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[1, 2]",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b'{"webhookEvent": "jira:issue_updated\xff"}',
        b"NaN",
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"a":' + b"9" * 6000 + b"}",
        '{"webhookEvent": "jira:issue_deleted"}'.encode("utf-16"),
    ],
)
async def test_what_is_no_object_in_json_is_refused(either: Door, body: bytes) -> None:
    answer = await either.tell(body)
    assert (answer.status, answer.body) == (400, b"")
    assert either.seen == []


@pytest.mark.parametrize("kind", [None, 7, [], {}, "", "jira:issue_Updated", "jira:version_released", "x" * 10_000])
async def test_other_events_are_acknowledged_and_left_alone(either: Door, kind: object) -> None:
    assert (await either.tell(encoded({**payload("cloud_issue_moved"), "webhookEvent": kind}))).status == 200
    assert either.seen == []


BROKEN: list[tuple[str, str, object]] = [
    ("cloud_issue_moved", "issue", None),
    ("cloud_issue_moved", "issue", []),
    ("cloud_issue_moved", "issue", {"id": "10107"}),
    ("cloud_issue_moved", "issue", {"id": "10107", "key": "ONB-7", "fields": {}}),
    ("cloud_issue_deleted", "issue", {"id": 10107}),
    ("cloud_issue_deleted", "issue", {"id": "ONB-7"}),
    ("cloud_issue_deleted", "issue", {"id": "1" * 21}),
    ("cloud_issue_moved", "user", "boris"),
    ("cloud_comment_created", "comment", None),
    ("cloud_comment_created", "comment", {"id": "1"}),
    ("cloud_comment_created", "issue", "ONB-7"),
    ("cloud_comment_created", "issue", {"fields": 7}),
    ("data_center_issue_commented", "comment", "nice"),
]


@pytest.mark.parametrize(("name", "field", "value"), BROKEN)
async def test_an_event_of_another_shape_is_refused_and_its_kind_noted(
    cloud: Door, caplog: pytest.LogCaptureFixture, name: str, field: str, value: object
) -> None:
    body = {**payload(name), field: value}
    answer = await cloud.tell(encoded(body))
    assert (answer.status, answer.body) == (400, b"")
    assert cloud.seen == []
    (record,) = caplog.records
    assert (record.getMessage(), record.__dict__["kind"]) == ("jira event not understood", body["webhookEvent"])


@pytest.mark.parametrize(
    "address", [None, "", 7, "https://x/rest/api/2/issue/ONB-7/comment/1", f"{CLOUD}/browse/ONB-7"]
)
async def test_a_comment_that_names_no_issue_is_refused(cloud: Door, address: object) -> None:
    body = payload("cloud_comment_created_without_issue")
    body["comment"]["self"] = address
    assert (await cloud.tell(encoded(body))).status == 400


# --- when it is acknowledged


async def test_an_event_is_acknowledged_only_after_its_commit(either: Door) -> None:
    committed = either.inbox.wait_for = asyncio.Event()
    telling = asyncio.create_task(either.tell(EVENT))
    await either.inbox.reached.wait()
    assert not telling.done()
    committed.set()
    assert (await telling).status == 200


@pytest.mark.parametrize("error", [StoreUnavailable("down"), Conflict("busy"), NotReplicated("alone")])
async def test_what_could_not_be_committed_is_sent_again_by_jira(either: Door, error: Exception) -> None:
    either.inbox.error = error
    answer = await either.tell(EVENT)
    assert (answer.status, answer.body, answer.headers["Retry-After"]) == (503, b"", "5")
    either.inbox.error = None
    assert (await either.tell(EVENT)).status == 200
    assert len(either.seen) == 1
