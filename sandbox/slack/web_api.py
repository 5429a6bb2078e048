"""The table of Web API methods, and what is the same for all: token, scope, rate limit, the form of an answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from sandbox.slack import chat_api, conversations_api, users_api, views_api
from sandbox.slack.arguments import read_arguments
from sandbox.slack.context import Context
from sandbox.slack.errors import Json, RateLimited, SlackError
from sandbox.slack.workspace import Call, Workspace


@dataclass(frozen=True)
class Method:
    """A method, the scope that it needs (None: any token, or it looks itself) and the kind of its token."""

    run: Callable[[Context], Json]
    scope: str | None = None
    for_app: bool = False


def apps_connections_open(context: Context) -> Json:
    workspace = context.workspace
    return {"url": workspace.sockets.url(context.host, workspace.new_id(""))}


METHODS: dict[str, Method] = {
    "apps.connections.open": Method(apps_connections_open, for_app=True),
    "auth.test": Method(users_api.auth_test),
    "chat.delete": Method(chat_api.chat_delete, "chat:write"),
    "chat.postEphemeral": Method(chat_api.chat_post_ephemeral, "chat:write"),
    "chat.postMessage": Method(chat_api.chat_post_message, "chat:write"),
    "chat.update": Method(chat_api.chat_update, "chat:write"),
    "conversations.history": Method(conversations_api.conversations_history),
    "conversations.list": Method(conversations_api.conversations_list),
    "conversations.open": Method(conversations_api.conversations_open, "im:write"),
    "conversations.replies": Method(conversations_api.conversations_replies),
    "users.info": Method(users_api.users_info, "users:read"),
    "users.list": Method(users_api.users_list, "users:read"),
    "users.lookupByEmail": Method(users_api.users_lookup_by_email, "users:read.email"),
    "views.open": Method(views_api.views_open),
    "views.publish": Method(views_api.views_publish),
    "views.push": Method(views_api.views_push),
    "views.update": Method(views_api.views_update),
}


def _check_token(workspace: Workspace, token: str | None, method: Method) -> None:
    if token is None:
        raise SlackError("not_authed")
    if token not in (workspace.token, workspace.app_token):
        raise SlackError("invalid_auth")
    if (token == workspace.app_token) != method.for_app:
        raise SlackError("not_allowed_token_type")


async def _run(workspace: Workspace, request: web.Request, call: Call) -> Json:
    arguments = await read_arguments(request)
    method = METHODS.get(call.method)
    if method is None:
        raise SlackError("unknown_method", req_method=call.method)
    _check_token(workspace, arguments.token, method)
    context = Context(workspace, arguments, call, request.host)
    if method.scope is not None:
        context.need(method.scope)
    workspace.limits.check(call.method, workspace.conversation_named(arguments.get("channel")))
    return {"ok": True, **method.run(context)}


async def _answer(workspace: Workspace, request: web.Request, call: Call) -> web.Response:
    try:
        answer = await _run(workspace, request, call)
    except RateLimited as limit:
        call.error = limit.code
        return web.json_response(limit.answer(), status=429, headers={"Retry-After": str(limit.seconds)})
    except SlackError as error:
        call.error = error.code
        answer = error.answer()
    headers = {"X-OAuth-Scopes": ",".join(workspace.scopes), "X-Slack-Req-Id": workspace.new_id("")}
    return web.json_response(answer, headers=headers)


def method_handler(
    workspace: Workspace, current_call: Callable[[], Call]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The handler of `/api/{method}`; what it did is noted in the call that `current_call` names."""

    async def handle(request: web.Request) -> web.Response:
        call = current_call()
        call.applied = True
        response = await _answer(workspace, request, call)
        workspace.touch()
        return response

    return handle
