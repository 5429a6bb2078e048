"""The crawl: the pages of the wiki are laid on the shelf, and what may no longer be shown leaves it.

A run goes page by page, each page an effect of its own: what has changed since the last run; then, from time to time,
which pages there are (a deletion and a restriction change no page, so no search finds them); then the pages about which
list and shelf differ are read one by one. No page is removed only because it was not listed: lists are walked by
offsets, and those shift.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from msgspec.structs import replace

from bot.crawl import listing
from bot.crawl.copy import copy_of, parted
from bot.crawl.laying import Known, known_as, lay, lay_newer, take_away
from bot.crawl.runs import STATE, standing_of
from bot.effects import Crawl
from bot.errors import Refused
from bot.results import Crawled
from bot.runner import Runner
from bot.shelf import PAGES, digests
from bot.wiki import Wiki, WikiPage
from bot.work import Work

log = logging.getLogger(__name__)
CLOCKS = datetime.timedelta(minutes=10)  # a run begins by our clock and looks by the wiki's
RELIST = datetime.timedelta(minutes=15)  # so old may the last list of all pages become where there are
RELISTED = 18_000  # of them, a hundred calls; where there are fewer it is walked as much more often
READ_AT_ONCE = 25
MOST_RESTARTS = 20  # of one run, whose cursors become too old
FEWER = 3  # of so few all may be deleted; where there were more and none can be seen, we see nothing at all
FEW = 20  # so many may vanish at once; beyond that a fifth: more is a lost permission, not a deletion

Count = Callable[[Work], Awaitable[int]]


def relist_after(pages: int) -> datetime.timedelta:
    """How old the last list may become: what it costs is spread evenly, and a small wiki is listed with each run."""
    return min(RELIST, RELIST * pages / RELISTED)


class Crawler:
    """Does one page of a run. What it lays on the shelf is committed before the page is settled: it may come again."""

    def __init__(self, wiki: Wiki, runner: Runner) -> None:
        self._wiki, self._runner = wiki, runner
        self._store = runner.company.store

    async def page(self, act: Crawl) -> Crawled:
        match act.phase:
            case "changed":
                return await self._changed(act)
            case "listed":
                return await self._listed(act)
            case "checked":
                return await self._checked(act)

    # --- what has changed

    async def _changed(self, act: Crawl) -> Crawled:
        if act.page == 0:
            act = await self._begun(act)
        try:
            found = await self._wiki.changed(act.since, act.cursor)
        except Refused as refused:
            return Crawled(act, replace(_restarted(act, refused), since=act.reached or act.since))
        changed = await self._lay_above(found.pages) + await self._lay(found.pages)
        done = replace(
            act,
            page=act.page + 1,
            read=act.read + len(found.pages),
            changed=act.changed + changed,
            reached=max((one.modified for one in found.pages), default=act.reached),
        )
        if found.cursor is not None:
            return Crawled(done, replace(done, cursor=found.cursor))
        if not await self._is_list_old(done):
            return Crawled(done)
        return Crawled(done, replace(done, phase="listed", cursor=None))

    async def _begun(self, act: Crawl) -> Crawl:
        """A run that was given up has handed on how far it came."""
        act = replace(act, began=self._runner.now())
        if act.full or act.since is not None:
            return act
        (loaded,) = await self._store.load([STATE])
        last = standing_of(loaded.state).last
        return act if last is None else replace(act, since=last.began - CLOCKS)

    async def _is_list_old(self, act: Crawl) -> bool:
        (loaded,) = await self._store.load([STATE])
        last = standing_of(loaded.state).last
        if act.full or last is None or last.listed is None:
            return True
        return act.began - last.listed >= relist_after(len(await self._store.members(PAGES)))

    # --- what there is

    async def _listed(self, act: Crawl) -> Crawled:
        try:
            found = await self._wiki.listed(act.cursor)
        except Refused as refused:
            restarted = _restarted(act, refused)
            await self._commit(partial(listing.forget, act=act))
            return Crawled(act, replace(restarted, listed=0))
        changed = await self._commit(partial(listing.take_up, act=act, pages=found.pages))
        done = replace(act, page=act.page + 1, listed=act.listed + 1, changed=act.changed + changed)
        if found.cursor is not None:
            return Crawled(done, replace(done, cursor=found.cursor))
        return Crawled(done, replace(done, phase="checked", cursor=None))

    # --- what differs

    async def _checked(self, act: Crawl) -> Crawled:
        walked = await listing.walked(self._store, act)
        known = (await digests(self._store, PAGES)).keys()
        missing = known - walked.ids
        if act.cursor is None and _is_blind(act, len(known), walked.ids, len(missing)):
            log.error("pages invisible", extra={"count": len(missing)})
            act = replace(act, invisible=len(missing))
        differing = walked.unread if act.invisible else walked.unread | missing
        left = sorted(one for one in differing if one > (act.cursor or ""))
        later = left[READ_AT_ONCE:]
        return await self._read_anew(act, left[:READ_AT_ONCE], sorted(missing.intersection(later)), last=not later)

    async def _read_anew(self, act: Crawl, ids: Sequence[str], missing: Sequence[str], *, last: bool) -> Crawled:
        """`missing`: those that are read later, and are in no list."""
        found = await self._wiki.read(ids) if ids else ()
        there = [one for one in found if one.document.id in ids]
        changed = await self._lay(there, as_they_are=True)
        gone = await self._with_those_below(set(ids) - {one.document.id for one in there}, missing)
        removed = await self._commit(partial(take_away, ids=gone)) if gone else 0
        done = replace(
            act,
            page=act.page + 1,
            read=act.read + len(there),
            changed=act.changed + changed,
            removed=act.removed + removed,
        )
        return Crawled(done, None if last else replace(done, cursor=ids[-1]))

    async def _with_those_below(self, gone: set[str], missing: Sequence[str]) -> set[str]:
        """What is missing below a restricted page goes together with it: nothing would hide it any more."""
        restricted = {one for one, known in (await self._known(sorted(gone))).items() if known.restricted}
        below = await self._known(missing) if restricted else {}
        return gone | {one for one, known in below.items() if not restricted.isdisjoint(known.ancestors)}

    async def _known(self, ids: Sequence[str]) -> dict[str, Known]:
        loaded = await self._store.load([f"{PAGES}:{one}" for one in ids])
        known = {one: known_as(there.state) for one, there in zip(ids, loaded, strict=True)}
        return {one: there for one, there in known.items() if there is not None}

    # --- the shelf

    async def _lay_above(self, pages: Sequence[WikiPage]) -> int:
        """What stands above pages that come is known before they are: a search may bring it hours later, and they would
        be shown until then, whoever may read it."""
        coming = {one.document.id for one in pages}
        above = sorted({one for page in pages for one in page.document.ancestors} - coming)
        known = await self._known(above)
        unknown = [one for one in above if one not in known]
        batches = [unknown[at : at + READ_AT_ONCE] for at in range(0, len(unknown), READ_AT_ONCE)]
        return sum([await self._lay(await self._wiki.read(batch)) for batch in batches])

    async def _lay(self, pages: Sequence[WikiPage], *, as_they_are: bool = False) -> int:
        """In one commit, unless they are very long; how many were not there like that."""
        documents = {one.document.id: copy_of(one.document) for one in pages}
        for one, document in documents.items():
            if document.unreadable:
                log.warning("page unreadable", extra={"page": one, "why": document.unreadable})
        how = lay if as_they_are else lay_newer
        return sum([await self._commit(partial(how, documents=part)) for part in parted(documents)])

    async def _commit(self, decide: Count) -> int:
        """What it has counted, the last time that it was decided."""
        count = 0

        async def decision(work: Work) -> None:
            nonlocal count
            count = await decide(work)

        await self._runner.run(f"shelf:{PAGES}", decision)
        return count


def _restarted(act: Crawl, refused: Refused) -> Crawl:
    """From the beginning, as the cursor is too old. Any other refusal, or one too many, is raised again."""
    if refused.code != "cursor" or act.cursor is None or act.restarts >= MOST_RESTARTS:
        raise refused
    return replace(act, cursor=None, page=act.page + 1, restarts=act.restarts + 1)


def _is_blind(act: Crawl, known: int, listed: frozenset[str], missing: int) -> bool:
    """So much does not vanish. Who asks for a run says that it has; yet nobody deletes a whole wiki."""
    if not listed:
        return known > FEWER
    return not act.full and missing > max(FEW, known // 5)
