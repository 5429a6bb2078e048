"""What follows when the tracker answers: the step gets its issue, and after a doubt it is looked at again."""

from __future__ import annotations

import datetime

from bot import commands
from bot.effects import CreateIssue, Effect, Lane, VerifyIssue
from bot.message import Fact, Link, Message, Phrase
from bot.ports import Claim
from bot.results import Issue, Result
from bot.work import Work

# A create that hung can still land long after the next attempt succeeded: twice is looked again.
LOOK_AGAIN = (datetime.timedelta(minutes=2), datetime.timedelta(minutes=20))


class IssueRecorder:
    """The result handler of issues; `look_again`: how long after a doubted create its label is searched again."""

    def __init__(self, look_again: tuple[datetime.timedelta, ...] = LOOK_AGAIN) -> None:
        self._look_again = look_again

    async def __call__(self, work: Work, claim: Claim, result: Result) -> None:
        act = claim.effect.act
        if not isinstance(result, Issue) or not isinstance(act, CreateIssue | VerifyIssue):
            raise TypeError(f"{claim.effect.id} brought back {type(result).__name__}")
        journey = await work.journey(act.journey)
        if journey is not None:
            record = commands.RecordIssue(act.step, result.key, result.url)
            await work.decide(journey, record, await work.scenario(journey))
            work.name(f"issue:{result.key}", f"{act.journey} {act.step}")
        if result.doubted and isinstance(act, CreateIssue):
            self._verify(work, claim, act)
        if result.twins:
            await _report_twins(work, result)

    def _verify(self, work: Work, claim: Claim, act: CreateIssue) -> None:
        for number, after in enumerate(self._look_again):
            effect = f"{claim.effect.id}:verify:{number}"
            work.add(
                Effect(
                    id=effect,
                    lane=Lane(claim.destination, effect),
                    act=VerifyIssue(act.journey, act.step, claim.effect.id),
                    not_before=work.now + after,
                )
            )


async def _report_twins(work: Work, issue: Issue) -> None:
    twins = ", ".join(issue.twins)
    message = Message(
        Phrase("alert-twins", {"key": issue.key}),
        facts=(Fact(Phrase("fact-closed"), twins),),
        links=(Link(issue.key, issue.url),),
    )
    await work.say_to_admins(f"twins:{issue.key}:{twins}", message)
