"""People of the Teams stand-in against a small bot: what they do arrives, signed, and what it answers is seen."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from sandbox.teams import APP_ID, TENANT_ID, Message, TeamsUser
from sandbox.teams.cards import CARD
from sandbox.teams.errors import Json
from sandbox.teams.issuer import ISSUER as MICROSOFT
from tests.sandbox.slack_kit import listening
from tests.sandbox.teams_kit import ANN, BOB, EVE, ISSUER, ZOE, Stage, button, card, stage, with_card

CARD_ANSWER = {"statusCode": 200, "type": CARD, "value": card(body=[{"type": "TextBlock", "text": "done"}])}


@dataclass
class Bot:
    """Checks tokens, keeps what comes and answers as it is told. While `held` is not set it does not answer."""

    heard: list[Json] = field(default_factory=list)
    answer: Any = None
    status: int = 200
    held: asyncio.Event | None = None

    async def receive(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        activity = await request.json()
        try:
            claims = jwt.decode(
                token, ISSUER.key.private.public_key(), algorithms=["RS256"], audience=APP_ID, issuer=MICROSOFT
            )
        except jwt.PyJWTError:
            return web.Response(status=401)
        assert claims["serviceurl"] == activity["serviceUrl"]
        self.heard.append(activity)
        if self.held is not None:
            await self.held.wait()
        return web.Response(status=self.status) if self.answer is None else web.json_response(self.answer)


@pytest.fixture
async def teams() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
async def bot_url(bot: Bot) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes([web.post("/api/messages", bot.receive)])
    async with listening(app) as url:
        yield url


@pytest.fixture
def ann(teams: Stage, bot_url: str) -> TeamsUser:
    return TeamsUser(teams.company, ANN, bot_url, teams.client.session)


async def shown(teams: Stage, user: TeamsUser, content: Json) -> Message:
    """The message with a card that the bot has written to the user."""
    sent = await teams.client.send(user.chat.id, with_card(content))
    return next(message for message in user.inbox() if message.id == sent.id)


# Writing


async def test_what_a_person_says_comes_as_teams_sends_it(bot: Bot, ann: TeamsUser) -> None:
    reply = await ann.say("2 < 3 & so\non")
    (activity,) = bot.heard
    assert (reply.status, reply.ok, reply.activity) == (200, True, activity)
    assert activity["type"] == "message"
    assert activity["channelId"] == "msteams"
    assert activity["from"] == {"id": ANN.id, "name": "Ann Lee", "aadObjectId": ANN.aad_object_id}
    assert activity["recipient"] == {"id": f"28:{APP_ID}", "name": "Butterboard"}
    assert activity["conversation"] == {
        "conversationType": "personal",
        "tenantId": TENANT_ID,
        "id": ann.chat.id,
    }
    assert activity["channelData"] == {"tenant": {"id": TENANT_ID}}
    assert activity["text"] == "2 &lt; 3 &amp; so\non"
    assert activity["attachments"] == [{"contentType": "text/html", "content": "<p>2 &lt; 3 &amp; so<br>on</p>"}]
    (client,) = activity["entities"]
    assert (client["locale"], client["country"], client["timezone"]) == ("de-DE", "DE", "Europe/Berlin")
    assert datetime.fromisoformat(activity["timestamp"]) == datetime.fromisoformat(activity["localTimestamp"])


async def test_a_mention_begins_a_thread_or_goes_on_with_one(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    await ann.mention(teams.general, "status of @Eve Fox", mentioning=[EVE])
    first = bot.heard[-1]
    thread = first["id"]
    assert first["text"] == "<at>Butterboard</at> status of <at>Eve Fox</at>"
    assert 'itemid="1">Eve Fox</span>' in first["attachments"][0]["content"]
    mentioned = [one["mentioned"]["id"] for one in first["entities"] if one["type"] == "mention"]
    assert mentioned == [teams.company.bot_id, EVE.id]
    assert first["conversation"]["id"] == f"{teams.general.id};messageid={thread}"
    assert first["conversation"]["conversationType"] == "channel"
    assert first["channelData"]["team"]["id"] == teams.team.id
    await ann.mention(teams.general, "and mine?", thread)
    assert bot.heard[-1]["conversation"]["id"] == first["conversation"]["id"]
    assert bot.heard[-1]["id"] != thread
    await teams.client.send(first["conversation"]["id"], "all done")
    await teams.client.send(teams.general.id, "news")
    assert [message.text for message in ann.in_channel(teams.general, thread)] == ["all done"]
    assert [message.text for message in ann.in_channel(teams.general)] == ["all done", "news"]


async def test_a_group_chat_has_no_threads(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    await ann.mention(teams.chat, "hello")
    assert bot.heard[-1]["conversation"] == {
        "isGroup": True,
        "conversationType": "groupChat",
        "tenantId": TENANT_ID,
        "id": teams.chat.id,
    }
    assert "team" not in bot.heard[-1]["channelData"]


async def test_who_is_from_elsewhere_names_another_tenant(teams: Stage, bot: Bot, bot_url: str) -> None:
    zoe = TeamsUser(teams.company, ZOE, bot_url)
    await zoe.install()
    await zoe.say("hello")
    for activity in bot.heard:
        assert activity["channelData"]["tenant"]["id"] == activity["conversation"]["tenantId"] == ZOE.tenant_id


async def test_what_no_client_would_send_is_not_sent(teams: Stage, bot: Bot, ann: TeamsUser, bot_url: str) -> None:
    with pytest.raises(LookupError, match="not installed"):
        await TeamsUser(teams.company, BOB, bot_url).say("hello")
    with pytest.raises(ValueError, match="does not mention @Eve Fox"):
        await ann.say("hello", mentioning=[EVE])
    assert bot.heard == []


# Installing


async def test_installing_is_told_twice_and_opens_the_chat(teams: Stage, bot: Bot, bot_url: str) -> None:
    bob = TeamsUser(teams.company, BOB, bot_url)
    await bob.install()
    first, second = bot.heard
    assert (first["type"], first["action"]) == ("installationUpdate", "add")
    assert second["type"] == "conversationUpdate"
    assert second["membersAdded"] == [{"id": BOB.id}, {"id": teams.company.bot_id}]
    assert first["id"] != second["id"]
    assert (await teams.client.open(BOB.id)).id == bob.chat.id
    await teams.client.send(bob.chat.id, "welcome")
    assert [message.text for message in bob.inbox()] == ["welcome"]


async def test_removing_closes_it_and_installing_opens_it_again(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    await ann.uninstall()
    assert [(one["type"], one["action"]) for one in bot.heard] == [("installationUpdate", "remove")]
    assert (await teams.client.send(ann.chat.id, "hi")).error == (403, "MessageWritesBlocked")
    await ann.install()
    assert (await teams.client.send(ann.chat.id, "hi")).status == 201
    ann.block()
    assert (await teams.client.send(ann.chat.id, "hi")).error == (403, "MessageWritesBlocked")
    ann.unblock()
    assert (await teams.client.send(ann.chat.id, "hi")).status == 201


async def test_a_team_gets_the_app_as_a_whole(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    await ann.uninstall(teams.team)
    reviews = teams.company.channel(teams.team, "Reviews")
    assert (await teams.client.send(reviews.id, "hi")).error == (403, "BotNotInConversationRoster")
    await ann.install(teams.team)
    assert (await teams.client.send(reviews.id, "hi")).status == 201
    added = bot.heard[-1]
    assert added["membersAdded"] == [{"id": teams.company.bot_id}]
    assert added["conversation"]["id"] == teams.general.id


# Pressing


async def test_a_press_is_an_invoke_and_the_card_that_comes_back_takes_the_place(
    teams: Stage, bot: Bot, ann: TeamsUser
) -> None:
    message = await shown(teams, ann, card(button("One", "done", "1"), button("Two", "done", "2")))
    bot.answer = CARD_ANSWER
    reply = await ann.press(message, "done", "2")
    assert reply.ok
    (activity,) = bot.heard
    assert (activity["type"], activity["name"], activity["replyToId"]) == ("invoke", "adaptiveCard/action", message.id)
    assert activity["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Two",
            "verb": "press",
            "data": {"action": "done", "value": "2"},
        },
        "trigger": "manual",
    }
    assert [one.cards for one in ann.inbox()] == [[CARD_ANSWER["value"]]]
    assert [post.kind for post in teams.company.posts] == ["post", "invoke"]


async def test_only_who_pressed_sees_the_new_card_until_the_message_is_changed(
    teams: Stage, bot: Bot, ann: TeamsUser, bot_url: str
) -> None:
    eve = TeamsUser(teams.company, EVE, bot_url)
    before, after = card(button("One", "done")), card(button("Three", "done"))
    sent = await teams.client.send(teams.general.id, with_card(before))
    bot.answer = CARD_ANSWER
    await ann.press(ann.in_channel(teams.general)[0], "One")
    assert bot.heard[-1]["conversation"]["id"] == f"{teams.general.id};messageid={sent.id}"
    assert ann.in_channel(teams.general)[0].cards == [CARD_ANSWER["value"]]
    assert eve.in_channel(teams.general)[0].cards == [before]
    await teams.client.update(teams.general.id, sent.id, with_card(after))
    assert ann.in_channel(teams.general)[0].cards == eve.in_channel(teams.general)[0].cards == [after]


async def test_a_press_can_be_answered_with_words(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    message = await shown(teams, ann, card(button("One", "done")))
    bot.answer = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "thanks"}
    assert (await ann.press(message, "One")).ok
    assert ann.notices == ["thanks"]


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"statusCode": 200},
        {"statusCode": 200, "type": CARD, "value": {"type": "AdaptiveCard"}},
        {"statusCode": 400, "type": "application/vnd.microsoft.error", "value": {"code": "BadRequest"}},
        {"statusCode": 200, "type": "application/vnd.microsoft.error", "value": {}},
    ],
    ids=str,
)
async def test_an_answer_that_teams_cannot_use_is_a_problem(
    teams: Stage, bot: Bot, ann: TeamsUser, answer: Any
) -> None:
    content = card(button("One", "done"))
    message = await shown(teams, ann, content)
    bot.answer = answer
    reply = await ann.press(message, "One")
    assert (reply.status, reply.ok) == (200, False)
    assert reply.problem
    assert ann.inbox()[0].cards == [content]


async def test_a_press_without_a_body_in_the_answer_is_a_problem(teams: Stage, ann: TeamsUser) -> None:
    message = await shown(teams, ann, card(button("One", "done")))
    assert (await ann.press(message, "One")).problem == "the answer to an invoke must be JSON"


async def test_a_submit_is_a_message_with_a_value(teams: Stage, bot: Bot, ann: TeamsUser) -> None:
    submit = {"type": "Action.Submit", "title": "Send", "data": {"action": "feedback"}}
    inputs: list[Json] = [
        {"type": "Input.Text", "id": "words", "isRequired": True, "maxLength": 5},
        {"type": "Input.Toggle", "id": "named", "title": "with my name"},
        {"type": "Input.ChoiceSet", "id": "mood", "value": "1", "choices": [{"title": "Good", "value": "1"}]},
        {"type": "Input.Date", "id": "day"},
    ]
    message = await shown(teams, ann, card(submit, body=inputs))
    reply = await ann.press(message, "Send", inputs={"words": "fine", "named": True})
    assert reply.ok
    (activity,) = bot.heard
    assert (activity["type"], activity["replyToId"]) == ("message", message.id)
    assert "text" not in activity
    assert activity["value"] == {"action": "feedback", "words": "fine", "named": "true", "mood": "1"}


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "'words' is required"),
        ({"words": "too long"}, "takes 5 characters"),
        ({"words": "fine", "mood": "2"}, "does not offer '2'"),
        ({"words": "fine", "colour": "red"}, "no such inputs"),
    ],
)
async def test_a_form_that_is_filled_in_wrongly_is_not_sent(
    teams: Stage, bot: Bot, ann: TeamsUser, inputs: Json, problem: str
) -> None:
    body: list[Json] = [
        {"type": "Input.Text", "id": "words", "isRequired": True, "maxLength": 5},
        {"type": "Input.ChoiceSet", "id": "mood", "choices": [{"title": "Good", "value": "1"}]},
    ]
    message = await shown(teams, ann, card(button("Send", "feedback"), body=body))
    with pytest.raises(ValueError, match=problem):
        await ann.press(message, "Send", inputs=inputs)
    assert bot.heard == []


async def test_a_card_that_unfolds_sends_its_own_inputs_and_those_around_it(
    teams: Stage, bot: Bot, ann: TeamsUser
) -> None:
    inner = card(button("Send", "feedback"), body=[{"type": "Input.Text", "id": "inner"}])
    other = card(button("Other", "other"), body=[{"type": "Input.Text", "id": "other"}])
    folded = [{"type": "Action.ShowCard", "title": "More", "card": one} for one in (inner, other)]
    message = await shown(teams, ann, card(*folded, body=[{"type": "Input.Text", "id": "outer", "value": "preset"}]))
    bot.answer = CARD_ANSWER
    await ann.press(message, "Send", inputs={"inner": "x"})
    assert bot.heard[0]["value"]["action"]["data"] == {
        "action": "feedback",
        "value": "",
        "outer": "preset",
        "inner": "x",
    }


async def test_what_is_not_on_the_card_or_there_twice_cannot_be_pressed(teams: Stage, ann: TeamsUser) -> None:
    message = await shown(teams, ann, card(button("One", "done", "1"), button("Two", "done", "2")))
    for name in ("Three", "done"):
        with pytest.raises(LookupError, match="are called"):
            await ann.press(message, name)


# Answers


async def test_an_answer_that_takes_too_long_is_a_504_and_nothing_is_repeated(
    teams: Stage, bot: Bot, bot_url: str
) -> None:
    bot.held = asyncio.Event()
    hurried = TeamsUser(teams.company, ANN, bot_url, timeout=0.05)
    assert (await hurried.say("hello")).status == 504
    bot.held.set()
    assert len(bot.heard) == 1


async def test_a_bot_that_is_not_there_gives_no_answer(teams: Stage) -> None:
    reply = await TeamsUser(teams.company, ANN, "http://127.0.0.1:1").say("hello")
    assert (reply.status, reply.ok) == (0, False)


async def test_a_bot_that_fails_is_told_as_it_is(bot: Bot, ann: TeamsUser) -> None:
    bot.status = 503
    reply = await ann.say("hello")
    assert (reply.status, reply.ok, len(bot.heard)) == (503, False, 1)


async def test_an_activity_can_be_sent_again_and_under_any_token(bot: Bot, ann: TeamsUser) -> None:
    first = await ann.say("hello")
    assert (await ann.replay(first)).ok
    assert bot.heard[0] == bot.heard[1]
    for token in ("", "nonsense", ISSUER.token(first.activity["serviceUrl"], audience="another")):
        assert (await ann.send(first.activity, token)).status == 401
    assert len(bot.heard) == 2


# From another process


async def act(session: aiohttp.ClientSession, url: str, person: str, what: str, /, **given: Any) -> tuple[int, Any]:
    async with session.post(f"{url}/_sandbox/people/{person}/{what}", json=given) as answer:
        return answer.status, await answer.json() if answer.ok else await answer.text()


async def test_people_can_be_led_from_another_process(teams: Stage, bot: Bot, bot_url: str) -> None:
    session, url = teams.client.session, teams.company.base_url
    async with session.post(f"{url}/_sandbox/settings", json={"bot_url": bot_url, "installed": [EVE.email]}) as done:
        assert done.status == 200
    status, replies = await act(session, url, "bob@example.com", "install")
    assert (status, [reply["status"] for reply in replies]) == (200, [200, 200])
    await act(session, url, EVE.aad_object_id, "say", text="hi @Bob Ray", mentioning=["bob@example.com"])
    assert bot.heard[-1]["text"] == "hi <at>Bob Ray</at>"
    await act(session, url, ANN.id, "mention", place=teams.general.id, text="hello")
    sent = await teams.client.send(bot.heard[-1]["conversation"]["id"], with_card(card(button("One", "done"))))
    bot.answer = CARD_ANSWER
    status, replies = await act(session, url, ANN.id, "press", place=teams.general.id, message=sent.id, name="One")
    assert (status, replies[0]["problem"]) == (200, "")
    async with session.get(f"{url}/_sandbox/messages?at_least=2") as answer:
        report = await answer.json()
    assert [post["kind"] for post in report["posts"]] == ["post", "invoke"]
    await act(session, url, "bob@example.com", "uninstall")
    assert bot.heard[-1]["action"] == "remove"


@pytest.mark.parametrize(
    ("person", "name", "given", "status"),
    [
        ("nobody", "say", {"text": "hi"}, 400),
        (ANN.id, "say", {}, 400),
        (ANN.id, "dance", {}, 404),
        (ANN.id, "press", {"message": "1", "name": "x"}, 400),
        (ANN.id, "mention", {"place": "19:nowhere", "text": "x"}, 400),
        (BOB.id, "say", {"text": "hi"}, 400),
    ],
)
async def test_what_they_cannot_do_is_refused_with_a_sentence(
    teams: Stage, person: str, name: str, given: Json, status: int
) -> None:
    answered, said = await act(teams.client.session, teams.company.base_url, person, name, **given)
    assert answered == status
    assert said


async def test_settings_switch_limits_and_tokens(teams: Stage) -> None:
    session, url = teams.client.session, teams.company.base_url
    chat = teams.company.personal(ANN).id
    await session.post(f"{url}/_sandbox/settings", json={"limits": True})
    assert 429 in [(await teams.client.send(chat, "hi")).status for _ in range(9)]
    await session.post(f"{url}/_sandbox/settings", json={"limits": False, "revoke": True})
    assert (await teams.client.send(chat, "hi")).status == 401
    for wrong in ({"installed": ["nobody"]}, {"unknown": 1}):
        async with session.post(f"{url}/_sandbox/settings", json=wrong) as answer:
            assert answer.status == 400
