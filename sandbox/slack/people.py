"""The people of the workspace: whatever they do is written down in it and sent to the app as Slack sends it."""

import asyncio
import copy
import json
from typing import Any

import aiohttp
import msgspec

from sandbox.slack import envelopes
from sandbox.slack.blocks import check_view
from sandbox.slack.delivery import (
    ANSWER_SECONDS,
    HttpTransport,
    Kind,
    Reply,
    Sleep,
    SocketTransport,
    Transport,
    deliver,
)
from sandbox.slack.directory import Channel, Person, user_object
from sandbox.slack.errors import Json
from sandbox.slack.workspace import Workspace


class SlackUser:
    """One person at a Slack client.

    Every act returns the app's Reply once it has answered, or failed to answer for good. `bot_url` None sends
    over Socket Mode. `retry_delays` are the seconds before each repetition of an event (Slack's own:
    `delivery.SLACK_DELAYS`; none by default), `sleep` is how they are waited for.
    """

    def __init__(
        self,
        workspace: Workspace,
        user_id: str,
        bot_url: str | None,
        signing_secret: str | None = None,
        *,
        retry_delays: tuple[float, ...] = (),
        timeout: float = ANSWER_SECONDS,
        session: aiohttp.ClientSession | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.workspace = workspace
        self.id = user_id
        self._retry_delays = retry_delays
        self._sleep = sleep
        secret = signing_secret or workspace.signing_secret
        self._transport: Transport = (
            SocketTransport(workspace.sockets, workspace.new_id, timeout)
            if bot_url is None
            else HttpTransport(bot_url, secret, workspace.now, session, timeout)
        )

    @property
    def person(self) -> Person:
        return self.workspace.person(self.id)

    @property
    def dm(self) -> Channel:
        """The direct message with the bot."""
        return self.workspace.dm(self.id)

    def inbox(self) -> list[Json]:
        """What this person sees of the bot: its messages in the DM, oldest first, as they are now."""
        messages = reversed(self.workspace.messages.history(self.dm.id))
        return [message for message in messages if message.get("bot_id")]

    def whispers(self) -> list[Json]:
        """The ephemeral messages that were shown to this person, oldest first."""
        return [post.message for post in self.workspace.posts if post.to == self.id]

    async def say(self, text: str, *, thread_ts: str | None = None) -> Reply:
        """Write in the direct message with the bot."""
        message = self._write(self.dm, text, thread_ts)
        return await self._event(envelopes.message_event(self.dm, message))

    async def mention(self, channel: str, text: str, thread_ts: str | None = None) -> Reply:
        """Write `@bot text` in a channel; the app gets app_mention."""
        place, message = self._write_mention(channel, text, thread_ts)
        return await self._event(envelopes.mention_event(place, message))

    async def mention_twice(self, channel: str, text: str, thread_ts: str | None = None) -> tuple[Reply, Reply]:
        """One post that reaches the app as two events, app_mention and message, each with its event_id."""
        place, message = self._write_mention(channel, text, thread_ts)
        first = await self._event(envelopes.mention_event(place, message))
        return first, await self._event(envelopes.message_event(place, message))

    async def echo(self, message: Json) -> Reply:
        """What Slack does with a post of the app in a DM: the app gets it as an event, too."""
        return await self._event(envelopes.message_event(self.dm, message))

    async def edit(self, ts: str, text: str) -> Reply:
        """Change an own message in the direct message; the app gets message_changed."""
        message = self.workspace.messages.find(self.dm.id, ts)
        if message is None:
            raise LookupError(f"no message {ts} to edit")
        before, event_ts = copy.deepcopy(message), self.workspace.messages.next_ts()
        message |= {"text": envelopes.escape(text), "edited": {"user": self.id, "ts": event_ts}}
        return await self._event(envelopes.changed_event(self.dm, before, message, event_ts))

    async def command(self, command: str, text: str = "", *, channel: str | None = None) -> Reply:
        """Use a slash command, in the direct message unless told where; a body in the answer is shown."""
        place = self.dm if channel is None else self.workspace.channels[channel]
        fields = envelopes.command_fields(self.workspace, self.person, place, command, text)
        reply = await self._send(Kind.COMMAND, fields)
        if reply.ok and reply.body:
            self.workspace.answer_command(place.id, self.id, _said(reply.body))
        return reply

    async def press(self, surface: Json, action_id: str, value: Any = None, *, channel: str | None = None) -> Reply:
        """Press a button, or choose in a menu, of a message, a home view or a modal.

        The surface may be an old copy: a client can show what the bot has since changed. LookupError when it does
        not show the element; of several buttons with one action_id, `value` picks one.
        """
        block, element = envelopes.find_action(surface, action_id, value)
        action = envelopes.action_of(block, element, value, self.workspace.messages.next_ts())
        if "root_view_id" in surface:
            payload = envelopes.view_press(self.workspace, self.person, surface, action)
        else:
            place = self.dm if channel is None else self.workspace.channels[channel]
            payload = envelopes.message_press(self.workspace, self.person, place, surface, action)
        return await self._send(Kind.INTERACTION, payload)

    async def submit(self, view: Json, values: Json) -> Reply:
        """Send a modal off with `values` by action_id; the client applies the `response_action` of the answer.

        ValueError when a required input is empty or a value has no input: a client would not send that.
        """
        payload = envelopes.view_submission(self.workspace, self.person, view, _state(view, values))
        reply = await self._send(Kind.INTERACTION, payload)
        if reply.ok:
            self._follow(view, reply)
        return reply

    async def close(self, view: Json) -> Reply | None:
        """Cancel a modal; the app hears of it only when the view has `notify_on_close`."""
        self.workspace.views.close(view["id"])
        if not view["notify_on_close"]:
            return None
        payload = envelopes.view_closed(self.workspace, self.person, view)
        return await self._send(Kind.INTERACTION, payload)

    async def open_home(self, tab: str = "home") -> Reply:
        """Open the app's page at a tab, home or messages."""
        ts = self.workspace.messages.next_ts()
        event = {"type": "app_home_opened", "user": self.id, "channel": self.dm.id, "tab": tab, "event_ts": ts}
        view = self.workspace.views.homes.get(self.id)
        shown = {"view": view} if tab == "home" and view is not None else {}
        return await self._event({**event, **shown})

    async def join_team(self) -> Reply:
        """Come into the workspace: the app gets team_join."""
        workspace = self.workspace
        user = user_object(self.person, workspace.team_id, workspace.now(), email=True, locale=False)
        ts = workspace.messages.next_ts()
        return await self._event({"type": "team_join", "user": user, "event_ts": ts})

    async def become(self, **changes: Any) -> Reply:
        """Be another from now on (a guest, deleted, with another address): the app gets user_change."""
        workspace = self.workspace
        workspace.hire(msgspec.structs.replace(self.person, **changes))
        user = user_object(self.person, workspace.team_id, workspace.now(), email=True, locale=True)
        ts = workspace.messages.next_ts()
        return await self._event(
            {"type": "user_change", "user": user, "cache_ts": int(workspace.now()), "event_ts": ts}
        )

    async def replay(self, reply: Reply) -> Reply:
        """Send exactly the same payload once more, signed anew."""
        return await self._send(reply.kind, reply.payload)

    def _write(self, channel: Channel, text: str, thread_ts: str | None) -> Json:
        message = envelopes.user_message(self.workspace, self.id, text, thread_ts)
        return copy.deepcopy(self.workspace.messages.add(channel.id, message))

    def _write_mention(self, channel: str, text: str, thread_ts: str | None) -> tuple[Channel, Json]:
        place = self.workspace.channels[channel]
        return place, self._write(place, f"<@{self.workspace.bot_user}> {text}", thread_ts)

    async def _event(self, event: Json) -> Reply:
        return await self._send(Kind.EVENT, envelopes.event_callback(self.workspace, event))

    async def _send(self, kind: Kind, payload: Json) -> Reply:
        return await deliver(self._transport, kind, copy.deepcopy(payload), self._retry_delays, self._sleep)

    def _follow(self, view: Json, reply: Reply) -> None:
        """Do with the modal what the app answered: leave it with errors, change it, put one on top, close it."""
        views = self.workspace.views
        answer: Json = reply.json() if reply.body else {}
        if "view" in answer:
            check_view(answer["view"])
        match answer.get("response_action"):
            case "update":
                views.update(view["id"], None, answer["view"], None)
            case "push":
                views.open(self.id, answer["view"], above=view)
            case "clear":
                views.close_all(self.id)
            case None:
                views.close(view["id"])


def _said(body: str) -> Json:
    """The answer to a slash command: JSON or plain text."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return {"text": body}
    return parsed if isinstance(parsed, dict) else {"text": body}


def _state(view: Json, values: Json) -> Json:
    state: Json = {}
    unused = set(values)
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        action_id = element.setdefault("action_id", block["block_id"])
        unused.discard(action_id)
        value = values.get(action_id)
        if value in (None, "", []) and not block.get("optional"):
            raise ValueError(f"the input {action_id!r} is required")
        state[block["block_id"]] = {action_id: envelopes.state_of(element, value)}
    if unused:
        raise ValueError(f"no such inputs: {sorted(unused)}")
    return state
