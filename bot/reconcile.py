"""Reconciliation: all issues of ours are compared with the journeys, and what differs is repaired without a person.

A run goes page by page, each page an effect of its own: what has changed in the tracker since the last run; then, where
fewer issues are there than should be, those that no longer exist (a deletion is no update, and no search finds it).
Repairing is what a webhook does, so a run may meet them, or another run, anywhere.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping, Sequence

import msgspec

from bot import commands
from bot.effects import Effect, Lane, Reconcile, SyncIssue
from bot.errors import Refused, StoreError
from bot.issues import GONE, is_gone, lose
from bot.journey.merge import Fields, merge
from bot.journey.state import fields_of, is_person, unsynced
from bot.journey.tracking import made_by
from bot.journey.views import priority_name
from bot.labels import OURS, label_of
from bot.message import Arg, Button, Day, Fact, Message, Phrase, Text
from bot.ports import Claim, Tracker
from bot.results import Reconciled, Result
from bot.runner import Decision, Runner
from bot.snapshot import Observed, Snapshot
from bot.tracked import Target, follow, names_of, target_of
from bot.work import Work

log = logging.getLogger(__name__)
EVERY = datetime.timedelta(minutes=15)
DRIFT = "drift"  # the aggregate whose log is the drift report
STATE = "reconciliation"
STRAYS = "strays"  # ids of issues that carry our label and are no step's: closed twins, and copies that people made
UNSYNCED = "unsynced"  # steps, as targets are written, with changes of ours whose effect was given up
CLOCKS = datetime.timedelta(minutes=10)  # a run begins by our clock and looks by the tracker's
NOTHING = "—"  # in the place of a value
LOOKED_AT_ONCE = 20  # missing issues that one page reads one by one
FEWER = 3  # of so few all may be deleted; where there were more and none can be seen, we see nothing at all
FEW = 20  # so many may vanish at once; beyond that a fifth: more is a lost permission, not a deletion


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """One field in which an issue and its step differed. `won`: whose value stands; `why`: who had changed it."""

    at: datetime.datetime
    run: str
    key: str
    journey: str
    step: str
    field: str
    ours: str
    theirs: str
    won: str
    why: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The last run that came to its end. `invisible`: so many issues could not be seen; nothing was done about them."""

    run: str
    began: datetime.datetime
    ended: datetime.datetime
    checked: int
    repaired: int
    invisible: int = 0


class Seen(msgspec.Struct, frozen=True):
    """An issue as it was read, and the step that it belongs to."""

    snapshot: Snapshot
    target: Target


def summary_of(state: bytes | None) -> Summary | None:
    return None if state is None else msgspec.json.decode(state, type=Summary)


def drifts_of(entries: Sequence[bytes]) -> list[Drift]:
    return [msgspec.json.decode(entry, type=Drift) for entry in entries]


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


