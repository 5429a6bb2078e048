"""What the tracker tells us by itself: whose issue it is about, and what follows. The way in of webhooks."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import msgspec

from bot import commands
from bot.effects import Effect, Lane, VerifyIssue
from bot.errors import StoreError
from bot.journey.state import OWN_ISSUE, IssueRef, Journey, is_person
from bot.journey.tracking import made_by, sync_issue
from bot.message import Link, Message, Phrase
from bot.ports import Store
from bot.runner import Runner
from bot.tracker.issues import GONE, adopt, begun_with, is_gone, lose, see
from bot.tracker.labels import DUPLICATE, label_name, made_under
from bot.tracker.ownership import asked_for, report, standings
from bot.tracker.snapshot import Comment, Observed, Snapshot
from bot.work import Work, accounts_of

LABEL = "label:"  # begins the lookups of labels
log = logging.getLogger(__name__)


class Target(msgspec.Struct, frozen=True):
    """The step that an issue belongs to; of no step: the journey itself. `by_label`: only its label says so, which
    anybody may have copied."""

    journey: str
    step: str
    by_label: bool = False

    @property
    def whose(self) -> str:
        """As lookups name it."""
        return f"{self.journey} {self.step}"


def names_of(issue: str, snapshot: Snapshot | None) -> list[str]:
    """The lookups by which an issue may be known, the surest first."""
    if snapshot is None:
        return [f"issue-id:{issue}"]
    labels = [f"{LABEL}{label}" for label in made_under(snapshot.labels)]
    return [f"issue-id:{issue}", f"issue:{snapshot.key}", *labels]


def target_of(names: Sequence[str], found: Sequence[str | None]) -> Target | None:
    """The first of the lookups that is known; one that is known to be deleted stays so."""
    name, known = next(((name, value) for name, value in zip(names, found, strict=True) if value), ("", GONE))
    return None if known == GONE else target_named(known, by_label=name.startswith(LABEL))


def target_named(whose: str, *, by_label: bool = False) -> Target | None:
    journey, space, step = whose.partition(" ")
    return Target(journey, step, by_label) if space else None


class TrackerEvents:
    """Implements `bot.ports.TrackerInbox`."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._store: Store = runner.company.store

    async def observe(self, observed: Observed) -> None:
        """What is about no issue of ours is let go. Everything that must be read is read together, as far as it can."""
        names = names_of(observed.issue, observed.snapshot)
        assignee = None if observed.snapshot is None else observed.snapshot.assignee
        accounts = accounts_of(self._runner.company.tracker, (assignee, observed.actor))
        found = await self._store.lookup([*names, *accounts])
        target = target_of(names, found[: len(names)])
        if target is None:
            return
        # Who is unknown now may be known once the journey is read: the answer to a create says whose account that is.
        owners = {account: owner for account, owner in zip(accounts, found[len(names) :], strict=True) if owner}

        async def decision(work: Work) -> None:
            work.recall(owners)
            await work.read([f"journey:{target.journey}", *owners.values()])
            await follow(work, target, observed)

        try:
            await self._runner.observed(observed.mark, target.journey, decision)
        except StoreError:
            raise
        except Exception as error:
            # It would break again however often it was told; reconciliation meets it again after the repair.
            log.error("news not followed", extra={"journey": target.journey, "error": type(error).__name__})


async def follow(work: Work, target: Target, observed: Observed) -> None:
    """Everything that one piece of news leads to."""
    journey = await work.journey(target.journey)
    if journey is None:
        return
    snapshot = observed.snapshot
    if observed.deleted:
        issue = journey.issue_of(target.step)
        if issue is not None and observed.issue == issue.id:
            await lose(work, journey.id, target.step, issue.key, issue.id)
        return
    comments = [observed.comment] if observed.comment is not None else []
    if snapshot is not None:
        if not await _is_its_issue(work, journey, target, snapshot, told=bool(observed.mark)):
            return
        before = journey.issue_of(target.step)
        await see(work, journey.id, target.step, snapshot, observed.actor)
        if observed.mark:
            await _ask_who(work, target, before, snapshot)
        comments = [*snapshot.comments, *comments]
    await hear(work, target, comments)


async def _is_its_issue(work: Work, journey: Journey, target: Target, snapshot: Snapshot, *, told: bool) -> bool:
    """An issue of ours under our label that no step has yet is the one that was asked for; a second one is looked
    into."""
    issue = journey.issue_of(target.step)
    if issue is not None and (snapshot.id == issue.id or snapshot.key == issue.key):
        if not issue.id and not await _take_up(work, journey, target, snapshot):
            return False
        if DUPLICATE in snapshot.labels:
            await _look_into(work, journey, target)
        return True
    if snapshot.twin or (target.by_label and not await is_own(work, target, snapshot, told=told)):
        return False
    if issue is not None:
        await _look_into(work, journey, target)
        return False
    if journey.status == "stopped" or await is_gone(work, snapshot.id):
        return False
    return await _take_up(work, journey, target, snapshot)


