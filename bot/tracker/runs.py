"""When a reconciliation runs: every 15 minutes by itself, and when somebody asks; and what follows a page of it."""

from __future__ import annotations

import datetime

from bot import asked_runs
from bot.asked_runs import UnderWay
from bot.effects import Effect, Lane, Reconcile, SyncIssue
from bot.message import Message, Phrase
from bot.ports import Claim, Store
from bot.results import Reconciled, Result
from bot.runner import Runner
from bot.tracker.drift import Summary, summary_of
from bot.work import Work

EVERY = datetime.timedelta(minutes=15)
STATE = "reconciliation"  # the last run that came by itself
ASKED = "reconciliation:asked"  # the last one that somebody asked for
UNSYNCED = "unsynced"  # steps, as targets are written, with changes of ours whose effect was given up


def lane(tracker: str, *, asked: bool = False) -> Lane:
    """Runs that come by themselves go one after another. Those that somebody asks for do not wait for them, and
    however often that is, they take no more than one place from what people wait for."""
    return Lane(tracker, "reconcile:asked" if asked else "reconcile", bulk=not asked)


def next_run(tracker: str, at: datetime.datetime) -> Effect:
    """The next run that comes by itself; there is one that waits, whoever plans it."""
    return _by_itself(tracker, Reconcile(run=f"auto:{at:%Y%m%dT%H%M%S}", began=at), at)


def _by_itself(tracker: str, act: Reconcile, at: datetime.datetime | None = None) -> Effect:
    """All pages of all such runs are one effect: a start in the middle of a run begins it anew, and no second one."""
    return Effect(id="reconcile:next", lane=lane(tracker), act=act, replaces=True, not_before=at)


async def last_summary(store: Store) -> Summary | None:
    """Of the run that has ended last, whoever wanted it."""
    ended = [summary_of(loaded.state) for loaded in await store.load([STATE, ASKED])]
    return max(filter(None, ended), key=lambda one: one.ended, default=None)


async def plan_next(runner: Runner) -> None:
    """At a start: the runs that come by themselves begin, or go on."""
    tracker = runner.company.tracker
    if tracker is None:
        return

    async def decision(work: Work) -> None:
        work.add(next_run(tracker, work.now))

    await runner.run(STATE, decision)


def asked_run(tracker: str, run: str, at: datetime.datetime, asked_by: str | None) -> Effect:
    """A run of everything, for somebody who asks."""
    act = Reconcile(run=run, began=at, full=True, asked_by=asked_by)
    return Effect(id=f"reconcile:{run}", lane=lane(tracker, asked=True), act=act, once=True)


async def ask(work: Work, tracker: str, run: str, asked_by: str | None) -> UnderWay | None:
    """Begin a run of everything; the one that is under way, if there is one: `asked_by` is told of its end, too."""
    known = await asked_runs.join(work, STATE, asked_by)
    if known is None:
        await asked_runs.begin(work, STATE, run, asked_by)
        work.add(asked_run(tracker, run, work.now, asked_by))
    return known


async def reconciled(work: Work, claim: Claim, result: Result) -> None:
    """The next page; after the last one of a run that came by itself, the next run."""
    act = claim.effect.act
    if not isinstance(result, Reconciled) or not isinstance(act, Reconcile):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    following = result.following
    if following is None:
        if not act.full:
            work.add(next_run(claim.destination, work.now + EVERY))
    elif act.full:
        effect = f"reconcile:{following.run}:{following.phase}:{following.page}"
        work.add(Effect(id=effect, lane=lane(claim.destination, asked=True), act=following))
    else:
        work.add(_by_itself(claim.destination, following))


async def given_up(work: Work, claim: Claim) -> None:
    """An effect has become a dead letter: the runs go on all the same, and the next one asks again for what was to be
    written."""
    match claim.effect.act:
        case Reconcile(full=False):
            work.add(next_run(claim.destination, work.now + EVERY))
        case Reconcile(asked_by=asked_by, run=run):
            for reader in await asked_runs.end(work, STATE, run, asked_by):
                said = Message(Phrase("sync-given-up"))
                work.say(f"reconcile-given-up:{run}:{reader.id}", reader, said, once=True, urgent=True)
        case SyncIssue(journey=journey, step=step):
            work.member(UNSYNCED, f"{journey} {step}")
        case _:
            return
