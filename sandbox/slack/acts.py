"""People for callers in another process: `POST /_sandbox/people/{user}/{act}` with the act's arguments as JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from sandbox.slack.delivery import Reply
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.people import SlackUser
from sandbox.slack.workspace import Workspace

PATH = "/_sandbox/people/{user}/{act}"
Act = Callable[[SlackUser, Json], Awaitable[Reply]]


async def _say(user: SlackUser, given: Json) -> Reply:
    return await user.say(given["text"], thread_ts=given.get("thread_ts"))


async def _mention(user: SlackUser, given: Json) -> Reply:
    return await user.mention(given["channel"], given["text"], given.get("thread_ts"))


async def _command(user: SlackUser, given: Json) -> Reply:
    return await user.command(given["command"], given.get("text", ""), channel=given.get("channel"))


def _message(user: SlackUser, given: Json) -> Json:
    """The message with this ts, be it one that only this person sees."""
    ts: str = given["ts"]
    found = user.workspace.messages.find(given.get("channel") or user.dm.id, ts)
    whispers = {message["ts"]: message for message in user.whispers()}
    return found or whispers[ts]


def _surface(user: SlackUser, given: Json) -> Json:
    if given.get("home"):
        return user.workspace.views.homes[user.id]
    if "view_id" in given:
        return user.workspace.views.modals[given["view_id"]].view
    return _message(user, given)


async def _press(user: SlackUser, given: Json) -> Reply:
    surface = _surface(user, given)
    return await user.press(surface, given["action_id"], given.get("value"), channel=given.get("channel"))


async def _submit(user: SlackUser, given: Json) -> Reply:
    view = user.workspace.views.modals[given["view_id"]].view
    return await user.submit(view, given.get("values", {}))


async def _open_home(user: SlackUser, given: Json) -> Reply:
    return await user.open_home(given.get("tab", "home"))


async def _join_team(user: SlackUser, _: Json) -> Reply:
    return await user.join_team()


async def _become(user: SlackUser, given: Json) -> Reply:
    return await user.become(**given)


ACTS: dict[str, Act] = {
    "say": _say,
    "mention": _mention,
    "command": _command,
    "press": _press,
    "submit": _submit,
    "open_home": _open_home,
    "join_team": _join_team,
    "become": _become,
}


def _shown(reply: Reply) -> Json:
    return {"status": reply.status, "body": reply.body, "reasons": reply.reasons, "payload": reply.payload}


def act_handler(workspace: Workspace) -> Callable[[web.Request], Awaitable[web.Response]]:
    """400 with a sentence when the act cannot be done: no such person, button, input or argument."""

    async def handle(request: web.Request) -> web.Response:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound(text=f"acts: {', '.join(ACTS)}")
        user = SlackUser(workspace, request.match_info["user"], workspace.bot_url or None)
        try:
            given: Any = msgspec.json.decode(await request.read() or b"{}", type=dict[str, Any])
            reply = await act(user, given)
        except (LookupError, TypeError, ValueError, msgspec.DecodeError, SlackError) as error:
            raise web.HTTPBadRequest(text=f"{type(error).__name__}: {error}") from error
        return web.json_response(_shown(reply))

    return handle
