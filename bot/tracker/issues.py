"""What follows when the tracker answers: a step gets its issue, a change is there or refused, an issue is gone."""

from __future__ import annotations

import datetime

import msgspec

from bot import commands
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, LinkIssue, RaiseTicket, SyncIssue, VerifyIssue
from bot.incoming import Account
from bot.journey.merge import FIELDS, Fields
from bot.journey.state import Journey
from bot.message import Fact, Link, Message, Phrase
from bot.people import person_id
from bot.ports import Claim
from bot.results import Abandoned, Gone, Issue, Result, Synced
from bot.tracker.labels import DUPLICATE, made_under
from bot.tracker.open_tickets import last_ticket
from bot.tracker.ownership import twin_name, whose
from bot.tracker.snapshot import Snapshot, TrackerUser
from bot.work import Work

# A create that hung can still land long after the next attempt succeeded: twice is looked again.
LOOK_AGAIN = (datetime.timedelta(minutes=2), datetime.timedelta(minutes=20))
GONE = "gone"  # what the lookup of a deleted issue says: late news of it must not bring it back
AHEAD = datetime.timedelta(days=7)  # no clock of a tracker is more; news from then would hide all that follow


class IssueRecorder:
    """The result handler of issues; `look_again`: how long after a doubted create its label is searched again."""

    def __init__(self, look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN) -> None:
        self._look_again = look_again

    async def __call__(self, work: Work, claim: Claim, result: Result) -> None:
        act = claim.effect.act
        if not isinstance(result, Issue) or not isinstance(act, CreateIssue | VerifyIssue | RaiseTicket):
            raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
        if isinstance(act, RaiseTicket):
            await _ticket_made(work, act, result)
        else:
            await _record(work, act, result)
        if isinstance(act, CreateIssue):
            if result.doubted:
                self._verify(work, claim, act)
            await _report_left_out(work, act.draft, result)
        if result.twins:
            await _report_twins(work, act, result)

    async def abandoned(self, work: Work, claim: Claim, result: Result) -> None:
        """A create that was in doubt is wanted no longer: should there be an issue all the same, it has a step."""
        act = claim.effect.act
        if not isinstance(result, Abandoned) or not isinstance(act, CreateIssue):
            raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
        self._verify(work, claim, act)

    def _verify(self, work: Work, claim: Claim, act: CreateIssue) -> None:
        for number, after in enumerate(self._look_again):
            effect = f"{claim.effect.id}:verify:{number}"
            again = VerifyIssue(act.journey, act.step, claim.effect.id, act.label)
            verify(work, claim.destination, effect, again, work.now + after)


def verify(
    work: Work, tracker: str, effect: str, act: VerifyIssue, not_before: datetime.datetime | None = None
) -> None:
    """Look whether there is still exactly one issue under a label; in a lane of its own, for nothing waits for it."""
    work.add(Effect(id=effect, lane=Lane(tracker, effect), act=act, not_before=not_before, once=True))


async def _record(work: Work, act: CreateIssue | VerifyIssue, result: Issue) -> None:
    journey = await work.journey(act.journey)
    if journey is None or await is_gone(work, result.id):
        return
    if isinstance(act, CreateIssue):
        agreed = await _agreed(work, act.draft, result)
    else:
        agreed = Fields() if result.snapshot is None else await begun_with(work, whose(act), result.snapshot)
    await adopt(work, journey, act.step, result, agreed)
    if result.snapshot is not None:
        await see(work, act.journey, act.step, result.snapshot)
    if journey.status == "stopped":
        await _close(work, act.journey)


async def _close(work: Work, journey_id: str) -> None:
    """What has been made for a journey that was stopped meanwhile is not to be done."""
    journey = await work.journey(journey_id)
    if journey is not None:
        await work.resync(journey)


