"""The arguments of a Web API call, however they came: query, form or JSON, with JSON inside of form fields."""

import json
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.slack.errors import Json, SlackError, refusal

FORM = "application/x-www-form-urlencoded"
TRUE = ("1", "true", "True", True, 1)


class Arguments:
    def __init__(self, values: Json, token: str | None) -> None:
        self.values = values
        self.token = token

    def get(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def required(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise refusal("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        return self.values[name] in TRUE if name in self.values else default

    def number(self, name: str, default: int, most: int) -> int:
        value = self.get(name)
        if value is None:
            return default
        if not value.isdigit() or not 0 < int(value) <= most:
            raise SlackError("invalid_limit")
        return int(value)

    def structure(self, name: str, error: str) -> Any:
        """A JSON value, also when it came as a string; SlackError(error) when it is no JSON; None if absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as cause:
            raise SlackError(error) from cause


def _bearer(request: web.Request) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def _json_body(raw: bytes) -> Json:
    try:
        body = json.loads(raw)
    except ValueError as cause:
        raise SlackError("invalid_json") from cause
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


async def _body(request: web.Request) -> Json:
    raw = await request.read()
    if not raw:
        return {}
    if request.content_type == "application/json":
        return _json_body(raw)
    if request.content_type == FORM:
        return dict(parse_qsl(raw.decode(), keep_blank_values=True))
    raise SlackError("invalid_post_type")


async def read_arguments(request: web.Request) -> Arguments:
    """Everything the caller sent; a token counts from the header or, as a form field, from the arguments."""
    values: Json = {**request.query, **await _body(request)}
    given = values.pop("token", None)
    return Arguments(values, _bearer(request) or given)
