"""What an account has asked lately: the question before this one, and how many there were in this minute.

One small aggregate for each account, read together with whoever speaks; of a conversation the last question is kept,
until it is too old to go on from.
"""

from __future__ import annotations

import datetime

import msgspec

from bot.incoming import Account, Commanded, Incoming, Place, Wrote
from bot.work import Work

RECENT = datetime.timedelta(minutes=10)
MINUTE = datetime.timedelta(minutes=1)
MOST = 20  # questions of one account in a minute
CONVERSATIONS = 4  # the latest
LONGEST = 400  # characters of a question that another can refer to


class Question(msgspec.Struct, frozen=True):
    text: str
    at: datetime.datetime


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`person` is whose account it was. So many questions since the minute began; the last one of each conversation."""

    person: str
    minute: datetime.datetime
    count: int = 0
    last: dict[str, Question] = {}


_decoder = msgspec.json.Decoder(Asked)


def aggregate(account: Account) -> str:
    return f"asked:{account.key}"


def beside(incoming: Incoming) -> tuple[str, ...]:
    """What is read together with whoever speaks: only words can be a question."""
    return (aggregate(incoming.account),) if isinstance(incoming.said, Wrote | Commanded) else ()


async def ask(work: Work, account: Account, person: str, place: Place, question: str = "") -> str | None:
    """Count a question, and keep its words for the next one; the one that was asked before it here, "": none.

    None: there were too many in this minute, and it is not to be looked up.
    """
    name, here = aggregate(account), f"{place.conversation}:{place.thread or ''}"
    known = _known(await work.state(name), person, work.now)
    if known.count >= MOST:
        return None
    before = known.last.get(here)
    last = known.last if not question else _with(known.last, here, Question(question[:LONGEST], work.now))
    after = msgspec.structs.replace(known, count=known.count + 1, last=last)
    work.put(name, msgspec.json.encode(after))
    return "" if before is None else before.text


def is_over(state: bytes, now: datetime.datetime) -> bool:
    """Whether nothing of it counts any more."""
    found = _decoder.decode(state)
    return now - found.minute >= RECENT and all(now - one.at >= RECENT for one in found.last.values())


def _with(last: dict[str, Question], here: str, question: Question) -> dict[str, Question]:
    elsewhere = [(where, one) for where, one in last.items() if where != here]
    return {**dict(elsewhere[1 - CONVERSATIONS :]), here: question}


def _known(state: bytes | None, person: str, now: datetime.datetime) -> Asked:
    """Nothing of somebody else's, and nothing that is too old."""
    found = None if state is None else _decoder.decode(state)
    if found is None or found.person != person:
        return Asked(person=person, minute=now)
    last = {where: one for where, one in found.last.items() if now - one.at < RECENT}
    over = now - found.minute >= MINUTE
    return Asked(person=person, minute=now if over else found.minute, count=0 if over else found.count, last=last)
