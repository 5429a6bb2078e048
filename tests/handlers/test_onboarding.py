"""Starting an onboarding, going through its steps, and stopping it, as people see it in a messenger."""

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.directory import import_people
from bot.incoming import Account, Place, Submitted, Wrote
from bot.message import Local, Message, Phrase, Reply
from bot.texts import speaker
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, NEWCOMER, OLGA, OSCAR, day, moment, scenario, statuses, step
from tests.bot.office import Office, open_office

LEAD = scenario(step("announce"), scenario_id="team-lead")


def key(reply: Reply | None) -> str:
    """What an answer that only its reader sees is about."""
    assert reply is not None
    assert reply.message is not None
    return phrase(reply.message)


def phrase(message: Message) -> str:
    assert isinstance(message.text, Phrase)
    return message.text.key


def heard(office: Office, who: object) -> list[str]:
    """The keys of what somebody was told, in order."""
    assert hasattr(who, "id")
    return [phrase(one.message) for one in office.chat.to(who.id)]


def hears(office: Office, who: object) -> str:
    return heard(office, who)[-1]


async def begin(office: Office, text: str = "/onboarding start @anna newcomer 2026-12-01") -> None:
    await office.writes(BORIS, text)


# --- starting


async def test_a_start_welcomes_the_newcomer_with_a_checklist_and_confirms_it_to_the_manager(office: Office) -> None:
    await begin(office)
    assert heard(office, ANNA) == ["welcome", "checklist"]
    assert heard(office, BORIS) == ["started", "step-for-manager"]
    checklist = office.chat.to(ANNA)[-1]
    assert checklist.lines == {"laptop": "open", "papers": "waiting", "reading": "waiting", "meeting": "waiting"}


async def test_everyone_is_spoken_to_in_their_own_language(office: Office) -> None:
    await begin(office)
    welcome, confirmation = office.chat.to(ANNA)[0], office.chat.to(BORIS)[0]
    assert welcome.text == speaker("en")(welcome.message.text)
    assert confirmation.text == speaker("ru")(confirmation.message.text)
    assert "Newcomer (ru)" in confirmation.text


@pytest.mark.parametrize(
    "text",
    [
        "/onboarding start <@ANNA> newcomer 2026-12-01",
        "start @anna newcomer 1.12.2026",
        "старт anna@example.org завтра",
        "Начать для @anna, newcomer с 2026-12-01",
        'start "@Anna Smirnova" «Newcomer» tomorrow',
        "/онбординг старт mailto:anna@example.org tuesday",
        "/onboarding start Anna Smirnova newcomer 2026-12-01",
        "старт Anna 01.12.2026",
        "старт @anna 1 декабря",
        "старт @anna newcomer с 1 декабря 2026 года",
        "/onboarding start Anna Smirnova from 1 December",
        "start @anna December 1, 2026",
    ],
)
async def test_a_start_is_understood_however_it_is_put(office: Office, text: str) -> None:
    await begin(office, text)
    assert (await office.journey_of(ANNA)).start == day("2026-12-01")


async def test_a_start_by_slash_is_answered_at_once_and_confirmed_in_the_conversation(office: Office) -> None:
    assert key(await office.commands(BORIS, "start @anna")) == "starting"
    assert "started" in heard(office, BORIS)


async def test_without_a_date_it_begins_on_the_next_working_day(office: Office) -> None:
    office.clock.now = moment("2026-12-05 10:00")
    await begin(office, "start @anna newcomer")
    assert (await office.journey_of(ANNA)).start == day("2026-12-07")


