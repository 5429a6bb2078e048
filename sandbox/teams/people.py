"""The people of the company: whatever they do is written down in it and sent to the bot as Teams sends it."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

from sandbox.teams import envelopes
from sandbox.teams.cards import CARD, Action, actions_of, card_problems, filled
from sandbox.teams.company import Company, Message
from sandbox.teams.directory import Person, Place, Team
from sandbox.teams.errors import Json

PATH = "/api/messages"
ANSWER_SECONDS = 15.0
WORDS = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(frozen=True)
class Reply:
    """What the bot answered: `status` 504 when it took too long, 0 when it gave no answer at all.

    `activity` is what was sent, to be looked at or sent again. `problem` is why Teams could do nothing with the answer
    to a press, of whose author it then says that something went wrong.
    """

    activity: Json
    status: int
    body: str = ""
    problem: str = ""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300 and not self.problem

    def json(self) -> Any:
        return json.loads(self.body)


class TeamsUser:
    """One person at a Teams client. Every act returns the bot's Reply; nothing is ever repeated by itself.

    An act that a client would not allow raises LookupError or ValueError: to write where the app is not installed, to
    press what is not there, to leave out what must be filled in.
    """

    def __init__(
        self,
        company: Company,
        person: Person,
        bot_url: str,
        session: aiohttp.ClientSession | None = None,
        *,
        timeout: float = ANSWER_SECONDS,
    ) -> None:
        self.company, self.person = company, person
        self.notices: list[str] = []  # what presses were answered with in words
        self._url = bot_url.rstrip("/") + PATH
        self._session, self._timeout = session, aiohttp.ClientTimeout(total=timeout)

    @property
    def chat(self) -> Place:
        """The chat with the bot."""
        return self.company.personal(self.person)

    # What the person sees

    def inbox(self) -> list[Message]:
        """The messages of the bot in the chat with it, oldest first, as they are now."""
        return self._seen(self.chat)

    def in_channel(self, place: Place, thread: str | None = None) -> list[Message]:
        """The same of a channel or a group chat; of one thread, if it is named."""
        return self._seen(place, thread)

    def _seen(self, place: Place, thread: str | None = None) -> list[Message]:
        return [message.seen_by(self.person) for message in self.company.of_bot(place, thread)]

    # Installing

    async def install(self, where: Team | Place | None = None) -> tuple[Reply, Reply]:
        """Add the app: for oneself, to a team, or to a group chat. The bot hears of it twice."""
        place = self._home(where)
        _set_installed(place, True)
        place.blocked = False
        return await self._installation(place, "add"), await self._membership(place, "membersAdded")

    async def uninstall(self, where: Team | Place | None = None) -> tuple[Reply, ...]:
        """Take it away again: from then on it can write there no longer. Only of groups does the bot hear twice."""
        place = self._home(where)
        _set_installed(place, False)
        first = await self._installation(place, "remove")
        if place.kind == "personal":
            return (first,)
        return first, await self._membership(place, "membersRemoved")

    async def leave(self, team: Team) -> Reply:
        """Be taken out of a team: the bot in it hears of it."""
        team.members.remove(self.person)
        gone = {"id": self.person.id, "aadObjectId": self.person.aad_object_id}
        return await self._event(self.company.channel(team), {"type": "conversationUpdate", "membersRemoved": [gone]})

    def block(self) -> None:
        """Block the bot, of which it is told nothing."""
        self.chat.blocked = True

    def unblock(self) -> None:
        self.chat.blocked = False

    def _home(self, where: Team | Place | None) -> Place:
        if where is None:
            return self.chat
        return self.company.channel(where) if isinstance(where, Team) else where

    async def _installation(self, place: Place, action: Literal["add", "remove"]) -> Reply:
        return await self._event(place, {"type": "installationUpdate", "action": action})

    async def _membership(self, place: Place, field: Literal["membersAdded", "membersRemoved"]) -> Reply:
        members = [{"id": self.company.bot_id}]
        if place.kind == "personal":
            members.insert(0, {"id": self.person.id})
        return await self._event(place, {"type": "conversationUpdate", field: members})

    async def _event(self, place: Place, fields: Json) -> Reply:
        common = envelopes.activity(self.company, self.person, place, None, envelopes.event_id())
        del common["entities"]
        return await self._send({**common, **fields})

    # Writing

    async def say(self, text: str, mentioning: Sequence[Person] = ()) -> Reply:
        """Write to the bot; `@Name` in the text mentions somebody of `mentioning`."""
        return await self._write(self.chat, envelopes.said(text, _named(mentioning)), None)

    async def mention(
        self, place: Place, text: str, thread: str | None = None, mentioning: Sequence[Person] = ()
    ) -> Reply:
        """Write `@Bot text` in a channel (a new post, or in a thread) or a group chat."""
        bot = (self.company.bot_id, self.company.bot_name)
        content = envelopes.said(f"@{self.company.bot_name} {text}", [bot, *_named(mentioning)])
        return await self._write(place, content, thread)

    async def _write(self, place: Place, content: Json, thread: str | None) -> Reply:
        self._check_installed(place)
        message = self.company.write(place, self.person.id, content, thread)
        common = envelopes.activity(self.company, self.person, place, message.thread, message.id)
        return await self._send(envelopes.with_content(common, content))

    def _check_installed(self, place: Place) -> None:
        if not place.in_roster:
            raise LookupError(f"the app is not installed in {place.name or 'the chat with it'}")

    # Pressing

    async def press(self, message: Message, name: str, value: object = None, *, inputs: Json | None = None) -> Reply:
        """Press what is called `name` (its title, its verb, or the `action` in its data) on a card of the message.

        The message may be an old copy: a client can show what the bot has since changed. `value` picks one of several
        by the `value` in its data. `inputs` are filled in first, by their ids.
        """
        action = _find(message, name, value)
        data = {**action.data, **filled(action, inputs or {})}
        place = self.company.places[message.conversation]
        self._check_installed(place)
        if action.element["type"] == "Action.Submit":
            return await self._submit(place, message, data)
        return await self._execute(place, message, envelopes.execute(action.element, data))

    async def _submit(self, place: Place, message: Message, data: Json) -> Reply:
        common = envelopes.activity(self.company, self.person, place, message.thread, self.company.new_id())
        content = {"type": "message", "textFormat": "plain", "attachments": [], "value": data}
        return await self._send({**common, **content, "replyToId": message.id})

    async def _execute(self, place: Place, message: Message, content: Json) -> Reply:
        common = envelopes.activity(self.company, self.person, place, message.thread, envelopes.event_id())
        reply = await self._send({**common, **content, "replyToId": message.id})
        if not 200 <= reply.status < 300:
            return reply
        return Reply(reply.activity, reply.status, reply.body, self._followed(place, message.id, reply))

    def _followed(self, place: Place, message_id: str, reply: Reply) -> str:
        """Do with the card what the bot answered. Returns why that is not possible; empty: it was."""
        try:
            answer = reply.json()
        except ValueError:
            return "the answer to an invoke must be JSON"
        if not isinstance(answer, dict) or not isinstance(answer.get("statusCode"), int):
            return "the answer to an invoke needs a statusCode"
        kind, value = answer.get("type"), answer.get("value")
        if answer["statusCode"] != 200 or kind == ERROR:
            return f"the bot answered with an error: {value}"
        if kind == WORDS and isinstance(value, str):
            self.notices.append(value)
            return ""
        return self._replaced(place, message_id, value) if kind == CARD else f"an answer of the type {kind!r}"

    def _replaced(self, place: Place, message_id: str, card: Any) -> str:
        problems = card_problems(card)
        if problems:
            return "; ".join(problems)
        message = self.company.find_message(place, message_id)
        if message is not None:
            message.views[self.person.id] = copy.deepcopy(card)
            self.company.record("invoke", message.seen_by(self.person), to=self.person.id)
        return ""

    # Sending

    async def replay(self, reply: Reply) -> Reply:
        """Send exactly the same activity once more, under a new token."""
        return await self._send(reply.activity)

    async def send(self, activity: Json, token: str | None = None) -> Reply:
        """Send any activity, under any token (None: a good one; empty: none)."""
        return await self._send(activity, token)

    async def _send(self, activity: Json, token: str | None = None) -> Reply:
        signed = self.company.issuer.token(activity["serviceUrl"]) if token is None else token
        headers = {"Authorization": f"Bearer {signed}"} if signed else {}
        sent = copy.deepcopy(activity)
        opened = aiohttp.ClientSession() if self._session is None else nullcontext(self._session)
        try:
            async with (
                opened as session,
                session.post(self._url, json=sent, headers=headers, timeout=self._timeout) as answer,
            ):
                return Reply(sent, answer.status, await answer.text())
        except TimeoutError:
            return Reply(sent, 504, "GatewayTimeout")
        except aiohttp.ClientError:
            return Reply(sent, 0)


def _set_installed(place: Place, installed: bool) -> None:
    if place.team is not None:
        place.team.installed = installed
    else:
        place.installed = installed


def _named(people: Sequence[Person]) -> list[envelopes.Named]:
    return [(person.id, person.name) for person in people]


def _find(message: Message, name: str, value: object) -> Action:
    """LookupError when the message shows nothing that is called so, or several things."""
    everything = [action for card in message.cards for action in actions_of(card)]
    found = [one for one in everything if one.is_called(name) and value in (None, one.data.get("value"))]
    if len(found) != 1:
        shown = [one.element.get("title") for one in everything]
        raise LookupError(f"{len(found)} of {shown} are called {name!r}")
    return found[0]