async def _agreed(work: Work, draft: IssueDraft, result: Issue) -> Fields:
    """What the issue was made with; a priority that nobody asked for is the tracker's default, and no difference."""
    assignee = None
    if draft.assignee is not None and result.assignee is not None:
        await know(work, result.assignee, draft.assignee)
        assignee = await work.tracker_person(result.assignee)
    elif draft.assignee is not None and not result.unassigned and result.snapshot is not None:
        assignee = await work.tracker_person(result.snapshot.assignee)
    made = Fields(priority=draft.priority or result.priority, due=draft.due, assignee=assignee)
    return msgspec.structs.replace(made, **{name: None for name in result.without if name in FIELDS})


async def begun_with(work: Work, whose: str, snapshot: Snapshot) -> Fields:
    """What an issue was asked for with; what it has not, or not any more, it may never have taken. `whose` is the step
    as lookups name it: an issue may carry labels of others, too."""
    held = msgspec.structs.replace(await work.fields(snapshot), status="new")
    labels = made_under(snapshot.labels)
    values = await work.company.store.lookup([f"{kind}:{label}" for label in labels for kind in ("label", "asked")])
    pairs = zip(values[::2], values[1::2], strict=True)
    found = next((asked for of, asked in pairs if of == whose and asked), None)
    if found is None:
        return held
    asked = msgspec.json.decode(found, type=Fields)
    lacking = {name: None for name in ("priority", "assignee", "due") if getattr(held, name) is None}
    return msgspec.structs.replace(asked, **lacking)


async def know(work: Work, user: TrackerUser, email: str) -> None:
    """The tracker has found out whose account that is: from now on it is known by the account alone."""
    person = await work.person(person_id(email))
    if person is not None and work.company.tracker is not None:
        work.join(Account(work.company.tracker, user.identity), person.id)


async def is_gone(work: Work, issue_id: str) -> bool:
    """Has the issue been deleted? To be asked when the journey is read: what loses an issue changes its journey."""
    return await work.company.store.lookup([f"issue-id:{issue_id}"]) == [GONE]


async def _meet(work: Work, user: TrackerUser | None) -> None:
    """Where the tracker shows an e-mail; elsewhere it may hide it, and it must be the same person to us."""
    if user is None or user.email is None or work.company.tracker is None:
        return
    if await work.owner(Account(work.company.tracker, user.identity)) is None:
        await know(work, user, user.email)


async def adopt(
    work: Work, journey: Journey, step: str, issue: Issue | Snapshot, agreed: Fields, account: str | None = None
) -> Journey:
    """The issue becomes that of the step, and is found again by its key and by its id. `account` as in RecordIssue."""
    command = commands.RecordIssue(step=step, key=issue.key, url=issue.url, id=issue.id, agreed=agreed, account=account)
    after = await work.decide(journey, command, await work.scenario(journey))
    work.name(f"issue:{issue.key}", f"{journey.id} {step}")
    if issue.id:
        work.name(f"issue-id:{issue.id}", f"{journey.id} {step}")
        work.member("issues", issue.id)
    return after


async def see(
    work: Work,
    journey_id: str,
    step: str,
    snapshot: Snapshot,
    actor: TrackerUser | None = None,
    refused: tuple[str, ...] = (),
    *,
    settled: bool = False,
) -> None:
    """Let the core merge an issue as it was seen. `actor`: who did it there, where that is known.

    One that we close as another's duplicate says nothing about the step: that is about to have the other one.
    """
    journey = await work.journey(journey_id)
    if journey is None or work.company.tracker is None or DUPLICATE in snapshot.labels:
        return
    for user in (snapshot.assignee, actor):
        await _meet(work, user)
    nobody = Account(work.company.tracker, "").key
    command = commands.ObserveIssue(
        step=step,
        id=snapshot.id,
        key=snapshot.key,
        url=snapshot.url,
        updated=min(snapshot.updated, work.now + AHEAD),
        fields=await work.fields(snapshot),
        account=work.account_key(snapshot),
        by=await work.tracker_person(actor) or nobody,
        via=work.company.tracker,
        refused=refused,
        settled=settled,
    )
    before = journey.issue_of(step)
    await work.decide(journey, command, await work.scenario(journey))
    if before is not None and before.key != snapshot.key and before.id == snapshot.id:
        work.name(f"issue:{snapshot.key}", f"{journey_id} {step}")


