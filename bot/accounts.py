"""Who is behind an account: what was said waits until the platform has vouched for somebody, and is then handled."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

from bot import closed_accounts
from bot.calendar import timezones
from bot.effects import Digest, Effect, Identify, Lane, Remind, Resume, Say, ShowChecklist
from bot.incoming import Account, AccountChanged, Incoming, Installed, Opened, Place, Removed
from bot.message import Message, Phrase, Reply
from bot.people import Person, is_disguised, normal_email, person_id, tidy_name
from bot.ports import Claim
from bot.results import Posted, Profile, Result
from bot.turn import Turn
from bot.work import Work, board

INBOX = "inbox"  # the destination that brings a waiting act back in
WAITING_LIMIT = 50  # acts of an account that wait for it; and of all others together, who mention it
WAITING_BYTES = 500_000  # of what waits for one account, each of the two, as it is stored
MENTIONS_EACH = 5  # acts of one account that wait for another
STRANGER_FOR = datetime.timedelta(hours=1)


class Unjoined(msgspec.Struct, frozen=True):
    """An account that is not joined to a person: what waits for it, or since when it is known to be a stranger's.

    `why` is the text that its owner is told. `outside`: the platform says that it is nobody's of the company. `person`
    is who it belonged to, if they have left. `locale`: what they are told it in, where the platform has said that.
    """

    waiting: tuple[Incoming, ...] = ()
    stranger_since: datetime.datetime | None = None
    why: Literal["stranger", "stranger-left", "stranger-moved"] = "stranger"
    outside: bool = False
    person: str | None = None
    locale: str | None = None


_unjoined = msgspec.json.Decoder(Unjoined)


async def _load(work: Work, account: Account) -> Unjoined:
    state = await work.state(f"account:{account.key}")
    return Unjoined() if state is None else _unjoined.decode(state)


async def is_outside(work: Work, account: Account) -> bool:
    """Has the platform said that it is nobody's of the company?"""
    return (await _load(work, account)).outside


async def hold(work: Work, incoming: Incoming) -> Reply | None:
    """Let what somebody unknown did wait until it is known who they are. A stranger is told so, once."""
    if isinstance(incoming.said, Removed):
        return None  # nobody is left who would hear us
    unjoined = await _load(work, incoming.account)
    if _is_stranger(unjoined, work.now) and not await _is_back(work, unjoined):
        if not incoming.answers_at_once:
            _tell_stranger(work, incoming, unjoined)
        return _now(incoming, unjoined, unjoined.why)
    held = _with(unjoined, incoming, incoming.account)
    if held is None:
        if not incoming.answers_at_once:
            work.add(_too_many(incoming, unjoined))
        return _now(incoming, unjoined, "too-many-waiting")
    _wait(work, incoming.account, incoming.place, held)
    return _now(incoming, unjoined, "one-moment")


async def hold_for(turn: Turn, account: Account) -> Reply | None:
    """Let what somebody said wait until it is known whose account it mentions."""
    unjoined = await _load(turn, account)
    if _is_stranger(unjoined, turn.now):
        return turn.answer(Message(Phrase("person-outside")))
    held = _with(unjoined, turn.incoming, account)
    if held is None:
        return turn.answer(Message(Phrase("too-many-waiting")))
    _wait(turn, account, turn.incoming.place, held)
    return turn.answer(Message(Phrase("one-moment-person"))) if turn.incoming.answers_at_once else None


def _is_stranger(unjoined: Unjoined, now: datetime.datetime) -> bool:
    """Neither later nor much earlier than it was found out: the clock that said when may have been ahead."""
    return unjoined.stranger_since is not None and abs(now - unjoined.stranger_since) < STRANGER_FOR