async def test_tomorrow_is_meant_from_when_it_was_said(office: Office) -> None:
    said = office.incoming(BORIS, Wrote("start @anna tomorrow"))
    office.clock.now = moment("2026-12-01 09:00")
    await office.receive(said)
    assert (await office.journey_of(ANNA)).start == day("2026-12-01")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("start newcomer", "start-usage"),
        ("start @anna dancer", "scenario-unknown"),
        ("start @anna 31.02.2026", "date-unknown"),
        ("start @anna newcomer 2026-13-01", "date-unknown"),
        ("старт @anna 31 ноября", "date-unknown"),
        ("start @anna 2029-01-01", "date-too-far"),
        ("start @anna 1999-01-01", "date-too-far"),
        ("start @nobody", "person-unknown"),
        ("start Nobody newcomer", "person-unknown"),
        ("start nobody@example.org", "person-unknown"),
        ("start @olga", "not-your-person"),
        ("stop", "stop-usage"),
        ("stop @nobody", "person-unknown"),
        ("stop @olga", "not-your-person"),
        ("stop @anna", "stop-nothing"),
        ("stop @anna dancer", "scenario-unknown"),
    ],
)
async def test_what_cannot_be_followed_is_said_in_plain_words(office: Office, text: str, answer: str) -> None:
    assert key(await office.commands(BORIS, text)) == answer
    assert await office.work().journeys_of(ANNA.id) == []


async def test_a_second_start_says_that_it_is_running(office: Office) -> None:
    await begin(office)
    await begin(office)
    assert hears(office, BORIS) == "started-already"
    assert len(await office.work().journeys_of(ANNA.id)) == 1


async def test_hr_starts_for_everybody_and_the_manager_is_told(office: Office) -> None:
    await office.writes(HELGA, "start @olga")
    assert heard(office, HELGA) == ["started"]
    assert heard(office, OSCAR) == ["started", "step-for-manager"]


async def test_a_newcomer_starts_nothing(office: Office) -> None:
    assert key(await office.commands(ANNA, "start @anna")) == "not-allowed"


async def test_two_scenarios_run_side_by_side_and_one_of_them_is_stopped(
    redis_client: Redis, organisation: str
) -> None:
    async with open_office(redis_client, organisation, (NEWCOMER, LEAD)) as office:
        await begin(office, "start @anna newcomer")
        await begin(office, "start @anna team-lead")
        await office.stops(BORIS, "stop @anna team-lead")
        journeys = await office.work().journeys_of(ANNA.id)
        assert {one.scenario: one.status for one in journeys} == {"newcomer": "active", "team-lead": "stopped"}


# --- the form


async def test_a_bare_slash_start_opens_a_form_and_commits_nothing(office: Office) -> None:
    reply = await office.commands(BORIS, "start")
    assert reply is not None
    assert reply.form is not None
    assert [field.name for field in reply.form.fields] == ["person", "scenario", "date"]


async def test_where_a_form_can_be_a_message_a_bare_start_asks_with_one(office: Office) -> None:
    await office.writes(BORIS, "start", takes_forms=True)
    (shown,) = office.chat.to(BORIS)
    assert shown.message.form is not None
    assert [field.name for field in shown.message.form.fields] == ["person", "scenario", "date"]
    said = Submitted("start", {"person": "@anna", "scenario": "newcomer", "date": "2026-12-01"})
    reply = await office.receive(office.incoming(BORIS, said, on=shown.ref))
    assert reply is not None
    assert reply.instead == Message(Phrase("form-sent"))
    assert (await office.journey_of(ANNA)).status == "active"


async def test_a_form_that_is_a_message_is_not_asked_in_front_of_others(office: Office) -> None:
    await office.writes(BORIS, "start", takes_forms=True, place=Place("chat", "C1", "1", private=False))
    assert [shown.message.form for shown in office.chat.to("C1")] == [None]
    (shown,) = office.chat.to(BORIS)
    assert shown.message.form is not None


