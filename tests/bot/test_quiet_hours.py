"""What nobody has just asked for waits for its reader's working hours, in order, and comes as it is true by then."""

import asyncio
import datetime
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from redis.asyncio import Redis

from adapters.store.connect import connect
from bot.calendar import calendar_of
from bot.effects import Effect, Lane, Say
from bot.errors import Retry, Unknown
from bot.message import Button, Message, Phrase
from bot.people import Person, Role
from bot.texts import speaker
from bot.work import Work
from tests.bot.kit import ADAM, BORIS, HELGA, moment, person, scenario, step
from tests.bot.office import Office, open_office
from tests.bot.platform import LOST, Messenger
from tests.bot.test_runner import phrases
from tests.generated import examples
from tests.store_server import new_organisation

LOUISE = person(
    "louise", "Louise Bell", locale="en", timezone="Europe/London", country="GB", roles=frozenset({Role.MANAGER})
)
TOMO = person("tomo", "Tomo Sato", locale="en", timezone="Asia/Tokyo", country="JP", manager=LOUISE.id)
STAFF = (LOUISE, TOMO, BORIS, HELGA, ADAM)
EVENING = moment("2026-12-01 20:00")  # Tuesday, everywhere after work: 23:00 in Moscow, 05:00 of Wednesday in Tokyo
MORNING = moment("2026-12-02 09:00")  # in London


