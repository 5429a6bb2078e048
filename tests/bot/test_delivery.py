"""What waits in lanes gets done: tried again, looked for, given up, held back, each as its error or its time asks."""

import datetime
from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.delivery import Delivery
from bot.destinations import ChannelDestination
from bot.effects import CreateIssue, Effect, IssueDraft, Lane, Remind, Say
from bot.errors import Refused, Retry, StoreUnavailable, Unauthorized, Unknown
from bot.message import Message, Phrase
from bot.people import Person
from bot.ports import Loaded
from bot.retry import UNMAPPED_LIMIT
from bot.texts import speaker
from bot.work import Work
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, moment, person
from tests.bot.office import Office, open_office, until
from tests.bot.platform import FINE, HANGS, LOST, NOT_SENT, Trouble
from tests.bot.test_runner import phrases

FAR = person("far", "Far Away", timezone="America/New_York", country="US")


def say(effect_id: str, to: Person = ANNA, text: str = "", channel: str = "chat", **more: object) -> Effect:
    act = Say(Message(text or effect_id), person=to.id)
    return replace(Effect(id=effect_id, lane=Lane(channel, to.id), act=act), **more)


def issue(effect_id: str, project: str = "ONB") -> Effect:
    act = CreateIssue("none", "papers", IssueDraft(effect_id, "", "Task", project=project))
    return Effect(id=effect_id, lane=Lane("tracker", effect_id), act=act)


# --- again


async def test_what_surely_did_not_happen_is_simply_done_again(office: Office) -> None:
    office.chat.meets(Retry("busy"))
    await office.does(say("a"))
    assert office.chat.shown == []
    await office.passes(seconds=1)
    assert office.chat.texts(ANNA) == ["a"]
    assert office.chat.calls == ["post", "post"]


async def test_what_comes_after_it_in_the_lane_waits_and_other_lanes_do_not(office: Office) -> None:
    office.chat.meets(Retry("busy"))
    await office.does(say("a"), say("b"))
    await office.does(say("c", BORIS))
    assert office.chat.texts(BORIS) == ["c"]
    await office.passes(seconds=1)
    assert office.chat.texts(ANNA) == ["a", "b"]


async def test_a_time_that_the_platform_names_is_kept(office: Office) -> None:
    office.chat.meets(Retry("busy", after=40.0))
    await office.does(say("a"))
    await office.passes(seconds=39)
    assert office.chat.calls == ["post"]
    await office.passes(seconds=3)
    assert office.chat.texts(ANNA) == ["a"]


async def test_a_platform_that_asks_for_silence_gets_it_from_everybody(office: Office) -> None:
    office.chat.meets(Retry("rate limited", after=40.0, everywhere=True))
    await office.does(say("a"))
    await office.does(say("b", BORIS))
    assert office.chat.calls == ["post"]
    await office.passes(seconds=42)
    assert sorted(one.text for one in office.chat.shown) == ["a", "b"]


async def test_an_error_that_nobody_has_mapped_is_tried_five_times_and_told(office: Office) -> None:
    office.mail.meets(*(KeyError("slip") for _ in range(UNMAPPED_LIMIT)))
    await office.does(say("a", channel="mail"))
    for _ in range(20):
        await office.passes(minutes=1)
    assert office.mail.calls == ["post"] * UNMAPPED_LIMIT
    assert await office.dead() == [("a", "gave-up")]
    assert phrases(office, ADAM) == ["alert-dead"]


# --- never


async def test_what_is_refused_becomes_a_dead_letter_and_the_lane_goes_on(office: Office) -> None:
    office.chat.meets(Refused("invalid", "no such block"))
    await office.does(say("a"), say("b"))
    assert await office.dead() == [("a", "invalid")]
    assert office.chat.texts(ANNA) == ["b"]


async def test_administrators_hear_once_of_each_cause(office: Office) -> None:
    office.tracker.meets(*(Refused("project-unknown", "no project") for _ in range(4)))
    for number in range(3):
        await office.does(issue(f"i{number}"))
    await office.does(issue("i3", project="OTHER"))
    assert len(await office.dead()) == 4
    assert phrases(office, ADAM) == ["alert-dead", "alert-dead"]