async def is_own(work: Work, target: Target, snapshot: Snapshot, *, told: bool) -> bool:
    """Whether an issue that only carries the label of a step is ours; what is not is reported.

    One of ours in another project is reported by reconciliation alone: news of a new issue may be faster than the
    answer to its create, by which it is known however the project is called by now. `told`: this is news.
    """
    asked = await asked_for(work, target.journey, target.step)
    (standing,) = await standings(work, asked, [snapshot])
    if standing == "foreign" or (standing == "elsewhere" and not told):
        await report(work, asked, [snapshot])
    if standing == "taken":
        log.warning("issue of ours under another's label", extra={"issue": snapshot.id})
    return standing == "own"


async def _take_up(work: Work, journey: Journey, target: Target, snapshot: Snapshot) -> bool:
    """As if it had been made just now with what was asked for, and then been changed to how it is.

    An account that nobody knows yet may well be that of whom we asked for: then it is False, and the issue is looked
    at once more after the create, whose answer says who that is.
    """
    asked = await begun_with(work, target.whose, snapshot)
    stranger = snapshot.assignee is not None and not is_person(await work.tracker_person(snapshot.assignee))
    account = work.account_key(snapshot) if stranger and is_person(asked.assignee) else None
    journey = await adopt(work, journey, target.step, snapshot, asked, account)
    if account is None or work.company.tracker is None:
        return True
    work.add(sync_issue(journey, target.step, work.company.tracker))
    return False


async def _ask_who(work: Work, target: Target, before: IssueRef | None, snapshot: Snapshot) -> None:
    """News may show nobody's e-mail where a read does: an account that nobody knows is looked at, once when it gets the
    issue."""
    journey = await work.journey(target.journey)
    issue = None if journey is None else journey.issue_of(target.step)
    if journey is None or issue is None or snapshot.assignee is None or snapshot.assignee.email is not None:
        return
    assignee = await work.tracker_person(snapshot.assignee)
    is_new = issue.agreed.assignee == assignee and (before is None or before.agreed.assignee != assignee)
    if is_new and not is_person(assignee) and target.step != OWN_ISSUE and work.company.tracker is not None:
        work.add(sync_issue(journey, target.step, work.company.tracker))


async def _look_into(work: Work, journey: Journey, target: Target) -> None:
    """Which of several issues is that of the step? However many there are and however often they change, it is looked
    at for all of them at once, and behind what people wait for."""
    if work.company.tracker is None:
        return
    of = made_by(journey, target.step)
    (label,) = await work.company.store.lookup([label_name(of)])
    act = VerifyIssue(journey.id, target.step, of, label or "")
    lane = Lane(work.company.tracker, f"{of}:twin", bulk=True)
    work.add(Effect(id=f"{of}:twin", lane=lane, act=act, replaces=True))


async def hear(work: Work, target: Target, comments: list[Comment]) -> None:
    """Comments that are new reach the people of the step, once each."""
    journey = await work.journey(target.journey)
    issue = None if journey is None else journey.issue_of(target.step)
    if journey is None or issue is None or target.step == OWN_ISSUE or journey.status == "stopped":
        return
    fresh = [one for one in comments if one.id not in issue.heard and one.at >= journey.started_at]
    if not fresh:
        return
    heard = commands.HearComments(target.step, tuple(dict.fromkeys(one.id for one in fresh)))
    await work.decide(journey, heard, await work.scenario(journey))
    for comment in {one.id: one for one in fresh if not one.ours}.values():
        await _tell(work, journey, target.step, comment)


async def _tell(work: Work, journey: Journey, step_id: str, comment: Comment) -> None:
    scenario = await work.scenario(journey)
    step, issue = scenario.step(step_id), journey.issue_of(step_id)
    if step is None or issue is None:
        return
    author = await work.tracker_person(comment.author)
    assignee = journey.step(step_id).assignee
    readers = {journey.executor(step), journey.manager, assignee if is_person(assignee) else None}
    text = Phrase("comment-heard", {"author": comment.author.name, "step": step.title, "text": comment.text})
    links = (Link(issue.key, issue.url),)
    for reader in await work.people(sorted(one for one in readers if one is not None and one != author)):
        effect = f"{journey.id}:comment:{step_id}:{comment.id}:{reader.id}"
        work.say(effect, reader, Message(text, links=links), once=True, urgent=step.urgent, about=journey.id)
