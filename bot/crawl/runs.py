"""When the wiki is crawled: every few minutes by itself, and when somebody asks; and what follows a page of it."""

from __future__ import annotations

import datetime

import msgspec

from bot import asked_runs
from bot.asked_runs import UnderWay
from bot.crawl import listing
from bot.crawl.unread import count_unread
from bot.effects import Crawl, Effect, Lane
from bot.message import Arg, Message, Phrase
from bot.ports import Claim, Store
from bot.results import Crawled, Result
from bot.runner import Runner
from bot.work import Work

EVERY = datetime.timedelta(minutes=5)
STATE = "crawl"  # the runs that come by themselves
ASKED = "crawl:asked"  # those that somebody asked for
TOLD_AT = (1000, 5000, 20_000, 100_000)  # pages read, of which whoever asked is told


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """A run that came to its end.

    `read` counts every reading of a page, `changed` what was new on the shelf. `invisible`: so many pages could not be
    seen; they were left where they are. `unread`: so many are there whose text could not be read. `listed`: when the
    run began that has last walked the list of all pages.
    """

    run: str
    began: datetime.datetime
    ended: datetime.datetime
    read: int
    changed: int
    removed: int
    invisible: int = 0
    listed: datetime.datetime | None = None
    unread: int = 0


class Standing(msgspec.Struct, frozen=True):
    """The last run that has ended, and the page that comes next of the one that has not."""

    last: Summary | None = None
    under_way: Crawl | None = None


def standing_of(state: bytes | None) -> Standing:
    return Standing() if state is None else msgspec.json.decode(state, type=Standing)


async def last_summary(store: Store) -> Summary | None:
    """Of the run that has ended last, whoever wanted it."""
    ended = [standing_of(loaded.state).last for loaded in await store.load([STATE, ASKED])]
    return max(filter(None, ended), key=lambda one: one.ended, default=None)


async def under_way(store: Store) -> Crawl | None:
    """The next page of the run that is under way: `read` and `phase` tell how far it is. Of two, the one asked for."""
    by_itself, asked = [standing_of(loaded.state).under_way for loaded in await store.load([STATE, ASKED])]
    return asked or by_itself


# --- what is to be done


def lane(wiki: str, *, asked: bool = False) -> Lane:
    """Runs that somebody asks for do not wait for those that come by themselves."""
    return Lane(wiki, "crawl:asked" if asked else "crawl", bulk=not asked)


def next_crawl(wiki: str, at: datetime.datetime, every: float, since: datetime.datetime | None = None) -> Effect:
    """The next run that comes by itself; there is one that waits, whoever plans it. `since`: how far one that was given
    up has come."""
    return _by_itself(wiki, Crawl(run=f"auto:{at:%Y%m%dT%H%M%S}", began=at, since=since, every=every), at)


def _by_itself(wiki: str, act: Crawl, at: datetime.datetime | None = None) -> Effect:
    """All pages of all such runs are one effect: whoever starts meanwhile begins no second chain."""
    return Effect(id="crawl:next", lane=lane(wiki), act=act, replaces=True, not_before=at)


async def plan_next(runner: Runner, every: datetime.timedelta = EVERY) -> None:
    """At a start: the runs that come by themselves begin, or go on with the page that comes next."""
    wiki = runner.company.wiki
    if wiki is None:
        return

    async def decision(work: Work) -> None:
        state = await work.state(STATE)
        standing = standing_of(state)
        seconds = every.total_seconds()
        if standing.under_way is None:
            work.add(next_crawl(wiki, work.now, seconds))
        else:
            work.add(_by_itself(wiki, msgspec.structs.replace(standing.under_way, every=seconds)))
            work.put(STATE, state)  # what another process settles meanwhile is a conflict, and is gone on from

    await runner.run(STATE, decision)


def asked_crawl(wiki: str, run: str, at: datetime.datetime, asked_by: str | None) -> Effect:
    """A run of everything, for somebody who asks."""
    act = Crawl(run=run, began=at, full=True, asked_by=asked_by)
    return Effect(id=f"crawl:{run}", lane=lane(wiki, asked=True), act=act, once=True)


