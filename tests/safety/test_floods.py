"""Nobody can make the bot pester somebody else, and nobody is taken for a flood who is none."""

import asyncio
import datetime

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot import asked
from bot.errors import Retry
from bot.incoming import Account, Opened, Place, Pressed, Said, Submitted, Wrote
from bot.limiter import Limits
from bot.message import Phrase, Reply
from bot.people import Person
from bot.results import Profile
from bot.router import Routes
from bot.turn import Turn
from handlers.routes import ROUTES
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR
from tests.bot.office import Office, open_office
from tests.bot.test_runner import phrases
from tests.handlers.test_onboarding import begin, key
from tests.handlers.test_ticket_rules import NEGATIVE

BURST, FLOOD = Limits().burst, 150
TOO_MANY = Phrase("acts-too-many", {"seconds": 30})
TERRIBLE = "feedback the laptop is broken and nobody helps, terrible"


@pytest.fixture
async def company(office: Office) -> Office:
    """Where a complaint becomes a ticket."""
    office.bot.runner.company = replace(office.company, rules=NEGATIVE)
    return office


async def floods(office: Office, who: Person | str, *said: Said, **more: object) -> list[Reply | None]:
    """Acts of five seconds, which all follow before the first of their answers."""
    start = office.clock.now
    found = []
    for number, one in enumerate(said):
        office.clock.now = start + datetime.timedelta(seconds=number / 30)
        found.append(await office.bot.runner.receive(office.incoming(who, one, **more)))
    await office.idle()
    return found


def complaints(count: int) -> list[Said]:
    return [Wrote(f"{TERRIBLE} {number}") for number in range(count)]


# --- what is too much


async def test_a_flood_of_feedback_is_no_flood_for_hr_nor_for_jira(company: Office) -> None:
    await floods(company, ANNA, *complaints(FLOOD))
    assert phrases(company, HELGA) == ["feedback-passed-on"] * BURST
    assert phrases(company, ANNA) == ["feedback-thanks"] * BURST
    assert [one.message.text for one in company.chat.to("ANNA")] == [TOO_MANY]
    ((_, made),) = company.tracker.made
    comments = company.tracker.kept["ONB-1"].comments
    told = [made.draft.summary, *(one.summary for one in comments)]
    assert told == [f"{TERRIBLE.removeprefix('feedback ')} {number}" for number in range(BURST)]


async def test_what_is_refused_is_said_to_be_refused_and_changes_nothing(office: Office) -> None:
    await begin(office)
    before = await office.journey_of(ANNA)
    replies = await floods(office, ANNA, *[Wrote("status")] * FLOOD, answers_at_once=True)
    refused = [one.message.text for one in replies[BURST:] if one is not None and one.message is not None]
    assert {one.key for one in refused if isinstance(one, Phrase)} == {"acts-too-many"}
    assert len(refused) == FLOOD - BURST
    assert key(await office.commands(ANNA, f"done {next(iter(before.steps))}")) == "acts-too-many"
    assert await office.journey_of(ANNA) == before


async def test_a_press_is_acknowledged_with_it_where_that_shows_and_else_it_is_said_once(office: Office) -> None:
    shown = await floods(office, ANNA, *[Pressed("status", "")] * (BURST + 3), on="card")
    assert [key(one) for one in shown[-3:]] == ["acts-too-many"] * 3
    assert shown[:BURST] == [None] * BURST
    assert office.chat.to("ANNA") == []
    await floods(office, OLGA, *[Pressed("status", "")] * (BURST + 3))
    assert [one.message.text for one in office.chat.to("OLGA")] == [TOO_MANY]


async def test_a_form_stays_with_what_was_written_into_it(office: Office) -> None:
    await floods(office, ANNA, *[Wrote("status")] * BURST)
    reply = await office.submits(ANNA, "inquiry", answer="In the reeds, all of them.")
    assert reply == Reply(ANNA.locale, errors={"answer": TOO_MANY})


async def test_a_form_that_is_a_message_does_not_look_as_if_it_was_sent(office: Office) -> None:
    await floods(office, ANNA, *[Wrote("status")] * BURST)
    said = Submitted("inquiry", {"answer": "In the reeds."})
    assert key(await office.receive(office.incoming(ANNA, said, on="card"))) == "acts-too-many"


async def test_after_the_time_that_was_named_it_goes_on(office: Office) -> None:
    await floods(office, ANNA, *[Wrote("help")] * FLOOD)
    office.clock.now += datetime.timedelta(seconds=31)
    assert key(await office.commands(ANNA, "help")) == "help"


async def test_somebody_who_never_stops_is_told_once_in_each_of_these_times(office: Office) -> None:
    for _ in range(4):
        await floods(office, ANNA, *[Wrote("help")] * FLOOD)
        office.clock.now += datetime.timedelta(seconds=20)
    assert len(office.chat.to("ANNA")) <= 4
    assert phrases(office, ANNA).count("help") <= BURST + 4 * 25 / 2 + 4


async def test_opening_forms_counts_too(office: Office) -> None:
    await office.passes_on(ANNA, "Where do the herons sleep?")
    button = office.chat.to(BORIS)[-1].message.buttons[0]
    replies = await floods(office, BORIS, *[Pressed(button.action, button.value)] * (BURST + 5), opens_forms=True)
    assert [one is not None and one.form is not None for one in replies] == [True] * BURST + [False] * 5