async def test_an_alert_that_cannot_be_delivered_raises_no_other_for_ever(office: Office) -> None:
    for channel in (office.chat, office.mail):
        channel.meets(*(Refused("person-unreachable", "no account") for _ in range(5)))
    await office.does(say("a"))
    assert [code for _, code in await office.dead()] == ["person-unreachable"] * 2
    assert office.chat.calls == office.mail.calls == ["post", "post"]


async def test_a_dead_letter_that_is_tried_again_is_done(office: Office) -> None:
    office.tracker.meets(Refused("project-unknown", "no project"))
    await office.does(issue("i"))
    assert await office.store.dead_retry("i")
    office.nudge()
    await office.idle()
    assert [label for label, _ in office.tracker.made] == ["i"]
    assert await office.dead() == []


async def test_what_is_said_to_somebody_who_is_gone_is_refused(office: Office) -> None:
    await office.does(say("a", FAR))
    assert await office.dead() == [("a", "person-gone")]


async def test_an_act_that_a_destination_cannot_do_is_refused(office: Office) -> None:
    await office.does(Effect(id="a", lane=Lane("tracker", "x"), act=Say(Message("a"), person=ANNA.id)))
    await office.does(Effect(id="b", lane=Lane("answers", "x"), act=Say(Message("a"), person=ANNA.id)))
    await office.does(Effect(id="c", lane=Lane("inbox", "x"), act=Say(Message("a"), person=ANNA.id)))
    assert await office.dead() == [("a", "unfit"), ("b", "unfit"), ("c", "unfit")]


# --- not allowed


async def test_refused_credentials_pause_the_destination_and_lose_nothing(office: Office) -> None:
    office.tracker.meets(Unauthorized("token expired"))
    await office.does(issue("i0"))
    await office.does(issue("i1"))
    assert office.tracker.calls == ["create"]
    assert phrases(office, ADAM) == ["alert-unauthorized"]
    office.tracker.meets(Unauthorized("token expired"), Unauthorized("token expired"))
    await office.passes(seconds=61)
    assert phrases(office, ADAM) == ["alert-unauthorized"]
    await office.passes(seconds=61)
    await office.passes(seconds=61)
    assert sorted(label for label, _ in office.tracker.made) == ["i0", "i1"]
    assert await office.dead() == []


# --- perhaps


@pytest.mark.parametrize("trouble", [LOST, Trouble(lands=True)], ids=["an error", "silence"])
async def test_a_message_whose_answer_was_lost_is_found_and_not_sent_again(office: Office, trouble: Trouble) -> None:
    office.chat.meets(trouble)
    await office.does(say("a"))
    await office.passes(seconds=1)
    assert office.chat.texts(ANNA) == ["a"]
    assert office.chat.calls == ["post", "look"]


@pytest.mark.parametrize("trouble", [NOT_SENT, HANGS], ids=["an error", "silence"])
async def test_a_message_that_never_arrived_is_looked_for_and_then_sent(office: Office, trouble: Trouble) -> None:
    office.chat.meets(trouble)
    await office.does(say("a"))
    await office.passes(seconds=1)
    assert office.chat.texts(ANNA) == ["a"]
    assert office.chat.calls == ["post", "look", "post"]


async def test_a_look_that_fails_leaves_the_doubt(office: Office) -> None:
    office.chat.meets(LOST, Retry("busy"), Unknown("lost"))
    await office.does(say("a"))
    for _ in range(5):
        await office.passes(seconds=5)
    assert office.chat.texts(ANNA) == ["a"]
    assert office.chat.calls == ["post", "look", "look", "look"]


async def test_where_nothing_can_be_looked_for_a_message_is_repeated_or_given_up_as_it_says(office: Office) -> None:
    office.mail.meets(LOST)
    await office.does(say("a", channel="mail"))
    await office.passes(seconds=1)
    assert office.mail.texts(ANNA) == ["a", "a"]
    office.mail.meets(LOST)
    await office.does(say("b", channel="mail", in_doubt="give_up"))
    await office.passes(seconds=1)
    assert office.mail.texts(ANNA) == ["a", "a", "b"]
    assert await office.dead() == [("b", "uncertain")]


