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

from bot import asked_runs
from bot.effects import Reconcile
from bot.errors import Refused, StoreError
from bot.journey.tracking import made_by
from bot.message import Message, Phrase
from bot.ports import Tracker
from bot.results import Reconciled
from bot.runner import Decision, Runner
from bot.tracker.drift import Summary, report, summary_of
from bot.tracker.labels import OURS, former_label, label_name
from bot.tracker.news import Target, follow, is_own, names_of, target_named, target_of
from bot.tracker.repair import Seen, differs, forget, note, note_gone, push_again
from bot.tracker.runs import ASKED, STATE, UNSYNCED
from bot.tracker.snapshot import Observed, Snapshot
from bot.work import Work

log = logging.getLogger(__name__)
STRAYS = "strays"  # ids of issues that carry our label and are no step's: closed twins, and copies that people made
CLOCKS = datetime.timedelta(minutes=10)  # a run begins by our clock and looks by the tracker's
LOOKED_AT_ONCE = 20  # missing issues that one page reads one by one
FEWER = 3  # of so few all may be deleted; where there were more and none can be seen, we see nothing at all
FEW = 20  # so many may vanish at once; beyond that a fifth: more is a lost permission, not a deletion


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
        differing = [one for one in seen if await differs(work, one, anew=act.full)]
        strange = [one for one in differing if not await self._is_own(one)]
        return sum([await self._repair(act, one) for one in differing if one not in strange])

    async def _is_own(self, seen: Seen) -> bool:
        """Whether it is an issue of its journey, or ours at least; what only carries our label is reported."""
        if not seen.target.by_label:
            return True
        own: list[bool] = []

        async def decision(work: Work) -> None:
            own.append(await is_own(work, seen.target, seen.snapshot, told=False))

        return await self._followed(seen.target.journey, decision) and own[-1]

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
            (one, target_of(those, [known[name] for name in those]))
            for one, those in zip(snapshots, names, strict=True)
        ]
        return [Seen(one, target) for one, target in targets if target is not None]

    async def _repair(self, act: Reconcile, seen: Seen) -> bool:
        observed = Observed(mark="", issue=seen.snapshot.id, snapshot=seen.snapshot)

        async def decision(work: Work) -> None:
            await note(work, act.run, seen)
            await follow(work, seen.target, observed)
            await push_again(work, seen.target, anew=act.full)

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
        names = names_of(issue, None)
        target = target_of(names, await self._store.lookup(names))
        if issue not in found:
            log.warning("issue not looked at", extra={"issue": issue})
            return False
        snapshot = found[issue]
        if snapshot is not None:
            if target is not None and OURS not in snapshot.labels:
                await self._label(issue, target, snapshot)
            return False

        async def decision(work: Work) -> None:
            await note_gone(work, run, issue, target)
            await forget(work, issue, target)

        return await self._followed(target.journey if target else issue, decision)

    async def _label(self, issue: str, target: Target, snapshot: Snapshot) -> None:
        try:
            await self._relabel(target, snapshot)
        except Refused as refused:
            log.warning("issue not labelled", extra={"issue": issue, "code": refused.code})

    async def _relabel(self, target: Target, snapshot: Snapshot) -> None:
        journey = await Work(self._runner.company, self._runner.now()).journey(target.journey)
        if journey is not None:
            effect = made_by(journey, target.step)
            (label,) = await self._store.lookup([label_name(effect)])
            await self._tracker.relabel(snapshot.key, (OURS, label or former_label(effect)))

    # --- the end

    async def _ask_again(self) -> int:
        """For every change of ours that was given up; how many there were."""
        given_up = sorted(await self._store.members(UNSYNCED))
        return sum([await self._ask_for(name) for name in given_up])

    async def _ask_for(self, name: str) -> bool:
        target = target_named(name)

        async def decision(work: Work) -> None:
            work.member(UNSYNCED, name, present=False)
            if target is not None:
                await push_again(work, target, anew=False)

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

        kept = ASKED if act.full else STATE

        async def decision(work: Work) -> None:
            await work.state(kept)
            work.put(kept, msgspec.json.encode(summary))
            if invisible:
                said = Phrase("alert-invisible", {"count": invisible})
                await work.say_to_admins(f"invisible:{summary.ended:%Y-%m-%d}", Message(said), urgent=True)
            for reader in await asked_runs.end(work, STATE, act.run, act.asked_by):
                work.say(f"reconciled:{act.run}:{reader.id}", reader, report(summary, []), once=True, urgent=True)

        await self._runner.run(kept, decision)
        return Reconciled(None)
