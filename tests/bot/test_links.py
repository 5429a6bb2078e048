"""Links to the page of a plan: they end, are renewed before that, and can be withdrawn; issues have the valid one."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator

import msgspec
import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot import changed_terms, commands, events
from bot.effects import Effect, LinkIssue
from bot.journey.links import LAST_FOR, PERIOD, Permit, permit
from bot.journey.state import Journey
from bot.journey.world import World
from bot.people import Person
from bot.scenario import IssueTemplate
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, OSCAR, Story, moment, scenario, step
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases
from tests.bot.test_two_ways_from_before import STATE
from tests.bot.two_ways_kit import SUMMARY, key_of

BEGAN = moment("2026-11-30 09:00")
SECOND = datetime.timedelta(seconds=1)


class Linked(Story):
    """A story of a bot whose issues are linked, with an issue. `links`: how that is done."""

    links = "first"

    def world(self, at: datetime.datetime) -> World:
        return replace(super().world(at), links=self.links)


def linked() -> Linked:
    story = Linked()
    story.starts("2026-11-30 09:00", "2026-11-30")
    story.completes("reading", "2026-11-30 09:01")
    story.does(commands.RecordIssue(step="reading", key="T-1", url="https://t/T-1", id="1"), BEGAN)
    return story


def links_of(effects: list[Effect]) -> list[str]:
    return [effect.id for effect in effects if isinstance(effect.act, LinkIssue)]


def renewals(happened: list[events.JourneyEvent]) -> list[str]:
    return [event.linked for event in happened if isinstance(event, events.LinksRenewed)]


def test_a_link_that_is_given_out_is_good_for_one_period_at_least_and_two_at_most() -> None:
    journey = linked().now_standing
    for day in range(200):
        now = BEGAN + datetime.timedelta(days=day)
        left = permit(journey, now).until - now
        assert PERIOD < left <= LAST_FOR * PERIOD
        assert permit(journey, now).opens(journey, now)
    first = permit(journey, BEGAN)
    assert first == permit(journey, BEGAN + PERIOD - SECOND)
    assert not first.opens(journey, first.until)


def test_the_issues_of_a_journey_that_goes_on_get_a_new_link_once_in_a_period_and_in_nobodys_way() -> None:
    story = linked()
    assert links_of(story.effects) == ["j:link:reading:T-1"]
    due = BEGAN + PERIOD
    story.does(commands.Wake(), due - SECOND)
    assert story.next_wake(f"{due - SECOND:%Y-%m-%d %H:%M:%S}") == due
    assert renewals(story.happened) == []
    for at in (due, due + SECOND, due + 20 * SECOND):
        story.does(commands.Wake(), at)
    assert renewals(story.happened) == ["first:1"]
    assert links_of(story.effects) == ["j:link:reading:T-1"] * 2
    assert [effect.lane.bulk for effect in story.effects if isinstance(effect.act, LinkIssue)] == [False, True]


def test_what_was_slept_through_is_made_up_for_once() -> None:
    story = linked()
    story.does(commands.Wake(), BEGAN + 3.5 * PERIOD)
    assert renewals(story.happened) == ["first:3"]


def test_without_issues_or_without_links_nothing_wakes_for_them() -> None:
    alone = Linked(of=scenario())
    alone.starts("2026-11-30 09:00", "2026-11-30")
    assert renewals(list(alone.does(commands.Wake(), BEGAN + 2 * PERIOD))) == []
    story = linked()
    story.links = ""
    assert renewals(list(story.does(commands.Wake(), BEGAN + 2 * PERIOD))) == []


def test_a_journey_that_has_ended_gets_no_more_links() -> None:
    story = linked()
    story.does(commands.StopJourney(BORIS.id), BEGAN)
    assert story.does(commands.Wake(), BEGAN + 2 * PERIOD) == ()
    assert story.next_wake("2027-06-01 10:00") is None


@pytest.mark.parametrize("ended", [False, True])
def test_withdrawn_links_open_nothing_and_the_issues_get_new_ones(ended: bool) -> None:
    story = linked()
    before = permit(story.now_standing, BEGAN)
    if ended:
        for one in ("laptop", "papers", "meeting"):
            story.does(commands.SkipStep(one, BORIS.id), BEGAN)
        assert story.now_standing.status == "finished"
    story.does(commands.WithdrawLinks(BORIS.id), BEGAN + SECOND)
    assert not before.opens(story.now_standing, BEGAN + SECOND)
    assert permit(story.now_standing, BEGAN + SECOND).opens(story.now_standing, BEGAN + SECOND)
    assert links_of(story.effects) == ["j:link:reading:T-1"] * 2


def test_a_journey_from_before_gets_links_that_expire() -> None:
    story = Linked()
    story.journey = msgspec.json.decode(STATE, type=Journey)
    assert renewals(list(story.wakes("2026-12-01 10:00"))) == ["first:0"]


# --- with a tracker

BADGE = step("badge", due=2, jira=IssueTemplate(on="open", summary=SUMMARY, assignee="manager"))


def address(one: Permit) -> str:
    return f"https://bot/{one.withdrawn}/{one.until:%Y-%m-%d}"


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, (scenario(BADGE),), page=address) as opened:
        await opened.writes(BORIS, "start @anna newcomer 2026-11-30")
        yield opened


async def link_on(office: Office) -> tuple[int, datetime.datetime]:
    """How often the links had been withdrawn when the one on the issue was made, and when that one ends."""
    (link,) = office.tracker.kept[await key_of(office, "badge")].links.values()
    _, withdrawn, until = link.rsplit("/", 2)
    return int(withdrawn), moment(f"{until} 00:00")


async def test_the_issue_always_carries_one_valid_link(office: Office) -> None:
    seen = set()
    for days in (1, 43, 2, 30, 20, 60):
        await office.passes(days=days)
        _, until = await link_on(office)
        assert until > office.clock.now
        seen.add(until)
    assert office.tracker.calls.count("link") == len(seen) == 4  # once in a period, and no more


async def test_once_withdrawn_the_issue_has_another_link(office: Office) -> None:
    before = await link_on(office)
    await office.writes(HELGA, "withdraw links @anna")
    withdrawn, until = await link_on(office)
    assert (before[0], withdrawn) == (0, 1)
    assert until == before[1]


async def test_journeys_whose_links_were_made_otherwise_get_new_ones_after_a_start(office: Office) -> None:
    runner = office.bot.runner
    await changed_terms.take_up(runner)
    await office.idle()
    assert await changed_terms.take_up(runner) == 0
    office.tracker.kept[await key_of(office, "badge")].links.clear()
    runner.company = replace(runner.company, links="second")  # another address, or another key
    assert await changed_terms.take_up(runner) == 1
    office.nudge()
    await office.idle()
    assert (await link_on(office))[0] == 0


# --- who may withdraw them


async def test_heads_withdraw_those_of_their_people_and_hr_everybodys(office: Office) -> None:
    for number, (who, text) in enumerate(
        [(BORIS, "withdraw links @anna"), (HELGA, "отозвать ссылку Anna"), (ADAM, "/onboarding withdraw @anna")], 1
    ):
        await office.writes(who, text)
        assert "links-withdrawn" in phrases(office, who)
        assert (await office.journey_of(ANNA)).withdrawn == number


@pytest.mark.parametrize(
    ("who", "text", "said"),
    [
        (ANNA, "withdraw links @anna", "not-allowed"),
        (OSCAR, "withdraw links @anna", "not-your-person"),
        (OSCAR, "withdraw links @olga", "journey-none-of"),
        (BORIS, "withdraw links", "links-usage"),
    ],
)
async def test_nobody_else_does(office: Office, who: Person, text: str, said: str) -> None:
    await office.writes(who, text)
    assert said in phrases(office, who)
    assert (await office.journey_of(ANNA)).withdrawn == 0


async def test_where_there_are_no_links_that_is_said(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, (scenario(BADGE),)) as office:
        await office.writes(BORIS, "withdraw links @anna")
        assert "links-none" in phrases(office, BORIS)
