"""When somebody leaves the company: at once they are nobody to us, and then what was theirs finds somebody else.

The first is one commit with whatever says that they have left. The second goes page by page, one journey each, in a
lane: a crash in between is gone on from, by whichever bot is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec

from bot import commands
from bot.accounts import INBOX
from bot.closed_accounts import unlist
from bot.effects import Depart, Effect, Lane, Moved
from bot.incoming import Account
from bot.journey import views
from bot.journey.attention import ONBOARDINGS
from bot.journey.state import LEFT, Journey, held_by
from bot.message import Arg, Button, Fact, Item, Message, Phrase
from bot.people import Person, Role
from bot.ports import Claim
from bot.work import Work

SHOWN = 25  # names, and steps, of one message
CHAIN = 20  # heads of heads; a directory of before may name two people as each other's
LANE = Lane(INBOX, "leavers")


async def leave(work: Work, people: Sequence[Person]) -> None:
    """From now on they have no roles and no accounts, nothing is sent to them, and nobody finds them. What they had
    follows in a lane. Their records stay."""
    for person in people:
        for channel in person.accounts:
            person = await work.unjoin(person, channel)
        await _release_aliases(work, person)
        for role in person.roles:
            work.member(f"role:{role}", person.id, present=False)
        gone = _gone(work, person)
        work.put_person(gone)
        unlist(work, person, gone)
    ids = tuple(person.id for person in people)
    name = hashlib.blake2b(" ".join(ids).encode(), digest_size=8).hexdigest()
    effect = f"depart:{name}:{work.now:%Y%m%dT%H%M%S.%f}"
    work.add(Effect(id=effect, lane=LANE, act=Depart(people=ids, waiting=ids)))


async def _release_aliases(work: Work, person: Person) -> None:
    """Names of an account on a channel where it is not known by its main one."""
    for alias in person.aliases:
        owner = await work.owner(Account(*alias.split(":", 1)))
        if owner is not None and owner.id == person.id:
            work.name(f"account:{alias}", None)


def _gone(work: Work, person: Person) -> Person:
    bare: dict[str, Any] = {
        "roles": frozenset(),
        "addresses": {},
        "aliases": (),
        "named": {},
        "vouched": {},
        "homes": (),
        "blocked": (),
        "closed": {},
    }
    return msgspec.structs.replace(person, **bare, reach=None, preferred=None, left=work.now)


# --- what was theirs


async def departed(work: Work, claim: Claim, act: Depart, others: Callable[[Work, Person], Awaitable[None]]) -> None:
    """One page: the next journey that somebody who has left has a part in; at the end everybody concerned is told.

    `others`: what capabilities do with whatever else was theirs.
    """
    name = claim.effect.id.partition("@")[0]
    if not act.waiting:
        await _tell(work, name, act)
        return
    person = await work.person(act.waiting[0])
    journey = None if person is None or person.is_active else await _next_journey(work, person)
    after = msgspec.structs.replace(act, page=act.page + 1)
    if person is not None and journey is not None:
        moved = await _put_in_order(work, person, journey)
        stopped = act.stopped + (journey.person == person.id)
        after = msgspec.structs.replace(after, moved=(*act.moved, *moved), stopped=stopped)
    else:
        after = msgspec.structs.replace(after, waiting=act.waiting[1:])
        if person is not None and not person.is_active:
            await _team(work, person)
            for one in await work.company.store.members(f"journeys:{person.id}"):
                work.score(ONBOARDINGS, one, None)
            await others(work, person)
    work.add(Effect(id=f"{name}@{after.page}", lane=LANE, act=after))


async def _next_journey(work: Work, person: Person) -> Journey | None:
    """Their own, or one of another's of which they are the manager or have a step."""
    store = work.company.store
    ids = {one for index in ("journeys", "headed", "given") for one in await store.members(f"{index}:{person.id}")}
    for journey in await work.journeys(sorted(ids)):
        theirs = person.id in (journey.person, journey.manager) or held_by(journey, person.id)
        if journey.status == "active" and theirs:
            return journey
    return None