async def lose(work: Work, journey_id: str, step: str, key: str, issue_id: str) -> None:
    """The issue no longer exists."""
    work.name(f"issue:{key}", None)
    if issue_id:
        work.name(f"issue-id:{issue_id}", GONE)
        work.member("issues", issue_id, present=False)
    journey = await work.journey(journey_id)
    if journey is not None:
        await work.decide(journey, commands.LoseIssue(step, key), await work.scenario(journey))


async def synced(work: Work, claim: Claim, result: Result) -> None:
    """An issue has been brought up to date, as far as the tracker took it."""
    act = claim.effect.act
    if not isinstance(result, Synced) or not isinstance(act, SyncIssue):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    if result.user is not None and result.email is not None:
        await know(work, result.user, result.email)
    await see(work, act.journey, act.step, result.snapshot, refused=tuple(result.refused), settled=True)
    for field, code in result.refused.items():
        await _report_refused(work, result.snapshot, field, code)


async def gone(work: Work, claim: Claim, result: Result) -> None:
    """What should have been changed has been deleted meanwhile."""
    act = claim.effect.act
    if not isinstance(result, Gone) or not isinstance(act, SyncIssue | LinkIssue):
        raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
    journey = await work.journey(act.journey)
    issue = None if journey is None else journey.issue_of(act.step)
    if issue is not None and issue.key == result.key:
        await lose(work, act.journey, act.step, issue.key, issue.id)


async def _ticket_made(work: Work, act: RaiseTicket, result: Issue) -> None:
    work.name(f"ticket:{act.rule}:{act.cause}", result.key)
    if act.person is not None:
        work.name(last_ticket(act.rule, act.person), result.key)
    if result.id:
        work.member("tickets", result.id)
    journey = None if act.journey is None else await work.journey(act.journey)
    manager = None if journey is None else await work.person(journey.manager)
    if manager is not None:
        said = Phrase("ticket-noted" if result.noted else "ticket-raised", {"about": act.draft.summary})
        message = Message(said, links=(Link(result.key, result.url),))
        rule = work.company.rules.rule(act.rule)
        urgent = rule is not None and rule.urgent
        work.say(f"ticket:{act.rule}:{act.cause}:{manager.id}", manager, message, once=True, urgent=urgent)


async def _report_left_out(work: Work, draft: IssueDraft, issue: Issue) -> None:
    """What the tracker would not take of a new issue: the issue is there all the same."""
    links = (Link(issue.key, issue.url),)
    if issue.unassigned:
        name = draft.assignee_name or draft.assignee or ""
        message = Message(Phrase("alert-unassigned", {"key": issue.key, "name": name}), links=links)
        await work.say_to_admins(f"unassigned:{issue.key}", message)
    for field in issue.without:
        said = Phrase("alert-left-out", {"key": issue.key, "field": Phrase(f"field-{field}")})
        await work.say_to_admins(f"left-out:{issue.key}:{field}", Message(said, links=links))


async def _report_refused(work: Work, snapshot: Snapshot, field: str, code: str) -> None:
    known = code if code in REFUSALS else "other"
    reason = Phrase(f"not-taken-{known}", {"code": code})
    said = Phrase("alert-not-taken", {"key": snapshot.key, "field": Phrase(f"field-{field}"), "reason": reason})
    links = (Link(snapshot.key, snapshot.url),)
    await work.say_to_admins(f"not-taken:{snapshot.key}:{field}:{code}", Message(said, links=links))


REFUSALS = frozenset({"no-transition", "user-unknown", "priority-unknown", "field-unknown", "forbidden", "not-kept"})


async def _report_twins(work: Work, act: CreateIssue | VerifyIssue | RaiseTicket, issue: Issue) -> None:
    for key in issue.twins:
        work.name(twin_name(key), whose(act))
    twins = ", ".join(issue.twins)
    message = Message(
        Phrase("alert-twins", {"key": issue.key}),
        facts=(Fact(Phrase("fact-closed"), twins),),
        links=(Link(issue.key, issue.url),),
    )
    await work.say_to_admins(f"twins:{issue.key}:{twins}", message)
