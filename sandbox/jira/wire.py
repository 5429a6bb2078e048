"""What every route shares: the keys of the app, reading a body, and errors in Jira's shape."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Struct

from sandbox.jira.fields import InvalidFieldsError
from sandbox.jira.jql import JqlError
from sandbox.jira.state import IllegalMoveError, State, UnknownIssueError

Json = dict[str, Any]

API = "/rest/api/{version:2|latest}"
SEARCH_API = "/rest/api/{version:2|3|latest}"


class Calls(Struct):
    """How often each write came in, and how often one was carried out; by "METHOD /path" below the API."""

    received: Counter[str]
    applied: Counter[str]


STATE = web.AppKey("state", State)
CALLS = web.AppKey("calls", Calls)
ACTOR = web.RequestKey("actor", str)


def fault(status: int, *messages: str, errors: Mapping[str, str] | None = None) -> web.Response:
    """An error answer as Jira gives it: texts about the request, and texts by field."""
    return web.json_response({"errorMessages": list(messages), "errors": dict(errors or {})}, status=status)


def missing_issue(state: State) -> str:
    cloud = "Issue does not exist or you do not have permission to see it."
    return cloud if state.site.is_cloud else "Issue Does Not Exist"


async def body_of(request: web.Request) -> Json:
    """The JSON object in the body. Raises InvalidFieldsError when there is none."""
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise InvalidFieldsError(messages=(f"There was an error parsing JSON: {error}",)) from error
    if not isinstance(body, dict):
        raise InvalidFieldsError(messages=("The request body must be a JSON object.",))
    return body


def part_of(body: Json, name: str) -> Json:
    """The object under `name`, empty when it is not there. Raises InvalidFieldsError when it is no object."""
    part = body.get(name) or {}
    if not isinstance(part, dict):
        raise InvalidFieldsError(messages=(f"'{name}' must be a JSON object.",))
    return part


def number(text: object, default: int) -> int:
    """A count from a query or a body; Jira's default when it is missing. Raises InvalidFieldsError."""
    if text is None:
        return default
    try:
        return max(int(str(text)), 0)
    except ValueError:
        raise InvalidFieldsError(messages=(f"'{text}' is not a number.",)) from None


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns the errors of the model into Jira's answers; what the model does not know stays a 500."""
    try:
        return await handler(request)
    except InvalidFieldsError as invalid:
        return fault(400, *invalid.messages, errors=invalid.errors)
    except JqlError as wrong:
        return fault(400, str(wrong))
    except UnknownIssueError:
        return fault(404, missing_issue(request.app[STATE]))
    except IllegalMoveError:
        return fault(
            400,
            "It seems that you have tried to perform a workflow operation that is not valid "
            "for the current state of this issue.",
        )


def _label(request: web.Request) -> str | None:
    """The name under which a write is counted; None for reads, searches and paths outside the API."""
    resource = request.match_info.route.resource
    if request.method in ("GET", "HEAD") or resource is None:
        return None
    path = resource.canonical
    if not path.startswith("/rest/api/") or "/search" in path:
        return None
    return f"{request.method} {path.removeprefix('/rest/api/{version}')}"


@web.middleware
async def count_received(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stands outside the faults: counts what a caller sent."""
    label = _label(request)
    if label is not None:
        request.app[CALLS].received[label] += 1
    return await handler(request)


@web.middleware
async def count_applied(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Stands inside the faults: counts what was really carried out."""
    response = await handler(request)
    label = _label(request)
    if label is not None and response.status < 400:
        request.app[CALLS].applied[label] += 1
    return response