async def _put_in_order(work: Work, person: Person, journey: Journey) -> list[Moved]:
    scenario = await work.scenario(journey)
    if journey.person == person.id:
        await work.decide(journey, commands.StopJourney(LEFT), scenario)
        return []
    manager = await _successor(work, person, journey)
    to = None if manager is None else manager.id
    steps = list(held_by(journey, person.id))
    if journey.manager == person.id:
        mine = (one for one in scenario.steps if journey.executor(one) == person.id)
        steps += [one.id for one in mine if one.id not in steps and journey.step(one.id).status == "open"]
        steps.append("")
    await work.decide(journey, commands.HandOver(leaver=person.id, manager=to), scenario)
    return [] if to is None else [Moved(to, journey.id, step) for step in steps]


async def _successor(work: Work, person: Person, journey: Journey) -> Person | None:
    """The journey's manager; if that is who has left, the head of its person now, and else HR. Nobody is asked to look
    after their own onboarding."""
    manager = await work.person(journey.manager)
    if manager is not None and manager.is_active and manager.id != person.id:
        return manager
    newcomer = await work.person(journey.person)
    head = None if newcomer is None else await _head(work, newcomer)
    if head is not None and head.id != journey.person:
        return head
    for role in (Role.HR, Role.ADMIN):
        others = [one for one in await work.with_role(role) if one.id != journey.person]
        if others:
            return others[0]
    return None


async def _head(work: Work, person: Person) -> Person | None:
    """Whoever heads them; in the place of somebody who has left it is the one above."""
    head = person.manager
    for _ in range(CHAIN):
        found = await work.person(head)
        if found is None or found.is_active:
            return found
        head = found.manager
    return None


async def _team(work: Work, person: Person) -> None:
    """Those whom the directory still has under somebody who has left are under whoever stands above."""
    for one in await work.team(person.id):
        head = await _head(work, one)
        work.member(f"team:{person.id}", one.id, present=False)
        work.put_person(msgspec.structs.replace(one, manager=None if head is None or head.id == one.id else head.id))


# --- who hears of it


async def _tell(work: Work, name: str, act: Depart) -> None:
    people = [one for one in await work.people(act.people) if not one.is_active]
    if not people:
        return
    shown = ", ".join(one.name for one in people[:SHOWN])
    names: dict[str, Arg] = {"names": shown, "more": max(0, len(people) - SHOWN)}
    items = await _items(work, act.moved, own=False)
    steps = sum(one.step != "" for one in act.moved)
    counts: dict[str, Arg] = {"stopped": act.stopped, "steps": steps, "journeys": len(act.moved) - steps}
    for reader in await work.with_role(Role.HR) or await work.with_role(Role.ADMIN):
        what = Phrase("handed-over", counts) if act.stopped or act.moved else Phrase("handed-over-nothing")
        facts = (Fact(Phrase("fact-handed-over"), what),)
        work.say(f"{name}:hr:{reader.id}", reader, Message(Phrase("left-hr", names), facts=facts, items=items))
    for to in dict.fromkeys(one.to for one in act.moved):
        new = await work.person(to)
        mine = tuple(one for one in act.moved if one.to == to)
        if new is not None:
            text = Phrase("left-to-you", {**names, "listed": min(len(mine), SHOWN), "all": len(mine)})
            work.say(f"{name}:to:{to}", new, Message(text, items=await _items(work, mine, own=True)))


async def _items(work: Work, moved: Sequence[Moved], *, own: bool) -> tuple[Item, ...]:
    """What has moved, one line each; `own`: to the reader, who may have something to do about it."""
    items: list[Item] = []
    for one in moved[:SHOWN]:
        journey = await work.journey(one.journey)
        newcomer = None if journey is None else await work.person(journey.person)
        to = await work.person(one.to)
        if journey is None or newcomer is None or to is None:
            continue
        scenario = await work.scenario(journey)
        step = scenario.step(one.step)
        args: dict[str, Arg] = {"name": newcomer.name, "to": to.name}
        note = Phrase("note-handed-over" if own else "note-handed-over-to", args)
        name = f"{journey.id}:{one.step}"
        if step is not None and own and journey.step(step.id).status == "open" and journey.executor(step) == to.id:
            links, button = views.step_links(step), views.done_button(journey, step)
            items.append(Item(name, step.title, "open", note, text=step.text, links=links, button=button))
            continue
        progress = Button("progress", newcomer.id, Phrase("button-progress")) if own and step is None else None
        title = scenario.title if step is None else step.title
        mark = "open" if step is None else journey.step(step.id).status
        items.append(Item(id=name, title=title, mark=mark, note=note, button=progress))
    return tuple(items)
