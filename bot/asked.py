"""What an account has done lately: the question before this one, and how many acts of all kinds there were.

One small aggregate for each account, read together with whoever speaks and committed with what they did; of a
conversation the last question is kept, until it is too old to go on from.
"""

from __future__ import annotations

import datetime

import msgspec

from bot.effects import Effect, Lane, Say
from bot.incoming import Account, Commanded, Incoming, Place, Pressed, Submitted, Wrote
from bot.limiter import Bucket, is_idle, spend
from bot.message import Message, Phrase, Reply
from bot.people import Person
from bot.work import Work

RECENT = datetime.timedelta(minutes=10)
CONVERSATIONS = 4  # the latest
LONGEST = 400  # characters of a question that another can refer to


class Question(msgspec.Struct, frozen=True):
    """`private`: it was sensitive, and its words are not kept."""

    text: str
    at: datetime.datetime
    private: bool = False


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """`person` is whose account it was when it asked; the last question of each conversation; what is left of the
    account's acts."""

    person: str = ""
    last: dict[str, Question] = {}
    bucket: Bucket = Bucket()


class Refusal(msgspec.Struct, frozen=True):
    """For so many `seconds` nothing is taken; `tell`: that has not been said yet."""

    seconds: int
    tell: bool


NOTHING = Asked()
_decoder = msgspec.json.Decoder(Asked)


def aggregate(account: Account) -> str:
    return f"asked:{account.key}"


def beside(incoming: Incoming) -> tuple[str, ...]:
    """What is read together with whoever speaks."""
    return (aggregate(incoming.account),) if _is_act(incoming) else ()


# --- how much


def _is_act(incoming: Incoming) -> bool:
    """What somebody wants something with. Pages that are opened replace one another, and cost nobody else anything."""
    return isinstance(incoming.said, Wrote | Commanded | Pressed | Submitted)


async def count(work: Work, incoming: Incoming) -> Refusal | None:
    """Count one more act of the account. A Refusal: there were too many, and nothing of this one is to be done."""
    if incoming.counted or not _is_act(incoming):
        return None
    name = aggregate(incoming.account)
    known = await _known(work, name)
    spent = spend(known.bucket, incoming.at, work.now, work.company.limits)
    if spent.bucket is not known.bucket:
        work.keep(name, Asked(person=known.person, last=known.last, bucket=spent.bucket))
    return Refusal(spent.refused, spent.tell) if spent.refused else None


def refuse(work: Work, incoming: Incoming, refusal: Refusal, reader: Person | None) -> Reply | None:
    """Say that it is not done: wherever the acknowledgement can say so, else once for all that is refused now.

    A form stays with what was written into it. The message goes in a lane of its own: answers may wait in the other.
    """
    said = incoming.said
    text = Phrase("acts-too-many", {"seconds": refusal.seconds}) if reader else Phrase("acts-too-many-unknown")
    locale = reader.locale if reader else incoming.locale or "ru"
    if incoming.answers_at_once and isinstance(said, Submitted) and said.values:
        return Reply(locale, errors={next(iter(said.values)): text})
    if incoming.answers_at_once or incoming.on is not None:
        return Reply(locale, Message(text))
    if refusal.tell:
        place = incoming.place
        message = Message(text, language=None if reader else incoming.locale)
        act = Say(message, person=reader.id if reader else None, place=place)
        lane = Lane(place.channel, f"{place.conversation}:limit")
        work.add(Effect(id=f"acts-too-many:{incoming.account.key}", lane=lane, act=act, replaces=True))
    return None


# --- the question before


async def ask(work: Work, account: Account, person: str, place: Place, question: str, *, private: bool = False) -> str:
    """Keep the words of a question for the next one; the one that was asked before it here, "": none. Of a `private`
    one no words are kept, only that there was one."""
    name, here = aggregate(account), _here(place)
    known = await _known(work, name)
    recent = _recent(work, known, person)
    before = recent.get(here)
    asked = Question("" if private else question[:LONGEST], work.now, private)
    work.keep(name, Asked(person=person, last=_with(recent, here, asked), bucket=known.bucket))
    return "" if before is None else before.text


async def follows_private(work: Work, account: Account, person: str, place: Place) -> bool:
    """Whether what the person asked last here was private: what follows it is most likely about the same."""
    before = _recent(work, await _known(work, aggregate(account)), person).get(_here(place))
    return before is not None and before.private


def _recent(work: Work, known: Asked, person: str) -> dict[str, Question]:
    last = known.last if known.person == person else {}  # nothing of whoever had the account before
    return {where: one for where, one in last.items() if work.now - one.at < RECENT}


def _here(place: Place) -> str:
    return f"{place.conversation}:{place.thread or ''}"


def is_over(state: bytes, now: datetime.datetime) -> bool:
    """Whether nothing of it counts any more."""
    found = _decoder.decode(state)
    return is_idle(found.bucket, now) and all(now - one.at >= RECENT for one in found.last.values())


def _with(last: dict[str, Question], here: str, question: Question) -> dict[str, Question]:
    elsewhere = [(where, one) for where, one in last.items() if where != here]
    return {**dict(elsewhere[1 - CONVERSATIONS :]), here: question}


async def _known(work: Work, name: str) -> Asked:
    """What cannot be read is worth less than the act that it would hold up."""
    kept = work.kept(name)
    if isinstance(kept, Asked):
        return kept
    state = await work.state(name)
    try:
        return NOTHING if state is None else _decoder.decode(state)
    except msgspec.DecodeError:
        return NOTHING