async def test_acts_that_break_their_handler_count_too(redis_client: Redis, organisation: str) -> None:
    async def breaks(_: Turn) -> Reply | None:
        raise ZeroDivisionError

    async with open_office(redis_client, organisation) as office:
        routes: Routes = replace(ROUTES, actions={"status": breaks})
        office.bot.runner._routes = routes
        await floods(office, ANNA, *[Pressed("status", "")] * FLOOD)
        assert len(await office.dead()) == BURST


async def test_accounts_that_nobody_knows_are_counted(office: Office) -> None:
    await floods(office, "UNEW", Wrote("help"))
    replies = await floods(office, "UNEW", *[Wrote("help")] * FLOOD, answers_at_once=True)
    assert [key(one) for one in replies[-3:]] == ["acts-too-many-unknown"] * 3
    texts = [one.message.text for one in office.chat.to("UNEW")]
    assert texts == [Phrase("stranger")]
    await floods(office, "UOTHER", *[Wrote("help")] * FLOOD)
    told = [one.message.text for one in office.chat.to("UOTHER")]
    assert sorted(one.key for one in told if isinstance(one, Phrase)) == ["acts-too-many-unknown", "stranger"]


async def test_two_processes_count_together(redis_client: Redis, organisation: str) -> None:
    async with (
        open_office(redis_client, organisation) as one,
        open_office(redis_client, organisation, chat=one.chat) as other,
    ):
        found: list[Reply | None] = []
        for _ in range(FLOOD // 2):
            acts = [office.incoming(ANNA, Wrote("help"), answers_at_once=True) for office in (one, other)]
            acts[1] = replace(acts[1], id=f"{acts[1].id}:other")
            found += await asyncio.gather(one.bot.runner.receive(acts[0]), other.bot.runner.receive(acts[1]))
        assert [key(reply) for reply in found].count("help") == BURST


# --- what is not


async def test_what_was_said_over_hours_and_comes_at_once_is_done(office: Office) -> None:
    """The platform was down, or we were; it delivers the latest first."""
    moments = [office.clock.now - datetime.timedelta(minutes=number) for number in range(180)]
    replies = [await office.commands(ANNA, "help", at=at) for at in moments]
    assert {key(one) for one in replies} == {"help"}


async def test_what_waited_and_comes_in_again_is_not_counted_again(office: Office) -> None:
    office.chat.profiles["UNEW"] = Profile(Account("chat", "UNEW"), OSCAR.email)
    office.chat.meets(Retry("busy", after=1.0))
    await floods(office, "UNEW", *[Wrote(f"feedback {number}") for number in range(BURST)])
    await office.passes(seconds=2)
    assert phrases(office, OSCAR) == ["feedback-thanks"] * BURST


async def test_a_repeated_delivery_is_not_another_act(office: Office) -> None:
    act = office.incoming(ANNA, Wrote("help"))
    for _ in range(FLOOD):
        await office.receive(act)
    assert key(await office.commands(ANNA, "help")) == "help"
    state = await office.work().state(asked.aggregate(act.account))
    assert state is not None
    assert len(state) < 200


async def test_opening_a_page_is_no_act(office: Office) -> None:
    await floods(office, ANNA, *[Opened()] * FLOOD)
    assert key(await office.commands(ANNA, "help")) == "help"


async def test_each_account_is_counted_by_itself(office: Office) -> None:
    await floods(office, ANNA, *[Wrote("help")] * FLOOD)
    assert key(await office.commands(BORIS, "help")) == "help"


async def test_a_count_that_cannot_be_read_holds_nobody_up(office: Office) -> None:
    work = office.work()
    name = asked.aggregate(Account("chat", "ANNA"))
    await work.state(name)
    work.put(name, b'{"bucket": 1')
    await office.store.commit(work.commit())
    assert key(await office.commands(ANNA, "help")) == "help"


async def test_what_an_earlier_version_has_kept_is_read(office: Office) -> None:
    work = office.work()
    name = asked.aggregate(Account("chat", "ANNA"))
    await work.state(name)
    at = office.clock.now.isoformat()
    last = f'{{"ANNA:":{{"text":"vpn?","at":"{at}"}}}}'
    work.put(name, f'{{"person":"{ANNA.id}","minute":"{at}","count":20,"last":{last}}}'.encode())
    await office.store.commit(work.commit())
    await office.writes(ANNA, "and at home?")
    assert office.handbook.before == ["vpn?"]


# --- in a channel, and elsewhere


async def test_in_a_channel_it_is_said_where_it_was_asked(office: Office) -> None:
    place = Place("chat", "C1", "t", private=False)
    await floods(office, ANNA, *[Wrote("help")] * FLOOD, place=place)
    assert [one.message.text for one in office.chat.to("C1")].count(TOO_MANY) == 1


async def test_a_question_is_passed_on_once_however_often_the_button_is_pressed(office: Office) -> None:
    for _ in range(10):
        await office.passes_on(ANNA, "Where is the roof garden?")
    assert phrases(office, BORIS) == ["question-passed-on"]
    assert phrases(office, ANNA) == ["preview", *["question-passed"] * 10]


async def test_another_question_and_the_same_of_somebody_else_are_passed_on(office: Office) -> None:
    for who, question in ((ANNA, "Roof?"), (ANNA, "Cellar?"), (OLGA, "Roof?")):
        await office.passes_on(who, question)
    assert phrases(office, BORIS) == ["question-passed-on"] * 2
    assert phrases(office, OSCAR) == ["question-passed-on"]