class Reconciler:
    """Does one page of a run. What it repairs is committed issue by issue: a page may be done again."""

    def __init__(self, tracker: Tracker, runner: Runner) -> None:
        self._tracker, self._runner = tracker, runner
        self._store = runner.company.store

    async def page(self, act: Reconcile) -> Reconciled:
        if act.phase == "missing":
            return await self._missing(act)
        if act.page == 0 and not act.full:
            (loaded,) = await self._store.load([STATE])
            last = summary_of(loaded.state)
            began = self._runner.now()
            act = msgspec.structs.replace(act, began=began, since=None if last is None else last.began - CLOCKS)
        page = await self._tracker.changed(act.since, act.cursor)
        repaired = await self._compare(act, page.snapshots)
        await self._remember_strays(page.snapshots)
        after = msgspec.structs.replace(
            act, checked=act.checked + len(page.snapshots), repaired=act.repaired + repaired, page=act.page + 1
        )
        if page.cursor is not None:
            return Reconciled(msgspec.structs.replace(after, cursor=page.cursor))
        if await self._is_complete(after):
            return await self._finished(after)
        return Reconciled(msgspec.structs.replace(after, cursor=None, phase="missing"))

    async def _is_complete(self, act: Reconcile) -> bool:
        """Whether as many issues are there as are expected. Where all were read, too few need no counting; one that
        changed meanwhile was read twice, so enough do."""
        expected = len({*await self._known(), *await self._store.members(STRAYS)})
        if act.since is None and act.checked < expected:
            return False
        return await self._tracker.count() >= expected

    async def _known(self) -> set[str]:
        return {*await self._store.members("issues"), *await self._store.members("tickets")}

    # --- what has changed

    async def _compare(self, act: Reconcile, snapshots: Sequence[Snapshot]) -> int:
        """Repair what differs; how many issues that was. Most do not, and cost nothing but their reading."""
        seen = await self._targets(snapshots)
        work = Work(self._runner.company, self._runner.now())
        await work.journeys(dict.fromkeys(one.target.journey for one in seen))  # all at once
        await work.recognise(one.snapshot.assignee for one in seen)
        differing = [one for one in seen if await _differs(work, one, anew=act.full)]
        return sum([await self._repair(act, one) for one in differing])

    async def _remember_strays(self, snapshots: Sequence[Snapshot]) -> None:
        """They are counted with the others: unless they are expected, each hides the deletion of another issue."""
        ids = [one.id for one in snapshots]
        names = await self._store.lookup([f"issue-id:{one}" for one in ids])
        unknown = {one for one, name in zip(ids, names, strict=True) if name is None}
        if unknown:
            await self._strays(unknown - {*await self._store.members(STRAYS)}, present=True)

    async def _strays(self, ids: set[str], *, present: bool) -> None:
        async def decision(work: Work) -> None:
            for one in sorted(ids):
                work.member(STRAYS, one, present=present)

        if ids:
            await self._runner.run(STRAYS, decision)

    async def _targets(self, snapshots: Sequence[Snapshot]) -> list[Seen]:
        names = [names_of(one.id, one) for one in snapshots]
        found = await self._store.lookup([name for those in names for name in those])
        known: Mapping[str, str | None] = dict(zip((name for those in names for name in those), found, strict=True))
        targets = [
            (one, target_of([known[name] for name in those])) for one, those in zip(snapshots, names, strict=True)
        ]
        return [Seen(one, target) for one, target in targets if target is not None]

    async def _repair(self, act: Reconcile, seen: Seen) -> bool:
        observed = Observed(mark="", issue=seen.snapshot.id, snapshot=seen.snapshot)

        async def decision(work: Work) -> None:
            await _note(work, act.run, seen)
            await follow(work, seen.target, observed)
            await _push_again(work, seen.target, anew=act.full)

        return await self._followed(seen.target.journey, decision)

    async def _followed(self, key: str, decision: Decision) -> bool:
        """Whether it could be: a journey that breaks holds up neither the others nor the runs to come."""
        try:
            await self._runner.run(key, decision)
        except StoreError:
            raise
        except Exception as error:
            log.error("not reconciled", extra={"key": key, "error": type(error).__name__})
            return False
        return True

    # --- what is missing

    async def _missing(self, act: Reconcile) -> Reconciled:
        """Issues that journeys know and no search finds: deleted, or their label was taken from them."""
        known, listed = await self._known(), await self._listed()
        await self._strays({*await self._store.members(STRAYS)} - listed, present=False)
        missing = sorted(known - listed)
        if len(missing) > max(FEW, len(known) // 5):
            return await self._blind(act, len(missing))
        left = [one for one in missing if one > (act.cursor or "")]
        looked_at = left[:LOOKED_AT_ONCE]
        found = await self._tracker.read_each(looked_at)
        if len(known) > FEWER and not listed and not any(found.values()):
            return await self._blind(act, len(missing))
        repaired = sum([await self._look_into(act.run, issue, found) for issue in looked_at])
        after = msgspec.structs.replace(act, repaired=act.repaired + repaired, page=act.page + 1)
        if left != looked_at:
            return Reconciled(msgspec.structs.replace(after, cursor=looked_at[-1]))
        return await self._finished(after)

    async def _blind(self, act: Reconcile, missing: int) -> Reconciled:
        log.error("issues invisible", extra={"count": missing})
        return await self._finished(act, invisible=missing)

    async def _listed(self) -> set[str]:
        found: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self._tracker.keys(cursor)
            found |= page.keys.keys()
            cursor = page.cursor
            if cursor is None:
                return found

    async def _look_into(self, run: str, issue: str, found: Mapping[str, Snapshot | None]) -> bool:
        """Whether anything had to be done about a missing issue, as it was `found` now."""
        (name,) = await self._store.lookup([f"issue-id:{issue}"])
        target = target_of([name])
        if issue not in found:
            log.warning("issue not looked at", extra={"issue": issue})
            return False
        snapshot = found[issue]
        if snapshot is not None:
            if target is not None and OURS not in snapshot.labels:
                await self._label(issue, target, snapshot)
            return False

        async def decision(work: Work) -> None:
            await _note_gone(work, run, issue, target)
            await _lose(work, issue, target)

        return await self._followed(target.journey if target else issue, decision)

    async def _label(self, issue: str, target: Target, snapshot: Snapshot) -> None:
        try:
            await self._relabel(target, snapshot)
        except Refused as refused:
            log.warning("issue not labelled", extra={"issue": issue, "code": refused.code})

    async def _relabel(self, target: Target, snapshot: Snapshot) -> None:
        journey = await Work(self._runner.company, self._runner.now()).journey(target.journey)
        if journey is not None:
            await self._tracker.relabel(snapshot.key, (OURS, label_of(made_by(journey, target.step))))

    # --- the end

    async def _ask_again(self) -> int:
        """For every change of ours that was given up; how many there were."""
        given_up = sorted(await self._store.members(UNSYNCED))
        return sum([await self._ask_for(name) for name in given_up])

    async def _ask_for(self, name: str) -> bool:
        target = target_of([name])

        async def decision(work: Work) -> None:
            work.member(UNSYNCED, name, present=False)
            if target is not None:
                await _push_again(work, target, anew=False)

        return await self._followed(name.partition(" ")[0], decision)

    async def _finished(self, act: Reconcile, invisible: int = 0) -> Reconciled:
        repaired = act.repaired + await self._ask_again()
        summary = Summary(
            run=act.run,
            began=act.began,
            ended=self._runner.now(),
            checked=act.checked,
            repaired=repaired,
            invisible=invisible,
        )

        async def decision(work: Work) -> None:
            await work.state(STATE)
            work.put(STATE, msgspec.json.encode(summary))
            if invisible:
                said = Phrase("alert-invisible", {"count": invisible})
                await work.say_to_admins(f"invisible:{summary.ended:%Y-%m-%d}", Message(said))
            reader = await work.person(act.asked_by)
            if reader is not None:
                work.say(f"reconciled:{act.run}", reader, report(summary, []), once=True)

        await self._runner.run(STATE, decision)
        return Reconciled(None)


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
        case SyncIssue(journey=journey, step=step):
            work.member(UNSYNCED, f"{journey} {step}")
        case _:
            return


def people_in(drifts: Sequence[Drift]) -> list[str]:
    """The ids of all who stand in the drifts as values."""
    values = (value for drift in drifts if drift.field == "assignee" for value in (drift.ours, drift.theirs))
    return sorted({value for value in values if value != NOTHING and is_person(value)})


def report(summary: Summary | None, drifts: Sequence[Drift], names: Mapping[str, str] | None = None) -> Message:
    """What the last run found, in a few lines; and what has differed lately, the newest first.

    `names`: how the people are called whose ids `people_in` found.
    """
    if summary is None:
        return Message(Phrase("sync-none"))
    counts: dict[str, Arg] = {
        "checked": summary.checked,
        "repaired": summary.repaired,
        "invisible": summary.invisible,
    }
    facts = tuple(_line(drift, names or {}) for drift in reversed(drifts))
    button = () if drifts or not summary.repaired else (Button("drift", "", Phrase("button-drift")),)
    return Message(Phrase("sync-done", counts), facts=facts, buttons=button)


def _line(drift: Drift, names: Mapping[str, str]) -> Fact:
    if drift.field == "gone":
        return Fact(drift.key, Phrase("drift-gone"))
    if drift.field == "issue":
        return Fact(drift.key, Phrase("drift-adopted"))
    args: dict[str, Arg] = {
        "field": Phrase(f"field-{drift.field}"),
        "ours": _shown(drift.field, drift.ours, names),
        "theirs": _shown(drift.field, drift.theirs, names),
        "won": Phrase(f"drift-{drift.won}"),
    }
    return Fact(drift.key, Phrase("drift-line", args))


def _shown(field: str, value: str, names: Mapping[str, str]) -> Text:
    """A value as people say it."""
    if value == NOTHING:
        return Phrase("drift-empty")
    match field:
        case "status":
            return Phrase(f"stage-{value}")
        case "priority":
            return priority_name(value)
        case "due":
            return Day(datetime.date.fromisoformat(value))
        case _:
            return names.get(value, Phrase("drift-stranger"))


async def _differs(work: Work, seen: Seen, *, anew: bool) -> bool:
    """Is there anything to repair? `work` has read the journeys. `anew`: also what the tracker did not take."""
    journey = await work.journey(seen.target.journey)
    if journey is None:
        return False
    issue, there = journey.issue_of(seen.target.step), seen.snapshot
    if issue is None or issue.id != there.id:
        return not there.twin and journey.status != "stopped"
    unheard = any(one.id not in issue.heard and one.at >= journey.started_at for one in there.comments)
    if unheard or issue.key != there.key or unsynced(journey, seen.target.step) or (anew and issue.stuck):
        return True
    return await work.fields(there) != issue.agreed


async def _note(work: Work, run: str, seen: Seen) -> None:
    """What differs goes into the drift report before it is repaired."""
    journey = await work.journey(seen.target.journey)
    issue = None if journey is None else journey.issue_of(seen.target.step)
    if journey is None or (issue is not None and issue.id != seen.snapshot.id):
        return
    if issue is None and await is_gone(work, seen.snapshot.id):
        return
    if issue is None:
        work.note(DRIFT, _drift(work, run, seen, "issue", ("", seen.snapshot.key), "tracker", "adopted"))
        return
    step = (await work.scenario(journey)).step(seen.target.step)
    rule = step.jira.conflict if step is not None and step.jira is not None else "onboarding"
    ours, theirs = fields_of(journey, seen.target.step), await work.fields(seen.snapshot)
    merged = merge(issue.base(ours, theirs), ours, theirs, rule, issue.overtaken)
    for field in (*merged.pull, *merged.push):
        won = "tracker" if field in merged.pull else "onboarding"
        why = "both" if field in merged.contested else won
        work.note(DRIFT, _drift(work, run, seen, field, _values(field, ours, theirs), won, why))


def _values(field: str, ours: Fields, theirs: Fields) -> tuple[str, str]:
    return str(getattr(ours, field) or NOTHING), str(getattr(theirs, field) or NOTHING)


def _drift(work: Work, run: str, seen: Seen, field: str, values: tuple[str, str], won: str, why: str) -> Drift:
    ours, theirs = values
    return Drift(
        at=work.now,
        run=run,
        key=seen.snapshot.key,
        journey=seen.target.journey,
        step=seen.target.step,
        field=field,
        ours=ours,
        theirs=theirs,
        won=won,
        why=why,
    )


async def _push_again(work: Work, target: Target, *, anew: bool) -> None:
    """A change of ours that never arrived, because its effect was given up, is asked for once more. `anew`: and what
    the tracker did not take, for somebody who asks has put that right."""
    journey = await work.journey(target.journey)
    if journey is not None and anew:
        journey = await work.decide(journey, commands.UnstickIssue(target.step), await work.scenario(journey))
    if journey is not None:
        await work.resync(journey)


async def _note_gone(work: Work, run: str, issue: str, target: Target | None) -> None:
    journey = None if target is None else await work.journey(target.journey)
    ref = None if journey is None or target is None else journey.issue_of(target.step)
    if target is None or ref is None or ref.id != issue:
        return
    values = {"ours": ref.key, "theirs": NOTHING, "won": "tracker", "why": "deleted"}
    entry = Drift(at=work.now, run=run, key=ref.key, journey=target.journey, step=target.step, field="gone", **values)
    work.note(DRIFT, entry)


async def _lose(work: Work, issue: str, target: Target | None) -> None:
    journey = None if target is None else await work.journey(target.journey)
    ref = None if journey is None or target is None else journey.issue_of(target.step)
    if target is not None and ref is not None and ref.id == issue:
        await lose(work, target.journey, target.step, ref.key, issue)
        return
    work.name(f"issue-id:{issue}", GONE)
    for index in ("issues", "tickets"):
        work.member(index, issue, present=False)
