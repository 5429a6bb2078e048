"""People for callers in another process: `POST /_sandbox/people/{person}/{act}` with the act's arguments as JSON.

`{person}` is an id, an AAD object id, a user principal name or an e-mail address; `place` and `message` are ids.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from sandbox.teams.company import Company, Message
from sandbox.teams.directory import Person, Place
from sandbox.teams.errors import Json, TeamsError
from sandbox.teams.people import Reply, TeamsUser

PATH = "/_sandbox/people/{person}/{act}"
Act = Callable[[TeamsUser, Json], Awaitable[tuple[Reply, ...]]]


def _place(user: TeamsUser, given: Json) -> Place:
    return user.company.find_place(given["place"])[0] if "place" in given else user.chat


def _mentioning(user: TeamsUser, given: Json) -> list[Person]:
    return [_person(user.company, name) for name in given.get("mentioning", ())]


def _person(company: Company, name: str) -> Person:
    person = company.find_person(name)
    if person is None:
        raise LookupError(f"nobody is called {name}")
    return person


def _message(user: TeamsUser, given: Json) -> Message:
    for message in user.in_channel(_place(user, given)):
        if message.id == given["message"]:
            return message
    raise LookupError(f"no message {given['message']} of the bot")


async def _install(user: TeamsUser, given: Json) -> tuple[Reply, ...]:
    return await user.install(_place(user, given))


async def _uninstall(user: TeamsUser, given: Json) -> tuple[Reply, ...]:
    return await user.uninstall(_place(user, given))


async def _say(user: TeamsUser, given: Json) -> tuple[Reply, ...]:
    return (await user.say(given["text"], _mentioning(user, given)),)


async def _mention(user: TeamsUser, given: Json) -> tuple[Reply, ...]:
    place, thread = _place(user, given), given.get("thread")
    return (await user.mention(place, given["text"], thread, _mentioning(user, given)),)


async def _press(user: TeamsUser, given: Json) -> tuple[Reply, ...]:
    message, inputs = _message(user, given), given.get("inputs")
    return (await user.press(message, given["name"], given.get("value"), inputs=inputs),)


ACTS: dict[str, Act] = {
    "install": _install,
    "uninstall": _uninstall,
    "say": _say,
    "mention": _mention,
    "press": _press,
}


def _shown(reply: Reply) -> Json:
    return {"status": reply.status, "body": reply.body, "problem": reply.problem, "activity": reply.activity}


def act_handler(company: Company) -> Callable[[web.Request], Awaitable[web.Response]]:
    """400 with a sentence when the act cannot be done: no such person, place, button, input or argument."""

    async def handle(request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text=f"acts: {', '.join(ACTS)}")
        try:
            user = TeamsUser(company, _person(company, request.match_info["person"]), company.bot_url)
            given: Any = msgspec.json.decode(await request.read() or b"{}", type=dict[str, Any])
            replies = await act(user, given)
        except (LookupError, ValueError, msgspec.DecodeError, TeamsError) as error:
            raise web.HTTPBadRequest(text=f"{type(error).__name__}: {error}") from error
        return web.json_response([_shown(reply) for reply in replies])

    return handle
