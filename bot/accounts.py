"""Who is behind an account: what was said waits until the platform has vouched for somebody, and is then handled."""

from __future__ import annotations

import datetime

import msgspec

from bot.effects import Effect, Identify, Lane, Remind, Resume, Say, ShowChecklist
from bot.incoming import Account, Incoming, Opened
from bot.message import Message, Phrase, Reply
from bot.people import Person, normal_email, person_id
from bot.ports import Claim
from bot.results import Posted, Profile, Result
from bot.work import Work

INBOX = "inbox"  # the destination that brings a waiting act back in
WAITING_LIMIT = 50
STRANGER_FOR = datetime.timedelta(hours=1)


class Unjoined(msgspec.Struct, frozen=True):
    """An account that is not joined to a person: what waits for it, or since when it is known to be a stranger's."""

    waiting: tuple[Incoming, ...] = ()
    stranger_since: datetime.datetime | None = None


_unjoined = msgspec.json.Decoder(Unjoined)


async def _load(work: Work, account: Account) -> Unjoined:
    state = await work.state(f"account:{account.key}")
    return Unjoined() if state is None else _unjoined.decode(state)


async def hold(work: Work, incoming: Incoming, account: Account) -> Reply | None:
    """Let `incoming` wait until it is known whose `account` is; `account` is its author or somebody it mentions."""
    unjoined = await _load(work, account)
    since = unjoined.stranger_since
    if since is not None and work.now - since < STRANGER_FOR:
        return _to_stranger(incoming, account)
    if len(unjoined.waiting) >= WAITING_LIMIT:
        return _now(incoming, "one-moment")
    held = Unjoined((*unjoined.waiting, incoming))
    work.put(f"account:{account.key}", msgspec.json.encode(held))
    work.add(identify(account))
    return _now(incoming, "one-moment")


def identify(account: Account) -> Effect:
    lane = Lane(account.channel, f"who:{account.key}")
    return Effect(id=f"identify:{account.key}", lane=lane, act=Identify(account), replaces=True)


def _now(incoming: Incoming, key: str) -> Reply | None:
    return Reply("ru", Message(Phrase(key))) if incoming.answers_at_once else None


def _to_stranger(incoming: Incoming, account: Account) -> Reply | None:
    """A stranger has been told once; somebody who mentions one is told each time."""
    key = "stranger" if account == incoming.account else "person-outside"
    return _now(incoming, key)


async def identified(work: Work, claim: Claim, profile: Result) -> None:
    """The platform has said whose account it is, or that it does not vouch for anybody."""
    if not isinstance(profile, Profile):
        raise TypeError(f"{claim.effect.id} brought back {type(profile).__name__}")
    unjoined = await _load(work, profile.account)
    person = await _owner(work, profile)
    if person is None:
        _turn_away(work, profile.account, unjoined)
        return
    work.put_person(person.with_account(profile.account))
    work.put(f"account:{profile.account.key}", None)
    for incoming in unjoined.waiting:
        work.add(_resume(incoming, profile.account))


async def _owner(work: Work, profile: Profile) -> Person | None:
    """The person of the directory with that e-mail; else a new one, if the e-mail's domain may talk to us."""
    if profile.email is None:
        return None
    person = await work.person_by_email(profile.email)
    if person is not None or not work.company.policy.welcomes(profile.email):
        return person
    email = normal_email(profile.email)
    known = Person(id=person_id(email), email=email, name=profile.name or email)
    return msgspec.structs.replace(
        known, locale=profile.locale or known.locale, timezone=profile.timezone or known.timezone
    )


def _turn_away(work: Work, account: Account, unjoined: Unjoined) -> None:
    work.put(f"account:{account.key}", msgspec.json.encode(Unjoined(stranger_since=work.now)))
    for incoming in unjoined.waiting:
        if isinstance(incoming.said, Opened):
            continue
        if incoming.account == account:
            work.say_at(f"stranger:{account.key}", incoming.place, Message(Phrase("stranger")), once=True)
        else:
            work.say_at(f"{incoming.id}:outside", incoming.place, Message(Phrase("person-outside")))


def _resume(incoming: Incoming, account: Account) -> Effect:
    """The act comes in again under a name of its own; what it says can no longer be part of an acknowledgement."""
    again = msgspec.structs.replace(incoming, id=f"{incoming.id}:again", also=(), answers_at_once=False)
    return Effect(id=f"resume:{again.id}", lane=Lane(INBOX, account.key), act=Resume(again))


async def posted(work: Work, claim: Claim, result: Result) -> None:
    """Remember what a delivery has found out: where a checklist stands, and an account that was looked up by e-mail."""
    if not isinstance(result, Posted):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    act = claim.effect.act
    if isinstance(act, ShowChecklist):
        work.name(board(act.journey, claim.destination), result.ref)
    if result.account is not None and isinstance(act, Say | ShowChecklist | Remind):
        person = await work.person(act.person)
        if person is not None:
            work.put_person(person.with_account(result.account))


def board(journey: str, channel: str) -> str:
    """The lookup that names the message where a journey's checklist stands on a channel."""
    return f"board:{journey}:{channel}"