async def ask(work: Work, wiki: str, run: str, asked_by: str | None) -> UnderWay | None:
    """Begin a run of everything; the one that is under way, if there is one: `asked_by` is told of its end, too."""
    known = await asked_runs.join(work, STATE, asked_by)
    if known is None:
        await asked_runs.begin(work, STATE, run, asked_by)
        work.add(asked_crawl(wiki, run, work.now, asked_by))
    return known


# --- what follows


async def crawled(work: Work, claim: Claim, result: Result) -> None:
    """The next page; after the last one of a run that came by itself, the next run."""
    act = claim.effect.act
    if not isinstance(result, Crawled) or not isinstance(act, Crawl):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    done, following = result.done, result.following
    last = await _last(work, done)
    if following is None:
        summary = _summary(last, done, work.now, await count_unread(work.company.store))
        _stand(work, done, Standing(summary))
        await _end(work, claim.destination, done, summary)
        return
    _stand(work, done, Standing(last, following))
    await _tell_how_far(work, act.read, done)
    if done.full:
        effect = f"crawl:{done.run}:{following.phase}:{following.page}"
        work.add(Effect(id=effect, lane=lane(claim.destination, asked=True), act=following))
    else:
        work.add(_by_itself(claim.destination, following))


async def _last(work: Work, act: Crawl) -> Summary | None:
    return standing_of(await work.state(_state(act))).last


def _state(act: Crawl) -> str:
    return ASKED if act.full else STATE


def _stand(work: Work, act: Crawl, standing: Standing) -> None:
    work.put(_state(act), msgspec.json.encode(standing))


def _summary(last: Summary | None, done: Crawl, now: datetime.datetime, unread: int) -> Summary:
    before = None if last is None else last.listed
    return Summary(
        run=done.run,
        began=done.began,
        ended=now,
        read=done.read,
        changed=done.changed,
        removed=done.removed,
        invisible=done.invisible,
        listed=done.began if done.phase == "checked" else before,
        unread=unread,
    )


async def _end(work: Work, wiki: str, done: Crawl, summary: Summary) -> None:
    await listing.forget(work, done)
    if done.invisible:
        said = Message(Phrase("alert-pages-invisible", {"count": done.invisible}))
        await work.say_to_admins(f"pages-invisible:{work.now:%Y-%m-%d}", said, urgent=True)
    for reader in await asked_runs.end(work, STATE, done.run, done.asked_by):
        work.say(f"crawled:{done.run}:{reader.id}", reader, report(summary), once=True, urgent=True)
    if not done.full:
        work.add(next_crawl(wiki, work.now + datetime.timedelta(seconds=done.every), done.every))


def report(summary: Summary) -> Message:
    counts: dict[str, Arg] = {
        "read": summary.read,
        "changed": summary.changed,
        "removed": summary.removed,
        "invisible": summary.invisible,
        "unread": summary.unread,
    }
    return Message(Phrase("crawl-done", counts))


async def _tell_how_far(work: Work, before: int, done: Crawl) -> None:
    reader = await work.person(done.asked_by)
    for mark in TOLD_AT:
        if reader is not None and before < mark <= done.read:
            far = Message(Phrase("crawl-progress", {"count": done.read}))
            work.say(f"crawl-progress:{done.run}:{mark}", reader, far, once=True, urgent=True)


async def given_up(work: Work, claim: Claim) -> None:
    """A page has become a dead letter: the runs go on all the same, from where this one came to."""
    act = claim.effect.act
    if not isinstance(act, Crawl):
        return
    _stand(work, act, Standing(await _last(work, act)))
    await listing.forget(work, act)
    for reader in await asked_runs.end(work, STATE, act.run, act.asked_by):
        work.say(
            f"crawl-given-up:{act.run}:{reader.id}", reader, Message(Phrase("crawl-given-up")), once=True, urgent=True
        )
    if not act.full:
        at = work.now + datetime.timedelta(seconds=act.every)
        work.add(next_crawl(claim.destination, at, act.every, act.reached or act.since))