@pytest.fixture
async def office(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    async with open_office(redis_client, organisation, people=STAFF) as opened:
        yield opened


async def tells(office: Office, to: Person, *texts: str, **more: Any) -> None:
    """Something that nobody has asked for, one piece after the other."""
    for text in texts:
        await _says(office, to, text, Message(text), **more)


async def _says(office: Office, to: Person, name: str, message: Message, **more: Any) -> None:
    async def decision(work: Work) -> None:
        reader = await work.person(to.id)
        assert reader is not None
        work.say(name, reader, message, **more)

    await office.bot.runner.run("test", decision)
    await office.idle()


def said(office: Office, to: Person) -> list[str]:
    """Everything that stands in their newest message, as they read it."""
    say, message = speaker("en"), office.chat.to(to)[-1].message
    notes = [f"{say(item.title)} ({say(item.note or '')})" for item in message.items]
    return [say(message.text), *notes, *(f"{say(fact.name)}: {say(fact.value)}" for fact in message.facts)]


# --- who waits, and who does not


async def test_news_of_the_night_comes_in_the_morning_and_says_since_when_it_has_waited(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "news")
    await office.comes(MORNING - datetime.timedelta(minutes=1))
    assert office.chat.shown == []
    await office.comes(MORNING)
    assert said(office, LOUISE) == ["news", "Waited for the morning: since Tue, 1 December, 20:00"]


async def test_what_comes_in_working_hours_comes_at_once_and_says_nothing_of_waiting(office: Office) -> None:
    await tells(office, LOUISE, "news")
    assert said(office, LOUISE) == ["news"]


async def test_an_answer_comes_at_once_although_news_waits_before_it(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "one", "two")
    await office.writes(LOUISE, "help")
    assert phrases(office, LOUISE) == ["help"]
    await office.comes(MORNING)
    assert phrases(office, LOUISE) == ["help", "waited-together"]


async def test_what_is_urgent_does_not_wait(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "news", urgent=True)
    assert said(office, LOUISE) == ["news"]


async def test_administrators_hear_at_night_that_something_fails(office: Office) -> None:
    await office.comes(EVENING)
    office.chat.meets(Retry("slack is down", after=1.0))
    effect = Effect(id="x", lane=Lane("tracker", "x"), act=Say(Message("no tracker can say this"), person=ADAM.id))
    await office.does(replace(effect, urgent=True))
    await office.passes(seconds=2)
    assert phrases(office, ADAM) == ["alert-dead"]


async def test_who_has_left_by_the_morning_hears_nothing(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "news")

    async def leaves(work: Work) -> None:
        reader = await work.person(LOUISE.id)
        assert reader is not None
        work.put_person(replace(reader, left=work.now))

    await office.bot.runner.run("test", leaves)
    await office.comes(MORNING + datetime.timedelta(days=1))
    assert office.chat.to(LOUISE) == []
    assert await office.store.waiting() == {}


async def test_a_company_that_turns_it_off_hears_everything_at_any_hour(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=STAFF, quiet_hours=False) as office:
        await office.comes(EVENING)
        await tells(office, LOUISE, "news")
        assert said(office, LOUISE) == ["news"]


# --- several


async def test_several_pieces_of_news_are_one_message_in_the_order_in_which_they_happened(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "one")
    await office.passes(hours=6, minutes=10)
    await tells(office, LOUISE, "two", "three")
    await office.comes(MORNING)
    assert said(office, LOUISE) == [
        "3 pieces of news came while you were off:",
        "one (Tue, 1 December, 20:00)",
        "two (02:10)",
        "three (02:10)",
    ]
    assert len(office.chat.to(LOUISE)) == 1
    assert await office.store.waiting() == {}


async def test_each_line_keeps_its_button_and_a_choice_of_two_stays_a_message_of_its_own(office: Office) -> None:
    done, other = Button("done", "j s", "Done"), Button("skip", "j s", "Skip")
    await office.comes(EVENING)
    await _says(office, LOUISE, "a", Message("a", buttons=(done,)))
    await _says(office, LOUISE, "b", Message("b"))
    await _says(office, LOUISE, "c", Message("c", buttons=(done, other)))
    await office.comes(MORNING)
    both, choice = office.chat.to(LOUISE)
    assert [item.button for item in both.message.items] == [done, None]
    assert (choice.text, choice.message.buttons) == ("c", (done, other))


async def test_long_words_of_somebody_are_never_cut_into_a_line(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "a", "b" * 500)
    await office.comes(MORNING)
    assert office.chat.texts(LOUISE) == ["a", "b" * 500]


async def test_a_message_of_several_that_was_lost_is_looked_for_and_not_said_twice(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "one", "two")
    office.chat.meets(LOST)
    await office.comes(MORNING)
    await office.passes(minutes=1)
    assert phrases(office, LOUISE) == ["waited-together"]
    assert office.chat.calls == ["post", "look"]


async def test_what_was_perhaps_said_in_the_evening_is_looked_for_before_it_waits(office: Office) -> None:
    await office.comes(moment("2026-12-01 17:59"))
    office.chat.meets(LOST, Unknown("the request was lost"))
    await tells(office, LOUISE, "said", "not said")
    await office.comes(EVENING)
    assert office.chat.texts(LOUISE) == ["said"]
    await office.comes(MORNING)
    assert office.chat.texts(LOUISE) == ["said", "not said"]


async def test_news_of_the_morning_does_not_overtake_what_has_waited(office: Office) -> None:
    await office.comes(EVENING)
    await tells(office, LOUISE, "of the night")
    office.chat.meets(Retry("busy", after=60.0))
    await office.comes(MORNING)
    await tells(office, LOUISE, "of the morning")
    assert office.chat.texts(LOUISE) == []
    await office.passes(minutes=2)
    assert office.chat.texts(LOUISE) == ["of the night", "of the morning"]


# --- onboardings: what it is by then


async def test_an_onboarding_that_begins_at_night_in_tokyo_is_told_in_the_morning_there(office: Office) -> None:
    await office.comes(moment("2026-12-01 14:00"))  # 23:00 in Tokyo
    await office.writes(LOUISE, "start @tomo newcomer 2026-12-02")
    assert office.chat.to(TOMO) == []
    assert phrases(office, LOUISE)[:1] == ["started"]
    await office.comes(moment("2026-12-02 00:00"))
    assert phrases(office, TOMO)[:2] == ["welcome", "checklist"]


async def test_an_onboarding_that_is_stopped_in_the_same_night_was_none(office: Office) -> None:
    await office.comes(moment("2026-12-01 14:00"))
    await office.writes(LOUISE, "start @tomo newcomer 2026-12-02")
    await office.stops(LOUISE, "stop @tomo")
    await office.comes(moment("2026-12-02 00:00"))
    assert "welcome" not in phrases(office, TOMO)


async def test_an_issue_that_a_step_makes_in_tokyos_morning_is_told_in_londons(office: Office) -> None:
    await office.writes(LOUISE, "start @tomo newcomer 2026-12-01")
    await office.comes(moment("2026-12-01 23:30"))  # 08:30 in Tokyo
    await office.writes(TOMO, "done reading")
    assert len(office.tracker.made) == 1
    assert "step-done-issue" not in phrases(office, LOUISE)
    await office.comes(MORNING)
    assert "step-done-issue" in phrases(office, LOUISE)


async def test_what_was_opened_again_in_the_night_is_not_told_as_done(office: Office) -> None:
    await office.writes(LOUISE, "start @tomo newcomer 2026-12-01")
    await office.comes(moment("2026-12-01 23:30"))
    await office.writes(TOMO, "done reading")
    await office.writes(TOMO, "reopen reading")
    await office.comes(MORNING)
    assert "step-done-issue" not in phrases(office, LOUISE)


async def test_a_checklist_that_stands_already_changes_in_place_at_night(office: Office) -> None:
    await office.writes(LOUISE, "start @tomo newcomer 2026-12-01")
    await office.comes(moment("2026-12-02 02:00"))
    assert phrases(office, TOMO)[:2] == ["welcome", "checklist"]
    (plan,) = [one for one in office.chat.to(TOMO) if one.lines.keys() >= {"papers"} and one.message.progress]
    await office.comes(moment("2026-12-02 15:00"))  # midnight in Tokyo, three in the afternoon in London
    rung = len(office.chat.to(TOMO))
    await office.writes(LOUISE, "done @tomo papers")
    assert plan.lines["papers"] == "done"
    assert len(office.chat.to(TOMO)) == rung


async def test_an_urgent_step_is_told_at_any_hour(redis_client: Redis, organisation: str) -> None:
    badge = step("badge", who="manager", after=("papers",), urgent=True)
    laptop = step("laptop", who="manager", after=("papers",))
    of = scenario(step("papers"), badge, laptop)
    async with open_office(redis_client, organisation, scenarios=(of,), people=STAFF) as office:
        await office.writes(LOUISE, "start @tomo newcomer 2026-12-01")
        await office.comes(moment("2026-12-02 00:30"))
        await office.writes(TOMO, "done papers")
        told = [one.message.text for one in office.chat.to(LOUISE)]
        about = [text.args["step"] for text in told if isinstance(text, Phrase) and text.key == "step-for-manager"]
        assert about == [badge.title]


# --- from before


async def test_what_an_earlier_version_has_left_in_lanes_is_worked_off(office: Office) -> None:
    await office.comes(EVENING)
    quiet = Effect(
        id="old", lane=Lane("chat", LOUISE.id, bulk=True), act=Say(Message("old"), person=LOUISE.id), quiet=True
    )

    async def decision(work: Work) -> None:
        work.add_as_it_is(quiet)
        work.add_as_it_is(replace(quiet, id="loud", lane=Lane("chat", LOUISE.id), quiet=False))

    await office.bot.runner.run("test", decision)
    await office.idle()
    assert office.chat.texts(LOUISE) == ["old"]
    await tells(office, LOUISE, "new")
    await office.comes(MORNING)
    assert office.chat.texts(LOUISE) == ["old", "old", "new"]


# --- whatever happens, at whatever hour


ZONES = ("Asia/Tokyo", "Europe/London", "Europe/Moscow", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu")
START = moment("2026-03-25 00:00")  # the clocks of Europe change on Sunday, those of New Zealand a week later
readers = st.integers(0, len(ZONES) - 1)
happenings = st.lists(
    st.tuples(st.floats(0.01, 20.0), readers, st.sampled_from(["told", "told", "told", "urgent", "busy", "writes"])),
    min_size=4,
    max_size=16,
)


@given(happenings)
@examples(8)
def test_nothing_is_told_outside_its_readers_hours_and_everything_is_told_in_the_end(
    store_url: str, happened: list[tuple[float, int, str]]
) -> None:
    asyncio.run(_live(store_url, happened))


async def _live(url: str, happened: list[tuple[float, int, str]]) -> None:
    people = tuple(person(f"r{n}", f"Reader {n}", timezone=zone, country="GB") for n, zone in enumerate(ZONES))
    chat, client = Messenger(), connect(url)
    try:
        async with open_office(client, new_organisation(), people=people, chat=chat) as office:
            chat.clock = office.clock
            office.clock.now = START
            wanted: dict[str, list[str]] = {one.id: [] for one in people}
            for number, (hours, reader, what) in enumerate(happened):
                await office.passes(hours=hours)
                if what == "busy" and not chat.troubles:
                    chat.meets(Retry("busy", after=600.0))
                elif what in ("busy", "writes"):
                    answered = len(chat.to(people[reader]))
                    await office.writes(people[reader], "help")
                    await office.passes(minutes=11)
                    assert len(chat.to(people[reader])) > answered, "an answer comes at any hour"
                else:
                    await tells(office, people[reader], f"{what} {number}", urgent=what == "urgent")
                    wanted[people[reader].id].append(f"{what} {number}")
            for _ in range(24):
                await office.passes(hours=4)
            for one in people:
                assert _told(chat, one, "told") == [text for text in wanted[one.id] if text.startswith("told")]
                assert sorted(_told(chat, one, "urgent")) == sorted(t for t in wanted[one.id] if t.startswith("urgent"))
    finally:
        await client.aclose()


def _told(chat: Messenger, reader: Person, what: str) -> list[str]:
    """What came to them, in order; none of what was told at an hour of rest."""
    calendar, texts = calendar_of(reader.timezone, reader.country), []
    for one in chat.to(reader):
        lines = [str(item.title) for item in one.message.items] or [one.text]
        found = [line for line in lines if line.startswith(what)]
        assert one.at is not None
        assert what == "urgent" or not found or calendar.waking(one.at) == one.at, f"{found} came at {one.at}"
        texts += found
    return texts
