"""Who leaves the company, and who becomes a guest of it, in Slack: they are nobody to the bot from then on."""

import datetime
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.directory import import_directory
from bot.people import Person, person_id
from bot.people_file import load_people
from bot.work import Work
from sandbox.faults import Kind, Rule
from sandbox.slack.blocks import elements_of
from tests.walks.kit import PEOPLE, Clock, Stage, said, stage, texts, until, until_known
from wiring.check import check_all
from wiring.parts import ForTests

TODAY = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)  # before anything of the plan opens
STRANGER = "в справочнике не нахожу"


@pytest.fixture
def clock() -> Clock:
    return Clock(TODAY)


@pytest.fixture
async def on_stage(tmp_path: Path, store_url: str, organisation: str, clock: Clock) -> AsyncIterator[Stage]:
    async with stage(tmp_path, store_url, organisation, ForTests(clock=clock)) as it:
        yield it


def work(on_stage: Stage) -> Work:
    runner = on_stage.running.bot.runner
    return Work(runner.company, runner.now())


async def accounts(on_stage: Stage, name: str) -> dict[str, str]:
    found = await work(on_stage).person(on_stage.person(name))
    assert found is not None
    return found.accounts


async def knows(on_stage: Stage, name: str) -> None:
    """They have spoken, and the bot knows who they are."""
    await on_stage.users[name].say("кто я")
    await until(lambda: said(on_stage.users[name], "Вот что я о вас знаю"), "the answer")


async def sees_everybody(on_stage: Stage, name: str) -> None:
    """They may ask how everybody is doing."""
    await on_stage.users[name].say("статус команды")
    await until(lambda: said(on_stage.users[name], "нет онбординга"), "the answer")


async def without_irina(on_stage: Stage, tmp_path: Path) -> None:
    """The file of tomorrow, in which somebody else is HR."""
    lines = [line for line in PEOPLE.splitlines() if "irina@" not in line]
    file = tmp_path / "tomorrow.yaml"
    file.write_text("\n".join(lines).replace("roles: [admin]", "roles: [admin, hr]"), encoding="utf-8")
    counts = await import_directory(on_stage.running.bot.runner, load_people(file))
    assert counts.left == 1


def done_button(message: Any) -> Any:
    buttons = [one for block in message["blocks"] for one in elements_of(block) if one["type"] == "button"]
    return next(one for one in buttons if one["action_id"].startswith("done"))


async def step_of_irina(on_stage: Stage) -> str:
    (journey,) = await work(on_stage).journeys_of(on_stage.person("anna"))
    (step,) = (one for one, state in journey.steps.items() if state.assignee == on_stage.person("irina"))
    return step


async def test_who_has_left_hears_and_does_nothing_and_what_was_theirs_is_with_the_manager(
    on_stage: Stage, tmp_path: Path
) -> None:
    anna, pavel, irina, admin = (on_stage.users[one] for one in ("anna", "pavel", "irina", "admin"))
    await knows(on_stage, "irina")
    await pavel.command("/onboarding", "start <@U0ANNA|anna> newcomer 2026-12-01")
    await until(lambda: said(anna, "read-docs"), "the checklist")
    await pavel.say('задача <@U0ANNA> "Заказать пропуск" для <@U0IRINA>')
    (task,) = await until(lambda: said(irina, "Вам поручена задача"), "the task")
    step = await step_of_irina(on_stage)
    await until(lambda: [one for one in on_stage.issues() if "пропуск" in one.summary and one.assignee], "the issue")
    await until(lambda: said(irina, "ONB-"), "the news of the issue")

    on_stage.slack_faults.add(Rule(kind=Kind.RATE_LIMIT, match="/api/chat.", retry_after=1))
    await anna.say("отзыв секрет для HR")  # waits for Irina when she leaves
    await without_irina(on_stage, tmp_path)
    seen = len(irina.inbox())
    on_stage.slack_faults.clear()

    (told,) = await until(lambda: said(pavel, "Теперь это у вас"), "what the manager is told")
    assert "Заказать пропуск" in str(told)
    (heard,) = await until(lambda: said(admin, "Больше нет в компании"), "what HR is told")
    assert "Ирина Соколова" in str(heard)
    (journey,) = await work(on_stage).journeys_of(on_stage.person("anna"))
    assert journey.step(step).assignee == on_stage.person("pavel")
    (issue,) = (one for one in on_stage.issues() if "пропуск" in one.summary)
    await until(lambda: issue.assignee == "pavel", "the issue with the manager")
    assert len(irina.inbox()) == seen
    assert not said(irina, "секрет")

    button = done_button(task)
    await irina.press(task, button["action_id"], button["value"])
    await until(lambda: said(irina, "вас больше нет"), "the kind word")
    await irina.say("статус команды")
    await pavel.say("кто я")
    await until(lambda: said(pavel, "Вот что я о вас знаю"), "the answer to somebody else")
    assert len(irina.inbox()) == seen + 1
    assert await accounts(on_stage, "irina") == {}
    (journey,) = await work(on_stage).journeys_of(on_stage.person("anna"))
    assert journey.step(step).status == "open"


