"""What every route shares: the keys of the app, errors in Confluence's shape, counts of what was asked."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Struct

from sandbox.confluence.cql import CqlError
from sandbox.confluence.people import User
from sandbox.confluence.state import BadContentError, ConflictError, State, UnknownContentError

Json = dict[str, Any]

STATE = web.AppKey("state", State)


class Calls(Struct):
    """How often each "METHOD /path" came in, failures included."""

    received: Counter[str]


CALLS = web.AppKey("calls", Calls)
ACTOR = web.RequestKey("actor", User)

_REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}
_CODES = {400: "INVALID_REQUEST_PARAMETER", 401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 409: "CONFLICT"}


class BadRequestError(ValueError):
    """A parameter or a body that cannot be taken; the text is for the message."""


def api_of(state: State) -> str:
    """Where version 1 begins."""
    return "/wiki/rest/api" if state.is_cloud else "/rest/api"


def is_api(path: str) -> bool:
    return path.startswith(("/rest/", "/wiki/rest/", "/wiki/api/"))


def fault(request: web.Request, status: int, message: str) -> web.Response:
    """An error answer as version 1 or 2 gives it."""
    if request.path.startswith("/wiki/api/v2/"):
        title, code = _REASONS.get(status, message), _CODES.get(status, "INTERNAL_SERVER_ERROR")
        errors = [{"status": status, "code": code, "title": title, "detail": message}]
        return web.json_response({"errors": errors}, status=status)
    data = {"authorized": status not in (401, 403), "valid": status != 400, "errors": [], "successful": False}
    body: Json = {"statusCode": status, "data": data, "message": message}
    if not request.app[STATE].is_cloud:
        body["reason"] = _REASONS.get(status, "")
    return web.json_response(body, status=status)


def results_of(results: list[Json], envelope: Json) -> web.Response:
    """Some results with what stands around them; encoded fast, because a crawl waits for nothing else."""
    body = msgspec.json.encode({"results": results, **envelope})
    return web.Response(body=body, content_type="application/json")


async def body_of(request: web.Request) -> Json:
    """The JSON object in the body. Raises BadRequestError when there is none."""
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise BadRequestError(f"Could not parse JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadRequestError("The body must be a JSON object")
    return body


def number(request: web.Request, name: str, default: int) -> int:
    """A count from the query. Raises BadRequestError."""
    text = request.query.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequestError(f"{name} must be a number that is not negative")
    return int(text)


@web.middleware
async def errors_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns the errors of the model into Confluence's answers; what the model does not know stays a 500."""
    cloud = request.app[STATE].is_cloud
    thrown = "com.atlassian.confluence.api.service.exceptions." if cloud else ""
    try:
        return await handler(request)
    except CqlError as wrong:
        return fault(request, 400, f"{thrown and thrown + 'BadRequestException: '}{wrong}")
    except (BadRequestError, BadContentError) as wrong:
        return fault(request, 400, f"{thrown and thrown + 'BadRequestException: '}{wrong}")
    except ConflictError as conflict:
        return fault(request, 409, f"{thrown and thrown + 'ConflictException: '}{conflict}")
    except UnknownContentError as unknown:
        message = f"No content found with id: ContentId{{id={unknown.args[0]}}}"
        return fault(request, 404, f"{thrown and thrown + 'NotFoundException: '}{message}")


@web.middleware
async def count_calls(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Counts what came in, by "METHOD /path" with names for ids."""
    resource = request.match_info.route.resource
    if resource is not None and is_api(request.path):
        request.app[CALLS].received[f"{request.method} {resource.canonical}"] += 1
    return await handler(request)
