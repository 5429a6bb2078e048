"""The state of one pretended Slack workspace, and everything that happened in it.

Nothing here speaks HTTP: the Web API, Socket Mode and the people all work on this one object.
"""

import asyncio
import copy
import random
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from sandbox.slack.blocks import check_blocks
from sandbox.slack.directory import Channel, Person
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.limits import Limits
from sandbox.slack.messages import Messages
from sandbox.slack.sockets import Sockets
from sandbox.slack.tickets import Tickets
from sandbox.slack.views import Views, name_blocks

T = TypeVar("T")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What the bot's own manifest asks for, so that a call beyond it fails here as it would in Slack.
BOT_SCOPES = (
    "app_mentions:read",
    "chat:write",
    "commands",
    "channels:history",
    "groups:history",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)


class Call(msgspec.Struct, kw_only=True):
    """One request for a method: the fault it met and, when it was applied, its error (None: it succeeded).

    `applied` with the fault "late" or "lost" means that it took effect though its caller saw no answer.
    """

    method: str
    fault: str | None = None
    applied: bool = False
    error: str | None = None


class Post(msgspec.Struct, kw_only=True):
    """One thing that the bot put in front of people: a copy of the message as it was at that moment.

    `method` is chat.postMessage, chat.update, chat.delete, chat.postEphemeral, response_url or command (the body
    of the answer to a slash command). `to` is the person who sees an ephemeral message.
    """

    method: str
    channel: str
    message: Json
    to: str | None = None
    fault: str | None = None


class Workspace:
    """A team with its people, channels and messages, and the one app that is installed in it."""

    team_id = "T0BUTTER001"
    team_domain = "sandbox"
    app_id = "A0BUTTER001"
    bot_id = "B0BUTTER001"
    bot_user = "U0BUTTERBOT"

    def __init__(
        self,
        *,
        token: str = "xoxb-sandbox",
        app_token: str = "xapp-sandbox",
        signing_secret: str = "sandbox-signing-secret",
        scopes: Iterable[str] = BOT_SCOPES,
        people: Iterable[Person] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.app_token = app_token
        self.signing_secret = signing_secret
        self.scopes = tuple(scopes)
        self.base_url = ""  # set by whoever serves it; response URLs start with it
        self.bot_url = ""  # where /_sandbox/people sends what people do
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.calls: list[Call] = []
        self.posts: list[Post] = []
        self._clock = clock
        self._skew = 0.0
        self._random = random.SystemRandom()  # ids differ between runs: a bot's store may outlive the stand-in
        self._changed = asyncio.Event()
        self.limits = Limits(self.now)
        self.messages = Messages(self.now)
        self.tickets = Tickets(self.now, self.new_id)
        self.sockets = Sockets(self.app_id, self.touch)
        app = {"team_id": self.team_id, "app_id": self.app_id, "bot_id": self.bot_id}
        self.views = Views(self.new_id, {**app, "app_installed_team_id": self.team_id})
        self.hire(Person(id=self.bot_user, name="butterboard", is_bot=True), *people)

    def now(self) -> float:
        """Seconds since the epoch by the injected clock, moved on by `advance`."""
        return self._clock() + self._skew

    def advance(self, seconds: float) -> None:
        self._skew += seconds

    def new_id(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices(ALPHABET, k=10))

    # People and conversations

    def hire(self, *people: Person) -> None:
        """Add people, or replace those with the same id."""
        self.people.update({person.id: person for person in people})

    def person(self, user: str) -> Person:
        if user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def channel(self, channel_id: str) -> Channel:
        """The conversation, if the bot can know that it exists."""
        found = self.channels.get(channel_id)
        if found is None or (found.is_private and self.bot_user not in found.members):
            raise SlackError("channel_not_found")
        return found

    def conversation_named(self, channel: str | None) -> str | None:
        """The conversation that is meant, also where a person's id stands for the direct message with them."""
        return f"D{channel[1:]}" if channel in self.people else channel

    def dm(self, user: str) -> Channel:
        """The direct message between the bot and a person, opened if need be; its id never changes."""
        channel_id = "D" + self.person(user).id[1:]
        known = self.channels.get(channel_id)
        members = {user, self.bot_user}
        return known or self.add_channel(Channel(id=channel_id, dm_with=user, members=members))

    # What the bot shows

    def bot_message(self, content: Json) -> Json:
        """A message by the bot with what Slack adds to it."""
        author = {"user": self.bot_user, "bot_id": self.bot_id, "app_id": self.app_id, "team": self.team_id}
        message = {"type": "message", "text": "", **author, **copy.deepcopy(content)}
        if message.get("blocks"):
            message["blocks"] = name_blocks(message["blocks"], self.new_id)
        return message

    def show_ephemeral(self, method: str, channel: str, user: str, content: Json, fault: str | None) -> Json:
        """Show a message to one person only; it is in no history."""
        message = self.bot_message({**content, "is_ephemeral": True})
        message["ts"] = self.messages.next_ts()
        self.record(Post(method=method, channel=channel, message=message, to=user, fault=fault))
        return message

    def edit(self, message: Json, content: Json) -> Json:
        """Change a message of the bot in place; fields that `content` lacks stay, those that are None go."""
        fresh = self.bot_message({k: v for k, v in content.items() if v is not None})
        for field in content:
            message.pop(field, None)
        message |= {field: fresh[field] for field in content if fresh.get(field) is not None}
        message["edited"] = {"user": self.bot_user, "ts": self.messages.next_ts()}
        return message

    def answer_command(self, channel: str, user: str, body: Json) -> Json:
        """Show the body that the bot answered a slash command with."""
        check_blocks(body.get("blocks") or [])
        content: Json = {k: v for k, v in body.items() if k in ("text", "blocks")}
        if body.get("response_type") != "in_channel":
            return self.show_ephemeral("command", channel, user, content, None)
        message = self.messages.add(channel, self.bot_message(content))
        self.record(Post(method="command", channel=channel, message=message))
        return message

    def record(self, post: Post) -> None:
        self.posts.append(msgspec.structs.replace(post, message=copy.deepcopy(post.message)))
        self.touch()

    # Waiting

    def touch(self) -> None:
        """Wake everybody who waits in `until`."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], T | None], timeout: float = 60.0) -> T:
        """The first true value of `condition`, asked again after each change; TimeoutError when there is none."""
        async with asyncio.timeout(timeout):
            while not (value := condition()):
                await self._changed.wait()
            return value

    async def posted(self, count: int, timeout: float = 60.0) -> list[Post]:
        """All posts, once there are `count` of them."""
        return await self.until(lambda: self.posts if len(self.posts) >= count else None, timeout)
