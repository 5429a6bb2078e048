"""Stopping an onboarding: which one, what it will do, and a press that counts for what was said above it alone."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.incoming import Place
from bot.message import Button, Local, Message, Phrase
from bot.people import Person
from bot.rules import Condition, Rule, Rules
from bot.scenario import IssueTemplate
from bot.texts import speaker
from tests.bot.kit import ANNA, BORIS, HELGA, NEWCOMER, OLGA, OSCAR, local, moment, scenario, step
from tests.bot.office import Office, open_office
from tests.bot.platform import Shown
from tests.handlers.test_onboarding import begin, heard, hears, key, phrase

LEAD = scenario(step("announce"), scenario_id="team-lead")
BADGE = step("badge", due=2, remind=(0,), jira=IssueTemplate(on="open", summary=local("Badge"), assignee="manager"))


@pytest.fixture
async def begun(office: Office) -> Office:
    await begin(office)
    await office.comes(moment("2026-12-01 06:00"))
    return office


@pytest.fixture
async def both(redis_client: Redis, organisation: str) -> AsyncIterator[Office]:
    """Anna has two onboardings."""
    async with open_office(redis_client, organisation, (NEWCOMER, LEAD)) as office:
        await begin(office, "start @anna newcomer 2026-12-01")
        await begin(office, "start @anna team-lead 2026-12-08")
        yield office


def last(office: Office, who: Person) -> Shown:
    return office.chat.to(who)[-1]


def facts(message: Message, locale: str = "en") -> dict[str, str]:
    say = speaker(locale)
    return {say(fact.name): say(fact.value) for fact in message.facts}


def button(message: Message, action: str) -> Button:
    (found,) = [one for one in message.buttons if one.action == action]
    return found


async def presses(office: Office, who: Person, on: Shown, action: str) -> None:
    pressed = button(on.message, action)
    await office.presses(who, pressed.action, pressed.value, pressed=on.ref)


async def status(office: Office) -> str:
    return (await office.journey_of(ANNA)).status


# --- asking


async def test_a_stop_asks_once_with_what_it_will_do_and_changes_nothing_until_then(begun: Office) -> None:
    await begun.writes(BORIS, "/onboarding stop @anna")
    asked = last(begun, BORIS)
    assert phrase(asked.message) == "stop-ask"
    assert asked.text.startswith("Остановить онбординг? Anna Smirnova — «Newcomer (ru)», первый день вт, 1 декабря.")
    assert facts(asked.message) == {
        "Unfinished steps": "4 of 4, open now: 3",
        "Will be told": "Anna Smirnova, Boris Orlov",
        "Reminders": "none will come any more; the next one would have been on Tue, 1 December",
    }
    assert [one.action for one in asked.message.buttons] == ["stop-surely", "stop-cancel"]
    assert await status(begun) == "active"
    assert "stopped" not in heard(begun, ANNA)


async def test_confirmed_it_is_told_to_all_and_ends_everything(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna")
    asked = last(begun, BORIS)
    await presses(begun, BORIS, asked, "stop-surely")
    assert (phrase(asked.message), asked.message.buttons) == ("stopping", ()), "the question has become the answer"
    assert (hears(begun, ANNA), hears(begun, BORIS)) == ("stopped", "stopped-by")
    assert phrase(begun.chat.to(ANNA)[1].message) == "checklist-stopped"
    told = len(begun.chat.shown)
    await begun.passes(days=30)
    assert len(begun.chat.shown) == told


async def test_left_alone_it_goes_on(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna")
    asked = last(begun, BORIS)
    await presses(begun, BORIS, asked, "stop-cancel")
    assert (phrase(asked.message), asked.message.buttons) == ("stop-cancelled", ())
    assert await status(begun) == "active"


async def test_of_two_onboardings_it_asks_which_by_scenario_and_start_and_stops_that_one(both: Office) -> None:
    await both.writes(BORIS, "stop @anna")
    asked = last(both, BORIS)
    assert phrase(asked.message) == "stop-which"
    labels = [speaker("ru")(one.label) for one in asked.message.buttons]
    assert sorted(labels) == ["вт, 1 декабря — «Newcomer (ru)»", "вт, 8 декабря — «Team-lead (ru)»"]
    lead = next(one for one in asked.message.buttons if "Team-lead" in speaker("ru")(one.label))
    await both.presses(BORIS, lead.action, lead.value, pressed=asked.ref)
    assert phrase(asked.message) == "stop-ask"
    assert "Team-lead" in asked.text
    await presses(both, BORIS, asked, "stop-surely")
    journeys = await both.work().journeys_of(ANNA.id)
    assert {one.scenario: one.status for one in journeys} == {"newcomer": "active", "team-lead": "stopped"}


async def test_hr_who_stops_what_another_began_is_answered_in_their_language(begun: Office) -> None:
    await begun.writes(HELGA, "stop @anna")
    assert last(begun, HELGA).text.startswith("Stop the onboarding? Anna Smirnova")
    await presses(begun, HELGA, last(begun, HELGA), "stop-surely")
    assert hears(begun, HELGA) == "stopping"
    assert hears(begun, BORIS) == "stopped-by"


async def test_by_slash_the_question_is_the_answer_and_what_follows_comes_in_private(begun: Office) -> None:
    reply = await begun.commands(BORIS, "стоп @anna")
    assert key(reply) == "stop-ask"
    assert reply is not None
    assert reply.message is not None
    surely = button(reply.message, "stop-surely")
    await begun.presses(BORIS, surely.action, surely.value)  # on what only one person sees, nothing can be put
    assert await status(begun) == "stopped"
    assert set(heard(begun, BORIS)[-2:]) == {"stopping", "stopped-by"}


async def test_where_the_answer_to_a_press_can_take_its_place_it_does(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna")
    asked = last(begun, BORIS)
    surely = button(asked.message, "stop-surely")
    reply = await begun.presses(BORIS, surely.action, surely.value, on=asked.ref, pressed=asked.ref)
    assert reply is not None
    assert reply.instead is not None
    assert phrase(reply.instead) == "stopping"
    assert phrase(asked.message) == "stopping", "it also lasts"


async def test_asked_in_a_channel_it_is_answered_in_private(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna", place=Place("chat", "C1", "t", private=False))
    assert begun.chat.texts("C1") == [speaker("ru")(Phrase("answered-in-private"))]
    assert hears(begun, BORIS) == "stop-ask"


# --- who is told, which issues, which reminders


async def test_it_names_the_issues_that_it_closes_and_those_that_stay(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation, (scenario(BADGE, step("reading", due=2)),)) as office:
        await begin(office, "start @anna newcomer 2026-11-30")
        issue = (await office.journey_of(ANNA)).step("badge").issue
        assert issue is not None
        await office.writes(BORIS, "stop @anna")
        assert facts(last(office, BORIS).message)["Closed in Jira"] == issue.key
        await presses(office, BORIS, last(office, BORIS), "stop-surely")
        assert office.tracker.issue(issue.key).status == "done"


async def test_a_ticket_of_a_rule_stays(redis_client: Redis, organisation: str) -> None:
    ticket = IssueTemplate(summary=local("Late: {name}"))
    rules = Rules((Rule(id="late", event="step-overdue", when=Condition(days=1), issue=ticket),))
    async with open_office(redis_client, organisation, rules=rules) as office:
        await begin(office)
        await office.comes(moment("2026-12-01 06:00"))
        await office.comes(moment("2026-12-04 09:00"))
        await office.writes(BORIS, "stop @anna")
        made = [key for key, kept in office.tracker.kept.items() if kept.act.draft.summary.startswith("Late")]
        assert made
        assert set(facts(last(office, BORIS).message)["Left in Jira"].split(", ")) == {made[-1]}


async def test_a_colleague_with_an_open_step_is_named_and_told_that_it_need_not_be_done(begun: Office) -> None:
    await begun.writes(BORIS, 'task @anna "Prepare a laptop" for @olga')
    await begun.writes(BORIS, "stop @anna")
    assert facts(last(begun, BORIS).message)["Will be told"] == "Anna Smirnova, Boris Orlov, Olga Petrova"
    await presses(begun, BORIS, last(begun, BORIS), "stop-surely")
    assert hears(begun, OLGA) == "stopped-given"
    assert [one.title for one in last(begun, OLGA).message.items] == [Local("Prepare a laptop", "Prepare a laptop")]


async def test_who_has_no_account_anywhere_is_named_as_not_reached(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation) as office:
        await begin(office)
        await office.loses_account(ANNA)
        await office.writes(BORIS, "stop @anna")
        shown = facts(last(office, BORIS).message)
        assert shown["Will be told"] == "Boris Orlov"
        assert shown["Will not arrive"].startswith("Anna Smirnova: no account")


# --- a press counts for what it was shown for


async def test_a_second_press_changes_nothing_and_says_so(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna")
    surely = button(last(begun, BORIS).message, "stop-surely")
    for _ in range(2):
        await begun.presses(BORIS, surely.action, surely.value)
    assert hears(begun, BORIS) == "stop-stopped"
    assert heard(begun, ANNA).count("stopped") == 1
    await begun.presses(BORIS, "stop-cancel", surely.value.split()[0])
    assert hears(begun, BORIS) == "stop-stopped"
    assert await status(begun) == "stopped"


async def test_when_something_has_changed_since_it_asks_again_and_stops_nothing(begun: Office) -> None:
    await begun.writes(BORIS, "stop @anna")
    asked = last(begun, BORIS)
    stale = button(asked.message, "stop-surely")
    await begun.writes(ANNA, "done papers")
    await begun.presses(BORIS, stale.action, stale.value, pressed=asked.ref)
    assert await status(begun) == "active"
    assert phrase(asked.message) == "stop-ask-again"
    assert facts(asked.message)["Unfinished steps"] == "3 of 4, open now: 2"
    await presses(begun, BORIS, asked, "stop-surely")
    assert await status(begun) == "stopped"


async def test_what_is_finished_meanwhile_is_not_stopped(both: Office) -> None:
    await both.writes(BORIS, "stop @anna team-lead")
    asked = last(both, BORIS)
    await both.comes(moment("2026-12-08 06:00"))
    await both.writes(ANNA, "done announce")
    await presses(both, BORIS, asked, "stop-surely")
    assert phrase(asked.message) == "stop-finished"


@pytest.mark.parametrize("who", [ANNA, OLGA, OSCAR])
@pytest.mark.parametrize("action", ["stop", "stop-surely", "stop-cancel"])
async def test_the_buttons_are_nobody_elses(begun: Office, who: Person, action: str) -> None:
    await begun.writes(BORIS, "stop @anna")
    surely = button(last(begun, BORIS).message, "stop-surely")
    await begun.presses(who, action, surely.value)
    assert hears(begun, who) == "outdated"
    assert await status(begun) == "active"


@pytest.mark.parametrize("value", ["", "nothing", "nothing at all", " ", "x" * 3000])
async def test_a_forged_value_stops_nothing(begun: Office, value: str) -> None:
    await begun.presses(BORIS, "stop-surely", value)
    assert hears(begun, BORIS) == "outdated"
    journey = await begun.journey_of(ANNA)
    await begun.presses(BORIS, "stop-surely", f"{journey.id} 0000000000000000")
    assert hears(begun, BORIS) == "stop-ask-again"
    assert await status(begun) == "active"