async def test_an_issue_in_doubt_is_looked_for_once_it_can_show(office: Office) -> None:
    office.tracker.meets(LOST)
    await office.does(issue("i"))
    await office.passes(seconds=29)
    assert office.tracker.calls == ["create"]
    await office.passes(seconds=2)
    assert office.tracker.calls == ["create", "look"]
    assert office.tracker.keys_of("i") == ["ONB-1"]


async def test_every_attempt_in_doubt_is_given_time_to_show(office: Office) -> None:
    office.tracker.meets(NOT_SENT, FINE, LOST)
    await office.does(issue("i"))
    await office.passes(seconds=31)
    assert office.tracker.calls == ["create", "look", "create"]
    await office.passes(seconds=29)
    assert office.tracker.calls == ["create", "look", "create"]
    await office.passes(seconds=3)
    assert office.tracker.calls == ["create", "look", "create", "look"]
    assert len(office.tracker.made) == 1


# --- its time


async def test_quiet_hours_hold_a_message_back_and_nothing_else(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, people=(FAR, ADAM)) as office:
        quiet = say("quiet", FAR, quiet=True, lane=Lane("chat", FAR.id, bulk=True))
        await office.does(quiet)
        assert office.chat.shown == []
        await office.writes(FAR, "help")
        assert phrases(office, FAR) == ["help"]
        await office.comes(moment("2026-11-30 13:59"))
        assert len(office.chat.shown) == 1
        await office.comes(moment("2026-11-30 14:01"))
        assert office.chat.texts(FAR)[-1] == "quiet"


