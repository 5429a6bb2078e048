"""`sync`: ask the running bot for a reconciliation, wait for it, and show what it found."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator

import msgspec

from bot.ports import Store
from bot.tracker.drift import DRIFT, Drift, Summary, drifts_of, summary_of
from bot.tracker.runs import ASKED, ask, last_summary
from bot.work import Work
from wiring.parts import company, utc_now
from wiring.settings import AllSettings
from wiring.store import beside, store_of

TRACKER = "jira"
LOOK_EVERY = 0.5
SHOWN = 50


class Found(msgspec.Struct, frozen=True):
    """The last run, None when there was none; and the newest entries of the drift report, those of the run first."""

    summary: Summary | None
    drifts: tuple[Drift, ...] = ()


async def reported(settings: AllSettings) -> Found:
    """What the last run found."""
    async with beside(settings) as client:
        store = store_of(client, settings)
        summary = await last_summary(store)
        drifts = drifts_of(await store.log(DRIFT))
    return Found(summary, tuple(reversed(drifts[-SHOWN:])))


async def reconciled(settings: AllSettings, wait: float, say: Callable[[str], None]) -> Found:
    """Ask for a run and wait until it has ended; without a running bot it never does."""
    async with beside(settings) as client:
        store = store_of(client, settings)
        run = await _asked(store, settings, say)
        until = time.monotonic() + wait
        while time.monotonic() < until:
            (state,) = await store.load([ASKED])
            summary = summary_of(state.state)
            if summary is not None and summary.run == run:
                drifts = drifts_of(await store.log(DRIFT))
                return Found(summary, tuple(one for one in reversed(drifts) if one.run == run))
            await asyncio.sleep(LOOK_EVERY)
    say("It has not ended yet. Is a bot running? It goes on by itself; `app.py sync --report` shows the result later.")
    return Found(None)


async def _asked(store: Store, settings: AllSettings, say: Callable[[str], None]) -> str:
    """The run that is waited for: a new one, or the one that is under way."""
    run = f"cli-{secrets.token_hex(4)}"
    of = company(store, {}, settings.main.policy, ("none",), TRACKER)
    while True:
        work = Work(of, utc_now())
        known = await ask(work, TRACKER, run, None)
        if (await store.commit(work.commit())).what == "done":
            break
    if known is None:
        say("Asked the running bot to compare all issues; waiting for it.")
        return run
    say(f"The running bot has been comparing all issues since {known.began:%Y-%m-%d %H:%M}Z; waiting for it.")
    return known.run


def lines(found: Found) -> Iterator[str]:
    summary = found.summary
    if summary is None:
        yield "no reconciliation has ended yet"
        return
    yield f"{summary.ended:%Y-%m-%d %H:%M}Z  {summary.checked} issues compared, {summary.repaired} repaired"
    if summary.invisible:
        yield f"{summary.invisible} issues cannot be seen: does our account still have its permissions?"
    for drift in found.drifts:
        yield f"{drift.key:10} {drift.field:9} ours {drift.ours}, jira {drift.theirs}: {drift.won} ({drift.why})"