async def test_what_is_wrong_in_a_form_that_is_a_message_stands_in_it_beside_what_was_written(office: Office) -> None:
    said = Submitted("start", {"person": "@nobody", "scenario": "newcomer", "date": "2026-12-01"})
    reply = await office.receive(office.incoming(BORIS, said, on="chat-1"))
    assert reply is not None
    assert reply.instead is not None
    assert reply.instead.form is not None
    written = {field.name: field.value for field in reply.instead.form.fields}
    assert written == {"person": "@nobody", "scenario": "newcomer", "date": "2026-12-01"}
    wrong = {field.name: field.error for field in reply.instead.form.fields if field.error is not None}
    assert wrong == {"person": Phrase("person-unknown", {"who": "nobody"})}
    assert office.chat.to(BORIS) == []


async def test_what_is_wrong_in_a_form_that_cannot_be_changed_is_said(office: Office) -> None:
    said = Submitted("start", {"person": "@nobody", "scenario": "newcomer", "date": "2026-12-01"})
    assert await office.receive(office.incoming(BORIS, said)) is None
    assert hears(office, BORIS) == "person-unknown"


async def test_a_filled_in_form_starts(office: Office) -> None:
    assert await office.submits(BORIS, "start", person="<@ANNA>", scenario="newcomer", date="2026-12-01") is None
    assert heard(office, BORIS)[0] == "started"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"person": "<@ANNA>", "scenario": "newcomer", "date": "soon"}, "date"),
        ({"person": "<@ANNA>", "scenario": "newcomer", "date": "2029-01-01"}, "date"),
        ({"person": "<@ANNA>", "scenario": "dancer", "date": "2026-12-01"}, "scenario"),
        ({"person": "<@OLGA>", "scenario": "newcomer", "date": "2026-12-01"}, "person"),
        ({"person": "nobody", "scenario": "newcomer", "date": "2026-12-01"}, "person"),
        ({"person": "", "scenario": "newcomer", "date": "2026-12-01"}, "person"),
        ({"scenario": "newcomer", "date": "2026-12-01"}, "person"),
        ({}, "date"),
    ],
)
async def test_errors_of_a_form_stand_beside_their_field(office: Office, values: dict[str, str], field: str) -> None:
    reply = await office.submits(BORIS, "start", **values)
    assert reply is not None
    assert [*reply.errors] == [field]
    assert reply.locale == "ru"


async def test_a_form_that_had_to_wait_for_an_account_tells_its_errors_in_the_conversation(office: Office) -> None:
    reply = await office.submits(BORIS, "start", person="<@WHO>", scenario="newcomer", date="2026-12-01")
    assert key(reply) == "one-moment-person"
    assert [phrase(one.message) for one in office.chat.to("BORIS")] == ["person-outside"]


# --- going through the steps


@pytest.fixture
async def begun(office: Office) -> Office:
    """Anna's first morning, ten past nine."""
    await begin(office)
    await office.comes(moment("2026-12-01 06:10"))
    return office


async def status_of(office: Office, name: str) -> str:
    return statuses(await office.journey_of(ANNA))[name]


async def test_the_first_morning_announces_the_steps(begun: Office) -> None:
    assert hears(begun, ANNA) == "steps-opened"
    assert begun.chat.to(ANNA)[1].lines["papers"] == "open"


@pytest.mark.parametrize(
    "text",
    [
        "done papers",
        "готово papers",
        "/onboarding done PAPERS",
        "done 2",
        "сделано Papers (ru)",
        "done paper",
    ],
)
async def test_a_step_is_named_by_id_number_title_or_its_beginning(begun: Office, text: str) -> None:
    await begun.writes(ANNA, text)
    assert await status_of(begun, "papers") == "done"
    assert hears(begun, ANNA) == "step-done-next"


@pytest.mark.parametrize(
    "text", ["done Reading of the docs", "готово встреча с документами", "done «reading the docs»."]
)
async def test_small_words_of_a_title_do_not_matter(begun: Office, text: str) -> None:
    await begun.writes(ANNA, text)
    assert await status_of(begun, "reading") == "done"


