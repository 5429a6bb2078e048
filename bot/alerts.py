"""What administrators are told when something outside cannot be done: once for each cause, in plain words, and at
once, for until they act it does not work for anybody."""

from __future__ import annotations

import hashlib

import msgspec

from bot import commands
from bot.effects import CreateIssue, IssueDraft, RaiseTicket
from bot.journey.state import OWN_ISSUE
from bot.message import Fact, Message, Phrase
from bot.ports import Claim
from bot.work import Work

KNOWN_CODES = frozenset(
    {
        "project-unknown", "type-unknown", "priority-unknown", "user-unknown", "field-unknown", "invalid",
        "forbidden", "not-found", "person-gone", "person-unreachable", "uncertain", "gave-up",
    }
)  # fmt: skip


def _day(work: Work) -> str:
    return work.now.date().isoformat()


async def unauthorized(work: Work, claim: Claim) -> None:
    """A destination refuses our credentials. Told once a day for as long as it lasts."""
    text = Phrase("alert-unauthorized", {"destination": claim.destination})
    await work.say_to_admins(f"alert:{claim.destination}:unauthorized:{_day(work)}", Message(text), urgent=True)


async def set_aside(work: Work, what: str, error: str) -> None:
    """A wake-up or an effect that our own code could not follow, however often it was tried."""
    reason = Fact(Phrase("fact-reason"), Phrase("refusal-other", {"code": error}))
    message = Message(Phrase("alert-dead", {"destination": what}), facts=(reason,))
    await work.say_to_admins(f"alert:{what}:{error}:{_day(work)}", message, urgent=True)


async def buried(work: Work, claim: Claim, code: str) -> None:
    """An effect became a dead letter: the step hears of it, and the administrators, once for each cause."""
    act = claim.effect.act
    reason = Phrase(f"refusal-{code}" if code in KNOWN_CODES else "refusal-other", {"code": code})
    facts = [Fact(Phrase("fact-reason"), reason)]
    cause = f"{claim.destination}:{code}"
    if isinstance(act, CreateIssue | RaiseTicket):
        facts.append(Fact(Phrase("fact-issue"), act.draft.summary))
        cause += f":{_asked_for(act.draft)}"
    if isinstance(act, CreateIssue) and act.step != OWN_ISSUE:
        await _refuse(work, act, code)
    message = Message(Phrase("alert-dead", {"destination": claim.destination}), facts=tuple(facts))
    await work.say_to_admins(f"alert:{cause}", message, urgent=True)


def _asked_for(draft: IssueDraft) -> str:
    """What may be at fault, as an id: logs and other apps see it, and an assignee is an address."""
    asked = msgspec.json.encode((draft.project, draft.type, draft.priority, draft.assignee))
    return hashlib.blake2b(asked, digest_size=6).hexdigest()


async def _refuse(work: Work, act: CreateIssue, code: str) -> None:
    journey = await work.journey(act.journey)
    if journey is not None:
        await work.decide(journey, commands.RecordRefusal(act.step, code), await work.scenario(journey))
