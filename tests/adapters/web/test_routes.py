"""Every address over HTTP: who may, what is refused, and that an act is one act."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.rooms import Rooms
from adapters.web.routes import WebChat
from adapters.web.session import COOKIE
from bot.incoming import Opened, Pressed, Wrote
from bot.message import Message
from bot.speech import MAX_TEXT
from tests.adapters.web.kit import ANNA, EMMA, PAVEL, Client, FlakyStore, RememberingInbox, new_id, pick

EVIL = '<img src=x onerror=alert(1)></script><!--" \u2028 & \\u0000'


async def say(client: Client, text: str, *, person: str = "a1", event: str | None = None, **more: Any) -> int:
    body = {"id": event or new_id(), "text": text}
    async with client.post(f"/chat/say?as={person}", json=body, **more) as answer:
        return answer.status


async def conversation(client: Client, person: str = "a1") -> list[dict[str, Any]]:
    async with client.get(f"/chat/log?as={person}") as answer:
        assert answer.status == 200
        entries: list[dict[str, Any]] = (await answer.json())["entries"]
        return entries


async def problem(client: Client, path: str, **request: Any) -> tuple[int, str, str]:
    async with client.post(path, **request) as answer:
        error = (await answer.json())["error"]
        return answer.status, error["code"], error["text"]


async def test_picking_a_person_sets_a_cookie_that_scripts_and_other_sites_cannot_use(client: Client) -> None:
    async with client.post("/chat/session", json={"id": new_id(), "person": "a1"}) as answer:
        cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


async def test_picking_a_person_opens_their_standing_page(client: Client, inbox: RememberingInbox) -> None:
    await pick(client, ANNA)
    (incoming,) = inbox.received.values()
    assert (incoming.said, incoming.account.key) == (Opened(), "web:a1")


async def test_what_is_said_comes_in_once_and_stands_in_the_conversation_once(
    client: Client, inbox: RememberingInbox
) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    event = new_id()
    for _ in range(3):
        assert await say(client, "статус", event=event) == 200
    (incoming,) = inbox.received.values()
    assert incoming.id == f"web:a1:{event}"
    assert (incoming.said, incoming.place.conversation, incoming.place.private) == (Wrote("статус"), "a1", True)
    assert [entry["text"] for entry in await conversation(client)] == ["статус"]


async def test_a_press_comes_in_with_its_action_and_value(client: Client, inbox: RememberingInbox) -> None:
    await pick(client, ANNA)
    body = {"id": new_id(), "action": "done", "value": "J docs"}
    async with client.post("/chat/press?as=a1", json=body) as answer:
        assert answer.status == 200
    assert inbox.received[f"web:a1:{body['id']}"].said == Pressed("done", "J docs")
    assert inbox.received[f"web:a1:{body['id']}"].pressed is None


async def test_a_press_names_the_message_whose_button_it_was(client: Client, inbox: RememberingInbox) -> None:
    await pick(client, ANNA)
    body = {"id": new_id(), "action": "helpful", "value": "x", "ref": "7"}
    async with client.post("/chat/press?as=a1", json=body) as answer:
        assert answer.status == 200
    assert inbox.received[f"web:a1:{body['id']}"].pressed == "7"
    async with client.post("/chat/press?as=a1", json={**body, "id": new_id(), "ref": "7" * 101}) as answer:
        assert answer.status == 400


async def test_two_tabs_of_one_browser_may_be_two_people(client: Client, inbox: RememberingInbox) -> None:
    await pick(client, ANNA)
    await pick(client, PAVEL)
    assert await say(client, "я новичок", person="a1") == 200
    assert await say(client, "я руководитель", person="p1") == 200
    assert [entry["text"] for entry in await conversation(client, "a1")] == ["я новичок"]
    assert [one.account.id for one in inbox.received.values() if isinstance(one.said, Wrote)] == ["a1", "p1"]


async def test_nobody_speaks_for_a_person_whom_their_browser_has_not_picked(
    client: Client, inbox: RememberingInbox
) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    assert await say(client, "hello", person="p1") == 401
    for path in ("/chat/log?as=p1", "/chat/events?as=p1", "/chat/log"):
        async with client.get(path) as answer:
            assert answer.status == 401
    assert inbox.received == {}


async def test_a_forged_cookie_is_nobody(client: Client) -> None:
    await pick(client, ANNA)
    (cookie,) = client.session.cookie_jar.filter_cookies(client.make_url("/")).values()
    for forged in (cookie.value[:-1] + ("0" if cookie.value[-1] != "0" else "1"), "e30=.00", "a1"):
        client.session.cookie_jar.clear()
        async with client.get("/chat/log?as=a1", headers={"Cookie": f"{COOKIE}={forged}"}) as answer:
            assert answer.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
async def test_a_post_of_another_site_is_refused(
    client: Client, inbox: RememberingInbox, headers: dict[str, str]
) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    assert await say(client, "hello", headers=headers) == 403
    session = {"id": new_id(), "person": "p1"}
    assert (await problem(client, "/chat/session", json=session, headers=headers))[:2] == (403, "cross-site")
    assert inbox.received == {}
    assert await conversation(client) == []


async def test_a_post_of_our_own_page_is_taken(client: Client) -> None:
    await pick(client, ANNA)
    assert await say(client, "1", headers={"Sec-Fetch-Site": "same-origin"}) == 200
    assert await say(client, "2", headers={"Origin": str(client.make_url("/")).rstrip("/")}) == 200


async def test_a_form_of_another_site_cannot_pass_for_json(client: Client) -> None:
    await pick(client, ANNA)
    data = json.dumps({"id": new_id(), "text": "x"})
    answer = await problem(client, "/chat/say?as=a1", data=data, headers={"Content-Type": "text/plain"})
    assert answer[:2] == (415, "not-json")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"id": "not a uuid", "text": "x"}, "bad-field"),
        ({"text": "x"}, "bad-field"),
        ({"id": "6b1f4a0e-0c0e-4f5e-9d6f-2f6d6d1f7a11", "text": 7}, "bad-field"),
        ({"id": "6b1f4a0e-0c0e-4f5e-9d6f-2f6d6d1f7a11", "text": "x" * (MAX_TEXT + 1)}, "too-long"),
        ({"id": "6b1f4a0e-0c0e-4f5e-9d6f-2f6d6d1f7a11", "text": " \n "}, "empty"),
        ({"id": "6b1f4a0e-0c0e-4f5e-9d6f-2f6d6d1f7a11", "text": "x", "as": "p1"}, "bad-field"),
        ([], "bad-field"),
    ],
)
async def test_a_bad_body_is_named(client: Client, inbox: RememberingInbox, body: object, code: str) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    assert (await problem(client, "/chat/say?as=a1", json=body))[:2] == (400, code)
    assert inbox.received == {}


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", b'{"id": "\xd0"}', b'"\\ud800"'])
async def test_what_is_no_json_is_refused(client: Client, data: bytes) -> None:
    await pick(client, ANNA)
    headers = {"Content-Type": "application/json"}
    assert (await problem(client, "/chat/say?as=a1", data=data, headers=headers))[0] == 400


async def test_an_error_is_told_in_the_persons_language(client: Client) -> None:
    await pick(client, ANNA)
    await pick(client, EMMA)
    body = {"id": new_id(), "text": ""}
    assert "пустое" in (await problem(client, "/chat/say?as=a1", json=body))[2]
    assert "empty" in (await problem(client, "/chat/say?as=e1", json=body))[2]
    field = (await problem(client, "/chat/say?as=e1", json={"id": "x", "text": "x"}))[2]
    assert field == "The field “id” is not filled in correctly."


async def test_64_kilobytes_are_the_most(client: Client) -> None:
    await pick(client, ANNA)
    headers = {"Content-Type": "application/json"}
    answer = await problem(client, "/chat/say?as=a1", data=b" " * (64 * 1024 + 1), headers=headers)
    assert answer[:2] == (413, "too-large")
    small = json.dumps({"id": new_id(), "text": "x"}).encode().ljust(64 * 1024)
    async with client.post("/chat/say?as=a1", data=small, headers=headers) as taken:
        assert taken.status == 200


async def test_somebody_who_is_not_in_the_directory_cannot_be_picked(client: Client) -> None:
    answer = await problem(client, "/chat/session", json={"id": new_id(), "person": "nobody"})
    assert answer[:2] == (400, "nobody")


async def test_a_store_that_is_away_is_a_503_and_the_repetition_is_the_same_act(
    client: Client, store: FlakyStore, inbox: RememberingInbox
) -> None:
    await pick(client, ANNA)
    inbox.received.clear()
    event = new_id()
    store.away = True
    assert await say(client, "hello", event=event) == 503
    store.away, inbox.away = False, True
    assert await say(client, "hello", event=event) == 503
    inbox.away = False
    assert await say(client, "hello", event=event) == 200
    assert len(inbox.received) == 1
    assert len(await conversation(client)) == 1


async def test_hostile_text_comes_back_as_text(client: Client) -> None:
    await pick(client, ANNA)
    assert await say(client, EVIL) == 200
    async with client.get("/chat/log?as=a1") as answer:
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (await answer.json())["entries"][0]["text"] == EVIL


async def test_a_message_and_what_was_typed_stand_in_order(client: Client, rooms: Rooms) -> None:
    await pick(client, ANNA)
    await say(client, "вопрос")
    await rooms.post("a1", "effect", Message("ответ"))
    assert [entry["kind"] for entry in await conversation(client)] == ["typed", "message"]


async def test_everything_is_absent_when_it_is_off(chat: WebChat) -> None:
    app = web.Application()
    chat.mount(app, enabled=False)
    async with TestClient(TestServer(app)) as client:
        for path in ("/", "/chat", "/chat/log", "/chat/events", "/chat/assets/base.css"):
            assert (await client.get(path)).status == 404
        for path in ("/chat/session", "/chat/say", "/chat/press"):
            assert (await client.post(path, json={})).status == 404
