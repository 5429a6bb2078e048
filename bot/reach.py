"""Can somebody be told anything, as far as we know before we try?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.people import Person

Finds = Literal["everybody", "by-email"]
"""How a channel gets at somebody whose account there is not known yet: it has everybody, or looks for their e-mail."""

Reach = Literal["reached", "sought", "nowhere"]
"""There is an account to write to; one may be found by the e-mail; there is no way to them."""


def reach(person: Person, channels: tuple[str, ...], finds: Mapping[str, Finds]) -> Reach:
    """`finds`: of the channels that get at people whose account is not known. Of a blocked channel nothing is hoped."""
    welcome = [name for name in channels if name not in person.blocked]
    if any(name in person.accounts or finds.get(name) == "everybody" for name in welcome):
        return "reached"
    return "sought" if any(finds.get(name) == "by-email" for name in welcome) else "nowhere"
