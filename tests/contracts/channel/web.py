"""The web chat as a browser uses it, for the contract of the channels. Its platform is our own store."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.chat import WebChannel
from adapters.web.rooms import Rooms
from adapters.web.routes import WebChat
from adapters.web.session import COOKIE, Sessions
from adapters.web.wire import LARGEST
from bot.incoming import Account, Place
from bot.message import Message
from bot.people import Person
from bot.texts import speaker
from tests.contracts.channel.core import LOG_CAP, Core, now
from tests.contracts.channel.harness import Ability, Fault, Harness, Heard, Met, Seen, until
from tests.contracts.channels import read_in_web

ANNA = Person(id="anna", email="anna@example.com", name="Anna", locale="en", accounts={"web": "anna"})
BORIS = Person(id="boris", email="boris@example.com", name="Boris", locale="en")
SECRET = "a secret of the tests"
SAY, PRESS = "/chat/say?as=anna", "/chat/press?as=anna"

Client = TestClient[web.Request, web.Application]


LACKS: dict[Ability, str] = {
    "lives elsewhere": "its conversations are kept in our own store, where a post may be repeated without harm",
    "prepares": "a post is one commit",
    "finds people by e-mail": "an account of it is the person",
    "knows who is there": "everybody of the directory has a room, and nobody else is told anything",
    "has shared rooms": "a room is one person's conversation with the bot, without threads",
    "says when": "a browser's clock is not asked",
    "tells of one post twice": "a browser sends each act under one name",
}
NOBODY: dict[str, Person] = {}
UNVOUCHED = {"unknown": Met(Account("web", "ghost"), Place("web", "ghost"))}


class WebHarness(Harness):
    name = "web"
    lacks = LACKS
    anna, boris = ANNA, BORIS
    out_of_reach = NOBODY
    member = Met(Account("web", "anna"), Place("web", "anna"))
    unvouched = UNVOUCHED
    undecided = ()
    barred = nowhere = Place("web", "nowhere")
    secrets = (SECRET,)
    most_bytes = LARGEST

    def __init__(self, core: Core, rooms: Rooms, client: Client) -> None:
        self.core, self._rooms, self._client = core, rooms, client
        self.channel = WebChannel(rooms, core.store)
        self._asked = 0

    # --- what people see

    async def shown_to(self, person: Person) -> list[Seen]:
        return await self._log(person.id)

    async def shown_in(self, place: Place) -> list[Seen]:
        return await self._log(place.conversation)

    async def home_of(self, person: Person) -> str:
        log = await self._read(person.id)
        return "\n".join(read_in_web(msgspec.convert(section, Message)).text for section in log["home"])

    async def _log(self, person: str) -> list[Seen]:
        entries = (await self._read(person))["entries"]
        return [_seen(msgspec.convert(entry["message"], Message)) for entry in entries if entry["kind"] == "message"]

    async def _read(self, person: str) -> dict[str, Any]:
        async with self._client.get(f"/chat/log?as={person}") as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def pick(self, person: Person) -> None:
        """Be that person, in this browser."""
        await self._post("/chat/session", {"id": str(uuid.uuid4()), "person": person.id})

    # --- what happens to the platform

    async def remove(self, ref: str) -> None:
        """A conversation has an end: old messages fall off."""
        for number in range(LOG_CAP):
            await self._rooms.typed("anna", f"{ref}-{number}", "something else")

    async def fail(self, fault: Fault, *, before: bool = False) -> None:
        if before or fault != "unreachable":
            self.needs("prepares" if before else "lives elsewhere")
        self.core.store.away = True

    async def heal(self) -> None:
        self.core.store.away = self.core.store.held = False

    async def stall(self) -> None:
        self.core.store.held, self._asked = True, self.core.store.asked

    async def struck(self) -> None:
        await until(lambda: self.core.store.asked > self._asked)

    def hurry(self, seconds: float) -> None:  # noqa: ARG002
        self.needs("says when")

    # --- what people do

    async def write(self, text: str, by: Person | None = None) -> Heard:
        return await self._act(SAY if by is None else f"/chat/say?as={by.id}", text=text)

    async def mention(self, text: str) -> Heard:
        self.needs("has shared rooms")
        return await self.write(text)

    async def mention_twice(self, text: str) -> tuple[Heard, Heard]:
        self.needs("tells of one post twice")
        return await self.write(text), await self.write(text)

    async def press(self, seen: Seen, button: Any) -> Heard:  # noqa: ARG002
        return await self._act(PRESS, action=button.action, value=button.value)

    async def again(self, heard: Heard) -> Heard:
        path, body = heard.event
        return Heard(await self._post(path, body), heard.event)

    async def _act(self, path: str, **said: str) -> Heard:
        body = {"id": str(uuid.uuid4()), **said}
        return Heard(await self._post(path, body), (path, body))

    async def _post(self, path: str, body: Any, **more: Any) -> int:
        async with self._client.post(path, json=body, **more) as answer:
            return answer.status

    # --- what comes to the door otherwise

    async def intrude(self, text: str) -> dict[str, int]:
        body = {"id": str(uuid.uuid4()), "text": text}
        tried = {
            "no session": {},
            "a forged session": {"Cookie": f"{COOKIE}=e30=.00"},
            "as somebody else": {"Cookie": _cookie("boris")},
            "from another site": {"Cookie": _cookie("anna"), "Sec-Fetch-Site": "cross-site"},
        }
        return {what: await self._from_outside(body, headers) for what, headers in tried.items()}

    async def _from_outside(self, body: Any, headers: dict[str, str]) -> int:
        """A browser that has picked nobody."""
        url = self._client.make_url(SAY)
        async with ClientSession() as session, session.post(url, json=body, headers=headers) as answer:
            return answer.status

    async def bring(self, body: bytes) -> int:
        async with self._client.post(SAY, data=body, headers={"Content-Type": "application/json"}) as answer:
            return answer.status


def _cookie(person: str) -> str:
    return f"{COOKIE}={Sessions(SECRET.encode(), now).cookie((), person)}"


def _seen(message: Message) -> Seen:
    """Texts are written as texts, so they call nobody."""
    steps = [item.button for item in message.items if item.button is not None]
    return Seen(read_in_web(message).text, (), (*steps, *message.buttons), message)


@asynccontextmanager
async def web_chat(core: Core) -> AsyncIterator[Harness]:
    async def people() -> Sequence[Person]:
        return (ANNA, BORIS)

    rooms, app = Rooms(core.store, now), web.Application()
    WebChat(core, rooms, speaker, now, SECRET.encode(), people).mount(app, enabled=True)
    async with TestClient(TestServer(app)) as client:
        await core.start("web", ANNA, BORIS)
        made = WebHarness(core, rooms, client)
        for person in (ANNA, BORIS):
            await made.pick(person)
        core.forget()
        yield made
