"""One issue and its step, compared: does anything differ, what goes into the drift report, and how it is put right."""

from __future__ import annotations

import msgspec

from bot import commands
from bot.journey.merge import Fields, merge
from bot.journey.state import fields_of, unsynced
from bot.tracker.drift import DRIFT, NOTHING, Drift
from bot.tracker.issues import GONE, is_gone, lose
from bot.tracker.news import Target
from bot.tracker.snapshot import Snapshot
from bot.work import Work


class Seen(msgspec.Struct, frozen=True):
    """An issue as it was read, and the step that it belongs to."""

    snapshot: Snapshot
    target: Target


async def differs(work: Work, seen: Seen, *, anew: bool) -> bool:
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


async def note(work: Work, run: str, seen: Seen) -> None:
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
    merged = merge(issue.base(ours, theirs, work.account_key(seen.snapshot)), ours, theirs, rule, issue.overtaken)
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


async def push_again(work: Work, target: Target, *, anew: bool) -> None:
    """A change of ours that never arrived, because its effect was given up, is asked for once more. `anew`: and what
    the tracker did not take, for somebody who asks has put that right."""
    journey = await work.journey(target.journey)
    if journey is not None and anew:
        journey = await work.decide(journey, commands.UnstickIssue(target.step), await work.scenario(journey))
    if journey is not None:
        await work.resync(journey)


async def note_gone(work: Work, run: str, issue: str, target: Target | None) -> None:
    journey = None if target is None else await work.journey(target.journey)
    ref = None if journey is None or target is None else journey.issue_of(target.step)
    if target is None or ref is None or ref.id != issue:
        return
    values = {"ours": ref.key, "theirs": NOTHING, "won": "tracker", "why": "deleted"}
    entry = Drift(at=work.now, run=run, key=ref.key, journey=target.journey, step=target.step, field="gone", **values)
    work.note(DRIFT, entry)


async def forget(work: Work, issue: str, target: Target | None) -> None:
    journey = None if target is None else await work.journey(target.journey)
    ref = None if journey is None or target is None else journey.issue_of(target.step)
    if target is not None and ref is not None and ref.id == issue:
        await lose(work, target.journey, target.step, ref.key, issue)
        return
    work.name(f"issue-id:{issue}", GONE)
    for index in ("issues", "tickets"):
        work.member(index, issue, present=False)
