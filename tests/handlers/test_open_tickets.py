"""A rule has one open ticket for each person: what happens meanwhile is told there, and nothing of it is lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.effects import RaiseTicket
from bot.errors import Refused, Retry, StoreError
from bot.incoming import Incoming, Wrote
from bot.message import Local
from bot.people import Person
from bot.rules import Condition, Rule, Rules
from bot.scenario import IssueTemplate
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, moment
from tests.bot.office import Office, open_office
from tests.bot.platform import LOST, NOT_SENT
from tests.handlers.test_onboarding import begin, heard
from tests.handlers.test_ticket_rules import NEGATIVE

LATE = Rules(
    (
        Rule(
            id="late",
            event="step-overdue",
            when=Condition(days=1),
            issue=IssueTemplate(summary=Local("{step}", "{step}"), language="en"),
        ),
    )
)


def ruled(office: Office, rules: Rules) -> Office:
    office.bot.runner.company = replace(office.company, rules=rules)
    return office


@pytest.fixture
async def company(office: Office) -> Office:
    """Where a complaint becomes a ticket."""
    return ruled(office, NEGATIVE)


async def complains(office: Office, what: str, who: Person = ANNA) -> None:
    await office.writes(who, f"feedback {what}, this is terrible")


def made(office: Office) -> list[str]:
    return [act.draft.summary.partition(",")[0] for _, act in office.tracker.made]


def added(office: Office, key: str) -> list[str]:
    return [draft.summary.partition(",")[0] for draft in office.tracker.kept[key].comments]


async def test_a_further_complaint_is_added_to_the_ticket_that_is_open(company: Office) -> None:
    for what in ("laptop", "desk", "badge"):
        await complains(company, what)
    assert made(company) == ["laptop"]
    assert added(company, "ONB-1") == ["desk", "badge"]
    assert heard(company, HELGA) == ["feedback-passed-on"] * 3


async def test_when_it_is_done_in_the_tracker_the_next_one_makes_a_new_ticket(company: Office) -> None:
    await complains(company, "laptop")
    company.tracker.edit("ONB-1", status="done")  # and nobody tells us
    await complains(company, "desk")
    company.tracker.edit("ONB-1", status="new")
    await complains(company, "badge")
    assert made(company) == ["laptop", "desk"]
    assert (added(company, "ONB-1"), added(company, "ONB-2")) == ([], ["badge"])


async def test_one_that_was_deleted_takes_nothing(company: Office) -> None:
    await complains(company, "laptop")
    company.tracker.delete("ONB-1")
    await complains(company, "desk")
    assert made(company) == ["laptop", "desk"]


async def test_each_person_has_their_own(company: Office) -> None:
    for who, what in ((ANNA, "laptop"), (OLGA, "desk"), (ANNA, "badge")):
        await complains(company, what, who)
    assert made(company) == ["laptop", "desk"]
    assert added(company, "ONB-1") == ["badge"]


async def test_each_rule_has_its_own(office: Office) -> None:
    (rule,) = NEGATIVE.rules
    ruled(office, Rules((rule, replace(rule, id="another"))))
    await complains(office, "laptop")
    await complains(office, "desk")
    assert made(office) == ["laptop", "laptop"]
    assert (added(office, "ONB-1"), added(office, "ONB-2")) == (["desk"], ["desk"])


async def test_what_the_tracker_does_not_take_as_a_comment_becomes_a_ticket(company: Office) -> None:
    await complains(company, "laptop")
    company.tracker.meets(None, Refused("forbidden", "no comments"))
    await complains(company, "desk")
    await complains(company, "badge")
    assert made(company) == ["laptop", "desk"]
    assert added(company, "ONB-2") == ["badge"]


@pytest.mark.parametrize("trouble", [LOST, NOT_SENT, Retry("busy", after=1.0)])
@pytest.mark.parametrize("before", [0, 1, 2])
async def test_whatever_gets_lost_each_is_told_once(company: Office, before: int, trouble: object) -> None:
    """The calls are: create the first; read it, add the second."""
    company.tracker.meets(*[None] * before, trouble)  # type: ignore[arg-type]
    for what in ("laptop", "desk", "badge"):
        await complains(company, what)
    for _ in range(8):
        await company.passes(seconds=60)
    assert made(company) == ["laptop"]
    assert sorted(added(company, "ONB-1")) == ["badge", "desk"]
    assert await company.dead() == []


async def brought(office: Office, act: Incoming) -> None:
    """The platform repeats what was answered by 503."""
    while True:
        try:
            await office.bot.runner.receive(act)
        except StoreError:
            continue
        return


async def test_two_processes_that_hear_of_them_make_one(redis_client: Redis, organisation: str) -> None:
    """Lanes are worked in one of them here: each has a tracker of its own in these tests."""
    async with (
        open_office(redis_client, organisation) as one,
        open_office(redis_client, organisation, chat=one.chat) as other,
    ):
        other.bot.stop()
        offices = (ruled(one, NEGATIVE), ruled(other, NEGATIVE))
        acts = [one.incoming(ANNA, Wrote(f"feedback thing {number}, this is terrible")) for number in range(10)]
        await asyncio.gather(*(brought(offices[at % 2], act) for at, act in enumerate(acts)))
        one.nudge()
        await one.idle()
        assert sorted([*made(one), *added(one, "ONB-1")]) == [f"thing {number}" for number in range(10)]


@pytest.fixture
async def late(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation) as office:
        await begin(ruled(office, LATE))
        yield office


async def test_steps_that_are_late_are_told_in_one_ticket_and_the_manager_hears_of_each(late: Office) -> None:
    for day in range(1, 20):
        await late.comes(moment(f"2026-12-{day:02} 09:00"))
    (ticket,) = [one for one in late.tracker.kept.values() if isinstance(one.act, RaiseTicket)]
    assert len({ticket.act.draft.summary, *(one.summary for one in ticket.comments)}) == len(ticket.comments) + 1 > 1
    told = [one for one in heard(late, BORIS) if one.startswith("ticket-")]
    assert told == ["ticket-raised", *["ticket-noted"] * len(ticket.comments)]
