"""What a log says of a failed attempt: the kind of error, the platform's code and its HTTP status, never its words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import DeliveryError, Refused

DEEPEST = 10  # of a chain of causes
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


def described(error: BaseException) -> dict[str, object]:
    """`error` is the class. `code`: the platform's own, else the refusal's, else the class of what lies below, such as
    a timeout of the library. `status` only where there was an answer."""
    chain = list(_chain(error))
    answered = [one for one in chain if isinstance(one, DeliveryError)]
    status = next((one.status for one in answered if one.status is not None), None)
    named = [one.reason for one in answered] + [one.code for one in answered if isinstance(one, Refused)]
    code = next((one for one in named if CODE.fullmatch(one)), "")
    if not code and status is None and chain[-1] is not error:
        code = type(chain[-1]).__name__
    found: dict[str, object] = {"error": type(error).__name__, "code": code, "status": status}
    return {name: value for name, value in found.items() if value not in ("", None)}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, which may be itself."""
    link: BaseException | None = error
    for _ in range(DEEPEST):
        if link is None:
            return
        yield link
        link = link.__cause__
