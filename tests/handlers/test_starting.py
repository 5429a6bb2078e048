"""What a start says to whoever starts: who is told, how many steps there are, and the first days."""

import pytest
from msgspec.structs import replace
from redis.asyncio import Redis

from bot.directory import import_people
from bot.message import Message
from bot.people import Person
from bot.reach import reach
from bot.texts import speaker
from tests.bot.kit import ANNA, BORIS, HELGA, OLGA, OSCAR, day, moment
from tests.bot.office import Office, open_office
from tests.handlers.test_onboarding import begin, phrase


def confirmation(office: Office, who: Person) -> Message:
    (found,) = [one.message for one in office.chat.to(who) if phrase(one.message) == "started"]
    return found


def facts(office: Office, who: Person, locale: str) -> dict[str, str]:
    say = speaker(locale)
    return {say(fact.name): say(fact.value) for fact in confirmation(office, who).facts}


async def test_a_start_in_the_future_says_what_happens_until_then(office: Office) -> None:
    """The laptop is due two working days before; on the morning of the first day the next two steps open."""
    await begin(office, "start @anna newcomer 2026-12-08")
    assert facts(office, BORIS, "ru") == {
        "Шаги": "4 шага, из них за руководителем — 1",
        "Откроются дальше": "пт, 4 декабря, утром — 1 шаг; тогда и напишу",
        "Первый срок": "пн, 7 декабря — «Laptop (ru)»",
        "Кому написано": "Anna Smirnova — приветствие и план; Boris Orlov — это сообщение",
    }


async def test_a_start_today_says_what_is_open_and_what_is_due_first(office: Office) -> None:
    await begin(office, "start @anna newcomer today")
    assert facts(office, BORIS, "ru") == {
        "Шаги": "4 шага, из них за руководителем — 1",
        "Открыты сейчас": "3 шага",
        "Первый срок": "вт, 1 декабря — «Laptop (ru)»",
        "Кому написано": "Anna Smirnova — приветствие и план; Boris Orlov — это сообщение",
    }


async def test_whoever_sleeps_hears_of_it_in_the_morning_and_the_start_says_so(office: Office) -> None:
    await office.comes(moment("2026-11-30 18:30"))
    await begin(office, "start @anna newcomer 2026-12-08")
    told = "Anna Smirnova — приветствие и план (вт, 1 декабря, когда начнётся рабочий день)"
    assert facts(office, BORIS, "ru")["Кому написано"] == f"{told}; Boris Orlov — это сообщение"
    assert office.chat.to(ANNA) == []


async def test_everybody_who_is_told_reads_it_in_their_language(office: Office) -> None:
    """HR starts for somebody else's team: HR and the manager are told, both read English here."""
    await office.writes(HELGA, "start @olga newcomer 2026-12-01")
    told = "Olga Petrova — the welcome and the plan; Helga Kraft, Oscar Lind — this message"
    assert facts(office, HELGA, "en")["Told"] == told
    assert facts(office, OSCAR, "en")["Steps"] == "4 steps, 1 of them for the manager"
    assert facts(office, OSCAR, "en")["Opening next"] == "Tue, 1 December, in the morning: 2 steps; I will write then"
    assert [phrase(one.message) for one in office.chat.to(OLGA)] == ["welcome", "checklist"]


async def test_it_says_who_cannot_be_written_to(office: Office) -> None:
    await office.loses_account(ANNA)
    await begin(office)
    shown = facts(office, BORIS, "ru")
    assert shown["Кому написано"] == "Boris Orlov — это сообщение"
    assert shown["Не дойдёт"] == "Anna Smirnova: нет учётной записи, куда я могу написать. Расскажите лично."


@pytest.mark.parametrize(
    ("person", "finds", "expected"),
    [
        (replace(ANNA, accounts={"teams": "a"}), {}, "reached"),
        (ANNA, {"web": "everybody"}, "reached"),
        (ANNA, {"slack": "by-email"}, "sought"),
        (replace(ANNA, accounts={"teams": "a"}, blocked=("teams",)), {"slack": "by-email"}, "sought"),
        (replace(ANNA, accounts={"teams": "a"}, blocked=("teams",)), {}, "nowhere"),
        (replace(ANNA, accounts={"slack": "a"}, blocked=("slack",)), {"slack": "by-email"}, "nowhere"),
        (replace(ANNA, accounts={"irc": "a"}), {}, "nowhere"),
        (ANNA, {}, "nowhere"),
    ],
)
def test_somebody_is_reached_where_they_have_an_account_or_may_be_found(
    person: Person, finds: dict[str, str], expected: str
) -> None:
    assert reach(person, ("slack", "teams", "web"), finds) == expected  # type: ignore[arg-type]


async def test_who_is_looked_for_by_e_mail_may_not_be_reached(redis_client: Redis, organisation: str) -> None:
    async with open_office(redis_client, organisation) as office:
        office.bot.runner.company = replace(office.company, finds={"chat": "by-email"})
        await office.loses_account(ANNA)
        await begin(office)
        shown = facts(office, BORIS, "ru")
        assert shown["Кому написано"].startswith("Anna Smirnova — приветствие и план")
        assert shown["Может не дойти"].startswith("Anna Smirnova: пока не знаю, где писать")


async def test_a_newcomer_whose_manager_is_nobody_any_more_is_led_by_whoever_starts(office: Office) -> None:
    await import_people(office.bot.runner, [replace(OLGA, manager="somebody who is forgotten")])
    await office.writes(HELGA, "start @olga newcomer 2026-12-01")
    assert (await office.journey_of(OLGA)).manager == HELGA.id
    assert facts(office, HELGA, "en")["Told"].endswith("Helga Kraft — this message")


async def test_what_was_said_of_the_first_days_comes_true(office: Office) -> None:
    await begin(office, "start @anna newcomer 2026-12-08")
    await office.comes(moment("2026-12-04 06:00"))
    assert [phrase(one.message) for one in office.chat.to(BORIS)] == ["started", "step-for-manager"]
    journey = await office.journey_of(ANNA)
    assert (journey.step("laptop").opened, journey.step("laptop").due) == (day("2026-12-04"), day("2026-12-07"))
