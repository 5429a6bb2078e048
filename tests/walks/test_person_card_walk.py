"""`people show` beside a running bot: what an operator reads of one person at night."""

import datetime
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from bot.directory import import_directory
from bot.people import Person, person_id
from bot.people_file import load_people
from tests.walks.kit import Clock, Stage, said, stage, until, until_known
from wiring.console import one
from wiring.parts import ForTests
from wiring.person_card import Known, lines, several

NOW = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)
ABSENT = "olga@company.example"  # in the directory, and not in Slack


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, ForTests(clock=Clock(NOW))) as it:
        olga = Person(
            id=person_id(ABSENT),
            email=ABSENT,
            name="Ольга Новикова",
            manager=it.person("pavel"),
            start_date=datetime.date(2026, 12, 1),
            origin="directory",
        )
        await import_directory(it.running.bot.runner, (*load_people(tmp_path / "people.yaml"), olga))
        yield it


async def shown(on_stage: Stage, who: str) -> str:
    found = await one(on_stage.settings, who)
    assert isinstance(found, Known), found
    return "\n".join(lines(found, NOW.date()))


async def test_an_operator_reads_who_somebody_is_where_they_are_reached_and_how_far_they_are(on_stage: Stage) -> None:
    pavel, anna = on_stage.users["pavel"], on_stage.users["anna"]
    await pavel.command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-11-18")
    await until(lambda: said(anna, "read-docs"), "the checklist")
    await anna.say("готово read-docs")
    await until(lambda: said(anna, "Готово: «"), "the answer")
    found = await shown(on_stage, "анна новикова")
    assert found.splitlines()[0] == "Анна Новикова <anna@company.example>"
    for expected in (
        on_stage.person("anna"),
        "department    Разработка",
        "manager       Павел Орлов <pavel@company.example>",
        "roles         employee",
        "language      ru   zone Europe/Moscow   holidays of RU",
        "slack  U0ANNA   found by their e-mail",
        "messages      go to slack",
        "active: since 2026-11-18, 1 of 18 done",
    ):
        assert expected in found
    for raw in ("{", "[", "None", "frozenset", "'"):
        assert raw not in found
    assert await shown(on_stage, "@anna") == await shown(on_stage, "anna@company.example") == found


async def test_why_somebody_is_not_reached_is_told_with_the_dead_letter(on_stage: Stage) -> None:
    assert "slack  none known: it is looked for by e-mail" in await shown(on_stage, ABSENT)
    assert "starts        2026-12-01, Tuesday (in 11 days)" in await shown(on_stage, ABSENT)
    await on_stage.users["pavel"].command("/onboarding", f"start {ABSENT} newcomer 2026-12-01")

    async def dead() -> bool:
        letters = await on_stage.running.bot.company.store.dead()
        return any(letter.code == "person-unreachable" for letter in letters)

    await until_known(dead, "the message that reaches nobody")
    found = await shown(on_stage, ABSENT)
    assert "slack  none known: users_not_found (tried " in found
    assert ", dead letter " in found


async def test_a_name_that_may_mean_several_is_answered_with_their_addresses(on_stage: Stage) -> None:
    found = await one(on_stage.settings, "Новикова")
    assert isinstance(found, list)
    assert [line.strip().partition("  ")[0] for line in several(found)] == [
        "Анна Новикова <anna@company.example>",
        "Ольга Новикова <olga@company.example>",
    ]
    assert await one(on_stage.settings, "никто такой") == []
    assert await one(on_stage.settings, "  ") == []


async def test_a_program_gets_all_of_it_in_parts(on_stage: Stage) -> None:
    await on_stage.users["pavel"].command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await until(lambda: said(on_stage.users["anna"], "read-docs"), "the checklist")
    found = msgspec.to_builtins(await one(on_stage.settings, "anna@company.example"))
    assert found["person"]["email"] == "anna@company.example"
    assert found["manager"]["email"] == "pavel@company.example"
    assert [one["scenario"] for one in found["onboardings"]] == ["newcomer"]
    assert found["accounts"][0]["channel"] == "slack"
    assert len(found["journeys"]) == 1
