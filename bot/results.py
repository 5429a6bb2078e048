"""What came back from outside when an effect was delivered; it enters as a command, the same way in."""

from __future__ import annotations

import msgspec

from bot.incoming import Account


class Nothing(msgspec.Struct, frozen=True):
    """Done, and there is nothing to know about it."""


class Posted(msgspec.Struct, frozen=True):
    """`ref` names the message on its platform; `account` is set when it had to be looked up to send there."""

    ref: str
    account: Account | None = None


class Profile(msgspec.Struct, frozen=True):
    """Whose account it is, as far as the platform vouches: `email` is None when it does not vouch for one."""

    account: Account
    email: str | None = None
    name: str = ""
    timezone: str | None = None
    locale: str | None = None


class Answer(msgspec.Struct, frozen=True):
    text: str
    source: str
    url: str | None = None


class Answered(msgspec.Struct, frozen=True):
    """None: there is no good answer."""

    answer: Answer | None


class Issue(msgspec.Struct, frozen=True):
    """`twins` are the keys of newer issues with the same label that were closed as duplicates of this one."""

    key: str
    url: str
    twins: tuple[str, ...] = ()
    doubted: bool = False


Result = Nothing | Posted | Profile | Answered | Issue
