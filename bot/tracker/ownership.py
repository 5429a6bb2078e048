"""Which issues are ours: the one rule of all ways in, and what is said of issues that only carry our label.

A label is no proof: whoever may edit an issue can copy it. An issue may stand for what was asked for only when our own
account has created it, it is in the project that was asked for, and it is not known to be something else. What a
journey knows by its id needs no label, and no proof again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec

from bot.effects import CreateIssue, RaiseTicket, VerifyIssue
from bot.journey.tracking import project_of
from bot.message import Link, Message, Phrase
from bot.ports import OwnIssues
from bot.runner import Runner
from bot.tracker.labels import made_under
from bot.tracker.snapshot import Snapshot
from bot.work import Work

MOST_TOLD = 5  # foreign issues of one label; whoever makes more of them must not fill the administrators' inbox
log = logging.getLogger(__name__)

Making = CreateIssue | VerifyIssue | RaiseTicket
Standing = Literal["own", "taken", "elsewhere", "foreign", "unknown"]


class Asked(msgspec.Struct, frozen=True):
    """What a label was made for: the lookups that name it say `whose` it is. `project`: where it was asked for, None:
    nobody said."""

    whose: str
    project: str | None


def whose(act: Making) -> str:
    """What an act makes an issue for, as lookups name it."""
    return f"ticket:{act.rule}:{act.cause}" if isinstance(act, RaiseTicket) else f"{act.journey} {act.step}"


def made_as_asked(snapshot: Snapshot, project: str | None) -> Standing:
    """By what the issue itself says: who has created it, and where it is."""
    if snapshot.made_by_us is None:
        return "unknown"
    if not snapshot.made_by_us:
        return "foreign"
    return "own" if project is None or snapshot.project.casefold() == project.casefold() else "elsewhere"


async def asked_for(work: Work, journey_id: str, step: str) -> Asked:
    """What the label of a step's issue was made for."""
    journey = await work.journey(journey_id)
    named = None if journey is None else project_of(journey, step, await work.scenario(journey))
    return Asked(f"{journey_id} {step}", named or work.company.project)


async def standings(work: Work, asked: Asked, snapshots: Sequence[Snapshot]) -> list[Standing]:
    """How each issue stands to what the label was made for."""
    found = [made_as_asked(one, asked.project) for one in snapshots]
    own = [one for one, standing in zip(snapshots, found, strict=True) if standing == "own"]
    taken = await _known_otherwise(work, asked.whose, own) if own else ()
    return [
        "taken" if standing == "own" and one.id in taken else standing
        for one, standing in zip(snapshots, found, strict=True)
    ]


async def _known_otherwise(work: Work, whose: str, own: Sequence[Snapshot]) -> Collection[str]:
    """Ids of issues of ours that are, or may be, something else: another step's, a ticket, the duplicate of another
    step's. One with labels of two steps has got one of them from people, and it is not seen which."""
    store = work.company.store
    names = {one.id: _names(one) for one in own}
    every = [whose, *(name for those in names.values() for name in those)]
    found = dict(zip(every, await store.lookup(every), strict=True))
    others = {one for one, those in names.items() if {found[name] for name in those} - {None, whose}}
    tickets = {*await store.members("tickets")}
    ticket = found[whose] if whose.startswith("ticket:") else None
    return others | {one.id for one in own if one.id in tickets and one.key != ticket}


def _names(snapshot: Snapshot) -> list[str]:
    labels = (f"label:{label}" for label in made_under(snapshot.labels))
    return [f"issue-id:{snapshot.id}", f"issue:{snapshot.key}", twin_name(snapshot.key), *labels]


def twin_name(key: str) -> str:
    """The lookup that says whose duplicate an issue was closed as."""
    return f"twin:{key}"


async def report(work: Work, asked: Asked, foreign: Sequence[Snapshot]) -> None:
    """Administrators hear of each issue that carries a label and is not ours, once, however often it changes."""
    name = f"foreign:{asked.whose}"
    (known,) = await work.company.store.lookup([name])
    told = [] if known is None else known.split()
    before = len(told)
    for one in foreign:
        if one.id in told:
            continue
        log.warning("issue is not ours", extra={"issue": one.id, "whose": asked.whose})
        if len(told) < MOST_TOLD:
            told.append(one.id)
            message = Message(Phrase("alert-foreign-issue", {"key": one.key}), links=(Link(one.key, one.url),))
            await work.say_to_admins(f"foreign-issue:{one.id}", message)
    if len(told) > before:
        work.name(name, " ".join(told))


class Ownership:
    """The rule for what is looked for under a label, where nothing is known by its id yet."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def of(self, act: Making) -> OwnIssues:
        """Tells the own issues of an act from all that carry its label, and reports the others."""

        async def own(snapshots: Sequence[Snapshot]) -> Collection[str]:
            work = Work(self._runner.company, self._runner.now())
            asked = await _asked(work, act)
            found = list(zip(snapshots, await standings(work, asked, snapshots), strict=True))
            foreign = [one for one, standing in found if standing in {"foreign", "elsewhere"} and not one.twin]
            if foreign:
                await self._report(act, asked, foreign)
            return {one.id for one, standing in found if standing == "own"}

        return own

    async def _report(self, act: Making, asked: Asked, foreign: Sequence[Snapshot]) -> None:
        async def decision(work: Work) -> None:
            await report(work, asked, foreign)

        await self._runner.run(act.journey or asked.whose, decision)


async def _asked(work: Work, act: Making) -> Asked:
    if isinstance(act, VerifyIssue):
        return await asked_for(work, act.journey, act.step)
    return Asked(whose(act), act.draft.project or work.company.project)
