"""Which buttons were shown to whom: what somebody says of an answer, or sends to a colleague, counts only for those.

A button can be pressed by hand with any value. What stands on the buttons below an answer is remembered, as a digest
with the time: for the person in private, else for the conversation, whose readers all see it.
"""

from __future__ import annotations

import datetime
import hashlib

import msgspec

from bot.incoming import Place
from bot.message import Message
from bot.work import Work

INDEX = "shown"
KEPT = datetime.timedelta(days=30)  # somebody comes back from a holiday, and says that it has helped
MOST = 100  # of a person or a conversation, the latest
COUNTED = frozenset({"helpful", "not-helpful", "inquiry-send"})


class Shown(msgspec.Struct, frozen=True):
    """When what stands on buttons was last shown, by its digest."""

    at: dict[str, datetime.datetime] = {}


_decoder = msgspec.json.Decoder(Shown)


async def note_shown(work: Work, message: Message, person: str, place: Place) -> None:
    """The message is said to the person, at the place where they asked."""
    buttons = [_digest(one.action, one.value) for one in message.buttons if one.action in COUNTED]
    if not buttons:
        return
    aggregate = _aggregate(person, place)
    before = await _known(work, aggregate)
    kept = {one: at for one, at in before.at.items() if one not in buttons and work.now - at < KEPT}
    after = dict([*kept.items(), *((one, work.now) for one in buttons)][-MOST:])
    _put(work, aggregate, Shown(after))


async def was_shown(work: Work, action: str, value: str, person: str, place: Place) -> bool:
    """Whether a button of that value was, to the person or where they press it."""
    at = (await _known(work, _aggregate(person, place))).at.get(_digest(action, value))
    return at is not None and work.now - at < KEPT


async def take_back(work: Work, action: str, value: str, person: str, place: Place) -> None:
    """A button of that value does nothing any more."""
    aggregate = _aggregate(person, place)
    before = await _known(work, aggregate)
    gone = _digest(action, value)
    if gone in before.at:
        _put(work, aggregate, Shown({one: at for one, at in before.at.items() if one != gone}))


async def trim(work: Work, name: str) -> bool:
    """Forget what is too old; whether there was something. `name`: a member of the INDEX."""
    before = await _known(work, f"{INDEX}:{name}")
    kept = {one: at for one, at in before.at.items() if work.now - at < KEPT}
    if len(kept) == len(before.at) and kept:
        return False
    _put(work, f"{INDEX}:{name}", Shown(kept))
    return True


async def _known(work: Work, aggregate: str) -> Shown:
    state = await work.state(aggregate)
    return Shown() if state is None else _decoder.decode(state)


def _put(work: Work, aggregate: str, after: Shown) -> None:
    work.put(aggregate, msgspec.json.encode(after) if after.at else None)
    work.member(INDEX, aggregate.removeprefix(f"{INDEX}:"), present=bool(after.at))


def _aggregate(person: str, place: Place) -> str:
    return f"{INDEX}:person:{person}" if place.private else f"{INDEX}:place:{place.channel}:{place.conversation}"


def _digest(action: str, value: str) -> str:
    return hashlib.blake2b(f"{action} {value}".encode(errors="replace"), digest_size=9).hexdigest()
