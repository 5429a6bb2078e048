"""response_url: where an app may answer a command or a pressed button for half an hour."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from sandbox.slack.arguments import Arguments
from sandbox.slack.chat_api import content_of
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.tickets import ResponseUrl
from sandbox.slack.workspace import Post, Workspace

PATH = "/response"
METHOD = "response_url"


def response_address(workspace: Workspace, token: str) -> str:
    return f"{workspace.base_url}{PATH}/{token}"


def _say(workspace: Workspace, url: ResponseUrl, body: Json, fault: str | None) -> None:
    content = content_of(Arguments(body, None))
    if "thread_ts" in body:
        content["thread_ts"] = body["thread_ts"]
    if body.get("response_type") != "in_channel":
        workspace.show_ephemeral(METHOD, url.channel, url.user, content, fault)
        return
    message = workspace.messages.add(url.channel, workspace.bot_message(content))
    workspace.record(Post(method=METHOD, channel=url.channel, message=message, fault=fault))


def _source(workspace: Workspace, url: ResponseUrl) -> Json | None:
    if url.message_ts is None or url.ephemeral:
        return None
    return workspace.messages.find(url.channel, url.message_ts)


def _use(workspace: Workspace, url: ResponseUrl, body: Json, fault: str | None) -> None:
    """Replace or delete the message that the URL came with, or say something new."""
    source = _source(workspace, url)
    if body.get("delete_original") and source is not None:
        workspace.messages.remove(url.channel, source["ts"])
    elif body.get("replace_original") and source is not None:
        content: Json = {"blocks": None, **content_of(Arguments(body, None))}
        workspace.edit(source, content)
    elif not body.get("delete_original"):
        _say(workspace, url, body, fault)
        return
    workspace.record(Post(method=METHOD, channel=url.channel, message=source or {}, fault=fault))


def _body(raw: bytes) -> Json:
    try:
        body: Any = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise SlackError("invalid_payload") from error
    if not isinstance(body, dict):
        raise SlackError("invalid_payload")
    return body


def response_handler(
    workspace: Workspace, current_fault: Callable[[], str | None]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of `/response/{token}`; it answers in plain text, as Slack does."""

    async def handle(request: web.Request) -> web.Response:
        raw = await request.read()
        try:
            url = workspace.tickets.use_response(request.match_info["token"])
            _use(workspace, url, _body(raw), current_fault())
        except SlackError as error:
            gone = error.code in ("expired_url", "used_url")
            return web.Response(status=404 if gone else 400, text=error.code)
        return web.Response(text="ok")

    return handle