def _with(unjoined: Unjoined, incoming: Incoming, account: Account) -> bytes | None:
    """What waits, and this as well; None when that is too much. What is not kept is not acknowledged in silence.

    Whoever mentions an account takes no place from what it says itself, and little from others who mention it.
    """
    own = incoming.account == account
    beside = [one for one in unjoined.waiting if (one.account == account) == own]
    theirs = [one for one in beside if one.account == incoming.account]
    if len(beside) >= WAITING_LIMIT or (not own and len(theirs) >= MENTIONS_EACH):
        return None
    if not _fits([*beside, incoming], WAITING_BYTES):
        return None
    if not own and not _fits([*theirs, incoming], WAITING_BYTES // (WAITING_LIMIT // MENTIONS_EACH)):
        return None
    more = (*unjoined.waiting, incoming)
    return msgspec.json.encode(msgspec.structs.replace(unjoined, waiting=more, stranger_since=None))


def _fits(acts: list[Incoming], size: int) -> bool:
    return len(msgspec.json.encode(acts)) <= size


def _wait(work: Work, account: Account, place: Place, held: bytes) -> None:
    work.put(f"account:{account.key}", held)
    work.add(identify(account, place))


def _too_many(incoming: Incoming, unjoined: Unjoined) -> Effect:
    """Of those that have not been said yet one is enough, however many messages it is about."""
    act = Say(Message(Phrase("too-many-waiting"), language=_locale(incoming, unjoined)), place=incoming.place)
    lane = Lane(incoming.place.channel, incoming.place.conversation)
    return Effect(id=f"too-many:{incoming.account.key}", lane=lane, act=act, replaces=True)


async def _is_back(work: Work, unjoined: Unjoined) -> bool:
    """Who had left is in the directory again."""
    person = await work.person(unjoined.person)
    return person is not None and person.is_active


async def changed(work: Work, incoming: Incoming, person: Person | None) -> None:
    """The platform tells of a change: it is asked, unless the change is none of what we know the account by."""
    said, account = incoming.said, incoming.account
    if not isinstance(said, AccountChanged):
        return
    if person is None:
        known = (await _load(work, account)).stranger_since is not None
    else:
        same = said.email is not None and (normal_email(said.email) == person.email or person.is_named(account))
        known = said.outside or not same
    if known:
        work.add(identify(account, private_place(account, person), bulk=True, anew=True))


def private_place(account: Account, person: Person | None) -> Place:
    """Where an account is met by itself: what it did elsewhere says nothing about it."""
    address = None if person is None else person.addresses.get(account.channel)
    return Place(account.channel, address or account.id)


def identify(account: Account, place: Place, *, bulk: bool = False, anew: bool = False) -> Effect:
    """One of each kind is enough; what is asked anew is not replaced by what need not be."""
    lane = Lane(account.channel, f"who:{account.key}", bulk=bulk)
    name = f"identify:{account.key}:anew" if anew else f"identify:{account.key}"
    return Effect(id=name, lane=lane, act=Identify(account, place, anew), replaces=True)


def _locale(incoming: Incoming, unjoined: Unjoined) -> str | None:
    """The language of somebody of whom only the platform tells one."""
    return incoming.locale or unjoined.locale


def _now(incoming: Incoming, unjoined: Unjoined, key: str) -> Reply | None:
    locale = _locale(incoming, unjoined) or "ru"
    return Reply(locale, Message(Phrase(key))) if incoming.answers_at_once else None


async def identified(work: Work, claim: Claim, profile: Result) -> None:
    """The platform has said whose account it is, or that it does not vouch for anybody."""
    act = claim.effect.act
    if not isinstance(profile, Profile) or not isinstance(act, Identify):
        raise TypeError(f"{claim.effect.id} brought back {type(profile).__name__}")
    asked = act.account
    unjoined = await _load(work, asked)
    # Asked for by another name it may be one that we know; and meanwhile somebody may have told us whose it is.
    owner = await work.owner(profile.account) or await work.owner(asked)
    person = owner if owner is not None and _is_still_theirs(owner, profile) else await _owner(work, profile)
    if owner is not None and (person is None or person.id != owner.id):
        without = await work.unjoin(owner, asked.channel)
        if profile.closed:
            closed_accounts.close(work, without, asked.channel)
        if not profile.outside and (person is None or await work.person(person.id) is None):
            spoke = act.place is not None and act.place.private
            place = act.place if spoke and act.place is not None else private_place(asked, owner)
            moved = Message(Phrase("stranger-moved"), language=owner.locale)
            work.say_at(f"moved:{asked.key}:{work.now:%Y%m%d}", place, moved, once=True)
    spoken = (one.locale for one in unjoined.waiting if one.account == asked and one.locale)
    locale = profile.locale or next(spoken, None)
    if person is None or not person.is_active:
        found = msgspec.structs.replace(_why(owner, person, profile), locale=locale)
        await _turn_away(work, asked, unjoined, found)
        return
    after = person.with_account(profile.account).vouched_for(profile.account.channel, work.now)
    after = after.restored(profile.account.channel).speaking(locale)
    if asked != profile.account:
        after = after.with_alias(asked)
    await _join(work, person, after)
    work.put(f"account:{asked.key}", None)
    for incoming in unjoined.waiting:
        work.add(resume(incoming, asked))


def _is_still_theirs(owner: Person, profile: Profile) -> bool:
    """Where the platform tells no e-mail it says nothing against it; to the directory an account is more than that."""
    if profile.outside or not owner.is_active:
        return False
    same = profile.email is None or normal_email(profile.email) == owner.email
    return same or owner.is_named(profile.account)


def _why(owner: Person | None, person: Person | None, profile: Profile) -> Unjoined:
    if person is not None:
        return Unjoined(why="stranger-left", person=person.id)
    return Unjoined(why="stranger" if owner is None or profile.outside else "stranger-moved", outside=profile.outside)


async def _join(work: Work, before: Person, after: Person) -> None:
    """Whose address it once was speaks for them no longer."""
    await work.hand_over(before, after)
    work.put_person(after)
    await closed_accounts.reopened(work, before, after)


async def _owner(work: Work, profile: Profile) -> Person | None:
    """The person of the directory with that e-mail; else a new one, if the e-mail's domain may talk to us."""
    if profile.outside or profile.email is None or is_disguised(profile.email):
        return None
    person = await work.person_by_email(profile.email)
    if person is not None or not work.company.policy.welcomes(profile.email):
        return person
    email = normal_email(profile.email)
    known = Person(id=person_id(email), email=email, name=tidy_name(profile.name) or email, origin="domain")
    timezone = profile.timezone if profile.timezone in timezones() else None  # Exchange has names of its own
    new = msgspec.structs.replace(known, timezone=timezone or known.timezone, locale_source="default")
    return new.speaking(profile.locale)


async def _turn_away(work: Work, account: Account, unjoined: Unjoined, found: Unjoined) -> None:
    if found.why == "stranger" and not found.outside and unjoined.why == "stranger-moved":
        found = msgspec.structs.replace(found, why=unjoined.why)  # they are still who they were
    since = msgspec.structs.replace(found, stranger_since=work.now)
    work.put(f"account:{account.key}", msgspec.json.encode(since))
    for incoming in unjoined.waiting:
        if incoming.account == account:
            _tell_stranger(work, incoming, found)
        else:
            speaker = await work.owner(incoming.account)
            work.say_at(f"{incoming.id}:outside", incoming.place, Message(Phrase("person-outside")), speaker)


def _tell_stranger(work: Work, incoming: Incoming, unjoined: Unjoined) -> None:
    """Whoever has only opened a page has said nothing that wants an answer."""
    if not isinstance(incoming.said, Opened | Installed):
        said = Message(Phrase(unjoined.why), language=_locale(incoming, unjoined))
        work.say_at(f"{unjoined.why}:{incoming.account.key}", incoming.place, said, once=True)


def resume(incoming: Incoming, account: Account) -> Effect:
    """The act comes in again under a name of its own; what it says can no longer be part of an acknowledgement."""
    name = f"{incoming.id}:again"
    again = msgspec.structs.replace(incoming, id=name, also=(), answers_at_once=False, opens_forms=False, counted=True)
    return Effect(id=f"resume:{again.id}", lane=Lane(INBOX, account.key), act=Resume(again))


async def posted(work: Work, claim: Claim, result: Result) -> None:
    """Remember what a delivery has found out: where a checklist stands, an account that was looked up by e-mail, a
    conversation that was opened."""
    if not isinstance(result, Posted):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    act = claim.effect.act
    before = await work.person(act.person) if isinstance(act, Say | ShowChecklist | Remind | Digest) else None
    if before is not None and (not before.is_active or _has_moved(before, claim.destination, result)):
        return
    if isinstance(act, ShowChecklist):
        work.name(board(act.journey, claim.destination), result.ref)
    after = before and _known_better(before, claim.destination, result)
    if before is not None and after is not None and after != before:
        await _join(work, before, after)


def _has_moved(person: Person, channel: str, result: Posted) -> bool:
    """While it was on its way to an account of theirs they got another: where it stands is perhaps another's."""
    found = None if result.account is None else result.account.id
    return person.accounts.get(channel) not in (result.to, found)


def _known_better(person: Person, channel: str, result: Posted) -> Person:
    after = person if result.account is None else person.with_account(result.account)
    after = after.speaking(result.locale)
    return after if result.address is None else after.with_address(channel, result.address)
