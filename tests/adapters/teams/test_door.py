"""The bot's door for Teams over real HTTP: what is committed is answered afterwards, and what is not for us is left."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession

from adapters.teams import app as door_of_teams
from adapters.teams.app import MOST_BYTES, PATH, routes
from adapters.teams.settings import TeamsSettings
from bot.errors import Conflict, NotReplicated, StoreUnavailable
from bot.incoming import Pressed, Wrote
from bot.message import Button, Message, Reply
from tests.adapters.teams.door_kit import SERVICE_URL, RecordingInbox, Teams, clock, served, speaker, teams
from tests.adapters.teams.recorded import payload, payload_names

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@pytest.fixture
async def door() -> AsyncIterator[Teams]:
    async with teams() as made:
        yield made


# People who have done nothing, and are asked about; of each payload how many.
TOLD_OF = {"ignored_people_removed": 2}


def expected(name: str) -> int:
    """The status that a recorded activity is answered with."""
    if (name.startswith("ignored_") and name not in TOLD_OF) or name in (
        "pressed",
        "pressed_in_channel",
        "form_sent_off",
    ):
        return 200
    return {"refused_task_fetch": 501, "refused_action_of_another_card": 400}.get(name, 201)


PLAYGROUNDS = tuple(name for name in payload_names() if name.startswith("playground_"))


@pytest.mark.parametrize("name", [name for name in payload_names() if name not in PLAYGROUNDS])
async def test_every_recorded_activity_is_answered(door: Teams, name: str) -> None:
    assert (await door.send(payload(name))).status == expected(name)
    acts = 0 if name.startswith(("ignored_", "refused_")) else 1
    assert len(door.inbox.received) == TOLD_OF.get(name, acts)


@pytest.mark.parametrize("name", PLAYGROUNDS)
async def test_the_playground_has_a_tenant_of_its_own_and_does_not_pass_for_ours(door: Teams, name: str) -> None:
    activity = payload(name)
    token = door.issuer.token(activity["serviceUrl"])
    assert (await door.send(activity, f"Bearer {token}")).status == 403
    assert door.inbox.received == []


async def test_what_a_person_does_comes_in(door: Teams) -> None:
    await door.say("hello")
    await door.send(payload("pressed"))
    assert [one.said for one in door.inbox.received] == [Wrote("hello"), Pressed("done", "j1 read-docs")]


async def test_a_repeated_activity_is_handed_on_under_the_same_id(door: Teams) -> None:
    await door.say()
    await door.say()
    first, second = door.inbox.received
    assert first == second


async def test_an_activity_is_answered_only_after_its_commit(door: Teams) -> None:
    committing, commit = asyncio.Event(), asyncio.Event()

    async def receive(_: object) -> None:
        committing.set()
        await commit.wait()

    door.inbox.receive = receive  # type: ignore[assignment, method-assign]
    saying = asyncio.create_task(door.say())
    await committing.wait()
    assert not saying.done()
    commit.set()
    assert (await saying).status == 201


@pytest.mark.parametrize("error", [StoreUnavailable("down"), Conflict("busy"), NotReplicated("alone")])
async def test_what_could_not_be_committed_is_503(door: Teams, error: Exception) -> None:
    door.inbox.error = error
    answer = await door.say()
    assert answer.status == 503
    assert answer.headers["Retry-After"]


async def test_a_press_that_could_not_be_committed_says_what_to_do(door: Teams) -> None:
    door.inbox.error = StoreUnavailable("down")
    answer = await door.send({**payload("pressed"), "locale": "en-GB"})
    assert answer.status == 503
    assert answer.json() == {
        "statusCode": 503,
        "type": ERROR,
        "value": {"code": "ServiceUnavailable", "message": "en-GB: teams-unavailable"},
    }


async def test_a_press_is_answered_with_the_card_in_place_of_its_own(door: Teams) -> None:
    door.inbox.reply = Reply("en", instead=Message("Your plan", buttons=(Button("done", "2", "Done"),)))
    answer = await door.send(payload("pressed"))
    told = answer.json()
    assert (answer.status, told["statusCode"], told["type"]) == (200, 200, CARD)
    assert (told["value"]["type"], told["value"]["version"]) == ("AdaptiveCard", "1.5")
    assert "Your plan" in str(told["value"])


async def test_a_press_that_changes_no_card_is_answered_with_a_line(door: Teams) -> None:
    answer = await door.send(payload("pressed"))
    assert answer.json() == {"statusCode": 200, "type": MESSAGE, "value": "ru-RU: teams-taken"}
    door.inbox.reply = Reply("en", Message("Already done"))
    assert (await door.send(payload("pressed"))).json()["value"] == "en: Already done"


async def test_nothing_in_the_line_of_an_answer_is_markup(door: Teams) -> None:
    door.inbox.reply = Reply("en", Message("[bank](https://evil.example)\n*now*"))
    assert (await door.send(payload("pressed"))).json()["value"] == "en: (bank)(https://evil.example) ∗now∗"


async def test_a_button_of_a_card_that_is_not_ours_is_an_error_of_its_request(door: Teams) -> None:
    told = (await door.send(payload("refused_action_of_another_card"))).json()
    assert (told["statusCode"], told["type"], told["value"]["message"]) == (400, ERROR, "ru-RU: outdated")


# --- what is no activity


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
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b'{"type": NaN, "a": Infinity',
        b"1" * 5000,
    ],
)
async def test_what_is_no_object_of_json_is_400(door: Teams, body: bytes) -> None:
    assert (await door.send(body)).status == 400


@pytest.mark.parametrize("type_", [None, "", 7, [], {}])
async def test_an_object_without_a_type_is_no_activity(door: Teams, type_: object) -> None:
    assert (await door.send({**payload("personal_message"), "type": type_})).status == 400
    assert door.inbox.received == []


@pytest.mark.parametrize(
    "odd",
    [
        {"from": 7},
        {"conversation": {"tenantId": "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01", "id": []}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"action": {}}}}},
        {"type": "conversationUpdate", "membersAdded": {"id": 1}},
        {"text": "a\ud83db", "entities": [7, {"type": "mention", "mentioned": []}]},
        {"locale": 7, "type": "invoke", "name": "adaptiveCard/action"},
    ],
)
async def test_nothing_that_is_signed_is_an_error_of_ours(door: Teams, odd: dict[str, Any]) -> None:
    assert (await door.send(_json({**payload("personal_message"), **odd}))).status < 500


def _json(told: object) -> bytes:
    """JSON as others write it, with half a surrogate pair where there is one."""
    return json.dumps(told).encode()


async def test_half_a_surrogate_pair_comes_in(door: Teams) -> None:
    assert (await door.send(_json({**payload("personal_message"), "text": "a\ud83db"}))).status == 201
    assert door.inbox.received[0].said == Wrote("a?b")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_read(door: Teams, content_type: str) -> None:
    assert (await door.send(payload("personal_message"), Content_Type=content_type)).status == 415
    assert (await door.send(payload("personal_message"), Content_Type="application/json; charset=utf-8")).status == 201


async def test_what_would_unfold_is_not_read(door: Teams) -> None:
    assert (await door.send(payload("personal_message"), Content_Encoding="gzip")).status == 415
    assert door.inbox.received == []


async def test_a_body_that_is_too_large_is_refused(door: Teams) -> None:
    assert (await door.send({**payload("personal_message"), "text": "x" * MOST_BYTES})).status == 413
    assert door.inbox.received == []


async def test_a_body_that_trickles_is_given_up(door: Teams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_of_teams, "BODY_SECONDS", 0.1)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {door.issuer.token(SERVICE_URL)}"}
    async with door.session.post(f"{door.url}{PATH}", data=trickle(), headers=headers) as got:
        assert got.status == 408


async def test_nobody_reads_the_body_of_somebody_without_a_token(door: Teams) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    async with asyncio.timeout(60), door.session.post(f"{door.url}{PATH}", data=endless(), headers=headers) as got:
        assert got.status == 401


async def test_there_is_nothing_to_get(door: Teams) -> None:
    async with door.session.get(f"{door.url}{PATH}") as got:
        assert got.status == 405


async def test_what_people_write_is_not_written_into_the_log(door: Teams, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await door.send({**payload("personal_message"), "text": "my salary"}, "Bearer a.b.c")
        await door.say("my salary")
        door.inbox.error = StoreUnavailable("down")
        await door.say("my salary")
    told = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name != "asyncio"]
    assert "salary" not in "".join(told)
    assert "Bearer" not in "".join(told)


# --- Microsoft's Agents Playground


@asynccontextmanager
async def playground() -> AsyncIterator[Teams]:
    """The door as it stands without an app id, beside the sandbox."""
    inbox = RecordingInbox()
    async with teams() as made:
        settings = TeamsSettings(_env_file=None)
        async with served(routes(settings, made.session, inbox, speaker, clock, playground=True)) as url:
            yield Teams(made.issuer, made.faults, settings, inbox, made.session, url)


def of_the_playground() -> dict[str, Any]:
    return {**payload("personal_message"), "serviceUrl": "http://127.0.0.1:56150/_connector"}


async def test_the_playground_needs_no_token() -> None:
    async with playground() as door:
        assert (await door.send(of_the_playground(), "")).status == 201
        assert (await door.send({**of_the_playground(), "serviceUrl": "http://localhost:1"}, "")).status == 201
        assert len(door.inbox.received) == 2


@pytest.mark.parametrize("origin", ["http://127.0.0.1:56150", "http://127.0.0.1", "null"])
async def test_no_page_comes_in_without_a_token(origin: str) -> None:
    async with playground() as door:
        assert (await door.send(of_the_playground(), "", Origin=origin)).status == 403
        assert door.inbox.received == []


async def test_a_page_cannot_send_json_without_being_asked_first() -> None:
    async with playground() as door:
        assert (await door.send(of_the_playground(), "", Content_Type="text/plain")).status == 415


@pytest.mark.parametrize(
    "service_url", ["https://smba.trafficmanager.net/emea", "http://127.0.0.1@evil.example/", "http://[::1", "", None]
)
async def test_the_playground_is_answered_on_this_machine_only(service_url: str | None) -> None:
    async with playground() as door:
        assert (await door.send({**of_the_playground(), "serviceUrl": service_url}, "")).status == 403
        assert (await door.send({**of_the_playground(), "channelId": "webchat"}, "")).status == 403
        assert door.inbox.received == []


async def test_without_an_app_id_and_a_sandbox_there_is_no_door() -> None:
    async with ClientSession() as session:
        assert routes(TeamsSettings(_env_file=None), session, RecordingInbox(), speaker, clock) == []


async def test_with_an_app_id_there_is_no_way_around_tokens() -> None:
    async with teams() as made:
        door = routes(made.settings, made.session, made.inbox, speaker, clock, playground=True)
        async with served(door) as url:
            answer = await Teams(made.issuer, made.faults, made.settings, made.inbox, made.session, url).send(
                of_the_playground(), ""
            )
    assert answer.status == 401
    assert made.inbox.received == []
