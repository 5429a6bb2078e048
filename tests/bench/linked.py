"""Journeys whose tracked steps have their issues, and the Jira in which these stand: both sides agree on them."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

import msgspec

from adapters.store.redis_store import RedisStore
from bot import commands
from bot.journey.merge import Fields
from bot.journey.state import IssueRef, Journey, unsynced
from bot.ports import Commit, Lookup, Membership
from bot.priority import normal
from bot.scenario import Step
from bot.tracker.labels import OURS, former_label
from sandbox.jira import Deployment, People, State, User, default_site
from tests.bench.company import AT_ONCE, Sample, Walk, beginnings, employee, person, scenario
from wiring.parts import utc_now

PROJECT = "ONB"
FIRST = 1_000_000  # number of the first such journey: other parts of a run count theirs from 0
FIRST_ID = 10_001  # that the stand-in gives
DUE = datetime.date(2027, 2, 1)
HEADS = 100  # of them each has the issues of every hundredth journey
SITE = "https://jira.company.example"
TRACKED: tuple[Step, ...] = tuple(step for step in scenario().steps if step.jira is not None)
LONG_AGO = datetime.timedelta(hours=8)
WORKDAYS = 62  # by then every tracked step has been opened


def fields_of(step: Step) -> Fields:
    """What both sides hold of the issue of a step."""
    priority = None if step.jira is None else normal(step.jira.priority)
    return Fields(status="new", priority=priority, assignee=person(0).id, due=DUE)


@cache
def head(journey: int) -> User:
    """Who has the issues of a journey."""
    who = person(journey % HEADS)
    account = f"5b10ac8d82e05b22cc{journey % HEADS:03d}"
    return User(name=f"head{journey % HEADS}", display_name=who.name, email_address=who.email, account_id=account)


HEAD = head(0)


def number_of(journey: int, place: int) -> int:
    """The how manieth issue it is: that of the tracked step at `place` of a journey, both counted from 0."""
    return journey * len(TRACKED) + place


def ref(journey: int, place: int) -> tuple[str, str]:
    """Its id and its key."""
    number = number_of(journey, place)
    return str(FIRST_ID + number), f"{PROJECT}-{number + 1}"


# --- with us


def linked() -> Sample:
    """A journey near its end: every step done but those that an issue completes."""
    walk = Walk(scenario(), utc_now() - datetime.timedelta(days=WORKDAYS * 7 // 5))
    walk.start()
    kept = {step.id for step in TRACKED if step.jira is not None and not step.jira.approves}
    while walk.now + datetime.timedelta(days=1) < utc_now():
        walk.now += datetime.timedelta(days=1)
        walk.take(commands.Wake())
        for step in scenario().steps:
            if step.id not in kept and walk.state is not None and walk.state.step(step.id).status == "open":
                walk.take(commands.CompleteStep(step.id, person(0).id))
    for place, step in enumerate(TRACKED):
        due = None if walk.state is None else walk.state.step(step.id).due
        walk.take(_recorded(place, step, due))
        walk.take(_observed(place, step))
    sample = walk.sample()
    if any(unsynced(sample.state, step.id) for step in TRACKED):
        raise RuntimeError("the sides do not agree")
    return sample


def _recorded(place: int, step: Step, due: datetime.date | None) -> commands.RecordIssue:
    """As it was made: for the day that the step was due by itself."""
    (issue, key), agreed = ref(0, place), msgspec.structs.replace(fields_of(step), due=due)
    return commands.RecordIssue(step=step.id, key=key, url=f"{SITE}/browse/{key}", id=issue, agreed=agreed)


def _observed(place: int, step: Step) -> commands.ObserveIssue:
    issue, key = ref(0, place)
    return commands.ObserveIssue(
        step=step.id,
        id=issue,
        key=key,
        url=f"{SITE}/browse/{key}",
        updated=utc_now() - datetime.timedelta(days=2),
        fields=fields_of(step),
        by="jira:",
        via="jira",
    )


async def link(store: RedisStore, sample: Sample, journeys: range, owner: Callable[[int], str] = employee) -> None:
    """So many journeys with all that they and their issues have in the store."""
    await store.commit(Commit(lookups=tuple(lookup for number in range(HEADS) for lookup in _accounts(number))))
    for first in range(journeys.start, journeys.stop, AT_ONCE):
        await store.commit(_linked(sample, range(first, min(first + AT_ONCE, journeys.stop)), owner))


def _accounts(number: int) -> tuple[Lookup, ...]:
    """By which a head is known on Cloud and on Data Center."""
    one, owner = head(number), f"person:{person(number).id}"
    return tuple(Lookup(f"account:jira:{name}", owner) for name in (one.account, f"JIRAUSER-{one.name}"))


def _linked(sample: Sample, journeys: Sequence[int], owner: Callable[[int], str]) -> Commit:
    numbers = [FIRST + one for one in journeys]
    begun = beginnings(sample, numbers, owner, lambda state, number: _with_issues(state, number - FIRST))
    issues = [(one, place) for one in journeys for place in range(len(TRACKED))]
    return msgspec.structs.replace(
        begun,
        lookups=(*begun.lookups, *(lookup for one, place in issues for lookup in _lookups(one, place))),
        memberships=(*begun.memberships, *(Membership("issues", ref(one, place)[0]) for one, place in issues)),
    )


def _with_issues(state: Journey, journey: int) -> Journey:
    for place, step in enumerate(TRACKED):
        issue, (id_, key) = state.issue_of(step.id), ref(journey, place)
        if isinstance(issue, IssueRef):
            who = person(journey % HEADS).id
            agreed = msgspec.structs.replace(issue.agreed, assignee=who)
            own = msgspec.structs.replace(issue, id=id_, key=key, url=f"{SITE}/browse/{key}", agreed=agreed)
            state = state.with_step(step.id, issue=own, assignee=who)
    return state


def _lookups(journey: int, place: int) -> tuple[Lookup, ...]:
    (issue, key), whose = ref(journey, place), f"{journey_id(journey)} {TRACKED[place].id}"
    return tuple(
        Lookup(name, whose) for name in (f"issue-id:{issue}", f"issue:{key}", f"label:{_label(journey, place)}")
    )


def journey_id(journey: int) -> str:
    return f"{FIRST + journey:016x}"


def _label(journey: int, place: int) -> str:
    return former_label(f"{journey_id(journey)}:issue:{TRACKED[place].id}")


# --- in Jira


def jira_with(journeys: int, deployment: Deployment = Deployment.CLOUD) -> State:
    """The stand-in's state with the issues of so many journeys, each made a second after the last, some time ago."""
    began, seconds = utc_now() - LONG_AGO, count()
    site = default_site((PROJECT,), deployment=deployment)
    state = State(
        site, People(map(head, range(HEADS))), clock=lambda: began + datetime.timedelta(seconds=next(seconds))
    )
    for journey in range(journeys):
        for place, step in enumerate(TRACKED):
            made = state.create(_values(journey, place, step, state), "bot")
            if (made.id, made.key) != ref(journey, place):
                raise RuntimeError(f"the stand-in has called an issue {made.key} ({made.id})")
    state.clock = utc_now
    return state


def _values(journey: int, place: int, step: Step, state: State) -> Mapping[str, Any]:
    template = step.jira
    if template is None:
        raise ValueError(f"{step.id} has no issue")
    return {
        "project": PROJECT,
        "issuetype": state.site.issue_types[0].id,
        "summary": template.summary.ru,
        "description": template.description.ru if template.description else None,
        "priority": next(one.id for one in state.site.priorities if one.name == template.priority),
        "labels": (OURS, _label(journey, place), *template.labels),
        "assignee": head(journey).name,
        "duedate": DUE,
    }
