"""What tests of the maps of errors share: every exception that a library defines, and answers that it refuses."""

import json
from types import ModuleType

import requests.exceptions
from requests import Response


def exceptions_of(module: ModuleType) -> list[type[Exception]]:
    """Every exception class that the module defines; its warnings are never raised by a call."""
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Exception)
        and not issubclass(thing, Warning)
        and thing.__module__ == module.__name__
    ]


def an(error: type[Exception]) -> Exception:
    if error is requests.exceptions.JSONDecodeError:
        return error("no JSON", "<html>", 0)
    return error("something")


def response(status: int, body: object = None, **headers: str) -> Response:
    """Names of headers are written with _ in the place of -."""
    answer = Response()
    answer.status_code = status
    answer._content = b"" if body is None else json.dumps(body).encode()
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer
