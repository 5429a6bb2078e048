"""`people show`: one person as an operator reads them, at night, and as a program does (`--json`)."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from bot.journey.state import Journey
from bot.journey.views import progress
from bot.locales import language
from bot.people import Person, person_id
from bot.ports import DeadLetter
from bot.work import Work
from wiring.settings import AllSettings

UNREACHABLE = "person-unreachable"
NOT_ASKED = {
    "slack": "it is looked for by e-mail when the first message goes there, or when they write",
    "teams": "Teams tells it when they write to the bot, or the app is installed for them",
}


class Named(msgspec.Struct, frozen=True):
    """Somebody beside them."""

    id: str
    name: str
    email: str


class AccountOn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Their account on a channel, or why none is known. `blocked`: they want to hear nothing there. `failed` is the
    dead letter of a message that could not reach them."""

    channel: str
    id: str | None
    how: str
    asked: datetime.datetime | None = None
    blocked: bool = False
    failed: str | None = None


class Onboarding(msgspec.Struct, frozen=True):
    """One journey. `overdue` counts open steps that are due before today (UTC)."""

    id: str
    scenario: str
    status: Literal["active", "finished", "stopped"]
    start: datetime.date
    done: int
    steps: int
    overdue: int
    ended: datetime.datetime | None


class Known(msgspec.Struct, frozen=True):
    """A person, and where they stand. `journeys` are sentences, `onboardings` the same in parts; `given` are other
    people's journeys in which they have steps."""

    person: Person
    journeys: tuple[str, ...]
    manager: Named | None = None
    roles: tuple[str, ...] = ()
    reached_on: str = ""
    accounts: tuple[AccountOn, ...] = ()
    onboardings: tuple[Onboarding, ...] = ()
    given: tuple[str, ...] = ()


class _Act(msgspec.Struct):
    person: str | None = None


class _Letter(msgspec.Struct):
    """As much of an effect as is asked for here."""

    lane: dict[str, Any]
    act: _Act


async def sought(work: Work, who: str) -> list[Person]:
    """By id, e-mail or @handle; else everybody, also who has left, whose name has all these words in it."""
    exact = await work.person(person_id(who) if "@" in who.lstrip("@") else who)
    if exact is not None:
        return [exact]
    everybody = [*await work.everybody(), *await work.leavers()]
    handle = who.removeprefix("@").casefold()
    named = [person for person in everybody if person.handle == handle]
    words = who.casefold().split()
    return named or [one for one in everybody if words and all(word in one.name.casefold() for word in words)]


async def card(settings: AllSettings, work: Work, person: Person) -> Known:
    head, journeys, given, letters = await asyncio.gather(
        work.person(person.manager),
        work.journeys_of(person.id),
        work.journeys_given(person.id),
        work.company.store.dead(),
    )
    onboardings = [await _onboarding(work, one) for one in journeys]
    on = {"slack": settings.slack.configured, "teams": settings.teams.configured, "web": settings.sandboxed}
    channels = tuple(name for name, is_on in on.items() if is_on)
    failed = [letter for letter in letters if letter.code == UNREACHABLE]
    names = dict.fromkeys([*(name for name in channels if name in NOT_ASKED), *person.accounts])
    return Known(
        person,
        tuple(f"{one.id} {one.scenario} {one.status} since {one.start}" for one in journeys),
        manager=None if head is None else Named(head.id, head.name, head.email),
        roles=tuple(sorted(settings.main.policy.roles(person))),
        reached_on=person.channel(channels) if channels else "",
        accounts=tuple(_account(person, name, name in channels, failed) for name in names),
        onboardings=tuple(onboardings),
        given=tuple(f"{one.id} {one.scenario} of {one.person}" for one in given),
    )


async def _onboarding(work: Work, journey: Journey) -> Onboarding:
    scenario = await work.scenario(journey)
    today = work.now.date()
    open_steps = [journey.step(step.id) for step in scenario.steps if journey.step(step.id).status == "open"]
    overdue = [step for step in open_steps if step.due is not None and step.due < today]
    so_far = progress(journey, scenario)
    return Onboarding(
        journey.id,
        journey.scenario,
        journey.status,
        journey.start,
        done=so_far.done,
        steps=so_far.total,
        overdue=len(overdue) if journey.status == "active" else 0,
        ended=journey.ended_at,
    )


def _account(person: Person, channel: str, is_on: bool, failed: Sequence[DeadLetter]) -> AccountOn:
    known = person.accounts.get(channel)
    if known is not None:
        how = "named by the directory" if channel in person.named else "found by their e-mail"
        how = how if is_on else f"{how}; this channel is off here"
        return AccountOn(channel, known, how, person.vouched.get(channel), blocked=channel in person.blocked)
    for letter in failed:
        if _concerns(letter, person, channel):
            return AccountOn(channel, None, letter.detail, letter.at, failed=letter.id)
    return AccountOn(channel, None, NOT_ASKED[channel])


def _concerns(letter: DeadLetter, person: Person, channel: str) -> bool:
    try:
        effect = msgspec.json.decode(letter.payload, type=_Letter)
    except msgspec.DecodeError:
        return False
    return effect.act.person == person.id and effect.lane.get("destination") == channel


def lines(found: Known, today: datetime.date) -> Iterator[str]:
    """As people at a terminal read it."""
    person, head = found.person, found.manager
    yield f"{person.name} <{person.email}>"
    if person.left is not None:
        yield _row("left", f"{person.left:%Y-%m-%d}: no roles, no messages")
    yield _row("id", f"{person.id}   (this is what stands in logs)")
    yield _row("department", person.department or "none")
    yield _row("manager", f"{head.name} <{head.email}>" if head else _no_manager(person))
    yield _row("roles", ", ".join(found.roles) or "none")
    yield _row("starts", _day(person.start_date, today) if person.start_date else "no start date in the directory")
    yield _row("language", f"{language(person.locale)}   zone {person.timezone}   holidays of {person.country}")
    yield from _rows("accounts", map(_account_line, found.accounts) if found.accounts else ["no channel is set up"])
    yield _row("messages", f"go to {found.reached_on}" if found.reached_on else "go nowhere: no channel is set up")
    yield from _rows("journeys", map(_onboarding_line, found.onboardings) if found.onboardings else ["none"])
    if found.given:
        yield from _rows("has steps in", found.given)


def several(found: Sequence[Person]) -> Iterator[str]:
    """Whom else the name may mean."""
    for person in sorted(found, key=lambda one: one.name):
        left = f"  left {person.left:%Y-%m-%d}" if person.left is not None else ""
        yield f"  {person.name} <{person.email}>  {person.department}{left}".rstrip()


def _row(name: str, text: str) -> str:
    return f"  {name:13} {text}"


def _rows(name: str, texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield _row("" if number else name, text)


def _no_manager(person: Person) -> str:
    return f"unknown: {person.manager} is no longer remembered" if person.manager else "none"


def _day(day: datetime.date, today: datetime.date) -> str:
    days = (day - today).days
    when = "today" if days == 0 else f"in {days} days" if days > 0 else f"{-days} days ago"
    return f"{day:%Y-%m-%d, %A} ({when})"


def _account_line(account: AccountOn) -> str:
    if account.id is None:
        letter = f" (tried {account.asked:%Y-%m-%d %H:%M}Z, dead letter {account.failed})" if account.asked else ""
        return f"{account.channel:6} none known: {account.how}{letter}"
    asked = f", confirmed {account.asked:%Y-%m-%d %H:%M}Z" if account.asked else ""
    blocked = "; blocked by them: they want no messages there" if account.blocked else ""
    return f"{account.channel:6} {account.id}   {account.how}{asked}{blocked}"


def _onboarding_line(one: Onboarding) -> str:
    overdue = f", {one.overdue} overdue" if one.overdue else ""
    ended = f", ended {one.ended:%Y-%m-%d}" if one.ended else ""
    return f"{one.scenario} ({one.id}) {one.status}: since {one.start}{ended}, {one.done} of {one.steps} done{overdue}"
