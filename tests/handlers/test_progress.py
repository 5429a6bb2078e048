"""Where people stand: a status, a team, a home page."""

import datetime
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from adapters.store.keys import Keys
from bot.directory import import_directory
from bot.incoming import Place, Wrote
from bot.indexes import complete
from bot.limiter import Limits
from bot.message import Message, Phrase
from tests.bot.kit import ADAM, ANNA, BORIS, EVERYBODY, HELGA, OLGA, OSCAR, moment, person
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import begin, heard, hears, key, phrase


@pytest.fixture
async def begun(office: Office) -> Office:
    """Anna's first morning; Olga, of another team, begins a week later."""
    await begin(office)
    await office.writes(OSCAR, "start @olga newcomer 2026-12-08")
    await office.comes(moment("2026-12-01 06:10"))
    return office


@pytest.mark.parametrize("text", ["status", "статус", "/onboarding status", "Progress!"])
async def test_ones_own_checklist_comes_down_to_where_one_is_reading(begun: Office, text: str) -> None:
    await begun.writes(ANNA, text)
    assert heard(begun, ANNA) == ["welcome", "checklist", "steps-opened", "checklist"]
    await begun.writes(ANNA, "done papers")
    assert [one.lines["papers"] for one in begun.chat.to(ANNA) if one.message.progress] == ["open", "done"]


async def test_a_status_by_slash_is_shown_at_once(begun: Office) -> None:
    assert key(await begun.commands(ANNA, "status")) == "checklist"


async def test_a_status_in_a_channel_is_answered_there(begun: Office) -> None:
    await begun.writes(ANNA, "status", place=Place("chat", "C1", private=False))
    assert [phrase(one.message) for one in begun.chat.to("C1")] == ["checklist"]


async def test_the_button_of_help_shows_the_plan(begun: Office) -> None:
    await begun.presses(ANNA, "status")
    assert hears(begun, ANNA) == "checklist"


async def test_who_has_no_plan_is_told_so(office: Office) -> None:
    await office.writes(ANNA, "status")
    assert hears(office, ANNA) == "journey-none"


@pytest.mark.parametrize(
    "text", ["status @anna", "статус по anna@example.org", "/onboarding status Anna Smirnova", "статус Anna"]
)
async def test_a_manager_sees_how_their_person_stands(begun: Office, text: str) -> None:
    await begun.writes(BORIS, text)
    shown = begun.chat.to(BORIS)[-1]
    assert phrase(shown.message) == "standing-active"
    assert shown.message.progress is not None
    assert (shown.message.progress.done, shown.message.progress.total) == (0, 4)


async def test_a_manager_does_not_see_anothers_people(begun: Office) -> None:
    await begun.writes(BORIS, "status @olga")
    assert hears(begun, BORIS) == "not-your-person"
    await begun.presses(BORIS, "progress", OLGA.id)
    assert hears(begun, BORIS) == "not-your-person"


async def test_a_colleague_does_not_see_a_colleague(begun: Office) -> None:
    await begun.writes(ANNA, "status @olga")
    assert hears(begun, ANNA) == "not-your-person"


async def test_one_may_ask_for_oneself_by_name(begun: Office) -> None:
    await begun.writes(ANNA, "status @anna")
    assert hears(begun, ANNA) == "standing-active"


@pytest.mark.parametrize("value", ["", "nobody", "a b"])
async def test_a_button_about_nobody_is_out_of_date(begun: Office, value: str) -> None:
    await begun.presses(BORIS, "progress", value)
    assert hears(begun, BORIS) == "outdated"


async def test_a_manager_sees_their_team_and_hr_everybody(begun: Office) -> None:
    for reader, names in ((BORIS, ["Anna Smirnova"]), (OSCAR, ["Olga Petrova"])):
        await begun.writes(reader, "status team")
        lines = begun.chat.to(reader)[-1].message.items
        assert [line.title for line in lines if line.button and line.button.action == "progress"] == names
    for reader in (HELGA, ADAM):
        await begun.writes(reader, "статус команда")
        assert len(begun.chat.to(reader)[-1].message.items) == 2


def _names(message: Message) -> list[str]:
    """Of those whose onboardings stand there; steps of the reader's own stand below them."""
    return [line.title for line in message.items if isinstance(line.title, str)]


async def test_whose_step_is_late_stands_first_and_whose_onboarding_is_over_last(begun: Office) -> None:
    await begun.writes(HELGA, "start @boris newcomer 2026-12-09")
    await begun.stops(HELGA)
    await begun.comes(moment("2026-12-10 07:00"))
    await begun.writes(HELGA, "status team")
    assert _names(begun.chat.to(HELGA)[-1].message) == [
        "Olga Petrova",
        "Boris Orlov",
        "Anna Smirnova",
    ]


async def test_who_has_left_stands_in_no_list(begun: Office) -> None:
    stay = [replace(one, origin="directory") for one in EVERYBODY if one != OLGA]
    await import_directory(begun.bot.runner, [*stay, replace(OLGA, origin="directory")])
    await import_directory(begun.bot.runner, stay)
    await begun.idle()
    await begun.writes(HELGA, "status team")
    message = begun.chat.to(HELGA)[-1].message
    assert [line.title for line in message.items] == ["Anna Smirnova"]
    assert isinstance(message.text, Phrase)
    assert message.text.args["count"] == 1


# --- a large company

CROWD = tuple(person(f"new{number:03}", f"New Comer{number:03}", manager=OSCAR.id) for number in range(60))