async def test_a_reminder_of_what_was_done_meanwhile_is_dropped(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    journey = await office.journey_of(ANNA)
    office.chat.meets(Retry("busy", after=3600.0))
    remind = Effect(
        id="r",
        lane=Lane("chat", ANNA.id, bulk=True),
        act=Remind(journey.id, ANNA.id, ("papers",)),
        subject=journey.id,
        steps=("papers",),
    )
    await office.does(remind)
    await office.writes(ANNA, "done papers")
    told = len(office.chat.shown)
    await office.passes(hours=2)
    assert len(office.chat.shown) == told
    assert await office.store.waiting() == {}


async def test_what_has_expired_is_not_sent(office: Office) -> None:
    office.chat.meets(Retry("busy", after=60.0))
    await office.does(say("a", expires=office.clock() + datetime.timedelta(seconds=30)))
    await office.passes(minutes=2)
    assert office.chat.shown == []
    assert await office.dead() == []


async def test_what_is_not_due_yet_waits(office: Office) -> None:
    await office.does(say("a", not_before=office.clock() + datetime.timedelta(minutes=5)))
    await office.passes(minutes=4)
    assert office.chat.shown == []
    await office.passes(minutes=2)
    assert office.chat.texts(ANNA) == ["a"]


# --- the checklist


async def test_a_checklist_whose_post_was_in_doubt_stands_once_and_is_kept_up_to_date(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    office.chat.meets(LOST)
    await office.writes(ANNA, "status")
    await office.passes(seconds=1)
    await office.writes(ANNA, "done papers")
    boards = [one for one in office.chat.to(ANNA) if one.message.progress]
    assert [one.lines["papers"] for one in boards] == ["open", "done"]


async def test_a_checklist_that_somebody_deleted_is_posted_anew(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    office.chat.shown = [one for one in office.chat.shown if not one.message.progress]
    await office.writes(ANNA, "done papers")
    await office.writes(ANNA, "done reading")
    boards = [one for one in office.chat.to(ANNA) if one.message.progress]
    assert [(one.lines["papers"], one.lines["reading"]) for one in boards] == [("done", "done")]


async def test_many_changes_while_the_platform_is_away_are_one_update(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    office.chat.meets(Retry("away", after=30.0))
    await office.does(say("x"))
    for name in ("papers", "reading"):
        await office.writes(ANNA, f"done {name}")
    await office.passes(minutes=1)
    (board,) = [one for one in office.chat.to(ANNA) if one.message.progress]
    assert board.updates == 1


# --- what is ours


async def test_a_store_that_is_away_while_a_message_is_composed_costs_no_attempt(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, failures = office.store.load, [1] * (UNMAPPED_LIMIT + 2)

    async def sometimes(ids: Sequence[str]) -> list[Loaded]:
        if failures:
            failures.pop()
            raise StoreUnavailable("away")
        return await load(ids)

    async def come_back() -> bool:
        return len(failures) < left

    monkeypatch.setattr(office.store, "load", sometimes)
    await office.bot.runner.run("test", lambda work: _add(work, say("a")))
    while left := len(failures):
        await until(come_back)
        office.clock.now += datetime.timedelta(seconds=31)
        office.nudge()
    await office.idle()
    assert office.chat.texts(ANNA) == ["a"]
    assert await office.dead() == []


async def _add(work: Work, effect: Effect) -> None:
    work.add(effect)


async def test_what_the_core_cannot_follow_ends_as_a_dead_letter(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    office.tracker.meets(Retry("busy", after=5.0))
    await office.writes(ANNA, "done reading")
    journey = await office.journey_of(ANNA)
    work = office.work()
    await work.state(f"journey:{journey.id}")
    work.put(f"journey:{journey.id}", b'"broken"')
    await office.store.commit(work.commit())
    for _ in range(10):
        await office.passes(minutes=5)
    assert await office.dead() == [(f"{journey.id}:issue:reading", "undecided")]
    assert phrases(office, ADAM) == ["alert-dead"]


async def test_a_call_that_may_outlast_its_lease_is_refused_at_the_start(office: Office) -> None:
    slow = ChannelDestination(office.chat, office.company, speaker, office.clock, timeout=30.0)
    with pytest.raises(ValueError, match="must end before its lease"):
        Delivery(office.bot.runner, {slow.name: slow}, lease=slow.timeout)


async def test_the_issue_of_a_stopped_journey_is_not_made(office: Office) -> None:
    await office.writes(BORIS, "start @anna newcomer 2026-11-30")
    office.tracker.meets(Retry("busy", after=60.0))
    await office.writes(ANNA, "done reading")
    await office.stops(HELGA)
    await office.passes(minutes=2)
    assert office.tracker.made == []


# --- in the place of another message


async def test_what_is_said_in_the_place_of_a_message_changes_it(office: Office) -> None:
    await office.does(say("one"))
    (shown,) = office.chat.to(ANNA)
    await office.does(replace(say("two"), act=Say(Message("another"), person=ANNA.id, on=shown.ref)))
    assert [(one.text, one.updates) for one in office.chat.to(ANNA)] == [("another", 1)]


async def test_what_is_said_in_the_place_of_a_message_that_is_gone_is_not_said(office: Office) -> None:
    await office.does(replace(say("two"), act=Say(Message("another"), person=ANNA.id, on="chat-gone")))
    assert office.chat.to(ANNA) == []
    assert await office.dead() == []


async def test_a_change_whose_answer_was_lost_is_made_again_without_a_look(office: Office) -> None:
    await office.does(say("one"))
    (shown,) = office.chat.to(ANNA)
    office.chat.meets(LOST)
    await office.does(replace(say("two"), act=Say(Message("another"), person=ANNA.id, on=shown.ref)))
    await office.passes(minutes=5)
    assert [(one.text, one.updates) for one in office.chat.to(ANNA)] == [("another", 2)]
    assert office.chat.calls.count("look") == 0


async def test_a_message_in_a_language_of_its_own_is_said_in_it(office: Office) -> None:
    for language, hello in (("ru", "Спасибо! Рад, что помогло."), ("en", "Thank you! I am glad it helped.")):
        said = Message(Phrase("rated-thanks"), language=language)
        await office.does(replace(say(f"in {language}"), act=Say(said, person=ANNA.id)))
        assert office.chat.texts(ANNA)[-1] == hello
