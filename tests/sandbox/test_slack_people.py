"""People of the stand-in against a real slack-bolt app: what they do arrives, and what it answers is seen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox.slack import SlackUser, Workspace
from sandbox.slack.errors import Json
from tests.sandbox.slack_kit import ANN, Stage, error_of, listening, stage


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def buttons(*values: str) -> list[Json]:
    made = [{"type": "button", "text": plain(v), "action_id": "done", "value": v} for v in values]
    return [{"type": "actions", "block_id": f"row {b['value']}", "elements": [b]} for b in made]


def modal(**fields: Any) -> Json:
    name = {"type": "plain_text_input", "action_id": "name"}
    colours = [{"text": plain(c), "value": c} for c in ("red", "blue")]
    colour = {"type": "static_select", "action_id": "colour", "options": colours}
    blocks = [
        {"type": "input", "block_id": "b1", "label": plain("Name"), "element": name},
        {"type": "input", "block_id": "b2", "label": plain("Colour"), "element": colour, "optional": True},
    ]
    view = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
    return {**view, "blocks": blocks, **fields}


@dataclass
class Seen:
    """What the bot got, and what it is to answer a modal with."""

    events: list[Json] = field(default_factory=list)
    ack: Json = field(default_factory=dict)
    trigger_error: str = ""


def listen_to_events(bot: AsyncApp, seen: Seen) -> None:
    @bot.event("message")
    async def message(event: Json, body: Json) -> None:
        seen.events.append(body)
        await bot.client.chat_postMessage(channel=event["channel"], text="got it", blocks=buttons("1", "2"))

    @bot.event("app_mention")
    async def mention(event: Json, body: Json) -> None:
        seen.events.append(body)
        await bot.client.chat_postMessage(channel=event["channel"], text="yes?", thread_ts=event["ts"])

    @bot.event("app_home_opened")
    async def home(event: Json, body: Json) -> None:
        seen.events.append(body)
        view = {"type": "home", "blocks": buttons("home")}
        await bot.client.views_publish(user_id=event["user"], view=view)

    @bot.event("team_join")
    @bot.event("user_change")
    async def join(body: Json) -> None:
        seen.events.append(body)


def listen_to_commands(bot: AsyncApp, seen: Seen, workspace: Workspace) -> None:
    @bot.command("/onboarding")
    async def command(ack: Any, body: Json) -> None:
        seen.events.append(body)
        if body["text"] == "slow":
            workspace.advance(3.1)
        try:
            await bot.client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))
        except SlackApiError as failure:
            seen.trigger_error = error_of(failure)
        await ack("here you are")


def listen_to_presses(bot: AsyncApp, seen: Seen) -> None:
    @bot.action("done")
    async def done(ack: Any, body: Json, respond: Any) -> None:
        seen.events.append(body)
        await ack()
        if "message" in body:
            await respond(text="done!", replace_original=True)

    @bot.view("form")
    async def submitted(ack: Any, body: Json) -> None:
        seen.events.append(body)
        await ack(**seen.ack)

    @bot.view_closed("form")
    async def closed(ack: Any, body: Json) -> None:
        seen.events.append(body)
        await ack()


def new_bot(slack: Stage, seen: Seen) -> AsyncApp:
    secret = slack.workspace.signing_secret
    bot = AsyncApp(client=slack.client, signing_secret=secret, process_before_response=True)
    listen_to_events(bot, seen)
    listen_to_commands(bot, seen, slack.workspace)
    listen_to_presses(bot, seen)
    return bot


@pytest.fixture
async def slack() -> AsyncIterator[Stage]:
    async with stage() as ready:
        yield ready


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
async def ann(slack: Stage, seen: Seen) -> AsyncIterator[SlackUser]:
    bot = new_bot(slack, seen)
    async with listening(bot.web_app(path="/slack/events", port=0)) as bot_url:
        yield slack.ann(bot_url)


async def test_what_is_said_in_the_dm_is_answered_there(ann: SlackUser, seen: Seen) -> None:
    reply = await ann.say("R&D <now> http://a.b or <@U0EVE>")
    envelope = seen.events[0]
    event = envelope["event"]
    assert reply.status == 200
    assert envelope["event_id"].startswith("Ev")
    assert envelope["authorizations"][0]["user_id"] == ann.workspace.bot_user
    assert event["text"] == "R&amp;D &lt;now&gt; http://a.b or <@U0EVE>"
    assert (event["channel"], event["channel_type"], event["user"]) == ("D0ANN", "im", ANN.id)
    assert event["ts"] == event["event_ts"]
    assert [message["text"] for message in ann.inbox()] == ["got it"]


async def test_a_mention_is_answered_in_its_thread(ann: SlackUser, seen: Seen) -> None:
    reply = await ann.mention("C0ALL", "help")
    ts = reply.payload["event"]["ts"]
    thread = ann.workspace.messages.thread("C0ALL", ts)
    assert seen.events[0]["event"]["text"] == f"<@{ann.workspace.bot_user}> help"
    assert [message["text"] for message in thread][1:] == ["yes?"]


async def test_one_post_can_come_as_two_events(ann: SlackUser, seen: Seen) -> None:
    await ann.mention_twice("C0ALL", "help")
    first, second = seen.events
    assert first["event_id"] != second["event_id"]
    assert first["event"]["ts"] == second["event"]["ts"]
    assert [body["event"]["type"] for body in seen.events] == ["app_mention", "message"]


async def test_a_replay_is_the_identical_event(ann: SlackUser, seen: Seen) -> None:
    reply = await ann.say("hello")
    await ann.replay(reply)
    assert seen.events[0] == seen.events[1]


async def test_bolt_drops_the_echo_of_its_own_post(ann: SlackUser, seen: Seen) -> None:
    await ann.say("hello")
    echo = await ann.echo(ann.inbox()[0])
    assert echo.payload["event"]["bot_id"] == ann.workspace.bot_id
    assert len(seen.events) == 1


async def test_an_edit_arrives_as_message_changed(ann: SlackUser) -> None:
    ts = (await ann.say("helo")).payload["event"]["ts"]
    changed = (await ann.edit(ts, "hello")).payload["event"]
    assert changed["subtype"] == "message_changed"
    assert changed["previous_message"]["text"] == "helo"
    assert changed["message"]["text"] == "hello"
    with pytest.raises(LookupError):
        await ann.edit("1.0", "nothing")


async def test_a_pressed_button_brings_its_message_and_a_response_url(ann: SlackUser, seen: Seen) -> None:
    await ann.say("hello")
    message = ann.inbox()[0]
    await ann.press(message, "done", "2")
    body = seen.events[-1]
    action = body["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("done", "row 2", "2")
    assert body["container"]["message_ts"] == body["message"]["ts"] == message["ts"]
    assert ann.inbox()[0]["text"] == "done!"
    with pytest.raises(LookupError):
        await ann.press(ann.inbox()[0], "done", "1")


async def test_a_button_of_an_ephemeral_message_comes_without_the_message(ann: SlackUser, seen: Seen) -> None:
    slack = ann.workspace
    content: Json = {"text": "psst", "blocks": buttons("1")}
    message = slack.show_ephemeral("chat.postEphemeral", "C0ALL", ann.id, content, None)
    await ann.press(message, "done", channel="C0ALL")
    assert "message" not in seen.events[-1]
    assert seen.events[-1]["container"]["is_ephemeral"] is True


async def test_the_home_tab_is_published_and_its_button_comes_with_the_view(ann: SlackUser, seen: Seen) -> None:
    await ann.open_home()
    assert "view" not in seen.events[0]["event"]
    await ann.open_home()
    home = ann.workspace.views.homes[ann.id]
    await ann.press(home, "done")
    assert seen.events[1]["event"]["view"]["id"] == home["id"]
    assert seen.events[2]["container"] == {"type": "view", "view_id": home["id"]}
    assert "response_url" not in seen.events[2]


async def test_a_command_opens_a_modal_and_its_answer_is_seen_by_one(ann: SlackUser, seen: Seen) -> None:
    reply = await ann.command("/onboarding", "start", channel="C0ALL")
    body = seen.events[0]
    assert reply.body == "here you are"
    assert (body["command"], body["text"], body["channel_name"]) == ("/onboarding", "start", "all")
    assert body["response_url"].startswith(ann.workspace.base_url)
    assert len(ann.workspace.views.open_modals(ann.id)) == 1
    assert [message["text"] for message in ann.whispers()] == ["here you are"]


async def test_a_command_can_be_answered_for_all(slack: Stage) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"response_type": "in_channel", "text": "for all", "blocks": buttons("1")})

    bot = web.Application()
    bot.router.add_post("/slack/events", answer)
    async with listening(bot) as bot_url:
        await slack.ann(bot_url).command("/onboarding", channel="C0ALL")
    history = slack.workspace.messages.history("C0ALL")
    assert [message["text"] for message in history] == ["for all"]


async def test_at_most_three_modals_lie_on_each_other(slack: Stage) -> None:
    async def push() -> str:
        trigger = slack.workspace.tickets.mint_trigger(ANN.id)
        with pytest.raises(SlackApiError) as failure:
            await slack.client.views_push(trigger_id=trigger, view=modal())
        return error_of(failure.value)

    assert await push() == "not_found"
    for _ in range(3):
        slack.workspace.views.open(ANN.id, modal())
    assert await push() == "push_limit_reached"


async def test_a_trigger_is_dead_after_three_seconds(ann: SlackUser, seen: Seen) -> None:
    await ann.command("/onboarding", "slow")
    assert seen.trigger_error == "expired_trigger_id"


async def test_a_trigger_opens_one_modal_and_an_invented_one_none(ann: SlackUser, slack: Stage) -> None:
    await ann.command("/onboarding")
    trigger = slack.workspace.tickets.mint_trigger(ann.id)
    await slack.client.views_push(trigger_id=trigger, view=modal(external_id="second"))
    for used, code in [(trigger, "exchanged_trigger_id"), ("1.2", "invalid_trigger_id")]:
        with pytest.raises(SlackApiError) as failure:
            await slack.client.views_open(trigger_id=used, view=modal())
        assert error_of(failure.value) == code
    assert len(slack.workspace.views.open_modals(ann.id)) == 2


async def test_a_submitted_modal_brings_its_values_and_closes(ann: SlackUser, seen: Seen) -> None:
    await ann.command("/onboarding")
    view = ann.workspace.views.open_modals(ann.id)[0].view
    await ann.submit(view, {"name": "Ann", "colour": "blue"})
    values = seen.events[-1]["view"]["state"]["values"]
    assert values["b1"]["name"] == {"type": "plain_text_input", "value": "Ann"}
    assert values["b2"]["colour"]["selected_option"]["value"] == "blue"
    assert ann.workspace.views.open_modals(ann.id) == []


async def test_a_client_does_not_send_an_incomplete_modal(ann: SlackUser) -> None:
    await ann.command("/onboarding")
    view = ann.workspace.views.open_modals(ann.id)[0].view
    with pytest.raises(ValueError, match="required"):
        await ann.submit(view, {})
    with pytest.raises(ValueError, match="no such inputs"):
        await ann.submit(view, {"name": "Ann", "shoe": "43"})


@pytest.mark.parametrize(
    ("ack", "titles"),
    [
        ({"response_action": "errors", "errors": {"b1": "no"}}, ["Form"]),
        ({"response_action": "update", "view": modal(title=plain("Again"))}, ["Again"]),
        ({"response_action": "push", "view": modal(title=plain("Above"))}, ["Form", "Above"]),
        ({"response_action": "clear"}, []),
    ],
)
async def test_the_client_follows_the_answer_to_a_modal(
    ann: SlackUser, seen: Seen, ack: Json, titles: list[str]
) -> None:
    await ann.command("/onboarding")
    seen.ack = ack
    view = ann.workspace.views.open_modals(ann.id)[0].view
    await ann.submit(view, {"name": "Ann"})
    shown = [opened.view["title"]["text"] for opened in ann.workspace.views.open_modals(ann.id)]
    assert shown == titles


async def test_closing_a_modal_is_told_when_asked_for(ann: SlackUser, seen: Seen) -> None:
    await ann.command("/onboarding")
    view = ann.workspace.views.open_modals(ann.id)[0].view
    assert await ann.close(view) is not None
    assert seen.events[-1]["type"] == "view_closed"
    assert await ann.close({**view, "notify_on_close": False}) is None


async def test_somebody_who_joins_is_announced(ann: SlackUser, seen: Seen) -> None:
    await ann.join_team()
    assert seen.events[0]["event"]["user"]["profile"]["email"] == ANN.email


async def test_somebody_who_is_another_from_now_on_is_announced(ann: SlackUser, seen: Seen) -> None:
    await ann.become(is_restricted=True)
    told = seen.events[0]["event"]
    assert (told["type"], told["user"]["is_restricted"]) == ("user_change", True)
    assert ann.person.is_restricted


async def test_a_stale_hash_does_not_overwrite_a_home(slack: Stage) -> None:
    home = {"type": "home", "blocks": buttons("1")}
    first = (await slack.client.views_publish(user_id=ANN.id, view=home))["view"]
    second = (await slack.client.views_publish(user_id=ANN.id, view=home, hash=first["hash"]))["view"]
    assert (second["id"] == first["id"], second["hash"] == first["hash"]) == (True, False)
    with pytest.raises(SlackApiError) as failure:
        await slack.client.views_publish(user_id=ANN.id, view=home, hash=first["hash"])
    assert error_of(failure.value) == "hash_conflict"


async def test_a_modal_is_updated_by_id_or_by_external_id(slack: Stage) -> None:
    trigger = slack.workspace.tickets.mint_trigger(ANN.id)
    view = (await slack.client.views_open(trigger_id=trigger, view=modal(external_id="mine")))["view"]
    by_id = await slack.client.views_update(view_id=view["id"], view=modal(external_id="mine"))
    by_name = await slack.client.views_update(external_id="mine", view=modal(title=plain("New")))
    assert by_id["view"]["id"] == by_name["view"]["id"] == view["id"]
    for arguments, code in [
        ({"view_id": "V0NONE"}, "not_found"),
        ({"view_id": view["id"], "hash": "old"}, "hash_conflict"),
    ]:
        with pytest.raises(SlackApiError) as failure:
            await slack.client.views_update(view=modal(), **arguments)
        assert error_of(failure.value) == code


async def test_views_of_the_wrong_kind_or_none_are_refused(slack: Stage) -> None:
    trigger = slack.workspace.tickets.mint_trigger(ANN.id)
    home = {"type": "home", "blocks": []}
    for arguments in ({"trigger_id": trigger, "view": home}, {"trigger_id": trigger}):
        with pytest.raises(SlackApiError) as failure:
            await slack.client.api_call("views.open", json=arguments)
        assert error_of(failure.value) == "invalid_arguments"
