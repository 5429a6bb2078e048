"""Who said what, where, under which event id: the one shape of everything that a person does."""

from __future__ import annotations

import datetime
import json

import msgspec


class Account(msgspec.Struct, frozen=True):
    """A person's account on one channel, as the platform names it."""

    channel: str
    id: str

    @property
    def key(self) -> str:
        return f"{self.channel}:{self.id}"


class Place(msgspec.Struct, frozen=True):
    """Where something was said: a conversation, perhaps a thread in it. Private: only the person reads it."""

    channel: str
    conversation: str
    thread: str | None = None
    private: bool = True


class Wrote(msgspec.Struct, frozen=True, tag="wrote"):
    """Free text. Mentions of accounts are written `<@ID>` whatever the platform's own form is."""

    text: str


class Commanded(msgspec.Struct, frozen=True, tag="commanded"):
    """A slash command's text, without the command's own name."""

    text: str


class Pressed(msgspec.Struct, frozen=True, tag="pressed"):
    action: str
    value: str


class Submitted(msgspec.Struct, frozen=True, tag="submitted"):
    form: str
    values: dict[str, str]
    context: str = ""


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The person opened their home page on this channel."""


class Installed(msgspec.Struct, frozen=True, tag="installed"):
    """The bot was added at this place, by the person or for them."""


class Removed(msgspec.Struct, frozen=True, tag="removed"):
    """The bot was taken away here: it may write to this place no longer."""


class AccountChanged(msgspec.Struct, frozen=True, tag="changed"):
    """Nothing was said: the platform tells that something about the account is different now.

    `email` is the one that it shows, None where it shows none; `outside` as in a Profile.
    """

    email: str | None = None
    outside: bool = False


Said = Wrote | Commanded | Pressed | Submitted | Opened | Installed | Removed | AccountChanged


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the platform's own id of the event, prefixed with the channel; `also` are other names of the same act.

    `answers_at_once`: the platform shows the Reply of the acknowledgement to the person. `address` is where the account
    can be written to in private, on platforms that do not find it by the account alone. `on` is the `ref` of the
    message whose button was pressed, where the acknowledgement can put another in its place. `takes_forms`: a form can
    be answered with, as a message; `opens_forms`: in the acknowledgement. `pressed` is the `ref` of the message whose
    button was pressed, where the platform tells it. `counted`: it was counted among the acts of its account when it
    came in first. `locale`: the language of whoever did it, where the platform tells it with what they do.
    """

    id: str
    account: Account
    place: Place
    said: Said
    at: datetime.datetime
    also: tuple[str, ...] = ()
    answers_at_once: bool = False
    address: str | None = None
    on: str | None = None
    takes_forms: bool = False
    opens_forms: bool = False
    pressed: str | None = None
    counted: bool = False
    locale: str | None = None


def storable(incoming: Incoming) -> Incoming:
    """The same, with `?` for half a surrogate pair: JSON can carry one, and no UTF-8 can."""
    try:
        msgspec.json.encode(incoming)
    except UnicodeEncodeError:
        plain = json.dumps(msgspec.to_builtins(incoming), ensure_ascii=False)
        return msgspec.json.decode(plain.encode(errors="replace"), type=Incoming)
    return incoming
