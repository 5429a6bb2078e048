"""Comparing with the tracker on demand, and what is told of it."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.errors import Retry
from bot.incoming import Commanded, Place
from bot.message import Day, Message, Phrase
from bot.texts import speaker
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, OSCAR, day, moment
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import begin, heard, hears, key


@pytest.fixture
async def tracked(office: Office) -> Office:
    """Anna's reading has an issue, and nobody tells us what happens to it there."""
    office.tracker.knows(BORIS, ANNA)
    await begin(office)
    await office.comes(moment("2026-12-01 06:10"))
    await office.writes(ANNA, "done reading")
    return office


def lines(message: Message) -> list[str]:
    return [f"{speaker('en')(fact.name)} {speaker('en')(fact.value)}" for fact in message.facts]


async def test_a_comparison_begins_at_once_and_its_result_comes_as_a_message(tracked: Office) -> None:
    tracked.tracker.edit("ONB-1", priority="high", status="underway")
    assert key(await tracked.commands(BORIS, "sync")) == "sync-begun"
    assert hears(tracked, BORIS) == "sync-done"
    assert (await tracked.journey_of(ANNA)).step("reading").priority == "high"
    assert [button.action for button in tracked.chat.to(BORIS)[-1].message.buttons] == ["drift"]


async def test_the_report_says_what_differed_in_words(tracked: Office) -> None:
    tracked.tracker.edit(
        "ONB-1", priority="high", status="underway", due=day("2026-12-10"), assignee=tracked.tracker.users[ANNA.email]
    )
    await tracked.writes(HELGA, "сверка")
    await tracked.presses(HELGA, "drift")
    report = tracked.chat.to(HELGA)[-1].message
    assert {line.partition(":")[0] for line in lines(report)} >= {"ONB-1 status", "ONB-1 priority", "ONB-1 due date"}
    said = " ".join(lines(report))
    assert "high in Jira; taken from Jira" in said
    assert "not begun with us, under way in Jira" in said
    assert "Thu, 10 December in Jira" in said
    assert BORIS.id not in said
    assert ANNA.id not in said


async def test_a_person_in_the_report_has_a_name_and_a_stranger_none(tracked: Office) -> None:
    tracked.tracker.edit("ONB-1", assignee=None)
    await tracked.writes(HELGA, "sync")
    tracked.tracker.knows(OSCAR)
    tracked.tracker.edit("ONB-1", assignee=tracked.tracker.users[OSCAR.email])
    await tracked.writes(HELGA, "sync")
    await tracked.writes(HELGA, "sync report")
    said = lines(tracked.chat.to(HELGA)[-1].message)
    assert said == [
        "ONB-1 assignee: empty with us, somebody outside the directory in Jira; taken from Jira",
        "ONB-1 assignee: Boris Orlov with us, empty in Jira; taken from Jira",
    ]


async def test_a_manager_sees_what_is_about_their_people(tracked: Office) -> None:
    tracked.tracker.edit("ONB-1", priority="high")
    await tracked.writes(ADAM, "sync")
    for head, count in ((BORIS, 1), (OSCAR, 0), (ADAM, 1)):
        await tracked.writes(head, "sync report")
        assert len(tracked.chat.to(head)[-1].message.facts) == count


async def test_in_a_channel_the_report_comes_in_private(tracked: Office) -> None:
    tracked.tracker.edit("ONB-1", priority="high")
    await tracked.writes(BORIS, "sync")
    await tracked.writes(BORIS, "сверка отчёт", place=Place("chat", "C1", "t1", private=False))
    assert tracked.chat.texts("C1") == [speaker("ru")(Phrase("answered-in-private"))]
    assert hears(tracked, BORIS) == "sync-done"


async def test_before_the_first_comparison_there_is_nothing_to_report(tracked: Office) -> None:
    assert key(await tracked.commands(BORIS, "sync report")) == "sync-none"


async def test_a_newcomer_compares_nothing(tracked: Office) -> None:
    assert key(await tracked.commands(ANNA, "sync")) == "not-allowed"
    assert key(await tracked.presses(ANNA, "drift", answers_at_once=True)) == "not-allowed"
    assert "sync-begun" not in heard(tracked, ANNA)