async def test_a_step_is_done_by_its_button(begun: Office) -> None:
    button = next(line.button for line in begun.chat.to(ANNA)[1].message.items if line.id == "papers")
    assert button is not None
    await begun.presses(ANNA, button.action, button.value)
    assert await status_of(begun, "papers") == "done"
    assert begun.chat.to(ANNA)[1].lines["papers"] == "done"


async def test_done_alone_shows_what_can_be_done(begun: Office) -> None:
    await begun.writes(ANNA, "готово")
    shown = begun.chat.to(ANNA)[-1]
    assert phrase(shown.message) == "done-which"
    assert [*shown.lines] == ["papers", "reading"]


async def test_a_step_before_its_time_is_explained_and_nothing_of_it_stays(begun: Office) -> None:
    await begun.writes(ANNA, "done meeting")
    assert hears(begun, ANNA) == "step-not-yet"
    assert await status_of(begun, "meeting") == "waiting"


async def test_twice_done_is_done(begun: Office) -> None:
    await begun.writes(ANNA, "done papers")
    await begun.writes(ANNA, "done papers")
    assert hears(begun, ANNA) == "step-done-already"


async def test_a_word_of_several_titles_is_asked_about(redis_client: Redis, organisation: str) -> None:
    titles = {one: Local(ru=f"Знакомство: {one}", en=f"Getting to know: {one}") for one in ("mentor", "team")}
    both = scenario(*(step(one, title=title) for one, title in titles.items()), scenario_id="two")
    async with open_office(redis_client, organisation, (both,)) as office:
        await begin(office, "start @anna two 2026-12-01")
        await office.writes(ANNA, "готово знакомство")
        shown = office.chat.to(ANNA)[-1]
        assert phrase(shown.message) == "step-ambiguous"
        assert [*shown.lines] == [*titles]
        await office.writes(ANNA, "done know team")
        assert hears(office, ANNA) == "step-done-next"


async def test_an_unknown_step_is_said_to_be_one(begun: Office) -> None:
    await begun.writes(ANNA, "done dance")
    assert hears(begun, ANNA) == "step-unknown"


async def test_the_manager_ticks_off_their_step_by_the_button_of_their_message(begun: Office) -> None:
    button = begun.chat.to(BORIS)[1].message.buttons[0]
    await begun.presses(BORIS, button.action, button.value)
    assert await status_of(begun, "laptop") == "done"
    assert hears(begun, BORIS) == "step-done"


async def test_the_newcomer_does_not_tick_off_the_managers_step(begun: Office) -> None:
    await begun.writes(ANNA, "done laptop")
    assert hears(begun, ANNA) == "step-of-manager"


async def test_the_manager_ticks_off_for_their_person_and_nobody_elses(begun: Office) -> None:
    await begun.writes(BORIS, "done @anna papers")
    assert await status_of(begun, "papers") == "done"
    await begun.writes(OSCAR, "done @anna reading")
    assert hears(begun, OSCAR) == "not-your-person"
    await begun.writes(BORIS, "done @olga papers")
    assert hears(begun, BORIS) == "not-your-person"
    assert await status_of(begun, "reading") == "open"


async def test_somebody_elses_button_does_nothing(begun: Office) -> None:
    journey = await begun.journey_of(ANNA)
    for stranger in (OLGA, OSCAR):
        await begun.presses(stranger, "done", f"{journey.id} papers")
        assert hears(begun, stranger) == "outdated"
    assert await status_of(begun, "papers") == "open"


@pytest.mark.parametrize("value", ["", "x", "no such", "a b c", "{journey} dance"])
async def test_a_button_of_another_time_is_said_to_be_out_of_date(begun: Office, value: str) -> None:
    journey = await begun.journey_of(ANNA)
    await begun.presses(ANNA, "done", value.format(journey=journey.id))
    assert hears(begun, ANNA) == "outdated"


async def test_a_head_without_a_plan_is_asked_whose_step_it_is(office: Office) -> None:
    await office.writes(BORIS, "done laptop")
    assert hears(office, BORIS) == "done-of-whom"