async def test_who_has_become_a_guest_has_no_role_once_slack_tells_it(on_stage: Stage) -> None:
    irina = on_stage.users["irina"]
    await sees_everybody(on_stage, "irina")
    await irina.become(tz="Europe/Moscow")
    await irina.become(is_restricted=True)
    await until_known(lambda: _is_nobody(on_stage, "irina"), "the account that is nobody's")
    await irina.say("статус команды")
    await until(lambda: said(irina, STRANGER), "the polite line")
    assert len(said(irina, "нет онбординга")) == 1


async def test_who_has_become_a_guest_has_no_role_a_day_later(on_stage: Stage, clock: Clock) -> None:
    irina = on_stage.users["irina"]
    await sees_everybody(on_stage, "irina")
    on_stage.workspace.hire(msgspec.structs.replace(irina.person, is_restricted=True))
    clock.set(TODAY + datetime.timedelta(hours=24, minutes=1))
    await irina.say("статус команды")
    await until(lambda: said(irina, STRANGER), "the polite line")
    assert len(said(irina, "нет онбординга")) == 1
    assert await accounts(on_stage, "irina") == {}


async def test_who_has_another_address_is_the_person_of_that_address_or_is_told_what_to_do(on_stage: Stage) -> None:
    emma = on_stage.users["emma"]
    await emma.say("whoami")
    await until(lambda: said(emma, "emma@company.example"), "the answer")
    await emma.become(email="emma.stone@company.example")
    await until(lambda: said(emma, "Your work e-mail seems to have changed"), "the kind word")
    assert await accounts(on_stage, "emma") == {}
    await emma.become(email="emma@company.example")
    await until_known(lambda: _is_somebody(on_stage, "emma"), "her account")


async def _is_nobody(on_stage: Stage, name: str) -> bool:
    return await accounts(on_stage, name) == {}


async def _is_somebody(on_stage: Stage, name: str) -> bool:
    return await accounts(on_stage, name) != {}


async def test_a_start_with_a_file_of_too_few_people_goes_on_with_those_it_had_and_tells_the_administrators_once(
    tmp_path: Path, store_url: str, organisation: str
) -> None:
    more = [new_person(f"p{number}") for number in range(3)]
    async with stage(tmp_path, store_url, organisation) as today:
        people = load_people(tmp_path / "people.yaml")
        await import_directory(today.running.bot.runner, (*people, *more))
    async with stage(tmp_path, store_url, organisation) as tomorrow:
        await until(lambda: said(tomorrow.users["admin"], "Файл сотрудников не принят"), "the warning")
        assert "3 человек из 9" in texts(tomorrow.users["admin"])
        assert len(await work(tomorrow).everybody()) == 9
        found = [one for one in await check_all(tomorrow.settings) if one.part == "people"]
        assert [(one.level, one.code) for one in found] == [("problem", "too-many-leave")]
    async with stage(tmp_path, store_url, organisation) as later:
        await later.users["admin"].say("кто я")
        await until(lambda: said(later.users["admin"], "Вот что я о вас знаю"), "the answer")
        assert not said(later.users["admin"], "Файл сотрудников не принят")


def new_person(name: str) -> Person:
    email = f"{name}@company.example"
    return Person(id=person_id(email), email=email, name=name, origin="directory")