@pytest.fixture
async def large(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """Sixty onboardings that begin one after another."""
    people, limits = (*EVERYBODY, *CROWD), Limits(burst=1_000_000)
    async with open_office(redis_client, organisation, people=people, limits=limits) as opened:
        first = datetime.date(2026, 12, 1)
        for number, one in enumerate(CROWD):
            await opened.bot.runner.receive(
                opened.incoming(OSCAR, Wrote(f"start @{one.handle} newcomer {first + datetime.timedelta(number)}"))
            )
        await opened.idle()
        yield opened


async def test_page_by_page_everybody_is_shown_once(large: Office) -> None:
    for reader in (HELGA, OSCAR):
        seen: list[str] = []
        await large.writes(reader, "status team")
        for first, last in ((1, 25), (26, 50), (51, 60)):
            message = large.chat.to(reader)[-1].message
            assert isinstance(message.text, Phrase)
            assert message.text.args == {"count": 60, "first": first, "last": last}
            seen += _names(message)
            for button in message.buttons[:1]:
                await large.presses(reader, button.action, button.value)
        assert sorted(seen) == [one.name for one in CROWD]


@pytest.mark.parametrize("value", ["", "-1", "x", "9999999", "²"])
async def test_a_page_that_is_none_is_out_of_date(office: Office, value: str) -> None:
    await office.presses(HELGA, "team", value)
    assert hears(office, HELGA) == "outdated"


async def test_beyond_the_end_one_is_told_so(office: Office) -> None:
    await begin(office)
    await office.presses(HELGA, "team", "25")
    assert hears(office, HELGA) == "team-end"


async def test_a_colleague_cannot_turn_the_pages_of_a_team(office: Office) -> None:
    await begin(office)
    await office.presses(OLGA, "team", "0")
    assert hears(office, OLGA) == "team-of-heads"


async def _asked_for(client: Redis, office: Office) -> int:
    """How many values a store has been asked for to show HR all onboardings, on the page and in chat."""
    await office.company.store.lookup(["before"])
    await client.config_resetstat()
    await office.opens_home(HELGA)
    await office.writes(HELGA, "status team")
    await office.commands(HELGA, "status New Comer007")
    stats = await client.info("commandstats")
    return sum(int(stats[name]["calls"]) for name in ("cmdstat_smembers", "cmdstat_mget") if name in stats)


async def test_what_hr_reads_does_not_grow_with_the_company(large: Office, redis_client: Redis) -> None:
    assert await _asked_for(redis_client, large) < 60


async def test_an_index_from_before_is_made_at_a_start(begun: Office, redis_client: Redis, organisation: str) -> None:
    prefix = Keys(organisation).prefix
    await redis_client.delete(f"{prefix}z:onboardings", *await redis_client.keys(f"{prefix}x:named:*"))
    await complete(begun.bot.runner)
    await begun.writes(HELGA, "status team")
    assert len(begun.chat.to(HELGA)[-1].message.items) == 2
    assert key(await begun.commands(HELGA, "status Anna")) == "standing-active"


async def test_a_manager_without_a_plan_of_their_own_sees_the_team(begun: Office) -> None:
    await begun.writes(BORIS, "status")
    assert hears(begun, BORIS) == "team"


async def test_a_team_without_plans_is_said_to_be_one(office: Office) -> None:
    await office.writes(BORIS, "status team")
    assert hears(office, BORIS) == "team-empty"


async def test_a_newcomer_has_no_team(office: Office) -> None:
    await begin(office)
    await office.writes(ANNA, "status team")
    assert hears(office, ANNA) == "team-of-heads"


async def test_a_stopped_onboarding_is_not_shown_as_done_nor_as_going_on(begun: Office) -> None:
    await begun.stops(BORIS)
    await begun.writes(BORIS, "status team")
    assert [line.mark for line in begun.chat.to(BORIS)[-1].message.items] == ["skipped"]
    await begun.writes(BORIS, "status @anna")
    standing = begun.chat.to(BORIS)[-1].message
    assert phrase(standing) == "standing-stopped"
    assert [fact.name for fact in standing.facts] == [Phrase("fact-start")]


async def test_an_overdue_person_is_marked_in_the_team(begun: Office) -> None:
    await begun.comes(moment("2026-12-10 07:00"))
    await begun.writes(BORIS, "status team")
    assert begun.chat.to(BORIS)[-1].message.items[0].mark == "overdue"


async def test_who_has_not_begun_anything_has_no_onboarding(office: Office) -> None:
    await office.writes(BORIS, "status @anna")
    assert hears(office, BORIS) == "journey-none-of"


async def test_a_home_page_is_shown_and_kept_up_to_date(begun: Office) -> None:
    await begun.opens_home(ANNA)
    await begun.opens_home(BORIS)
    assert len(begun.chat.homes[ANNA.id]) == 2
    before = begun.chat.homes[BORIS.id]
    await begun.writes(ANNA, "done papers")
    assert begun.chat.homes[BORIS.id] != before
    assert "1" in begun.chat.homes[BORIS.id][-1]


async def test_a_home_page_of_somebody_without_a_plan_says_what_will_be_there(office: Office) -> None:
    await office.opens_home(OLGA)
    assert len(office.chat.homes[OLGA.id]) == 2


async def test_a_name_that_means_several_is_asked_about(office: Office) -> None:
    await office.commands(HELGA, "status @nobody")
    reply = await office.commands(HELGA, "status Orlov")
    assert key(reply) == "journey-none-of"
    assert reply is not None
    assert reply.message is not None
    assert isinstance(reply.message.text, Phrase)
    assert reply.message.text.args["name"] == "Boris Orlov"
