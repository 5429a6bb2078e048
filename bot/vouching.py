"""Whether a platform still says that an account is a person's: asked again day by day, and when something has changed.

A round goes over everybody, a page at a time, so that no platform is asked about all of them at once. Whoever acts with
an account that a round has not come to is asked about at once; who may do more than everybody waits for the answer.
"""

from __future__ import annotations

import datetime

from bot.accounts import INBOX, identify, private_place
from bot.effects import Effect, Lane, Vouch
from bot.incoming import Account, Incoming, Removed
from bot.people import Person, Policy, Role
from bot.ports import Claim
from bot.turn import Turn
from bot.work import Work

DAY = datetime.timedelta(hours=24)
EARLY = datetime.timedelta(hours=20)  # so that a round has come to everybody before the day is over
LOOKED_AT = 500  # people of one page
ASKED = 40  # accounts of one page: with the pause below less than a platform answers in a minute
PAUSE = datetime.timedelta(seconds=30)
BETWEEN = datetime.timedelta(minutes=15)  # two rounds
LANE = Lane(INBOX, "vouch", bulk=True)


def is_stale(person: Person, account: Account, now: datetime.datetime) -> bool:
    """The platform was asked more than a day ago. An account of which it never was is for the next round."""
    at = person.vouched.get(account.channel)
    return at is not None and now - at >= DAY


def must_wait(person: Person, incoming: Incoming, policy: Policy, now: datetime.datetime) -> bool:
    """May the act not be handled before the platform has said again whose account it is?"""
    if not is_stale(person, incoming.account, now) or isinstance(incoming.said, Removed):
        return False
    return bool(policy.roles(person) - {Role.EMPLOYEE})


def ask_again(turn: Turn) -> None:
    """What is said meanwhile is handled. Whoever takes the bot away may do so because they leave."""
    account = turn.incoming.account
    if is_stale(turn.speaker, account, turn.now) or isinstance(turn.incoming.said, Removed):
        turn.add(identify(account, private_place(account, turn.speaker), bulk=True))


async def plan_next(work: Work) -> None:
    """At a start: the rounds begin, or go on; of two there is one."""
    work.add(_page(Vouch(), work.now))


def _page(act: Vouch, at: datetime.datetime) -> Effect:
    return Effect(id="vouch:next", lane=LANE, act=act, replaces=True, not_before=at)


async def round_page(work: Work, claim: Claim, act: Vouch) -> None:  # noqa: ARG001
    """Ask about those of the next people whose accounts have not been asked about for long; then comes the next page,
    and after the last one, in a while, the next round."""
    page, last = await _next(work, act.after)
    asked = 0
    for person in await work.people(page):
        due = _due(work, person)
        if asked and asked + len(due) > ASKED:
            break
        for account in due:
            work.add(identify(account, private_place(account, person), bulk=True))
        asked, act = asked + len(due), Vouch(person.id)
    is_last = act.after >= last
    work.add(_page(Vouch() if is_last else act, work.now + (BETWEEN if is_last else PAUSE)))


async def _next(work: Work, after: str) -> tuple[list[str], str]:
    """The ids that come next, in their order, and the last of all; others go on while they are looked for."""
    page: list[str] = []
    last = ""
    async for ids in work.company.store.pages("people"):
        last = max(last, *ids, "")
        below = page[-1] if len(page) == LOOKED_AT else None
        nearer = [one for one in ids if one > after and (below is None or one < below)]
        if nearer:
            page = sorted({*page, *nearer})[:LOOKED_AT]
    return page, last


def _due(work: Work, person: Person) -> list[Account]:
    known = [Account(name, one) for name, one in person.accounts.items() if name in work.company.channels]
    return [one for one in known if work.now - person.vouched.get(one.channel, work.now - DAY) >= EARLY]
