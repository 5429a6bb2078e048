"""What keeps a service from being used, as the check of its adapter tells it."""

from __future__ import annotations

import msgspec

from bot.errors import DeliveryError, Refused, Unauthorized


class Flaw(msgspec.Struct, frozen=True):
    """Something that would go wrong; a text is made elsewhere from `code` and `detail`."""

    code: str
    detail: dict[str, str] = {}


def flaw_of(error: DeliveryError) -> Flaw:
    """Codes: unauthorized, unreachable, or that of the refusal."""
    match error:
        case Unauthorized():
            code = "unauthorized"
        case Refused():
            code = error.code
        case _:
            code = "unreachable"
    return Flaw(code, {"error": error.detail})
