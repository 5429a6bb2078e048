"""The state of one pretended company in Teams, and everything that happened in it.

Nothing here speaks HTTP: the connector and the people work on this one object.
"""

from __future__ import annotations

import asyncio
import copy
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

import msgspec

from sandbox.teams.cards import CARD
from sandbox.teams.directory import Person, Place, Team, opaque, thread_id
from sandbox.teams.errors import Json, TeamsError
from sandbox.teams.issuer import Issuer
from sandbox.teams.limits import Limits

T = TypeVar("T")
APP_ID = "5d2f3c1e-8f0a-4c57-9c0d-2f6f3c0a1b02"
TENANT_ID = "7a4c0f5e-1d55-4f0f-9a27-6f3f1f6f0b01"
PASSWORD = "sandbox-password"
MESSAGE_ID = ";messageid="


class Call(msgspec.Struct, kw_only=True):
    """One request for the connector: the fault it met and how it was answered (0: not at all).

    `applied` with the fault "late" or "lost" means that it took effect though its caller saw no answer.
    """

    method: str
    path: str
    fault: str | None = None
    applied: bool = False
    status: int = 0
    code: str = ""


class Message(msgspec.Struct, kw_only=True):
    """A message in a conversation. `thread` is the message that begins its thread, in channels only.

    `cards` are as everybody sees them, but for those in `views` (by person): who presses something that is answered
    with a card sees that instead, until the bot changes the message itself.
    """

    id: str
    conversation: str
    by: str
    activity: Json
    thread: str | None = None
    edited: bool = False
    deleted: bool = False
    views: dict[str, Json] = msgspec.field(default_factory=dict)

    @property
    def text(self) -> str:
        found: str = self.activity.get("text") or ""
        return found

    @property
    def cards(self) -> list[Json]:
        attachments = self.activity.get("attachments") or ()
        return [one["content"] for one in attachments if one.get("contentType") == CARD]

    @property
    def place_id(self) -> str:
        """The conversation as activities name it: with the thread."""
        return self.conversation if self.thread is None else f"{self.conversation}{MESSAGE_ID}{self.thread}"

    def seen_by(self, person: Person) -> Message:
        """A copy, as this person sees it now."""
        seen = copy.deepcopy(self)
        view = seen.views.get(person.id)
        if view is not None:
            seen.activity["attachments"] = [{"contentType": CARD, "content": view}]
        return seen


class Post(msgspec.Struct, kw_only=True):
    """One thing that the bot put in front of people: a copy of the message as it was then.

    `kind` invoke is the card that the answer to a press brought; only `to` sees it.
    """

    kind: Literal["post", "update", "delete", "invoke"]
    message: Message
    to: str | None = None
    fault: str | None = None