async def test_a_scenario_may_be_named_by_a_title_with_a_number_in_it(redis_client: Redis, organisation: str) -> None:
    days = replace(LEAD, title=Local(ru="Первые 90 дней", en="The first 90 days"))
    async with open_office(redis_client, organisation, (NEWCOMER, days)) as office:
        await begin(office, "start @anna первые 90 дней с 2026-12-01")
        assert (await office.journey_of(ANNA)).scenario == days.id


async def test_who_has_no_journey_is_told_so(office: Office) -> None:
    await office.writes(ANNA, "done papers")
    assert hears(office, ANNA) == "journey-none"
    await office.writes(BORIS, "done @anna papers")
    assert hears(office, BORIS) == "journey-none-of"


async def test_a_done_step_makes_its_issue_and_the_manager_gets_the_link(begun: Office) -> None:
    await begun.writes(ANNA, "done reading")
    assert [label for label, _ in begun.tracker.made] == [f"{(await begun.journey_of(ANNA)).id}:issue:reading"]
    last = begun.chat.to(BORIS)[-1]
    assert phrase(last.message) == "step-done-issue"
    assert [link.url for link in last.message.links] == ["https://tracker.example/ONB-1"]


async def test_the_whole_journey_ends_with_congratulations(begun: Office) -> None:
    for text in ("done papers", "done reading", "done 4"):
        await begun.writes(ANNA, text)
    await begun.writes(HELGA, "done @anna laptop")
    assert hears(begun, ANNA) == "finished"
    assert hears(begun, BORIS) == "finished-by"
    assert hears(begun, HELGA) == "finished-by"
    assert phrase(begun.chat.to(ANNA)[1].message) == "checklist-finished"
    await begun.writes(ANNA, "done papers")
    assert hears(begun, ANNA) == "journey-none"


async def test_reminders_and_the_escalation_come_in_their_time(begun: Office) -> None:
    await begun.comes(moment("2026-12-02 07:00"))
    assert hears(begun, ANNA) == "remind-today"
    await begun.comes(moment("2026-12-03 07:00"))
    assert hears(begun, ANNA) == "remind-overdue"
    await begun.comes(moment("2026-12-04 07:00"))
    assert "overdue" in heard(begun, BORIS)
    await begun.passes(days=60)
    assert heard(begun, ANNA).count("remind-overdue") == 1


# --- stopping


async def test_after_a_stop_the_old_button_says_that_it_is_over(begun: Office) -> None:
    journey = await begun.journey_of(ANNA)
    await begun.stops(BORIS)
    await begun.presses(ANNA, "done", f"{journey.id} papers")
    assert hears(begun, ANNA) == "journey-over"


async def test_a_stopped_scenario_can_be_started_again(begun: Office) -> None:
    await begun.stops(BORIS)
    await begin(begun)
    assert {one.status for one in await begun.work().journeys_of(ANNA.id)} == {"active", "stopped"}


# --- where it is answered


async def test_in_a_channel_the_answer_stands_in_the_channel(begun: Office) -> None:
    channel = Place("chat", "C1", "t1", private=False)
    await begun.writes(ANNA, "done papers", place=channel)
    assert begun.chat.texts("C1") == [
        speaker("en")(Phrase("step-done-next", {"step": "Papers", "next": "Reading of the docs"}))
    ]


async def test_an_error_is_answered_on_the_channel_where_it_was_made(begun: Office) -> None:
    known = await begun.work().person(ANNA.id)
    assert known is not None
    account = Account("mail", ANNA.email)
    await import_people(begun.bot.runner, [known.with_account(account)])
    await begun.writes(ANNA, "done dance", account=account)
    assert [phrase(one.message) for one in begun.mail.to(ANNA)] == ["step-unknown"]


async def test_an_administrator_steers_everybodys(begun: Office) -> None:
    await begun.writes(ADAM, "done @anna papers")
    assert await status_of(begun, "papers") == "done"
