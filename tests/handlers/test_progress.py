"""Where people stand: a status, a team, a home page."""

import pytest

from bot.incoming import Place
from bot.message import Phrase
from tests.bot.kit import ADAM, ANNA, BORIS, HELGA, OLGA, OSCAR, moment
from tests.bot.office import Office
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
        assert [line.title for line in begun.chat.to(reader)[-1].message.items] == names
    for reader in (HELGA, ADAM):
        await begun.writes(reader, "статус команда")
        assert len(begun.chat.to(reader)[-1].message.items) == 2


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
    assert [line.mark for line in begun.chat.to(BORIS)[-1].message.items] == ["overdue"]


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