class Company:
    """People, teams and chats of one tenant, and the one bot that can be installed there."""

    def __init__(
        self,
        *,
        app_id: str = APP_ID,
        app_password: str = PASSWORD,
        tenant_id: str = TENANT_ID,
        bot_name: str = "Butterboard",
        people: Iterable[Person] = (),
        issuer: Issuer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.issuer = issuer or Issuer(app_id, app_password, tenant_id)
        self.app_id, self.tenant_id = self.issuer.app_id, self.issuer.tenant_id
        self.bot_name, self.bot_id = bot_name, f"28:{self.app_id}"
        self.base_url = ""  # set by whoever serves it
        self.bot_url = ""  # where /_sandbox/people sends what people do
        self.people: list[Person] = []
        self.teams: list[Team] = []
        self.places: dict[str, Place] = {}
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.posts: list[Post] = []
        self.typing: list[str] = []  # the conversations in which the bot was seen to write, in order
        self._clock, self._skew = clock, 0.0
        self._last_id = 0
        self._by_id: dict[tuple[str, str], Message] = {}  # by conversation and id
        self._changed = asyncio.Event()
        self.limits = Limits(self.now)
        self.hire(*people)

    @property
    def service_url(self) -> str:
        """What activities name as where they come from; with a slash at its end, as in Teams."""
        return f"{self.base_url}/emea/{self.tenant_id}/"

    def now(self) -> float:
        """Seconds since the epoch by the injected clock, moved on by `advance`."""
        return self._clock() + self._skew

    def advance(self, seconds: float) -> None:
        self._skew += seconds

    def new_id(self) -> str:
        """The id of a message: milliseconds since the epoch, but never the same twice."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1000))
        return str(self._last_id)

    # People and conversations

    def hire(self, *people: Person) -> None:
        self.people.extend(people)

    def find_person(self, name: str) -> Person | None:
        """By `29:…`, AAD object id, user principal name or e-mail address."""
        wanted = name if name.startswith("29:") else name.lower()
        return next((p for p in self.people if wanted in p.names or wanted == (p.email or "").lower()), None)

    def personal(self, person: Person) -> Place:
        """The chat of the person with the bot, which always has the same id; only installing opens it to the bot."""
        place_id = f"a:1{opaque(person.id + self.bot_id, 66)}"
        place = Place(id=place_id, kind="personal", with_person=person, members=[person])
        return self.places.setdefault(place_id, place)

    def install(self, person: Person) -> Place:
        """The app is there for the person, and nobody tells the bot: an administrator's policy, long ago."""
        place = self.personal(person)
        place.installed = True
        return place

    def add_team(self, name: str, *members: Person, channels: Iterable[str] = ("General",)) -> Team:
        """A team with its channels; `channel(team, name)` finds them."""
        team_id = thread_id(f"team {name}", "thread.tacv2")
        group = str(uuid.uuid5(uuid.NAMESPACE_URL, f"team:{name}"))
        team = Team(id=team_id, name=name, aad_group_id=group, members=list(members))
        self.teams.append(team)
        for number, channel in enumerate(channels):
            place_id = thread_id(f"{name}/{channel}", "thread.tacv2") if number else team_id
            place = Place(id=place_id, kind="channel", name=channel, team=team, members=team.members)
            self.places[place_id] = place
        return team

    def channel(self, team: Team, name: str = "General") -> Place:
        """LookupError when there is none."""
        for place in self.places.values():
            if place.team is team and place.name == name:
                return place
        raise LookupError(f"no channel {name} in {team.name}")

    def add_chat(self, topic: str, *members: Person) -> Place:
        """A group chat."""
        place_id = thread_id(f"chat {topic}", "thread.v2")
        return self.places.setdefault(place_id, Place(id=place_id, kind="groupChat", name=topic, members=list(members)))

    def find_place(self, name: str) -> tuple[Place, str | None]:
        """The conversation with this id, and the thread that the id names.

        Raises TeamsError as the connector does: for an id that is none, and for what is not there.
        """
        place_id, _, thread = name.partition(MESSAGE_ID)
        if not place_id.startswith(("a:", "19:")):
            raise TeamsError(400, "BadSyntax", "Bad format of conversation ID")
        place = self.places.get(place_id)
        if place is None or (thread and not self._is_thread(place, thread)):
            raise TeamsError(404, "ConversationNotFound", "Conversation not found.")
        return place, thread or None

    def _is_thread(self, place: Place, message_id: str) -> bool:
        """Also when the message that began it has been taken away."""
        message = self._by_id.get((place.id, message_id))
        return message is not None and message.thread == message_id

    # Messages

    def find_message(self, place: Place, message_id: str) -> Message | None:
        """What stands there under this id and has not been taken away."""
        message = self._by_id.get((place.id, message_id))
        return None if message is None or message.deleted else message

    def write(self, place: Place, by: str, activity: Json, thread: str | None = None) -> Message:
        """A new message; in a channel without a thread it begins one."""
        message_id = self.new_id()
        in_thread = (thread or message_id) if place.kind == "channel" else None
        kept = copy.deepcopy(activity)
        message = Message(id=message_id, conversation=place.id, by=by, activity=kept, thread=in_thread)
        self.messages.append(message)
        self._by_id[place.id, message_id] = message
        self.touch()
        return message

    def of_bot(self, place: Place, thread: str | None = None) -> list[Message]:
        """What the bot says there now, oldest first."""
        there = [m for m in self.messages if m.conversation == place.id and m.by == self.bot_id and not m.deleted]
        return [m for m in there if thread is None or m.thread == thread]

    def record(self, kind: Literal["post", "update", "delete", "invoke"], message: Message, **about: Any) -> None:
        self.posts.append(Post(kind=kind, message=copy.deepcopy(message), **about))
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