# --- one at a time


async def test_whoever_asks_while_one_runs_is_told_since_when_and_of_its_end(tracked: Office) -> None:
    tracked.tracker.meets(Retry("busy", after=600.0))
    assert key(await tracked.commands(BORIS, "sync")) == "sync-begun"
    await tracked.passes(minutes=5)
    for who in (HELGA, HELGA, BORIS):
        reply = await tracked.commands(who, "sync")
        assert reply is not None
        assert reply.message is not None
        assert reply.message.text == Phrase("sync-under-way", {"since": "09:10"})
    before = tracked.tracker.calls.count("changed")
    await tracked.passes(minutes=10)
    assert tracked.tracker.calls.count("changed") == before + 1
    for who in (BORIS, HELGA):
        assert heard(tracked, who).count("sync-done") == 1
    assert key(await tracked.commands(HELGA, "sync")) == "sync-begun"
    assert heard(tracked, HELGA).count("sync-done") == 2
    assert heard(tracked, BORIS).count("sync-done") == 1


async def test_one_that_began_on_another_day_says_so(tracked: Office) -> None:
    await tracked.store.pause(tracked.tracker.name, 80_000)
    await tracked.commands(BORIS, "sync")
    await tracked.passes(hours=20)
    reply = await tracked.commands(HELGA, "sync")
    since = Phrase("moment", {"day": Day(day("2026-12-01")), "time": "09:10"})
    assert reply is not None
    assert reply.message == Message(Phrase("sync-under-way", {"since": since}))


async def test_one_that_is_given_up_is_told_to_all_and_another_can_begin(tracked: Office) -> None:
    tracked.tracker.meets(*[RuntimeError("broken")] * 5)
    await tracked.commands(BORIS, "sync")
    await tracked.commands(HELGA, "sync")
    for _ in range(10):
        await tracked.passes(minutes=10)
    for who in (BORIS, HELGA):
        assert heard(tracked, who).count("sync-given-up") == 1
    assert key(await tracked.commands(HELGA, "sync")) == "sync-begun"
    assert hears(tracked, HELGA) == "sync-done"


async def test_one_of_which_nothing_was_heard_for_a_day_is_not_waited_for(tracked: Office) -> None:
    await tracked.store.pause(tracked.tracker.name, 200_000)
    await tracked.commands(BORIS, "sync")
    await tracked.passes(hours=25)
    assert key(await tracked.commands(HELGA, "sync")) == "sync-begun"


async def test_two_who_ask_at_the_same_moment_get_one_run(redis_client: Redis, organisation: str) -> None:
    async with (
        open_office(redis_client, organisation) as one,
        open_office(redis_client, organisation, chat=one.chat) as other,
    ):
        other.bot.stop()
        acts = [
            office.incoming(who, Commanded("sync"), answers_at_once=True, id=f"chat:{who.handle}")
            for office, who in ((one, BORIS), (other, HELGA))
        ]
        replies = await asyncio.gather(one.bot.runner.receive(acts[0]), other.bot.runner.receive(acts[1]))
        assert sorted(map(key, replies)) == ["sync-begun", "sync-under-way"]
        one.nudge()
        await one.idle()
        assert one.tracker.calls.count("changed") == 1
        assert hears(one, BORIS) == hears(one, HELGA) == "sync-done"


async def test_a_priority_that_the_tracker_filled_in_is_no_difference_and_one_that_somebody_chose_is(
    office: Office,
) -> None:
    office.tracker.knows(BORIS, ANNA)
    office.tracker.default_priority = "medium"
    await begin(office)
    await office.comes(moment("2026-12-01 06:10"))
    await office.writes(ANNA, "done reading")
    await office.writes(HELGA, "sync")
    await office.writes(HELGA, "sync report")
    assert lines(office.chat.to(HELGA)[-1].message) == []
    assert (await office.journey_of(ANNA)).step("reading").priority == "medium"
    office.tracker.edit("ONB-1", priority="high")
    await office.writes(HELGA, "sync")
    await office.writes(HELGA, "sync report")
    (line,) = lines(office.chat.to(HELGA)[-1].message)
    assert line.startswith("ONB-1 priority: medium with us, high in Jira")
